//! What comes with the program, and what a user gives in its place: test cards, accounts, merchants, the networks'
//! answers, settings.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::clock::Source;
use crate::domain::account::Accounts;
use crate::domain::merchant::Merchants;
use crate::domain::payment::responses::Responses;
use crate::domain::persona::Personas;
use crate::operations::OnFirstUse;
use crate::operations::settings::Settings;
use crate::server::{Gate, Options};
use crate::store::Engine;

// What ships with the program is read when it is asked for. A test reads all of it, so nothing is lost where an error is not
// told.
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
    pub(super) fn accounts(&self) -> Result<OnFirstUse<Accounts>, String> {
        let Some(path) = &self.accounts else {
            return Ok(OnFirstUse::new(|| {
                Accounts::parse(ACCOUNTS).unwrap_or_default()
            }));
        };
        let own = Accounts::parse(&read(path)?);
        own.map(Into::into)
            .map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// The test cards that come with the program.
pub(super) fn personas() -> Result<Personas, String> {
    Personas::parse(CARDS).map_err(|error| error.to_string())
}

/// What a server is configured with.
#[derive(Debug, Default, Args)]
pub(super) struct ConfigArgs {
    /// Settings to use, as TOML; GET /_standin/settings shows all of them with their values. A server that is given none takes
    /// standin.toml of the folder that it is started in, if that is there.
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

/// Settings of a folder, which a server that is started in it uses when it is told no others.
const FOUND: &str = "standin.toml";

impl ConfigArgs {
    /// With the settings of the working folder where none are given.
    pub(super) fn or_found(mut self) -> Self {
        let found = Path::new(FOUND);
        if self.config.is_none() && found.is_file() {
            self.config = Some(found.to_owned());
        }
        self
    }

    /// The file of the settings, if there is one.
    pub(super) fn file(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// A server of this machine alone, in memory, at a port that the system chooses.
    pub(super) fn server(
        &self,
        seed: &str,
        clock: Source,
        keys: Option<&Path>,
        faults: &[PathBuf],
    ) -> Result<Options, String> {
        let accounts = self.accounts()?;
        let keys = keys.map(|folder| {
            let origin = super::keys::origin(clock, seed);
            super::keys::read(folder, &origin, &accounts)
        });
        Ok(Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: seed.to_owned(),
            clock,
            settings: self.settings()?,
            keys: keys.transpose()?.map(Into::into),
            accounts,
            personas: self.personas()?,
            merchants: self.merchants()?,
            responses: self.responses()?,
            tls: None,
            reports: None,
            faults: super::fault::rules(faults)?,
            engine: Engine::Memory,
            gate: Gate::default(),
        })
    }

    fn settings(&self) -> Result<Settings, String> {
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

    fn accounts(&self) -> Result<OnFirstUse<Accounts>, String> {
        self.accounts.accounts()
    }

    pub(super) fn merchants(&self) -> Result<OnFirstUse<Merchants>, String> {
        let Some(path) = &self.merchants else {
            return Ok(OnFirstUse::new(|| {
                Merchants::parse(MERCHANTS).unwrap_or_default()
            }));
        };
        let own = Merchants::parse(&read(path)?);
        own.map(Into::into)
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    fn responses(&self) -> Result<OnFirstUse<Responses>, String> {
        let built_in = || Responses::parse(RESPONSES).unwrap_or_default();
        let Some(path) = &self.responses else {
            return Ok(OnFirstUse::new(built_in));
        };
        let own = built_in().with(&read(path)?);
        let own = own.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(own.into())
    }

    fn personas(&self) -> Result<OnFirstUse<Personas>, String> {
        let allowed = self.allow_pan.clone();
        let allow = move |mut personas: Personas| {
            let mut each = allowed.iter();
            each.try_for_each(|prefix| personas.allow(prefix))
                .map(|()| personas)
        };
        // What is wrong with a prefix is said now, and what is listed is read when somebody asks for it.
        allow(Personas::default()).map_err(|error| format!("--allow-pan: {error}"))?;
        let listed = || Personas::parse(CARDS).unwrap_or_default();
        Ok(OnFirstUse::new(move || allow(listed()).unwrap_or_default()))
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_with_the_program_can_be_read() {
        assert!(Accounts::parse(ACCOUNTS).is_ok());
        assert!(Merchants::parse(MERCHANTS).is_ok());
        assert!(Responses::parse(RESPONSES).is_ok());
        let listed = Personas::parse(CARDS).unwrap();
        let args = ConfigArgs {
            allow_pan: vec!["49999".to_owned()],
            ..ConfigArgs::default()
        };
        assert_eq!(args.personas().unwrap().cards().len(), listed.cards().len());
        let args = ConfigArgs {
            allow_pan: vec!["49x".to_owned()],
            ..ConfigArgs::default()
        };
        assert!(args.personas().unwrap_err().contains("--allow-pan"));
    }
}
