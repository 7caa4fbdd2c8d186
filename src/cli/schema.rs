//! `standin schema`: what may stand in a file, for editors that know JSON Schema.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::out::{Failed, print, say};
use crate::conformance::schema as target_schema;
use crate::faults::schema::schema as fault_schema;
use crate::operations::schemas::schema as config_schema;

/// The arguments of `standin schema`.
#[derive(Debug, Args)]
#[command(after_help = HOW)]
pub(super) struct Schema {
    /// Of which file.
    file: File,
}

const HOW: &str = "Examples:
  standin schema config > standin.schema.json
  standin schema target > target.schema.json

With the first line `#:schema ./standin.schema.json` editors that use taplo complete and check a standin.toml. A running server has
them at /_standin/schemas/config.json, fault.json and target.json.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum File {
    /// Settings: standin.toml, serve --config.
    Config,
    /// Fault rules: serve --faults.
    Fault,
    /// What is judged: conform --target.
    Target,
}

impl Schema {
    pub(super) fn run(self) -> Result<(), Failed> {
        let print_value = |schema: Value| say!("{schema:#}");
        match self.file {
            File::Config => print_value(config_schema()),
            File::Fault => print_value(fault_schema()),
            File::Target => {
                let text = target_schema()?;
                print(format!("{text}\n").as_bytes())
            }
        }
    }
}
