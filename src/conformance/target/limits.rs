//! What the test account may do, and what the target has decided where the sources leave it open.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;

use super::super::binding::Time;
use super::super::currency::decimals;

/// How fast the target wants to be asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    #[serde(default)]
    pub(crate) requests_per_second: Option<u32>,
    /// How many checks at once.
    #[serde(default)]
    pub(crate) concurrency: Option<usize>,
    /// How long a `Retry-After` may be before the answer counts as it is.
    #[serde(default = "Limits::usual_pause")]
    pub(crate) retry_after_max: Time,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_second: None,
            concurrency: None,
            retry_after_max: Self::usual_pause(),
        }
    }
}

impl Limits {
    /// A pause that is longer is no rate limit but a refusal.
    const fn usual_pause() -> Time {
        Time(Duration::from_secs(5))
    }
}

/// What payments may be made for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Allows {
    /// None at all means every currency.
    #[serde(default)]
    pub(crate) currencies: BTreeSet<String>,
    /// In major units.
    #[serde(default)]
    pub(crate) amount_max: Option<f64>,
    #[serde(default)]
    pub(crate) amount_min: Option<f64>,
}

impl Allows {
    /// The currency of a payment for which any will do.
    pub(crate) fn usual(&self) -> Option<String> {
        self.currency("EUR")
    }

    /// The currency for the one that a scenario names: itself where it may be used; for EUR and USD any that has as many
    /// decimals will do, as long as they are two different ones. None means that the account may not pay so.
    pub(crate) fn currency(&self, named: &str) -> Option<String> {
        // Few take three decimals, so that is only tried where it is said.
        if self.currencies.is_empty() {
            return (decimals(named) < 3).then(|| named.to_owned());
        }
        let alike: Vec<&String> = self
            .currencies
            .iter()
            .filter(|known| decimals(known) == 2)
            .collect();
        let has = |wanted: &str| alike.iter().copied().find(|known| *known == wanted);
        let other = |than: &str| alike.iter().copied().find(|known| *known != than);
        let instead_of_euro = || has("EUR").or_else(|| other("USD")).or_else(|| has("USD"));
        match named {
            "EUR" => instead_of_euro(),
            "USD" => {
                let taken = instead_of_euro()?;
                has("USD").filter(|dollar| *dollar != taken).or_else(|| {
                    let free = |known: &&String| *known != taken;
                    alike.iter().copied().rfind(free)
                })
            }
            "KWD" => self.currencies.iter().find(|known| decimals(known) == 3),
            named => self.currencies.get(named),
        }
        .cloned()
    }
}

/// Decisions that the sources leave to whoever builds the target; where nothing is declared, either is taken.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policies {
    /// What a deletion of a token or a card that was deleted is answered.
    #[serde(default)]
    pub(crate) delete_again: Option<DeleteAgain>,
    /// What becomes of the tokens of a card that is taken off file.
    #[serde(default)]
    pub(crate) deleted_card_tokens: Option<DeletedCardTokens>,
    /// What enrolling a card again gives.
    #[serde(default)]
    pub(crate) enrol_again: Option<EnrolAgain>,
    /// Nothing at all cannot be paid; elsewhere it verifies a card.
    #[serde(default)]
    pub(crate) zero_refused: bool,
    /// A transaction link that is quoted must be that of the payment that is quoted.
    #[serde(default)]
    pub(crate) link_checked: bool,
    /// What becomes of a card whose month has passed.
    #[serde(default)]
    pub(crate) expired_cards: Option<ExpiredCards>,
    /// Which payment of a series the merchant quotes.
    #[serde(default)]
    pub(crate) series_quotes: SeriesQuotes,
    /// How long a cryptogram can be used.
    #[serde(default)]
    pub(crate) cryptogram_life: Option<Time>,
    /// How old the signature of a request may be.
    #[serde(default)]
    pub(crate) signature_life: Option<Time>,
    /// A signed request is taken once: its nonce, or its signature, is remembered.
    #[serde(default)]
    pub(crate) nonce_once: bool,
}

impl Policies {
    /// Whether the tokens of a card go when it is taken off file.
    pub(crate) fn tokens_go_with_card(&self) -> bool {
        self.deleted_card_tokens != Some(DeletedCardTokens::Kept)
    }

    /// The capabilities that stand for a decision, and whether it was made so.
    pub(super) fn claims(&self) -> [(&'static str, bool); 10] {
        let tokens = self.deleted_card_tokens;
        let kept = !self.tokens_go_with_card();
        let is_same = self.enrol_again == Some(EnrolAgain::Same);
        let is_refused = self.expired_cards == Some(ExpiredCards::Refused);
        [
            ("same-token-again", is_same),
            // That they go is advised, and decides where the file says so.
            ("tokens-go-with-card", !kept),
            (
                "deleted-card-tokens",
                tokens == Some(DeletedCardTokens::Deleted),
            ),
            ("tokens-outlive-card", kept),
            ("zero-refused", self.zero_refused),
            ("link-checked", self.link_checked),
            ("expired-refused", is_refused),
            ("cryptogram-life", self.cryptogram_life.is_some()),
            ("signature-life", self.signature_life.is_some()),
            ("nonce-once", self.nonce_once),
        ]
    }

    /// Whether a merchant quotes the latest payment of a series rather than the first.
    pub(crate) fn quotes_latest(&self) -> bool {
        self.series_quotes == SeriesQuotes::Latest
    }
}

/// See [`Policies::delete_again`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DeleteAgain {
    NotFound,
    Accepted,
}

/// See [`Policies::deleted_card_tokens`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DeletedCardTokens {
    Deleted,
    Kept,
}

/// See [`Policies::enrol_again`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EnrolAgain {
    Same,
    New,
}

/// See [`Policies::expired_cards`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ExpiredCards {
    Refused,
    Taken,
}

/// See [`Policies::series_quotes`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SeriesQuotes {
    #[default]
    First,
    Latest,
    Any,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_currencies_that_a_scenario_names_stay_two() {
        type Row = (&'static [&'static str], [Option<&'static str>; 3]);
        let rows: [Row; 9] = [
            (&[], [Some("EUR"), Some("USD"), Some("JPY")]),
            (&["EUR", "USD"], [Some("EUR"), Some("USD"), None]),
            (&["EUR"], [Some("EUR"), None, None]),
            (&["USD"], [Some("USD"), None, None]),
            (&["GBP"], [Some("GBP"), None, None]),
            (
                &["GBP", "USD", "JPY"],
                [Some("GBP"), Some("USD"), Some("JPY")],
            ),
            (&["CHF", "GBP"], [Some("CHF"), Some("GBP"), None]),
            (&["EUR", "GBP"], [Some("EUR"), Some("GBP"), None]),
            (&["BHD", "CLP", "JPY"], [None, None, Some("JPY")]),
        ];
        for (may, taken) in rows {
            let allows = Allows {
                currencies: may.iter().map(|code| (*code).to_owned()).collect(),
                ..Allows::default()
            };
            let pays = |named| allows.currency(named);
            let wanted = taken.map(|code| code.map(str::to_owned));
            assert_eq!([pays("EUR"), pays("USD"), pays("JPY")], wanted, "{may:?}");
        }
    }
}
