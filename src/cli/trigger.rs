//! `standin trigger`.

use clap::{Args, ValueEnum};
use http::Method;
use serde_json::{Value, json};

use super::remote::{Remote, run};

/// The arguments of `standin trigger`.
#[derive(Debug, Args)]
pub(super) struct Trigger {
    /// What is to happen.
    event: Event,
    /// To which token: `NTK…`, or its name at a network.
    #[arg(long, value_name = "REFERENCE", required_unless_present = "card")]
    token: Option<String>,
    /// To which vaulted card, with or without a token: `CRD…`. Goes with update-expiry, replace-pan, close-account,
    /// contact-cardholder, expired and non-participating.
    #[arg(long, value_name = "CARD", conflicts_with = "token")]
    card: Option<String>,
    /// Who does it.
    #[arg(long, default_value = "issuer")]
    by: Actor,
    /// The new expiry, with update-expiry and replace-pan.
    #[arg(long, value_name = "MM/YYYY", value_parser = expiry)]
    expiry: Option<(u8, u16)>,
    /// The new number, with replace-pan. One is made when none is given.
    #[arg(long, value_name = "NUMBER")]
    pan: Option<String>,
    /// Print the token as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Event {
    Activate,
    Suspend,
    Resume,
    Delete,
    UpdateExpiry,
    ReplacePan,
    CloseAccount,
    /// The account updater advises to contact the cardholder.
    ContactCardholder,
    /// The account updater reports that the card has expired.
    Expired,
    /// The account updater reports that the issuer does not take part.
    NonParticipating,
}

impl Event {
    /// Whether it can happen to a card that has no token.
    const fn befalls_cards(self) -> bool {
        match self {
            Self::Activate | Self::Suspend | Self::Resume | Self::Delete => false,
            Self::UpdateExpiry
            | Self::ReplacePan
            | Self::CloseAccount
            | Self::ContactCardholder
            | Self::Expired
            | Self::NonParticipating => true,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Delete => "delete",
            Self::UpdateExpiry => "update_expiry",
            Self::ReplacePan => "replace_pan",
            Self::CloseAccount => "close_account",
            Self::ContactCardholder => "contact_cardholder",
            Self::Expired => "expired",
            Self::NonParticipating => "non_participating",
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Actor {
    Issuer,
    Network,
}

fn expiry(text: &str) -> Result<(u8, u16), String> {
    let parts = text.split_once('/');
    let read = parts.and_then(|(month, year)| Some((month.parse().ok()?, year.parse().ok()?)));
    read.ok_or_else(|| "must be a month and a year of four digits, such as 03/2031".to_owned())
}

impl Trigger {
    pub(super) fn run(self) -> Result<(), String> {
        let (path, body) = self.asked()?;
        let changed = run(self.remote.ask(Method::POST, &path, Some(&body)))?;
        if self.json {
            println!("{changed:#}");
            return Ok(());
        }
        if let Some(card) = &self.card {
            let (number, expiry) = (&changed["number"], &changed["expiry"]);
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            println!("{card} is {}, good through {}", text(number), text(expiry));
        }
        if let Some(token) = &self.token {
            let state = changed["state"].as_str().unwrap_or("gone");
            println!("{token} is {state}");
        }
        Ok(())
    }

    /// Path and body of the request.
    fn asked(&self) -> Result<(String, Value), String> {
        let (path, mut body) = match (&self.card, &self.token) {
            (Some(card), _) => {
                let word = self.event.word();
                if !self.event.befalls_cards() {
                    return Err(format!("{word} happens to tokens; name one with --token"));
                }
                (format!("cards/{card}/events"), json!({ "event": word }))
            }
            (None, token) => {
                let by = match self.by {
                    Actor::Issuer => "issuer",
                    Actor::Network => "network",
                };
                let token = token.as_deref().unwrap_or_default();
                (
                    format!("tokens/{token}/events"),
                    json!({ "event": self.event.word(), "by": by }),
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
