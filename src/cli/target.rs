//! `standin target`: work on a target file.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::out::{Failed, notice, say};
use crate::conformance::Target as Judged;

/// See the module.
#[derive(Args, Debug)]
pub(super) struct Target {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Find what is wrong with a target file; nothing is sent.
    Check {
        /// The target.toml.
        file: std::path::PathBuf,
    },
}

impl Target {
    pub(super) fn run(self) -> ExitCode {
        let What::Check { file } = self.what;
        let name = file.display().to_string();
        let read = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"));
        match read.and_then(|text| Judged::from_toml(&text, &name)) {
            Ok(_) => {
                let said = say!(
                    "{name}: nothing is wrong with it; judge with: standin conform --target {name}"
                );
                if let Err(Failed::Told(message)) = said {
                    notice(format_args!("standin: {message}"));
                }
                ExitCode::SUCCESS
            }
            Err(mistakes) => {
                notice(mistakes);
                ExitCode::from(2)
            }
        }
    }
}
