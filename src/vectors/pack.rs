//! A pack as it is written.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::File;
use crate::crypto::certificate::CertificateError;
use crate::crypto::jwe::JweError;
use crate::crypto::rsa_key::KeyError;
use crate::crypto::webhook::WebhookError;

/// The code of a case that must be accepted.
pub(super) const VALID: &str = "valid";

/// Why packs could not be made.
#[derive(Debug, thiserror::Error)]
pub enum VectorsError {
    #[error("a key {0}")]
    Key(#[from] KeyError),
    #[error("a certificate {0}")]
    Certificate(#[from] CertificateError),
    #[error("an envelope: {0}")]
    Envelope(#[from] JweError),
    #[error("a message: {0}")]
    Message(#[from] WebhookError),
    #[error("nothing says what {0} is")]
    Unworded(&'static str),
    #[error("a pack cannot be written: {0}")]
    Written(#[from] serde_json::Error),
}

/// Cases that are checked in one way.
pub(super) struct Pack {
    /// The name of its file, without the ending.
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// Where the scheme is written down.
    pub(super) sources: &'static [&'static str],
    /// What a verifier does, step by step. The first step that does not hold is the reason.
    pub(super) rules: &'static [&'static str],
    /// Every code with its meaning.
    pub(super) codes: &'static [Code],
    pub(super) keys: Value,
    pub(super) cases: Cases,
}

/// A code and what it means.
pub(super) struct Code(pub(super) &'static str, pub(super) &'static str);

/// The cases of a pack, in their order.
pub(super) struct Cases {
    /// Name, code and reason of each, a line for each, with bars between.
    words: &'static str,
    cases: Vec<Case>,
    /// Of a case that has no words.
    unworded: Option<&'static str>,
}

#[derive(Serialize)]
struct Case {
    name: &'static str,
    valid: bool,
    code: &'static str,
    reason: &'static str,
    #[serde(flatten)]
    input: Value,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    pack: &'static str,
    about: &'static str,
    sources: &'static [&'static str],
    seed: &'a str,
    now: i64,
    rules: &'static [&'static str],
    codes: Map<String, Value>,
    keys: &'a Value,
    counts: BTreeMap<&'static str, usize>,
    cases: &'a [Case],
}

impl Cases {
    pub(super) const fn new(words: &'static str) -> Self {
        Self {
            words,
            cases: Vec::new(),
            unworded: None,
        }
    }

    /// Adds a case. `input` is an object with what is to be checked.
    pub(super) fn add(&mut self, name: &'static str, input: Value) {
        let mut rows = self.words.lines().map(|line| line.splitn(3, " | "));
        let row = rows.find_map(|mut row| {
            (row.next() == Some(name)).then(|| Some((row.next()?, row.next()?)))
        });
        let Some((code, reason)) = row.flatten() else {
            self.unworded = Some(name);
            return;
        };
        self.cases.push(Case {
            name,
            valid: code == VALID,
            code,
            reason,
            input,
        });
    }
}

impl Pack {
    pub(super) fn file(&self, seed: &str) -> Result<File, VectorsError> {
        if let Some(name) = self.cases.unworded {
            return Err(VectorsError::Unworded(name));
        }
        let cases = &self.cases.cases;
        let valid = cases.iter().filter(|case| case.valid).count();
        let codes = self.codes.iter();
        let written = Written {
            schema: "pack.schema.json",
            pack: self.name,
            about: self.about,
            sources: self.sources,
            seed,
            now: super::material::NOW_S,
            rules: self.rules,
            codes: codes
                .map(|Code(code, meaning)| ((*code).to_owned(), (*meaning).into()))
                .collect(),
            keys: &self.keys,
            counts: BTreeMap::from([("valid", valid), ("invalid", cases.len() - valid)]),
            cases,
        };
        Ok(File {
            name: format!("{}.json", self.name),
            text: serde_json::to_string_pretty(&written)? + "\n",
            cases: Some(cases.len()),
        })
    }
}
