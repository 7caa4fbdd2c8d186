//! Personas: what a test card makes the issuer and the network do. They are data, in `fixtures/cards.toml`; this is the
//! shape of that data and the look-up by card number.

pub mod funding;
pub mod problem;
mod reading;

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::alias::AliasKey;
use super::card::{Expiry, Network, Pan};
use super::known_alias::{SampleAlias, standing_alias};
use super::lifecycle_action::LifecycleAction;
use super::payment::enrolled::Enrolled;
use super::payment::published::Published;
use super::provision::ProvisionAnswer;
use super::rejection::Rejection;
use super::subscription::UpdaterEvent;
use crate::crypto::check_digit::passes_luhn;
use crate::wording::told;
use funding::{Funding, Issued};
use problem::PersonasError;

/// One `[[card]]` of the fixture: a whole published number, or a prefix that its source gives as a prefix.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pan: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    pub network: Network,
    /// Where its issuer is, by two letters of ISO 3166; the United States where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Funding::is_credit")]
    pub funding: Funding,
    /// What a request for a token is answered.
    #[serde(default)]
    pub provisioning: Outcome,
    /// The HTTP status that creating the card at the gateway is answered, instead of a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_status: Option<u16>,
    /// What happens to the token by itself, in order; each delay counts from the step before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifecycle: Vec<LifecycleStep>,
    /// What the account updater reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updater: Option<UpdaterEvent>,
    /// What the issuer answers when the card pays.
    #[serde(default)]
    pub payment: IssuerAnswer,
    /// The published number fails its own check digit and is accepted all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub luhn_exempt: bool,
    /// The published expiry has passed and a token is approved all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expiry_exempt: bool,
    /// What it does, for people.
    pub does: String,
    /// Who publishes the number.
    pub source: String,
}

impl Persona {
    pub fn issued(&self) -> Issued {
        Issued {
            country: self.country.clone(),
            funding: self.funding,
        }
    }
}

/// The answer to a request for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[default]
    Approved,
    /// Approved once the cardholder has been verified.
    StepUp,
    #[serde(untagged)]
    Refused(Rejection),
}

impl Outcome {
    pub const fn answer(self) -> ProvisionAnswer {
        match self {
            Self::Approved => ProvisionAnswer::Approved,
            Self::StepUp => ProvisionAnswer::ApprovedAfterStepUp,
            Self::Refused(reason) => ProvisionAnswer::Refused(reason),
        }
    }
}

/// One step of what happens to a token by itself.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleStep {
    #[serde(
        deserialize_with = "reading::span",
        serialize_with = "reading::span_text"
    )]
    pub after: Duration,
    #[serde(deserialize_with = "reading::action_on_a_token")]
    pub event: LifecycleAction,
}

/// What the issuer answers when the card pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerAnswer {
    #[default]
    Approved,
    DoNotHonour,
    InsufficientFunds,
    Lost,
    Stolen,
    SuspectedFraud,
    StepUpRequired,
    /// Too many payments in too short a time.
    VelocityExceeded,
    /// The cardholder told the issuer to let the merchant take no more.
    PaymentsStopped,
    Unavailable,
}

/// `[[expiry_year]]` of the fixture: an expiry year that selects a script whatever the card, when that is switched on.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryYear {
    pub year: u16,
    #[serde(default)]
    pub provisioning: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifecycle: Vec<LifecycleStep>,
    pub does: String,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    card: Vec<Persona>,
    #[serde(default)]
    expiry_year: Vec<ExpiryYear>,
    #[serde(default)]
    published: Vec<Published>,
    #[serde(default)]
    enrolled: Vec<Enrolled>,
    #[serde(default)]
    sample_alias: Vec<SampleAlias>,
}

