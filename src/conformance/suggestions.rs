//! Recognises a Gherkin keyword that somebody meant and misspelt.

/// Keywords that begin a step.
const STEPS: [&str; 5] = ["Given", "When", "Then", "And", "But"];
/// Keywords that begin a block; a colon follows them.
const BLOCKS: [&str; 7] = [
    "Feature",
    "Rule",
    "Background",
    "Scenario",
    "Scenario Outline",
    "Examples",
    "Example",
];
/// English words that are close to a keyword and are none.
const PROSE: [&str; 21] = [
    "an", "any", "as", "ad", "buy", "bit", "bus", "by", "giving", "gives", "give", "driven",
    "than", "the", "them", "they", "these", "thin", "hen", "where", "wen",
];

/// The keyword of a block that a line of prose was probably meant to be.
pub(crate) fn block(line: &str) -> Option<&'static str> {
    let (head, _) = line.split_once(':')?;
    nearest(head.trim(), &BLOCKS)
}

/// The keyword of a step that a line of prose was probably meant to begin with.
pub(crate) fn step(line: &str) -> Option<&'static str> {
    let first = line.split_whitespace().next()?.trim_end_matches([':', ',']);
    let prose = PROSE.contains(&first.to_lowercase().as_str());
    if prose { None } else { nearest(first, &STEPS) }
}

fn nearest(word: &str, keywords: &[&'static str]) -> Option<&'static str> {
    let same = keywords
        .iter()
        .find(|keyword| keyword.eq_ignore_ascii_case(word));
    same.or_else(|| keywords.iter().find(|keyword| misspelt(word, keyword)))
        .copied()
}

/// Close to the keyword: letters swapped, or as many slips as its length allows.
fn misspelt(word: &str, keyword: &str) -> bool {
    let (word, keyword) = (word.to_lowercase(), keyword.to_lowercase());
    let slips_max = match keyword.len() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    };
    swapped(&word, &keyword) || distance(&word, &keyword) <= slips_max
}

fn swapped(word: &str, keyword: &str) -> bool {
    let (mut word, mut keyword): (Vec<char>, Vec<char>) =
        (word.chars().collect(), keyword.chars().collect());
    let wrong = word
        .iter()
        .zip(&keyword)
        .filter(|(one, other)| one != other)
        .count();
    word.sort_unstable();
    keyword.sort_unstable();
    word == keyword && wrong <= 3
}

/// Levenshtein's distance.
pub(super) fn distance(word: &str, keyword: &str) -> usize {
    let keyword: Vec<char> = keyword.chars().collect();
    let mut row: Vec<usize> = (0..=keyword.len()).collect();
    for (line, letter) in word.chars().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (place, wanted) in keyword.iter().enumerate() {
            let replaced = diagonal + usize::from(*wanted != letter);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[keyword.len()]
}

#[cfg(test)]
mod tests {
    use super::{block, step};

    #[test]
    fn a_slip_is_told_from_prose() {
        let rows = [
            ("Gievn a card", Some("Given")),
            ("given a card", Some("Given")),
            ("Give a card", None),
            ("Thne the token", Some("Then")),
            ("Tehn the token", Some("Then")),
            ("THEN the token", Some("Then")),
            ("Wen the card", None),
            ("Whn the card", Some("When")),
            ("Adn a card", Some("And")),
            ("and a card", Some("And")),
            ("An eligible card", None),
            ("The merchant pays.", None),
            ("They pay.", None),
            ("Scenaro: a card", Some("Scenario")),
            ("Scenario Outlin: a card", Some("Scenario Outline")),
            ("Exmaples:", Some("Examples")),
            ("Backgroud:", Some("Background")),
            (
                "A token number is not a card number: it is of no use alone.",
                None,
            ),
            ("Tokens live long.", None),
        ];
        for (line, meant) in rows {
            assert_eq!(block(line).or_else(|| step(line)), meant, "{line}");
        }
    }
}
