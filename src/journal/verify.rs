//! Answers questions. What has been evicted could have been anything, so an answer is only yes or no where it would be the
//! same whatever was lost.

use serde::Serialize;
use strsim::osa_distance;

use super::pattern::Pattern;
use super::question::{About, Count, Question};
use super::{Excerpt, Numbered};
use crate::limits::{PAGE_ROWS_MAX, TEXT_BYTES_MAX, VERIFY_NEAREST_MAX};
use crate::matching::Difference;

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Yes,
    No,
    CannotSay,
}

/// The answer to a question, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub verdict: Verdict,
    /// How many entries matched, or how many steps of an order were found.
    pub found: u64,
    /// Their numbers, the latest hundred at most.
    pub entries: Vec<u64>,
    /// Entries that missed by the least, unless the verdict is yes.
    pub nearest: Vec<Miss>,
    /// How many of the entries that the question is about are gone.
    pub evicted: u64,
    /// The same as a sentence.
    pub message: String,
}

/// An entry that did not match, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    pub number: u64,
    pub differs: Vec<Difference>,
}

/// Answers from what is kept.
pub fn verify(question: &Question, kept: &Excerpt) -> Answer {
    let evicted = kept.first.saturating_sub(question.from);
    let answer = match &question.about {
        About::Count(pattern, count) => counted(pattern, *count, &kept.entries, evicted),
        About::InOrder(steps) => in_order(steps, &kept.entries, evicted),
    };
    if answer.verdict != Verdict::CannotSay {
        return answer;
    }
    let message = format!(
        "cannot say: {}, and {evicted} earlier entries were evicted that would decide it; keep more with journal.bytes_max, or ask from a later number on",
        answer.message
    );
    Answer { message, ..answer }
}

/// Between `found` and `found + evicted` entries matched, and nobody knows how many.
fn counted(pattern: &Pattern, count: Count, kept: &[Numbered], evicted: u64) -> Answer {
    let matched = kept.iter().filter(|(_, entry)| pattern.matches(entry));
    let numbers: Vec<_> = matched.map(|(number, _)| *number).collect();
    let found = numbers.len() as u64;
    let perhaps = found.saturating_add(evicted);
    let above = |number| count.at_most.is_some_and(|most| number > most);
    let verdict = if above(found) || perhaps < count.at_least {
        Verdict::No
    } else if found >= count.at_least && !above(perhaps) {
        Verdict::Yes
    } else {
        Verdict::CannotSay
    };
    let nearest = if found < count.at_least {
        nearest(pattern, kept)
    } else {
        Vec::new()
    };
    let latest = numbers.len().saturating_sub(PAGE_ROWS_MAX);
    Answer {
        verdict,
        found,
        entries: numbers[latest..].to_vec(),
        nearest,
        evicted,
        message: format!("{found} found, {} wanted", count.words()),
    }
}

/// Evicted entries came before all that are kept, so they can only have been the first steps.
fn in_order(steps: &[Pattern], kept: &[Numbered], evicted: u64) -> Answer {
    let mut numbers = Vec::new();
    let mut rest = kept;
    for step in steps {
        let Some(place) = rest.iter().position(|(_, entry)| step.matches(entry)) else {
            break;
        };
        numbers.push(rest[place].0);
        rest = &rest[place + 1..];
    }
    let missing = steps.len() - last_steps_in(steps, kept);
    let missed = steps.get(numbers.len());
    let (verdict, nearest) = match missed {
        None => (Verdict::Yes, Vec::new()),
        Some(step) if missing as u64 > evicted => (Verdict::No, nearest(step, rest)),
        Some(step) => (Verdict::CannotSay, nearest(step, rest)),
    };
    let found = numbers.len() as u64;
    let after = numbers
        .last()
        .map(|number| format!(" after entry {number}"));
    let message = match missed {
        None => format!("all {found} steps found in order"),
        Some(_) => format!(
            "step {} of {} was not found{}",
            found + 1,
            steps.len(),
            after.unwrap_or_default()
        ),
    };
    Answer {
        verdict,
        found,
        entries: numbers,
        nearest,
        evicted,
        message,
    }
}

/// How many of the last steps can be found in order, looked for from the end.
fn last_steps_in(steps: &[Pattern], kept: &[Numbered]) -> usize {
    let mut rest = kept;
    let found = steps.iter().rev().take_while(|step| {
        let place = rest.iter().rposition(|(_, entry)| step.matches(entry));
        rest = &rest[..place.unwrap_or_default()];
        place.is_some()
    });
    found.count()
}

/// The entries that differ in the fewest fields, among these those whose values are most alike, the latest first. Two that
/// differ in the same are shown once.
fn nearest(pattern: &Pattern, kept: &[Numbered]) -> Vec<Miss> {
    let mut best: Vec<Miss> = Vec::new();
    for (number, entry) in kept.iter().rev() {
        let differs = pattern.differences(entry);
        let fewest = best.first().map_or(usize::MAX, |miss| miss.differs.len());
        if differs.is_empty() || differs.len() > fewest {
            continue;
        }
        if differs.len() < fewest {
            best.clear();
        }
        if best.len() < PAGE_ROWS_MAX && best.iter().all(|miss| miss.differs != differs) {
            let number = *number;
            best.push(Miss { number, differs });
        }
    }
    best.sort_by_cached_key(|miss| miss.differs.iter().map(unlikeness).sum::<usize>());
    best.truncate(VERIFY_NEAREST_MAX);
    best
}

