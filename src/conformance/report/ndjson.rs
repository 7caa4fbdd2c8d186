//! The event log: one JSON object a line, flushed as it happens, so that a killed run leaves what it had found.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::super::verdict::Outcome;
use super::{CheckReport, Closing, Opening, Reporter};

/// Writes the event log.
pub(crate) struct Ndjson<W>(pub(crate) W);

impl<W: Write> Ndjson<W> {
    fn line(&mut self, event: &Value) -> io::Result<()> {
        writeln!(self.0, "{event}")?;
        self.0.flush()
    }
}

impl<W: Write> Reporter for Ndjson<W> {
    fn opened(&mut self, opening: &Opening) -> io::Result<()> {
        self.line(&json!({
            "event": "run",
            "version": env!("CARGO_PKG_VERSION"),
            "target": opening.target,
            "base_url": opening.base,
            "profile": opening.profile,
            "seed": opening.seed,
            "checks": opening.checks,
            "to_run": opening.to_run,
        }))
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        self.line(&json!({
            "event": "check",
            "id": check.id,
            "feature": check.feature,
            "name": check.name,
            "location": check.location,
            "source": check.source,
            "level": check.level,
            "negative": check.negative,
            "outcome": check.outcome,
            "reason": check.reason,
            "steps": check.steps,
            "exchanges": check.exchanges,
            "elapsed_ms": u64::try_from(check.elapsed.as_millis()).unwrap_or(u64::MAX),
        }))
    }

    fn closed(&mut self, closing: &Closing) -> io::Result<()> {
        let counts = Outcome::ALL.iter().map(|outcome| {
            (
                outcome.word().to_owned(),
                Value::from(closing.tally.count(*outcome)),
            )
        });
        self.line(&json!({
            "event": "end",
            "verdict": closing.verdict.word(),
            "exit_code": closing.verdict.exit_code(),
            "interrupted": closing.interrupted,
            "negative_passes": closing.tally.negative_passes(),
            "counts": counts.collect::<serde_json::Map<_, _>>(),
            "elapsed_ms": u64::try_from(closing.elapsed.as_millis()).unwrap_or(u64::MAX),
        }))
    }
}
