//! The test cards and what each does: choose one by network and effect, and copy it.

use std::collections::BTreeSet;

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Asked;
use super::ask::Refusal;
use super::frame::{Head, page};

#[derive(Debug, Template)]
#[template(path = "cards.html", config = "src/pages/askama.toml")]
struct Cards {
    head: Head,
    cards: Vec<Card>,
    networks: Vec<Choice>,
    effects: Vec<Choice>,
}

/// One value of a filter.
#[derive(Debug)]
struct Choice {
    word: String,
    on: bool,
}

#[derive(Debug, Deserialize)]
struct Listed {
    cards: Vec<Map<String, Value>>,
}

#[derive(Debug)]
struct Card {
    number: String,
    /// Whether that is only how numbers begin.
    prefix: bool,
    alias: String,
    network: String,
    effects: Vec<String>,
    does: String,
    source: String,
}

/// Members that say who a card is, and not what it does.
const IDENTITY: [&str; 6] = ["pan", "prefix", "network", "does", "source", "alias"];

impl Card {
    fn of(row: &Map<String, Value>) -> Self {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let effects = row.iter();
        let effects = effects.filter(|(name, _)| !IDENTITY.contains(&name.as_str()));
        let effects = effects.filter_map(|(name, value)| match value {
            Value::String(word) if word == "approved" => None,
            Value::String(word) => Some(format!("{name} {word}")),
            Value::Array(steps) => {
                let steps = steps.iter().filter_map(|step| step["event"].as_str());
                Some(format!("{name} {}", steps.collect::<Vec<_>>().join(", ")))
            }
            Value::Bool(_) => Some(name.clone()),
            Value::Null | Value::Number(_) | Value::Object(_) => Some(format!("{name} {value}")),
        });
        let mut effects: Vec<_> = effects.map(|effect| effect.replace('_', " ")).collect();
        if effects.is_empty() {
            effects.push("approved".to_owned());
        }
        Self {
            prefix: row.get("pan").is_none(),
            number: [text("pan"), text("prefix")].concat(),
            alias: text("alias").to_owned(),
            network: text("network").to_owned(),
            effects,
            does: text("does").to_owned(),
            source: text("source").to_owned(),
        }
    }
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let Listed { cards } = asked.api.get("cards").await?;
    let cards: Vec<_> = cards.iter().map(Card::of).collect();
    let (network, effect) = (asked.member("network"), asked.member("effect"));
    let networks: BTreeSet<_> = cards.iter().map(|card| card.network.clone()).collect();
    let effects: BTreeSet<_> = cards.iter().flat_map(|card| card.effects.clone()).collect();
    let choices = |words: BTreeSet<String>, chosen: Option<&str>| {
        let words = words.into_iter().map(|word| Choice {
            on: chosen == Some(word.as_str()),
            word,
        });
        words.collect()
    };
    let fits = |card: &Card| {
        network.is_none_or(|network| card.network == network)
            && effect.is_none_or(|effect| card.effects.iter().any(|one| one == effect))
    };
    page(&Cards {
        head: Head::of(asked).await?,
        networks: choices(networks, network),
        effects: choices(effects, effect),
        cards: cards.into_iter().filter(fits).collect(),
    })
}