/// Every test card.
#[derive(Debug, Clone, Default)]
pub struct Personas {
    cards: Vec<Persona>,
    whole: HashMap<String, usize>,
    /// Longest first, so that the most specific one wins.
    prefixes: Vec<(String, usize)>,
    allowed: Vec<String>,
    aliases: HashMap<AliasKey, Pan>,
    expiry_years: Vec<ExpiryYear>,
    published: Vec<Published>,
    enrolled: Vec<Enrolled>,
    samples: Vec<SampleAlias>,
}

impl Personas {
    /// Reads `[[card]]` and `[[expiry_year]]` tables.
    pub fn parse(text: &str) -> Result<Self, PersonasError> {
        let file: File = toml::from_str(text).map_err(|e| PersonasError::Syntax(told(&e)))?;
        let mut personas = Self {
            expiry_years: file.expiry_year,
            published: file.published,
            enrolled: file.enrolled,
            samples: file.sample_alias,
            ..Self::default()
        };
        for (place, card) in file.card.into_iter().enumerate() {
            let digits = |text: &&String| {
                (4..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            };
            match (
                card.pan.as_ref().filter(digits),
                card.prefix.as_ref().filter(digits),
            ) {
                (Some(pan), None) if card.prefix.is_none() => {
                    if !card.luhn_exempt && !passes_luhn(pan) {
                        return Err(PersonasError::CheckDigit(place + 1));
                    }
                    if let Ok(pan) = Pan::parse(pan) {
                        personas
                            .aliases
                            .insert(AliasKey::of(&standing_alias(&pan)), pan);
                    }
                    if personas.whole.insert(pan.clone(), place).is_some() {
                        return Err(PersonasError::Twice(place + 1));
                    }
                }
                (None, Some(prefix)) if card.pan.is_none() => {
                    personas.prefixes.push((prefix.clone(), place));
                }
                _ => return Err(PersonasError::Number(place + 1)),
            }
            personas.cards.push(card);
        }
        if let Some(place) = personas.published.iter().position(|row| !row.is_whole()) {
            return Err(PersonasError::Published(place + 1));
        }
        if let Some(place) = personas.enrolled.iter().position(|row| !row.is_whole()) {
            return Err(PersonasError::Enrolled(place + 1));
        }
        personas
            .prefixes
            .sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Ok(personas)
    }

    /// Accepts numbers that begin with `prefix` although nobody lists them.
    pub fn allow(&mut self, prefix: &str) -> Result<(), PersonasError> {
        let digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !(4..=19).contains(&prefix.len()) {
            return Err(PersonasError::AllowedPrefix(prefix.to_owned()));
        }
        self.allowed.push(prefix.to_owned());
        Ok(())
    }

    /// The persona of a number, if it is listed whole or by a prefix.
    pub fn find(&self, pan: &Pan) -> Option<&Persona> {
        let number = pan.expose();
        let by_prefix = || {
            self.prefixes
                .iter()
                .find(|(p, _)| number.starts_with(p.as_str()))
                .map(|(_, at)| at)
        };
        self.whole
            .get(&number)
            .or_else(by_prefix)
            .and_then(|at| self.cards.get(*at))
    }

    pub fn samples(&self) -> &[SampleAlias] {
        &self.samples
    }

    /// The test card whose [`standing_alias`] has this key.
    pub fn by_alias(&self, key: &AliasKey) -> Option<Pan> {
        self.aliases.get(key).copied()
    }

    /// Whether standin may hold the number at all: it is a listed test number or one that the user allows, its network is
    /// known and its check digit is right (unless it is published with a wrong one).
    pub fn admit(&self, pan: &Pan) -> Result<Option<&Persona>, Rejection> {
        let number = pan.expose();
        let persona = self.find(pan);
        if !persona.is_some_and(|persona| persona.luhn_exempt) && !passes_luhn(&number) {
            return Err(Rejection::CardNumberInvalid);
        }
        if persona.is_none() && !self.allowed.iter().any(|prefix| number.starts_with(prefix)) {
            return Err(Rejection::NotATestCard);
        }
        pan.network().ok_or(Rejection::NetworkNotSupported)?;
        Ok(persona)
    }

    /// The script of an expiry year.
    pub fn expiry_year(&self, expiry: Expiry) -> Option<&ExpiryYear> {
        self.expiry_years
            .iter()
            .find(|row| row.year == expiry.year())
    }

    pub fn cards(&self) -> &[Persona] {
        &self.cards
    }

    /// What payment services publish of their own test environments.
    pub fn published(&self) -> &[Published] {
        &self.published
    }

    /// How their customers are authenticated there.
    pub fn enrolled(&self) -> &[Enrolled] {
        &self.enrolled
    }

    pub fn expiry_years(&self) -> &[ExpiryYear] {
        &self.expiry_years
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn personas(cards: &str) -> Result<Personas, PersonasError> {
        Personas::parse(cards)
    }

    fn card(number: &str, more: &str) -> String {
        format!("[[card]]\n{number}\nnetwork = \"visa\"\ndoes = \"d\"\nsource = \"s\"\n{more}\n")
    }

    #[test]
    fn the_whole_number_beats_the_longer_prefix_beats_the_shorter() {
        let text = card("prefix = \"4111\"", "provisioning = \"declined\"")
            + &card("prefix = \"411111\"", "provisioning = \"step_up\"")
            + &card("pan = \"4111111111111111\"", "");
        let personas = personas(&text).unwrap();
        let of = |pan: &str| {
            personas
                .find(&Pan::parse(pan).unwrap())
                .unwrap()
                .provisioning
        };
        assert_eq!(of("4111111111111111"), Outcome::Approved);
        assert_eq!(of("4111111111111112"), Outcome::StepUp);
        assert_eq!(
            of("4111000000000000"),
            Outcome::Refused(Rejection::Declined)
        );
    }

    #[test]
    fn admission_says_why_not() {
        let mut personas = personas(&card("pan = \"4111111111111111\"", "")).unwrap();
        let admit = |personas: &Personas, pan: &str| {
            personas
                .admit(&Pan::parse(pan).unwrap())
                .map(|persona| persona.is_some())
        };
        assert_eq!(admit(&personas, "4111111111111111"), Ok(true));
        assert_eq!(
            admit(&personas, "4111111111111112"),
            Err(Rejection::CardNumberInvalid)
        );
        assert_eq!(
            admit(&personas, "4242424242424242"),
            Err(Rejection::NotATestCard)
        );
        personas.allow("4242").unwrap();
        assert_eq!(admit(&personas, "4242424242424242"), Ok(false));
        assert!(personas.allow("42x").is_err());
    }

    #[test]
    fn a_bad_list_is_refused_with_its_place() {
        assert_eq!(
            personas(&card("pan = \"4111111111111112\"", "")).unwrap_err(),
            PersonasError::CheckDigit(1)
        );
        let twice = card("pan = \"4111111111111111\"", "").repeat(2);
        assert_eq!(personas(&twice).unwrap_err(), PersonasError::Twice(2));
        assert_eq!(
            personas(&card("", "")).unwrap_err(),
            PersonasError::Number(1)
        );
        assert!(matches!(
            personas(&card("prefix = \"4111\"", "provisioning = \"perhaps\"")),
            Err(PersonasError::Syntax(_))
        ));
        let row =
            "[[enrolled]]\nservice = \"s\"\npan = \"x\"\nflow = \"challenge\"\nsource = \"s\"\n";
        let wrong = card("pan = \"4111111111111111\"", "") + row;
        assert_eq!(personas(&wrong).unwrap_err(), PersonasError::Enrolled(1));
        for (event, problem) in [
            ("suspnd", "did you mean \"suspend\"?"),
            ("expired", "happens to cards"),
        ] {
            let step = format!("lifecycle = [{{ after = \"PT1S\", event = \"{event}\" }}]");
            let refused = personas(&card("pan = \"4111111111111111\"", &step)).unwrap_err();
            assert!(refused.to_string().contains(problem), "{refused}");
        }
    }
}
