//! Tokens: their states, and buttons for what issuer, network, requestor and cardholder can do.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::exchanges::encoded;
use super::frame::{Head, page};

#[derive(Debug, Template)]
#[template(path = "tokens.html", config = "src/pages/askama.toml")]
struct Tokens {
    head: Head,
    tokens: Vec<Token>,
    next: Option<String>,
    detail: Option<Opened>,
    /// What links keep of the query.
    kept: String,
}

#[derive(Debug, Deserialize)]
struct Listed {
    tokens: Vec<Token>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Token {
    reference: String,
    reference_hex: String,
    account: Option<String>,
    network: String,
    number: Option<String>,
    expiry: String,
    state: String,
    suspended_by: Vec<String>,
    failure: Option<String>,
    cryptograms: u64,
    created_at: String,
    updated_at: String,
}

/// One token and what can happen to it.
#[derive(Debug)]
struct Opened {
    token: Token,
    actors: Vec<Actor>,
}

#[derive(Debug)]
struct Actor {
    by: String,
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct Events {
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct Event {
    event: String,
    by: String,
    allowed: bool,
    reason: Option<String>,
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let after = asked.member("after");
    let kept = after.map_or_else(String::new, |after| format!("&after={}", encoded(after)));
    let Listed { tokens, next } = match after {
        None => asked.api.get("tokens").await?,
        Some(after) => {
            let target = format!("tokens?after={}", encoded(after));
            asked.api.get(&target).await?
        }
    };
    let detail = match asked.member("open") {
        None => None,
        Some(reference) => Some(open(asked, reference).await?),
    };
    page(&Tokens {
        head: Head::of(asked).await?,
        tokens,
        next: next.map(|next| encoded(&next)),
        detail,
        kept,
    })
}

async fn open(asked: &Asked, reference: &str) -> Result<Opened, Refusal> {
    let reference = encoded(reference);
    let token: Token = asked.api.get(&format!("tokens/{reference}")).await?;
    let Events { events } = asked.api.get(&format!("tokens/{reference}/events")).await?;
    let mut actors: Vec<Actor> = Vec::new();
    for event in events {
        match actors.last_mut() {
            Some(actor) if actor.by == event.by => actor.events.push(event),
            _ => actors.push(Actor {
                by: event.by.clone(),
                events: vec![event],
            }),
        }
    }
    Ok(Opened { token, actors })
}
