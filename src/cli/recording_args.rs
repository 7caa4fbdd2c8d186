//! The arguments about recordings of other hosts, which every command with a proxy takes.

use std::path::PathBuf;

use clap::Args;

use crate::proxy::{Recorder, Replay};

/// See the module.
#[derive(Debug, Default, Args)]
pub(super) struct RecordingArgs {
    /// Keep what is asked of hosts that requests are passed on to, and of the imitated services, in this file: an HTTP archive
    /// (HAR), masked.
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Answer for hosts that are neither imitated nor allowed from this HTTP archive (HAR), each exchange once, in their order;
    /// query, media type and body must be the same.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    /// Let the nearest exchange with the method, host and path of a request answer it, as often as it is asked.
    #[arg(long, requires = "replay")]
    replay_loose: bool,
}

impl RecordingArgs {
    pub(super) const fn is_given(&self) -> bool {
        self.record.is_some() || self.replay.is_some()
    }

    pub(super) fn recorder(&self) -> Result<Option<Recorder>, String> {
        self.record.as_deref().map(Recorder::create).transpose()
    }

    pub(super) fn replay(&self) -> Result<Option<Replay>, String> {
        let file = self.replay.as_deref();
        file.map(|file| Replay::read(file, self.replay_loose))
            .transpose()
    }
}
