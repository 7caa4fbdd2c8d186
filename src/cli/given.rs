//! What comes with the program, and what a user gives in its place: test cards, accounts, settings.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::domain::account::Accounts;
use crate::domain::persona::Personas;
use crate::operations::settings::Settings;

const ACCOUNTS: &str = include_str!("../../fixtures/accounts.toml");
const CARDS: &str = include_str!("../../fixtures/cards.toml");

/// The files and prefixes that several commands take.
#[derive(Debug, Default, Args)]
pub(super) struct Given {
    /// Settings to use, as TOML; GET /_standin/settings shows all of them with their values.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Service accounts to use in place of the built-in ones, as TOML.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
    /// Accept card numbers that begin so although nobody lists them as test numbers. Can be repeated.
    #[arg(long, value_name = "PREFIX")]
    allow_pan: Vec<String>,
}

impl Given {
    pub(super) fn settings(&self) -> Result<Settings, String> {
        let Some(path) = &self.config else {
            return Ok(Settings::default());
        };
        Settings::parse(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub(super) fn accounts(&self) -> Result<Accounts, String> {
        let Some(path) = &self.accounts else {
            return Accounts::parse(ACCOUNTS).map_err(|error| error.to_string());
        };
        Accounts::parse(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub(super) fn personas(&self) -> Result<Personas, String> {
        let mut personas = Personas::parse(CARDS).map_err(|error| error.to_string())?;
        for prefix in &self.allow_pan {
            personas
                .allow(prefix)
                .map_err(|error| format!("--allow-pan: {error}"))?;
        }
        Ok(personas)
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
