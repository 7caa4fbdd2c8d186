//! What a probe has seen, for a reader and as JSON. Every text of the target's has been masked before it comes here.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::Masked;

/// What a probe has seen.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) target: String,
    pub(super) base_url: String,
    /// The test card, masked.
    pub(super) card: Masked,
    pub(super) operations: Vec<Entry>,
    pub(super) webhooks: Vec<Came>,
}

/// What one operation came to.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) operation: &'static str,
    pub(super) again_for: Option<&'static str>,
    pub(super) requests: Vec<Asked>,
    /// None where it was not asked, or nothing came back.
    pub(super) accepted: Option<bool>,
    pub(super) facts: Vec<Told>,
    /// The suite's words that follow from the status alone.
    pub(super) by_status: Vec<&'static str>,
    /// The last answer's body, where it was not accepted.
    pub(super) answer: Option<Masked>,
    pub(super) problems: Vec<Masked>,
}

/// One request.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    pub(super) request: Masked,
    pub(super) status: Option<u16>,
    pub(super) elapsed_ms: u128,
}

/// What one fact came to.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    pub(super) fact: &'static str,
    pub(super) value: Option<Masked>,
    /// The suite's word for it.
    pub(super) read_as: Option<&'static str>,
    /// The sources at which it was looked for.
    pub(super) looked_at: Vec<String>,
    /// Why it need not be told here.
    pub(super) excused: Option<&'static str>,
}

/// A webhook that came.
#[derive(Debug, Serialize)]
pub(super) struct Came {
    pub(super) said: Masked,
    pub(super) read_as: Option<&'static str>,
}

impl Entry {
    pub(super) fn is_right(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn was_answered(&self) -> bool {
        self.requests.iter().any(|asked| asked.status.is_some())
    }
}

impl Report {
    /// Every declared operation was accepted, and every fact told.
    pub(super) fn is_right(&self) -> bool {
        self.operations.iter().all(Entry::is_right)
    }

    /// Something was answered, whatever it was.
    pub(super) fn was_answered(&self) -> bool {
        self.operations.iter().any(Entry::was_answered)
    }

    pub(super) fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        writeln!(out, "{text}")
    }

    pub(super) fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let (target, base, card) = (&self.target, &self.base_url, &self.card);
        writeln!(out, "{target} at {base}, with the card {card}")?;
        for entry in &self.operations {
            entry.text(out)?;
        }
        for came in &self.webhooks {
            let read_as = came.read_as.unwrap_or("nothing in webhooks.types");
            writeln!(
                out,
                "\na webhook {:?}, read as {read_as}",
                came.said.as_str()
            )?;
        }
        let own = self
            .operations
            .iter()
            .filter(|entry| entry.again_for.is_none());
        let wrong: Vec<&Entry> = self
            .operations
            .iter()
            .filter(|entry| !entry.is_right())
            .collect();
        writeln!(out, "\n{} operations, {} wrong", own.count(), wrong.len())?;
        for entry in wrong {
            writeln!(out, "  {}: {} wrong", entry.operation, entry.problems.len())?;
        }
        Ok(())
    }
}

impl Entry {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.again_for {
            Some(other) => writeln!(out, "\n{}, again for {other}", self.operation)?,
            None => writeln!(out, "\n{}", self.operation)?,
        }
        for asked in &self.requests {
            let status = asked
                .status
                .map_or("no answer".to_owned(), |s| s.to_string());
            writeln!(
                out,
                "  {} -> {status} ({} ms)",
                asked.request, asked.elapsed_ms
            )?;
        }
        // What is repeated has been shown already.
        for told in self.facts.iter().filter(|_| self.again_for.is_none()) {
            told.text(out)?;
        }
        for word in &self.by_status {
            writeln!(out, "  the status is read as {word}")?;
        }
        for problem in &self.problems {
            writeln!(out, "  WRONG: {problem}")?;
        }
        if let Some(answer) = &self.answer {
            writeln!(out, "  the answer: {answer}")?;
        }
        Ok(())
    }
}

impl Told {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let places = self.looked_at.join(", ");
        match (&self.value, self.read_as, self.excused) {
            (Some(value), Some(word), _) => {
                writeln!(out, "  {:<16}{value}, read as {word}", self.fact)
            }
            (Some(value), None, _) => writeln!(out, "  {:<16}{value}", self.fact),
            (None, _, Some(why)) => {
                writeln!(out, "  {:<16}nothing at {places}: {why}", self.fact)
            }
            (None, _, None) => writeln!(out, "  {:<16}NOTHING at {places}", self.fact),
        }
    }
}
