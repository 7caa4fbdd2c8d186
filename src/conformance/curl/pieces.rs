//! Takes a text of a request apart into what is written out and what a variable of the script stands for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::conversation::Conversation;
use super::super::http::Sent;
use super::Given;
use crate::masking;

/// Shorter values are found in too many places to be the same thing.
const VALUE_BYTES_MIN: usize = 4;
/// What [`never_used`](super::super::requestor::never_used) makes.
const KEY_LETTERS: usize = 32;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Variable(String),
}

/// A value and the variable that stands for it.
#[derive(Clone, Debug)]
struct Known {
    value: String,
    variable: String,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pieces {
    known: Vec<Known>,
    secrets: Vec<String>,
    given: Vec<Given>,
    keys: usize,
    base: String,
}

impl Pieces {
    pub(super) fn new(talk: &Conversation) -> Self {
        let mut known = vec![Known {
            value: talk.target.base.clone(),
            variable: "BASE".to_owned(),
        }];
        known.extend(talk.space.as_ref().map(|space| Known {
            value: space.clone(),
            variable: "SPACE".to_owned(),
        }));
        Self {
            known,
            secrets: talk.secrets.each().map(str::to_owned).collect(),
            given: Vec::new(),
            keys: 0,
            base: talk.target.base.clone(),
        }
    }

    /// Where the target answers.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// What the script takes from the environment.
    pub(super) fn given(&self) -> Vec<Given> {
        self.given.clone()
    }

    /// From now on a variable stands for the value.
    pub(super) fn know(&mut self, value: &str, variable: &str) {
        if value.len() >= VALUE_BYTES_MIN && self.variable(value).is_none() {
            self.known.push(Known {
                value: value.to_owned(),
                variable: variable.to_owned(),
            });
        }
    }

    fn variable(&self, value: &str) -> Option<&str> {
        let found = self.known.iter().find(|known| known.value == value);
        found.map(|known| known.variable.as_str())
    }

    /// Finds the secrets and the new keys of a request. Gives back the lines that make the keys.
    pub(super) fn prepare(&mut self, sent: &Sent) -> Vec<String> {
        let body = sent.body.clone().unwrap_or_default();
        let headers = sent.headers.iter().map(|(_, value)| value.as_str());
        let whole: Vec<&str> = headers.chain([sent.url.as_str(), body.as_str()]).collect();
        for secret in self.secrets.clone() {
            if whole.iter().any(|text| text.contains(&secret)) {
                self.hide(&secret);
            }
        }
        for secret in named_secrets(&body) {
            self.hide(&secret);
        }
        for (name, value) in &sent.headers {
            let scheme = value.split_once(' ').map_or("", |(scheme, _)| scheme);
            let secret = value.strip_prefix(scheme).unwrap_or(value).trim_start();
            let covered = self.known.iter().any(|known| secret.contains(&known.value));
            if masking::header(name, value) != *value && !covered {
                self.hide(secret);
            }
        }
        let mut lines = Vec::new();
        for text in whole {
            for key in keys(text) {
                if self.variable(&key).is_none() {
                    self.keys += 1;
                    let variable = format!("KEY_{}", self.keys);
                    lines.push(format!("{variable}=$(fresh)"));
                    self.know(&key, &variable);
                }
            }
        }
        lines
    }

    fn hide(&mut self, secret: &str) {
        if secret.is_empty() || self.variable(secret).is_some() {
            return;
        }
        let variable = format!("SECRET_{}", self.given.len() + 1);
        self.known.push(Known {
            value: secret.to_owned(),
            variable: variable.clone(),
        });
        self.given.push(Given {
            variable,
            value: secret.to_owned(),
        });
    }

    /// The text with a variable wherever one stands for a part of it, the longest first.
    pub(super) fn of(&self, text: &str) -> Vec<Piece> {
        let mut known: Vec<&Known> = self.known.iter().collect();
        known.sort_by_key(|known| std::cmp::Reverse(known.value.len()));
        let mut pieces = vec![Piece::Literal(text.to_owned())];
        for known in known {
            pieces = pieces
                .into_iter()
                .flat_map(|piece| match piece {
                    Piece::Literal(text) => cut(&text, known),
                    variable @ Piece::Variable(_) => vec![variable],
                })
                .collect();
        }
        pieces
    }
}

fn cut(text: &str, known: &Known) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (place, part) in split(text, &known.value).into_iter().enumerate() {
        if place > 0 {
            pieces.push(Piece::Variable(known.variable.clone()));
        }
        if !part.is_empty() {
            pieces.push(Piece::Literal(part.to_owned()));
        }
    }
    pieces
}

/// The text around each place where the value stands. A short one counts only where it is all of a word.
fn split<'a>(text: &'a str, value: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, found) in text.match_indices(value) {
        let word = |letter: char| letter.is_alphanumeric();
        let before = text[..at].chars().next_back().is_some_and(word);
        let behind = text[at + found.len()..].chars().next().is_some_and(word);
        if at >= from && (value.len() >= 8 || !(before || behind)) {
            parts.push(&text[from..at]);
            from = at + found.len();
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The values in a body that may not be shown because of the names under which they stand.
fn named_secrets(body: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(document) = serde_json::from_str::<Value>(body) {
        leaves(&document, &mut Vec::new(), &mut found);
    } else if masking::is_form(body) {
        for pair in body.split('&') {
            if let Some((_, value)) = pair
                .split_once('=')
                .filter(|_| masking::body(pair.as_bytes()) != pair)
            {
                found.insert(value.to_owned());
            }
        }
    }
    found
}

fn leaves<'a>(value: &'a Value, names: &mut Vec<&'a str>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                names.push(name);
                leaves(member, names, found);
                names.pop();
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, names, found)),
        Value::String(text) => {
            if masking::member(names, value) != *value {
                found.insert(text.clone());
            }
        }
        Value::Number(number) => {
            if masking::member(names, value) != *value {
                found.insert(number.to_string());
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The words in a text that were made to be used once.
fn keys(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_key = |word: &&str| {
        word.len() == KEY_LETTERS
            && word
                .bytes()
                .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
    };
    words.filter(is_key).map(str::to_owned).collect()
}
