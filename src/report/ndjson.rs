//! The event log: one JSON object a line, flushed as it happens, so that a killed run leaves what it had found.

use std::io::{self, Write};

use super::{CheckReport, Closing, Event, Opening, Reporter};

/// Writes the event log.
pub(crate) struct Ndjson<W>(pub(crate) W);

impl<W: Write> Ndjson<W> {
    /// In one piece, so that what is torn is the last line and no other.
    fn line(&mut self, event: &Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.0.write_all(&line)?;
        self.0.flush()
    }
}

impl<W: Write> Reporter for Ndjson<W> {
    fn opened(&mut self, opening: &Opening) -> io::Result<()> {
        self.line(&Event::Run(opening.clone()))
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        self.line(&Event::Check(Box::new(check.clone())))
    }

    fn closed(&mut self, closing: &Closing) -> io::Result<()> {
        self.line(&Event::End(closing.clone()))
    }
}
