//! The recorded exchange that a request comes nearest to, told to whoever has to find out what has changed.

use strsim::normalized_levenshtein;

use super::archive::Recorded;
use super::differ::{differences, fits, of_target};
use super::shape::Shape;
use crate::limits::REPLAY_DIFFERENCES_TOLD_MAX;

/// Letters of paths that are compared.
const PATH_LETTERS_MAX: usize = 200;

/// A part of a sentence.
pub(super) fn nearest(all: &[Recorded], asked: &Shape, used: &[bool]) -> String {
    let rank = |(place, exchange): &(usize, &Recorded)| {
        let recorded = &exchange.asked;
        (
            !fits(&recorded.host, &asked.host),
            distance(&recorded.path, &asked.path),
            recorded.method != asked.method,
            differences(recorded, asked).len(),
            used[*place],
        )
    };
    let Some((place, exchange)) = all.iter().enumerate().min_by_key(rank) else {
        return "there is none in it".to_owned();
    };
    let recorded = &exchange.asked;
    let name = format!("log.entries[{}]", exchange.place);
    let mut found = of_target(recorded, asked);
    found.extend(differences(recorded, asked));
    if found.is_empty() {
        return format!("the nearest, {name}, is alike and has been used already");
    }
    let more = found.len().saturating_sub(REPLAY_DIFFERENCES_TOLD_MAX);
    found.truncate(REPLAY_DIFFERENCES_TOLD_MAX);
    let mut told: Vec<_> = found.iter().map(ToString::to_string).collect();
    if more > 0 {
        told.push(format!("{more} more"));
    }
    if used[place] {
        told.push("and has been used already".to_owned());
    }
    format!(
        "the nearest, {name} ({}), differs in {}",
        recorded.named(),
        told.join("; ")
    )
}

/// From 0 for what is alike to 1,000 for what has nothing in common.
fn distance(recorded: &str, asked: &str) -> u32 {
    if fits(recorded, asked) {
        return 0;
    }
    let begin = |path: &str| path.chars().take(PATH_LETTERS_MAX).collect::<String>();
    let alike = normalized_levenshtein(&begin(recorded), &begin(asked));
    // Between 0 and 1,000, so that nothing is lost.
    1_000 - (alike * 999.0) as u32
}
