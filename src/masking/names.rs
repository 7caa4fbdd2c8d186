//! What a name says of what stands under it. Names are read by their parts, so that spelling does not matter.

use super::words::{
    ABOUT, AMOUNTS, CARD, CREDENTIALS, CRYPTOGRAM_PARTS, CRYPTOGRAMS, HEADER_CREDENTIALS,
    HEADER_PUBLIC, NUMBER_PARTS, NUMBERS, REFERENCES, SECRET_PARTS, SECRETS,
};

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing in particular.
    Plain,
    /// Something about a secret that is none itself.
    About,
    /// A card or token number.
    Number,
    /// A card, which may be told by its number alone.
    Card,
    Cryptogram,
    Secret,
    Credentials,
    /// Whatever a vault is handed, or the money of an amount.
    Value,
    Amount,
    /// A network's reference to a payment.
    Reference,
}

/// The meaning of a name. The last word for a secret counts, unless what follows says that the name is about it.
pub(super) fn meaning(name: &str) -> Meaning {
    let parts = parts(name);
    let has = |list: &[&str], part: &String| list.contains(&part.as_str());
    let about = |rest: &[String]| rest.iter().any(|part| has(&ABOUT, part));
    for end in (0..parts.len()).rev() {
        if let Some(meaning) = ending_at(&parts, end) {
            return if about(&parts[end + 1..]) {
                Meaning::About
            } else {
                meaning
            };
        }
    }
    if parts.iter().any(|part| has(&REFERENCES, part)) {
        return Meaning::Reference;
    }
    match parts.last() {
        Some(last) if parts.len() == 1 && last == "value" => Meaning::Value,
        Some(last) if parts.len() == 1 && singular(last) == "number" => Meaning::Number,
        Some(last) if singular(last) == CARD => Meaning::Card,
        Some(last) if AMOUNTS.contains(&singular(last)) => Meaning::Amount,
        Some(last) if has(&ABOUT, last) => Meaning::About,
        Some(_) | None => Meaning::Plain,
    }
}

/// The meaning of a header's name. What a header ends in says more than what a member does.
pub(super) fn meaning_of_header(name: &str) -> Meaning {
    let parts = parts(name);
    let ends_in = |list: &[&str], part: Option<&String>| {
        part.is_some_and(|part| list.contains(&singular(part)))
    };
    let before = parts.len().checked_sub(2).and_then(|at| parts.get(at));
    let credential = ends_in(&HEADER_CREDENTIALS, parts.last()) && !ends_in(&HEADER_PUBLIC, before);
    if credential {
        Meaning::Secret
    } else {
        meaning(name)
    }
}

/// The meaning of the words that end with this part.
fn ending_at(parts: &[String], end: usize) -> Option<Meaning> {
    let joined = parts[..=end].concat();
    let (part, joined) = (singular(&parts[end]), singular(&joined));
    let is = |endings: &[&str], wholes: &[&str]| {
        wholes.contains(&part) || endings.iter().any(|word| joined.ends_with(word))
    };
    if is(&CRYPTOGRAMS, &CRYPTOGRAM_PARTS) {
        return Some(Meaning::Cryptogram);
    }
    if is(&SECRETS, &SECRET_PARTS) {
        return Some(Meaning::Secret);
    }
    if is(&NUMBERS, &NUMBER_PARTS) {
        return Some(Meaning::Number);
    }
    let last = end + 1 == parts.len() && parts[end] == CREDENTIALS;
    last.then_some(Meaning::Credentials)
}

/// One of what several are called.
fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// The words that a name is put together from, in lower case and without digits at their ends: `cardCVC2` is card and cvc.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| letters[place]);
        let next = letters.get(place + 1);
        let begins = before.is_some_and(|before| {
            (letter.is_uppercase() && !before.is_uppercase())
                || (letter.is_alphabetic() && before.is_numeric())
                // The last capital of several begins a word: `PANNumber`.
                || (letter.is_uppercase() && next.is_some_and(|next| next.is_lowercase()))
        });
        if begins || !letter.is_alphanumeric() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| letter.is_alphanumeric()) {
            part.extend(letter.to_lowercase());
        }
    }
    let plain = |part: String| part.trim_end_matches(char::is_numeric).to_owned();
    let parts = parts.into_iter().map(plain);
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_every_spelling() {
        for name in [
            "card_cvc2",
            "cardCvc",
            "Card-CVC",
            "card.cvc",
            "CARD CVC2",
            "cardCVC",
        ] {
            assert_eq!(parts(name), ["card", "cvc"], "{name}");
        }
        assert_eq!(parts("PANNumber"), ["pan", "number"]);
        assert_eq!(parts("de48se43Data"), ["de", "se", "data"]);
        assert_eq!(parts("vPanEnrollmentID"), ["v", "pan", "enrollment", "id"]);
        assert_eq!(parts("x-api-key"), ["x", "api", "key"]);
    }
}
