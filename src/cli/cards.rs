//! `standin cards`.

use clap::Args;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};

use super::completions::card;
use super::config_args::personas;
use super::out::{Failed, say};
use super::table::table;
use crate::domain::card::{Network, Pan};
use crate::domain::known_alias::standing_alias;
use crate::domain::persona::Persona;
use crate::domain::words::unknown;

/// The arguments of `standin cards`.
#[derive(Debug, Args)]
pub(super) struct Cards {
    /// Only the cards of this network.
    #[arg(long, value_parser = network, add = ArgValueCandidates::new(networks))]
    network: Option<Network>,
    /// Only cards whose number, effect or source has this text.
    #[arg(value_name = "TEXT", add = ArgValueCompleter::new(card))]
    search: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn networks() -> Vec<CompletionCandidate> {
    let words = Network::ALL.into_iter().map(Network::word);
    words.map(CompletionCandidate::new).collect()
}

fn network(text: &str) -> Result<Network, String> {
    let known = Network::ALL
        .into_iter()
        .find(|network| network.word() == text);
    known.ok_or_else(|| unknown(text, &Network::ALL.map(Network::word)))
}

impl Cards {
    pub(super) fn run(self) -> Result<(), Failed> {
        let personas = personas()?;
        let wanted: Vec<_> = personas
            .cards()
            .iter()
            .filter(|card| self.wants(card))
            .collect();
        if self.json {
            let rows: Vec<_> = wanted.iter().map(|card| row(card)).collect();
            say!("{:#}", serde_json::Value::from(rows))?;
            return Ok(());
        }
        let rows = wanted.iter().map(|card| {
            let does = format!("{}\nsource: {}", card.does, card.source);
            [number(card), card.network.word().to_owned(), does]
        });
        if !wanted.is_empty() {
            say!("{}", table(None, rows))?;
        }
        say!("{} of {} test cards", wanted.len(), personas.cards().len())?;
        Ok(())
    }

    fn wants(&self, card: &Persona) -> bool {
        let text = self.search.as_deref().unwrap_or_default().to_lowercase();
        let found = [number(card), card.does.clone(), card.source.clone()]
            .iter()
            .any(|field| field.to_lowercase().contains(&text));
        found && self.network.is_none_or(|network| network == card.network)
    }
}

/// A whole number, or a prefix with an ellipsis.
fn number(card: &Persona) -> String {
    match (&card.pan, &card.prefix) {
        (Some(pan), _) => pan.clone(),
        (None, Some(prefix)) => format!("{prefix}…"),
        (None, None) => String::new(),
    }
}

fn row(card: &Persona) -> serde_json::Value {
    let mut row = serde_json::to_value(card).unwrap_or_default();
    if let Some(pan) = card.pan.as_ref().and_then(|pan| Pan::parse(pan).ok()) {
        row["alias"] = standing_alias(&pan).into();
    }
    row
}
