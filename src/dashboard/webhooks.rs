//! Webhooks: who is told, what became of each message, each attempt, and sending one again, with a good signature or a bad one.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::exchange::{Entry, Exchange};
use super::exchanges::encoded;
use super::frame::{Head, page};
use crate::domain::webhook::Profile;

#[derive(Debug, Template)]
#[template(path = "webhooks.html", config = "src/pages/askama.toml")]
struct Webhooks {
    head: Head,
    endpoints: Vec<Endpoint>,
    messages: Vec<Row>,
    refused: u64,
    detail: Option<Opened>,
    profiles: Vec<&'static str>,
    agains: &'static [Again],
}

/// A way to send a message again.
#[derive(Debug)]
struct Again {
    word: &'static str,
    label: &'static str,
    body: &'static str,
}

const fn again(word: &'static str, label: &'static str, body: &'static str) -> Again {
    Again { word, label, body }
}

const AGAINS: [Again; 4] = [
    again("rules", "Replay", "{}"),
    again(
        "secret",
        "Signed with another secret",
        r#"{"signature":"other_secret"}"#,
    ),
    again(
        "body",
        "Signed over another body",
        r#"{"signature":"other_body"}"#,
    ),
    again("none", "Not signed", r#"{"signature":"missing"}"#),
];

#[derive(Debug, Deserialize)]
struct Endpoints {
    webhooks: Vec<Endpoint>,
}

#[derive(Debug, Deserialize)]
struct Endpoint {
    id: String,
    url: String,
    profile: String,
    events: Option<Vec<String>>,
    account: Option<String>,
    disabled: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Messages {
    waiting: Vec<Message>,
    delivered: Vec<Message>,
    dead: Vec<Message>,
    refused: u64,
}

#[derive(Debug, Clone, Deserialize)]
struct Message {
    id: String,
    endpoint: String,
    event: String,
    token: Option<String>,
    card: Option<String>,
    payment: Option<String>,
    at: String,
    due: String,
    tries: u32,
    last: Option<String>,
}

/// A message, and what has become of it.
#[derive(Debug, Clone)]
struct Row {
    state: &'static str,
    about: String,
    /// To the second.
    at: String,
    message: Message,
}

#[derive(Debug)]
struct Opened {
    row: Option<Row>,
    id: String,
    /// What receivers know it by.
    name: String,
    attempts: Vec<Exchange>,
    evicted: u64,
}

#[derive(Debug, Deserialize)]
struct Attempts {
    message: String,
    attempts: Vec<Entry>,
    evicted: u64,
}

impl Message {
    /// What it tells of.
    fn about(&self) -> String {
        let named = [&self.payment, &self.token, &self.card];
        named
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default()
    }
}

fn rows(state: &'static str, messages: Vec<Message>) -> impl Iterator<Item = Row> {
    messages.into_iter().map(move |message| Row {
        state,
        about: message.about(),
        at: message.at.get(..19).unwrap_or_default().replace('T', " "),
        message,
    })
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let Endpoints { webhooks } = asked.api.get("webhooks").await?;
    let Messages {
        waiting,
        delivered,
        dead,
        refused,
    } = asked.api.get("webhooks/messages").await?;
    let all = rows("waiting", waiting)
        .chain(rows("dead", dead))
        .chain(rows("delivered", delivered));
    let mut messages: Vec<_> = all.collect();
    messages.sort_by(|one, other| other.message.at.cmp(&one.message.at));
    let detail = match asked.member("open") {
        None => None,
        Some(id) => Some(open(asked, id, &messages).await?),
    };
    page(&Webhooks {
        head: Head::of(asked).await?,
        endpoints: webhooks,
        messages,
        refused,
        detail,
        profiles: Profile::ALL.map(Profile::word).to_vec(),
        agains: &AGAINS,
    })
}

async fn open(asked: &Asked, id: &str, messages: &[Row]) -> Result<Opened, Refusal> {
    let target = format!("webhooks/messages/{}/attempts", encoded(id));
    let made: Attempts = asked.api.get(&target).await?;
    let attempts = made.attempts.into_iter();
    let row = messages.iter().find(|row| row.message.id == id);
    Ok(Opened {
        row: row.cloned(),
        id: id.to_owned(),
        name: made.message,
        attempts: attempts.map(|entry| Exchange::of(asked, entry)).collect(),
        evicted: made.evicted,
    })
}
