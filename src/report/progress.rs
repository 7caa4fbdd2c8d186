//! How far a run is, on standard error of a terminal: a line that is drawn again and again, and is gone at the end.

use std::io;

use indicatif::{ProgressBar, ProgressStyle};

use super::{CheckReport, Closing, Opening, Outcome, Reporter};

const LOOK: &str = "{elapsed_precise} {wide_bar} {pos}/{len} checks, {msg}";

/// The line, once the run has begun.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    failed: usize,
}

impl Reporter for Progress {
    fn opened(&mut self, opening: &Opening) -> io::Result<()> {
        let bar = ProgressBar::new(u64::try_from(opening.to_run).unwrap_or(u64::MAX));
        if let Ok(look) = ProgressStyle::with_template(LOOK) {
            bar.set_style(look);
        }
        self.bar = Some(bar.with_message("none failed"));
        Ok(())
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        let Some(bar) = &self.bar else {
            return Ok(());
        };
        if matches!(check.outcome, Outcome::NotSelected | Outcome::NotDeclared) {
            return Ok(());
        }
        if check.outcome == Outcome::Fail {
            self.failed += 1;
            bar.set_message(format!("{} failed", self.failed));
        }
        bar.inc(1);
        Ok(())
    }

    fn closed(&mut self, _: &Closing) -> io::Result<()> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        Ok(())
    }
}
