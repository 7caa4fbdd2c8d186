//! `standin trigger`.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use http::Method;
use serde_json::{Value, json};

use super::out::{Failed, say};
use super::payment_events::{self, PaymentTrigger};
use super::refused::having;
use super::remote::{Remote, part, run};
use crate::domain::lifecycle::Actor;
use crate::domain::lifecycle_action::LifecycleAction;
use crate::domain::words::unknown;

/// The arguments of `standin trigger`.
#[derive(Debug, Args)]
pub(super) struct Trigger {
    /// What is to happen to a token or card, or the event that a payment service is to tell of.
    #[arg(value_parser = wanted())]
    event: Wanted,
    /// To which token: `NTK…`, or its name at a network.
    #[arg(long, value_name = "REFERENCE")]
    token: Option<String>,
    /// To which vaulted card, with or without a token: `CRD…`. Goes with update-expiry, replace-pan, close-account,
    /// contact-cardholder, expired and non-participating.
    #[arg(long, value_name = "CARD", conflicts_with = "token")]
    card: Option<String>,
    /// Who does it.
    #[arg(long, default_value = "issuer", value_parser = actor())]
    by: Actor,
    /// The new expiry, with update-expiry and replace-pan.
    #[arg(long, value_name = "MM/YYYY", value_parser = expiry)]
    expiry: Option<(u8, u16)>,
    /// The new number, with replace-pan. One is made when none is given.
    #[arg(long, value_name = "NUMBER")]
    pan: Option<String>,
    /// The merchant's key at the payment service, with an event of a payment; that of the first merchant when none is given.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["token", "card"])]
    key: Option<String>,
    /// Print the token as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// What can be triggered.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Action(LifecycleAction),
    Payment(PaymentTrigger),
}

/// The words of the domain, written with hyphens as options are; the control plane's spelling is taken too. The events of
/// payment services are called as they call them.
fn wanted() -> impl TypedValueParser<Value = Wanted> {
    let written = LifecycleAction::ALL.map(|action| {
        let word = action.word();
        PossibleValue::new(word.replace('_', "-")).alias(word)
    });
    let payments = payment_events::all().map(|one| PossibleValue::new(one.name));
    let written = written.into_iter().chain(payments);
    PossibleValuesParser::new(written).try_map(|word| match PaymentTrigger::find(&word) {
        Some(payment) => Ok(Wanted::Payment(payment)),
        None => LifecycleAction::read(&word.replace('-', "_")).map(Wanted::Action),
    })
}

fn actor() -> impl TypedValueParser<Value = Actor> {
    PossibleValuesParser::new(Actor::ALL.map(Actor::word)).try_map(|word| {
        let found = Actor::ALL.into_iter().find(|actor| actor.word() == word);
        found.ok_or_else(|| unknown(&word, &Actor::ALL.map(Actor::word)))
    })
}

fn expiry(text: &str) -> Result<(u8, u16), String> {
    let parts = text.split_once('/');
    let read = parts.and_then(|(month, year)| Some((month.parse().ok()?, year.parse().ok()?)));
    read.ok_or_else(|| "must be a month and a year of four digits, such as 03/2031".to_owned())
}

impl Trigger {
    pub(super) fn run(self) -> Result<(), Failed> {
        let action = match self.event {
            Wanted::Action(action) => action,
            Wanted::Payment(payment) => return self.pay(payment),
        };
        let (path, body) = self.asked(action)?;
        let changed = run(self.remote.ask(Method::POST, &path, Some(&body)))?;
        let member = if self.card.is_some() {
            "number"
        } else {
            "state"
        };
        let changed = having(changed, member)?;
        if self.json {
            say!("{changed:#}")?;
            return Ok(());
        }
        if let Some(card) = &self.card {
            let (number, expiry) = (&changed["number"], &changed["expiry"]);
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            say!("{card} is {}, good through {}", text(number), text(expiry))?;
        }
        if let Some(token) = &self.token {
            let state = changed["state"].as_str().unwrap_or("gone");
            say!("{token} is {state}")?;
        }
        Ok(())
    }

    fn pay(&self, payment: PaymentTrigger) -> Result<(), Failed> {
        let id = run(payment.bring_about(&self.remote, self.key.as_deref()))?;
        if self.json {
            say!("{}", json!({ "event": payment.name, "id": id }))?;
        } else {
            say!("{} is told of {id}", payment.name)?;
        }
        Ok(())
    }

    /// Path and body of the request.
    fn asked(&self, event: LifecycleAction) -> Result<(String, Value), String> {
        if self.token.is_none() && self.card.is_none() {
            return Err(format!(
                "{} needs --token REFERENCE or --card CARD",
                event.word()
            ));
        }
        let (path, mut body) = match (&self.card, &self.token) {
            (Some(card), _) => {
                let word = event.word();
                if !event.happens_to_cards() {
                    return Err(format!("{word} happens to tokens; name one with --token"));
                }
                (
                    format!("cards/{}/events", part(card)),
                    json!({ "event": word }),
                )
            }
            (None, token) => {
                let by = self.by.word();
                let token = token.as_deref().unwrap_or_default();
                (
                    format!("tokens/{}/events", part(token)),
                    json!({ "event": event.word(), "by": by }),
                )
            }
        };
        if let Some((month, year)) = self.expiry {
            body["expiry"] = json!({ "month": month, "year": year });
        }
        if let Some(pan) = &self.pan {
            body["pan"] = json!(pan);
        }
        Ok((path, body))
    }
}
