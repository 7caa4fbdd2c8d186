//! `standin trigger`.

use clap::{Args, ValueEnum};
use http::Method;
use serde_json::json;

use super::remote::{Remote, run};

/// The arguments of `standin trigger`.
#[derive(Debug, Args)]
pub(super) struct Trigger {
    /// What is to happen.
    event: Event,
    /// To which token: `NTK…`, or its name at a network.
    #[arg(long, value_name = "REFERENCE")]
    token: String,
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
}

impl Event {
    const fn word(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Delete => "delete",
            Self::UpdateExpiry => "update_expiry",
            Self::ReplacePan => "replace_pan",
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
        let by = match self.by {
            Actor::Issuer => "issuer",
            Actor::Network => "network",
        };
        let mut body = json!({ "event": self.event.word(), "by": by });
        if let Some((month, year)) = self.expiry {
            body["expiry"] = json!({ "month": month, "year": year });
        }
        if let Some(pan) = &self.pan {
            body["pan"] = json!(pan);
        }
        let path = format!("tokens/{}/events", self.token);
        let token = run(self.remote.ask(Method::POST, &path, Some(&body)))?;
        if self.json {
            println!("{token:#}");
        } else {
            let state = token["state"].as_str().unwrap_or("gone");
            println!("{} is {state}", self.token);
        }
        Ok(())
    }
}
