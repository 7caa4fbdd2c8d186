//! Test cards.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::door::Door;
use super::tools::{Effect, Row, Told};
use crate::domain::card::Network;
use crate::domain::words::unknown;

pub(super) fn rows() -> Vec<Row> {
    vec![Row::new(
        "list_test_cards",
        "Which test card numbers there are, and what each makes the issuer and the network do: approved, declined for \
         insufficient funds, not eligible for a token, suspended after a while, … Start here to pick a card that fails \
         the way you need. Each row names who publishes the number.",
        Effect::Reads,
        list,
    )]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Only cards of this network: visa, mastercard, amex or discover.
    network: Option<String>,
    /// Only cards whose number, effect or source has this text, such as "insufficient" or "stripe".
    search: Option<String>,
}

async fn list(door: Door, wanted: Wanted) -> Told {
    if let Some(network) = &wanted.network {
        let known = Network::ALL.map(Network::word);
        if !known.contains(&network.as_str()) {
            return Err(format!("network: {}", unknown(network, &known)));
        }
    }
    let all = door.get("cards").await?;
    let cards = all["cards"].as_array().into_iter().flatten();
    let cards: Vec<_> = cards.filter(|card| fits(card, &wanted)).collect();
    Ok(json!({ "cards": cards, "count": cards.len() }))
}

fn fits(card: &Value, wanted: &Wanted) -> bool {
    let of_network = wanted.network.as_ref();
    let of_network = of_network.is_none_or(|network| card["network"] == json!(network));
    let has_text = wanted.search.as_ref().is_none_or(|text| {
        let text = text.to_lowercase();
        ["pan", "prefix", "does", "source"].iter().any(|member| {
            let said = card[*member].as_str().unwrap_or_default();
            said.to_lowercase().contains(&text)
        })
    });
    of_network && has_text
}