/// How many letters would have to change; nothing is like what is not there.
fn unlikeness(difference: &Difference) -> usize {
    let short = |text: &str| text.chars().take(64).collect::<String>();
    match &difference.seen {
        Some(seen) => osa_distance(&short(&difference.wanted), &short(seen)),
        None => TEXT_BYTES_MAX,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::journal::entry::Entry;
    use crate::journal::tests::{entry, stored as stored_entry};

    /// Entries with these statuses, the first of which has number `first`.
    fn kept(first: u64, statuses: &[u16]) -> Excerpt {
        let entry = |status: &u16| {
            Arc::new(stored_entry(Entry {
                status: *status,
                ..entry("/cards")
            }))
        };
        let entries: Vec<_> = (first..).zip(statuses.iter().map(entry)).collect();
        Excerpt {
            next: first + entries.len() as u64,
            entries,
            first,
            bytes: 0,
        }
    }

    fn asked(question: Value, kept: &Excerpt) -> Answer {
        verify(&Question::read(&question).unwrap(), kept)
    }

    #[test]
    fn an_answer_is_the_same_whatever_was_lost_or_it_is_none() {
        use Verdict::{CannotSay, No, Yes};
        let whole = kept(0, &[200, 404, 200]);
        let lossy = kept(2, &[200, 404, 200]);
        let rows = [
            (json!({"at_least": 1}), Yes, Yes),
            (json!({"at_least": 2}), Yes, Yes),
            (json!({"at_least": 3}), No, CannotSay),
            (json!({"at_least": 5}), No, No),
            (json!({"at_most": 1}), No, No),
            (json!({"at_most": 2}), Yes, CannotSay),
            (json!({"at_most": 3}), Yes, CannotSay),
            (json!({"at_most": 4}), Yes, Yes),
            (json!({"exactly": 1}), No, No),
            (json!({"exactly": 2}), Yes, CannotSay),
            (json!({"exactly": 4}), No, CannotSay),
            (json!({"exactly": 5}), No, No),
            (json!({"at_least": 2, "at_most": 4}), Yes, Yes),
            (json!({"at_least": 2, "at_most": 3}), Yes, CannotSay),
        ];
        for (count, of_whole, of_lossy) in rows {
            let question = json!({"match": {"status": 200}, "count": count});
            assert_eq!(asked(question.clone(), &whole).verdict, of_whole, "{count}");
            let answer = asked(question, &lossy);
            assert_eq!(answer.verdict, of_lossy, "{count}");
            let said = answer.message.contains("cannot say: 2 found");
            assert_eq!(said, of_lossy == CannotSay, "{}", answer.message);
        }
        // What was lost before the first number that matters does not matter.
        let late = json!({"match": {"status": 200}, "count": {"exactly": 2}, "from": 2});
        assert_eq!(asked(late, &lossy).verdict, Yes);
    }

    #[test]
    fn order() {
        use Verdict::{CannotSay, No, Yes};
        let statuses = [201, 404, 200, 404];
        let (whole, lossy) = (kept(0, &statuses), kept(1, &statuses));
        let rows = [
            (vec![201, 200], Yes, Yes),
            (vec![404, 404], Yes, Yes),
            (vec![201, 200, 201], No, No),
            (vec![200, 201], No, CannotSay),
            (vec![500, 201, 200], No, CannotSay),
            (vec![500, 500, 201], No, No),
            (vec![404, 404, 404], No, CannotSay),
        ];
        for (steps, of_whole, of_lossy) in rows {
            let steps: Vec<_> = steps
                .iter()
                .map(|status| json!({"status": status}))
                .collect();
            let question = json!({ "in_order": steps });
            assert_eq!(
                asked(question.clone(), &whole).verdict,
                of_whole,
                "{question}"
            );
            assert_eq!(
                asked(question.clone(), &lossy).verdict,
                of_lossy,
                "{question}"
            );
        }
        let answer = asked(
            json!({"in_order": [{"status": 200}, {"status": 201}]}),
            &whole,
        );
        assert_eq!((answer.found, answer.entries), (1, vec![2]));
        assert_eq!(answer.message, "step 2 of 2 was not found after entry 2");
        assert_eq!(answer.nearest[0].number, 3);
    }

    #[test]
    fn the_nearest_come_first_and_alike_ones_once() {
        let mut kept = kept(0, &[500, 503, 503, 200]);
        let other = Entry {
            operation: "read_card",
            operations: Default::default(),
            status: 418,
            ..entry("/cards")
        };
        kept.entries.push((4, Arc::new(stored_entry(other))));
        let question = json!({"match": {"status": 504, "operation": "create_card"}});
        let answer = asked(question, &kept);
        assert_eq!((answer.verdict, answer.found), (Verdict::No, 0));
        let nearest: Vec<_> = answer.nearest.iter().map(|miss| miss.number).collect();
        assert_eq!(nearest, [2, 0, 3]);
        let differs = &answer.nearest[0].differs[..];
        let [difference] = differs else {
            panic!("{differs:?}")
        };
        assert_eq!(difference.field, "status");
        assert_eq!(
            (&*difference.wanted, difference.seen.as_deref()),
            ("504", Some("503"))
        );
    }
}
