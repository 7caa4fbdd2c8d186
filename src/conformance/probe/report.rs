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
    #[serde(flatten)]
    pub(super) webhooks: Webhooks,
}

/// What came to the endpoint that the probe has registered.
#[derive(Debug, Default, Serialize)]
pub(super) struct Webhooks {
    #[serde(rename = "webhooks")]
    pub(super) came: Vec<Came>,
    /// What is wrong with them together.
    #[serde(rename = "webhook_problems")]
    pub(super) problems: Vec<Masked>,
}

/// What one operation came to.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) operation: &'static str,
    pub(super) again_for: Option<&'static str>,
    /// The condition of the test card, where it must get no token.
    pub(super) card: Option<&'static str>,
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

/// A webhook that came, or one event of one that tells of several.
#[derive(Debug, Serialize)]
pub(super) struct Came {
    pub(super) said: Masked,
    /// The kind in `webhooks.types`.
    pub(super) read_as: Option<&'static str>,
    pub(super) token: Option<Masked>,
    pub(super) id: Option<Masked>,
    /// None where the file declares no signature.
    pub(super) signed: Option<bool>,
    pub(super) problems: Vec<Masked>,
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
    /// Every declared operation was accepted, every fact told, every card refused that has to be, and every webhook read.
    pub(super) fn is_right(&self) -> bool {
        self.operations.iter().all(Entry::is_right) && self.webhooks.wrong() == 0
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
        self.webhooks.text(out)?;
        let own = self
            .operations
            .iter()
            .filter(|entry| entry.again_for.is_none() && entry.card.is_none());
        let wrong: Vec<&Entry> = self
            .operations
            .iter()
            .filter(|entry| !entry.is_right())
            .collect();
        writeln!(out, "\n{} operations, {} wrong", own.count(), wrong.len())?;
        for entry in wrong {
            writeln!(out, "  {}: {} wrong", entry.title(), entry.problems.len())?;
        }
        if self.webhooks.wrong() > 0 {
            writeln!(out, "  webhooks: {} wrong", self.webhooks.wrong())?;
        }
        Ok(())
    }
}

impl Webhooks {
    fn wrong(&self) -> usize {
        let each = self.came.iter().map(|came| came.problems.len());
        each.sum::<usize>() + self.problems.len()
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for came in &self.came {
            came.text(out)?;
        }
        if !self.problems.is_empty() {
            writeln!(out, "\nwebhooks")?;
        }
        for problem in &self.problems {
            writeln!(out, "  WRONG: {problem}")?;
        }
        Ok(())
    }
}

impl Came {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let read_as = self.read_as.unwrap_or("nothing in webhooks.types");
        writeln!(
            out,
            "\na webhook {:?}, read as {read_as}",
            self.said.as_str()
        )?;
        for (name, value) in [("token", &self.token), ("id", &self.id)] {
            if let Some(value) = value {
                writeln!(out, "  {name:<16}{:?}", value.as_str())?;
            }
        }
        if self.signed == Some(true) {
            writeln!(out, "  signed as webhooks.signature says")?;
        }
        for problem in &self.problems {
            writeln!(out, "  WRONG: {problem}")?;
        }
        Ok(())
    }
}

impl Entry {
    fn title(&self) -> String {
        match (self.again_for, self.card) {
            (Some(other), _) => format!("{}, again for {other}", self.operation),
            (None, Some(condition)) => {
                format!("{} with a card that is {condition}", self.operation)
            }
            (None, None) => self.operation.to_owned(),
        }
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\n{}", self.title())?;
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
