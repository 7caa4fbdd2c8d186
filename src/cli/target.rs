//! `standin target`: work on a target file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::clock::machine_now;
use crate::conformance::{Probe, Target as Judged, print_reference, probe};

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
        file: PathBuf,
    },
    Probe(Probe),
    /// Print the whole format of a target file: tables, operations, variables, facts, words, capabilities.
    Reference,
}

impl Target {
    pub(super) fn run(self) -> ExitCode {
        match self.what {
            What::Check { file } => check(&file),
            What::Probe(options) => try_out(&options),
            What::Reference => reference(),
        }
    }
}

fn check(file: &Path) -> ExitCode {
    let name = file.display().to_string();
    let read = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"));
    match read.and_then(|text| Judged::from_toml(&text, &name)) {
        Ok(_) => {
            println!(
                "{name}: nothing is wrong with it; judge with: standin conform --target {name}"
            );
            ExitCode::SUCCESS
        }
        Err(mistakes) => {
            eprintln!("{mistakes}");
            ExitCode::from(2)
        }
    }
}

fn try_out(options: &Probe) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let probed = runtime
        .map_err(|error| format!("the runtime: {error}"))
        .and_then(|runtime| {
            runtime.block_on(probe(
                options,
                || machine_now().seconds(),
                &mut std::io::stdout(),
            ))
        });
    match probed {
        Ok(code) => ExitCode::from(code),
        Err(mistakes) => {
            eprintln!("{mistakes}");
            ExitCode::from(2)
        }
    }
}

fn reference() -> ExitCode {
    match print_reference(&mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("standin target reference: {message}");
            ExitCode::from(2)
        }
    }
}
