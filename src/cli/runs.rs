//! `standin expect` and `standin diff`: what is made of runs that are over.

use std::path::PathBuf;

use clap::Args;

use super::out::{Failed, print};
use crate::report::Run;

/// Draft a file of what is known to fail, from a run's event log.
#[derive(Args, Debug)]
pub(super) struct Expect {
    /// What `standin conform --json` wrote.
    run: PathBuf,
}

/// Tell how two runs differ, as Markdown.
#[derive(Args, Debug)]
pub(super) struct Diff {
    /// The event log of the earlier run.
    old: PathBuf,
    /// The event log of the later run.
    new: PathBuf,
}

impl Expect {
    pub(super) fn run(self) -> Result<(), Failed> {
        let text = Run::read(&self.run)?.expectations()?;
        print(text.as_bytes())
    }
}

impl Diff {
    pub(super) fn run(self) -> Result<(), Failed> {
        let (old, new) = (Run::read(&self.old)?, Run::read(&self.new)?);
        print(old.differences(&new).as_bytes())
    }
}
