//! What comes with the program, and what a user gives in its place: test cards, accounts, merchants, the networks'
//! answers, settings.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::domain::account::Accounts;
use crate::domain::merchant::Merchants;
use crate::domain::payment::response::Responses;
use crate::domain::persona::Personas;
use crate::operations::settings::Settings;

const ACCOUNTS: &str = include_str!("../../fixtures/accounts.toml");
const MERCHANTS: &str = include_str!("../../fixtures/merchants.toml");
const RESPONSES: &str = include_str!("../../fixtures/responses.toml");
const CARDS: &str = include_str!("../../fixtures/cards.toml");

/// The accounts that several commands take.
#[derive(Debug, Default, Args)]
pub(super) struct AccountsArg {
    /// Service accounts to use in place of the built-in ones, as TOML.
    #[arg(long, value_name = "FILE")]
    accounts: Option<PathBuf>,
}

impl AccountsArg {
    pub(super) fn accounts(&self) -> Result<Accounts, String> {
        let Some(path) = &self.accounts else {
            return Accounts::parse(ACCOUNTS).map_err(|error| error.to_string());
        };
        Accounts::parse(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// The test cards that come with the program.
pub(super) fn personas() -> Result<Personas, String> {
    Personas::parse(CARDS).map_err(|error| error.to_string())
}

/// What a server is configured with.
#[derive(Debug, Default, Args)]
pub(super) struct ConfigArgs {
    /// Settings to use, as TOML; GET /_standin/settings shows all of them with their values.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    accounts: AccountsArg,
    /// Merchants to use in place of the built-in ones, as TOML.
    #[arg(long, value_name = "FILE")]
    merchants: Option<PathBuf>,
    /// Answers of the card networks to put in place of the built-in ones, row by row, as TOML.
    #[arg(long, value_name = "FILE")]
    responses: Option<PathBuf>,
    /// Also accept card numbers with this prefix, although nobody lists them as test numbers. Can be repeated.
    #[arg(long, value_name = "PREFIX")]
    allow_pan: Vec<String>,
    /// Let webhooks go to this host too, and not only to this machine. Can be repeated.
    #[arg(long, value_name = "HOST")]
    webhook_allow: Vec<String>,
    /// Believe the authorities of this PEM file too when a webhook goes to an https address.
    #[arg(long, value_name = "FILE")]
    webhook_ca: Option<PathBuf>,
}

impl ConfigArgs {
    pub(super) fn settings(&self) -> Result<Settings, String> {
        let mut settings = match &self.config {
            Some(path) => {
                let mut settings = Settings::parse(&read(path)?)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                // A file that a configuration names lies beside it.
                let beside = path.parent().unwrap_or(Path::new(""));
                settings.webhooks.ca = settings.webhooks.ca.map(|file| beside.join(file));
                settings
            }
            None => Settings::default(),
        };
        if let Some(file) = &self.webhook_ca {
            settings.webhooks.ca = Some(file.clone());
        }
        let more = self.webhook_allow.iter().cloned();
        settings.webhooks.allow.extend(more);
        Ok(settings)
    }

    pub(super) fn accounts(&self) -> Result<Accounts, String> {
        self.accounts.accounts()
    }

    pub(super) fn merchants(&self) -> Result<Merchants, String> {
        let Some(path) = &self.merchants else {
            return Merchants::parse(MERCHANTS).map_err(|error| error.to_string());
        };
        Merchants::parse(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))
    }

    pub(super) fn responses(&self) -> Result<Responses, String> {
        let built_in = Responses::parse(RESPONSES).map_err(|error| error.to_string())?;
        let Some(path) = &self.responses else {
            return Ok(built_in);
        };
        let own = built_in.with(&read(path)?);
        own.map_err(|error| format!("{}: {error}", path.display()))
    }

    pub(super) fn personas(&self) -> Result<Personas, String> {
        let mut personas = personas()?;
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
