//! Which valid word somebody meant who wrote another one.

use strsim::levenshtein as distance;

/// What to say behind "there is no such word": the nearest one, or all that there are.
pub(crate) fn hint(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("; did you mean {near:?}?"),
        None if known.is_empty() => "; there is none".to_owned(),
        None => format!("; there are: {}", known.join(", ")),
    }
}

/// The word that differs least, if it differs little.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |word: &str| word.to_lowercase().replace(['_', ' '], "-");
    let wanted = plain(word);
    let measured = known
        .iter()
        .map(|known| (distance(&wanted, &plain(known)), *known));
    let (distance, near) = measured.min()?;
    (distance <= (wanted.len() / 2).clamp(1, 4)).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_told_and_a_far_one_is_not() {
        let known = ["visa", "mastercard", "pay-long"];
        assert_eq!(hint("vissa", &known), "; did you mean \"visa\"?");
        assert_eq!(hint("pay_long", &known), "; did you mean \"pay-long\"?");
        assert_eq!(
            hint("zzz", &known),
            "; there are: visa, mastercard, pay-long"
        );
    }
}
