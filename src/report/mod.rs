//! What a run of the harness has told: its event log, written and read, and the reports that are made of it. Every text in it was
//! masked where it was made. It must not know how a check is carried out.
//!
//! An event log is NDJSON, flushed with every line, in the form [`FORM`]: first one `run` ([`Opening`]), then a `check`
//! ([`CheckReport`]) as each comes to something, then one `end` ([`Closing`]), which a run that was killed has not. Members may be
//! added; one that changes its meaning makes a new form. [`Run::read`] reads one, and every report is made of what it gives back.

mod console;
mod events;
mod format;
mod github;
mod junit;
mod level;
mod markdown;
mod mask;
mod ndjson;
mod page;
mod past;
mod progress;
mod run;
mod sentence;
mod summary;
pub(crate) mod transcript;
mod verdict;

pub(crate) use console::Console;
pub use events::{
    Again, Alone, CheckReport, Clause, Closing, Curl, Difference, Event, ExchangeReport, FORM,
    MessageReport, Need, Opening, PutOff, StepEnd, StepReport, Suite,
};
pub use format::Format;
pub use level::LevelReport;
pub use mask::Masked;
pub(crate) use mask::Secrets;
pub(crate) use ndjson::Ndjson;
pub(crate) use progress::Progress;
pub(crate) use run::Keep;
pub use run::Run;
pub use verdict::{Level, Outcome, Tally, Verdict};

use std::io;

/// Something that listens to a run while it goes on.
pub(crate) trait Reporter {
    /// The run begins.
    fn opened(&mut self, opening: &Opening) -> io::Result<()>;
    /// A check has come to something.
    fn checked(&mut self, check: &CheckReport) -> io::Result<()>;
    /// The run is over, perhaps before its time.
    fn closed(&mut self, closing: &Closing) -> io::Result<()>;
}
