//! Webhooks: who is told, what became of each message, and sending one again.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::super::profiles;
use super::super::remote::part;
use super::door::Door;
use super::tools::{Effect, Nothing, Row, Told};

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "register_webhook",
            "Tell an endpoint of what happens from now on. Answers with its id and the secret that messages are signed with. \
             Only hosts of this machine, unless the server was started with --webhook-allow.",
            Effect::Adds,
            register,
        ),
        Row::new(
            "list_webhook_messages",
            "The endpoints that are told, and the messages: those that wait, were delivered, and will never be, each with its \
             tries and the last answer.",
            Effect::Reads,
            list,
        ),
        Row::new(
            "replay_webhook",
            "Send a message that was delivered or given up once more, under its old name: the way to test that a receiver \
             takes a repeated event once.",
            Effect::Adds,
            replay,
        ),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewEndpoint {
    /// Where messages go.
    url: String,
    // What is listed is the list that the server reads too.
    #[schemars(description = format!("Whose words and signature: {}; standard when not given.", profiles::listed()))]
    profile: Option<String>,
    /// Only these events: suspended, payment_intent.succeeded, …
    events: Option<Vec<String>>,
    /// The secret to sign with; one is made when none is given.
    secret: Option<String>,
}

async fn register(door: Door, wanted: NewEndpoint) -> Told {
    let mut body = json!({ "url": wanted.url });
    if let Some(profile) = wanted.profile {
        body["profile"] = json!(profile);
    }
    if let Some(events) = wanted.events {
        body["events"] = json!(events);
    }
    if let Some(secret) = wanted.secret {
        body["secret"] = json!(secret);
    }
    door.post("webhooks", &body).await
}

async fn list(door: Door, _: Nothing) -> Told {
    let endpoints = door.get("webhooks").await?;
    let messages = door.get("webhooks/messages").await?;
    Ok(json!({ "endpoints": endpoints["webhooks"], "messages": messages }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Again {
    /// The id of list_webhook_messages.
    message: String,
}

async fn replay(door: Door, wanted: Again) -> Told {
    let path = format!("webhooks/messages/{}/replay", part(&wanted.message));
    door.post(&path, &json!({})).await?;
    Ok(json!({ "message": wanted.message, "waits": true }))
}
