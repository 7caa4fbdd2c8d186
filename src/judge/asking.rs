//! When and how a client asks, and where card numbers stand in what it sends.

use std::sync::Arc;

use serde_json::Value;

use super::defect::Defect;
use super::finding::Findings;
use super::recent::Recent;
use super::seen::{Cited, Seen};
use crate::crypto::check_digit::passes_luhn;
use crate::domain::moment::Moment;
use crate::journal::{Digest, digest};

/// Statuses that say that the request itself is wrong.
const WRONG: [u16; 4] = [400, 405, 415, 422];

/// Parts of the names of members that hold what people write.
const FREE_TEXT: [&str; 6] = [
    "reference",
    "description",
    "metadata",
    "note",
    "comment",
    "descriptor",
];

/// See the module.
#[derive(Debug)]
pub(super) struct Asking {
    time_runs: bool,
    /// Until when somebody was asked to stay away from an operation.
    away: Recent<Digest, (Moment, Arc<Cited>)>,
    /// Requests that were refused as wrong, and how much had been done until then.
    refused: Recent<Digest, (u64, Arc<Cited>)>,
    /// How many requests have changed something, by anybody.
    changes: u64,
}

impl Asking {
    pub(super) fn new(time_runs: bool) -> Self {
        Self {
            time_runs,
            away: Recent::default(),
            refused: Recent::default(),
            changes: 0,
        }
    }

    pub(super) fn see(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        self.waits(seen, findings);
        self.repeats(seen, findings);
        if in_url(seen.entry.target()) {
            findings.add(Defect::CardNumberInUrl, None, seen);
        }
        let key = seen.idempotency_key();
        if key.is_some_and(|key| has_number(&key)) || in_text(seen.entry.request()) {
            findings.add(Defect::CardNumberInText, None, seen);
        }
    }

    fn waits(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        if !self.time_runs {
            return;
        }
        let place = digest(&[&seen.sender(), seen.entry.operation().as_bytes()]);
        if let Some((until, before)) = self.away.get(&place)
            && seen.at() < *until
        {
            findings.add(Defect::RetryAfterIgnored, Some(before), seen);
        }
        let asked = seen.observed.and_then(|observed| observed.retry_after_s);
        if let Some(seconds) = asked {
            let until = seen.at().plus(std::time::Duration::from_secs(seconds));
            self.away.put(place, (until, Arc::clone(&seen.cited)));
        }
    }

    fn repeats(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        if seen.reads() {
            return;
        }
        if seen.succeeded() {
            self.changes += 1;
            return;
        }
        let known = seen.entry.client().is_some();
        if !known || !WRONG.contains(&seen.status()) || seen.entry.was_faulted() {
            return;
        }
        let request = digest(&[&seen.sender(), &seen.request()]);
        match self.refused.get(&request) {
            Some((then, before)) if *then == self.changes => {
                findings.add(Defect::RefusedUnchanged, Some(before), seen);
            }
            Some(_) | None => {
                let cited = Arc::clone(&seen.cited);
                self.refused.put(request, (self.changes, cited));
            }
        }
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.away.let_go() + self.refused.let_go()
    }
}

/// Whether a card number stands in the query, under a name of one, or is a part of the path by itself.
fn in_url(target: &str) -> bool {
    let (_, query) = target.split_once('?').unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.any(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let named = ["pan", "card", "number", "account"];
        named.iter().any(|part| name.contains(part)) && is_number(&value)
    })
}

/// Whether a card number stands in what a body has as free text.
fn in_text(body: &[u8]) -> bool {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return written(&value, false);
    }
    let mut pairs = form_urlencoded::parse(body);
    std::str::from_utf8(body).is_ok()
        && pairs.any(|(name, value)| is_free(&name) && has_number(&value))
}

fn is_free(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // A reference of somebody else's, such as an acquirer's, is made of digits.
    !name.contains("psp") && FREE_TEXT.iter().any(|part| name.contains(part))
}

fn written(value: &Value, free: bool) -> bool {
    match value {
        Value::String(text) => free && has_number(text),
        Value::Array(all) => all.iter().any(|one| written(one, free)),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| written(value, free || is_free(name))),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a card number stands anywhere in a text, by itself.
fn has_number(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit())
        .any(is_number)
}

/// Fifteen or sixteen digits of a network that add up.
fn is_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let network = match text.len() {
        15 => text.starts_with("34") || text.starts_with("37"),
        16 => text.starts_with(['2', '4', '5', '6']),
        _ => false,
    };
    digits && network && passes_luhn(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_found_where_it_should_not_be_and_nowhere_else() {
        for (text, want) in [
            ("order 4111111111111111", true),
            ("4111-1111-1111-1111", false),
            ("order-4111111111111111-1", true),
            ("4111111111111112", false),
            ("order-80", false),
            ("94111111111111111", false),
        ] {
            assert_eq!(has_number(text), want, "{text}");
        }
        for (body, want) in [
            (r#"{"reference":"4111111111111111"}"#, true),
            (r#"{"card":{"number":"4111111111111111"}}"#, false),
            (r#"{"metadata":{"a":["x 5555555555554444"]}}"#, true),
            (
                "description=pay+4111111111111111&number=5555555555554444",
                true,
            ),
            ("number=5555555555554444", false),
            (r#"{"pspReference":"4111111111111111"}"#, false),
        ] {
            assert_eq!(in_text(body.as_bytes()), want, "{body}");
        }
        for (target, want) in [
            ("/cards?pan=4111111111111111", true),
            ("/cards?id=4111111111111111", false),
            ("/cards?pan=4111111111111112", false),
            ("/cards", false),
        ] {
            assert_eq!(in_url(target), want, "{target}");
        }
    }
}
