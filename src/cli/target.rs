//! `standin target`: work on a target file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::out::{Failed, Heard, notice, print, say};
use crate::clock::machine_now;
use crate::conformance::{Init, Probe, Target as Judged, init, print_reference, probe, schema};

/// See the module.
#[derive(Args, Debug)]
pub(super) struct Target {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Init(Init),
    /// Find what is wrong with a target file; nothing is sent.
    Check {
        /// The target.toml.
        file: PathBuf,
    },
    Probe(Probe),
    /// Print the whole format of a target file: tables, operations, variables, facts, words, capabilities.
    Reference,
    /// Print the format as a JSON Schema, by which an editor knows it.
    Schema,
}

impl Target {
    pub(super) fn run(self) -> ExitCode {
        match self.what {
            What::Init(options) => begin(&options),
            What::Check { file } => check(&file),
            What::Probe(options) => try_out(&options),
            What::Reference => reference(),
            What::Schema => in_schema(),
        }
    }
}

/// The exit code is the answer, whoever reads the sentence.
fn heard(said: Result<(), Failed>) {
    if let Err(Failed::Told(message)) = said {
        notice(format_args!("standin: {message}"));
    }
}

fn begin(options: &Init) -> ExitCode {
    let written = init(options).and_then(|text| match &options.out {
        None => {
            heard(print(text.as_bytes()));
            Ok(())
        }
        Some(path) => {
            let name = path.display();
            // What somebody has filled in is not to be lost.
            let file = std::fs::File::create_new(path);
            let mut file = file.map_err(|error| format!("{name}: {error}"))?;
            file.write_all(text.as_bytes())
                .map_err(|error| format!("{name}: {error}"))?;
            heard(say!(
                "{name}: written; fill it in, then: standin target check {name}"
            ));
            Ok(())
        }
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            notice(format_args!("standin target init: {message}"));
            ExitCode::from(2)
        }
    }
}

fn check(file: &Path) -> ExitCode {
    let name = file.display().to_string();
    let read = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"));
    match read.and_then(|text| Judged::from_toml(&text, &name)) {
        Ok(_) => {
            heard(say!(
                "{name}: nothing is wrong with it; judge with: standin conform --target {name}"
            ));
            ExitCode::SUCCESS
        }
        Err(mistakes) => {
            notice(mistakes);
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
                &mut Heard::new(std::io::stdout()),
            ))
        });
    match probed {
        Ok(code) => ExitCode::from(code),
        Err(mistakes) => {
            notice(mistakes);
            ExitCode::from(2)
        }
    }
}

fn in_schema() -> ExitCode {
    match schema() {
        Ok(text) => {
            heard(say!("{text}"));
            ExitCode::SUCCESS
        }
        Err(message) => {
            notice(format_args!("standin target schema: {message}"));
            ExitCode::from(2)
        }
    }
}

fn reference() -> ExitCode {
    match print_reference(&mut Heard::new(std::io::stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            notice(format_args!("standin target reference: {message}"));
            ExitCode::from(2)
        }
    }
}
