//! What a merchant is told by webhook of what happens to its tokens. The endpoint is registered at the target's control plane.

use cucumber::{given, then, when};
use serde_json::{Value, json};

use super::super::broken::{Broken, Held, demand};
use super::super::listener::{Listener, Message};
use super::super::world::World;
use super::words::Told;
use crate::crypto::encoding::{base64, from_base64};
use crate::crypto::mac::{HmacKey, hmac_sha256, same};

/// A receiver that is registered.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) listener: Listener,
    /// What the control plane calls the endpoint.
    pub(crate) id: String,
    key: HmacKey,
}

#[given(expr = "the merchant listens for webhooks")]
async fn listens(world: &mut World) -> Held {
    let listener = Listener::open().await;
    let listener = listener.map_err(|error| Broken::Suite(format!("a port: {error}")))?;
    let body = json!({ "url": listener.url, "profile": "standard" });
    let made = world.talk.control("POST", "/webhooks", Some(body)).await?;
    let text = |name: &str| {
        let found = made.get(name).and_then(Value::as_str);
        found.ok_or_else(|| Broken::Unready(format!("the endpoint was registered without {name}")))
    };
    let secret = text("secret")?;
    world.talk.secrets.learn(secret);
    let key = secret.strip_prefix("whsec_").unwrap_or_default();
    let key = from_base64(key).map_err(|_| {
        Broken::Unready("the endpoint's secret is not whsec_ and base64".to_owned())
    })?;
    world.registered = Some(Registered {
        id: text("id")?.to_owned(),
        listener,
        key: HmacKey::new(&key),
    });
    Ok(())
}

#[given(expr = "the merchant's receiver is down")]
fn down(world: &mut World) -> Held {
    registered(world)?.listener.set_down(true);
    Ok(())
}

#[when(expr = "the receiver is up again after it has refused a webhook")]
async fn up_again(world: &mut World) -> Held {
    let messages = arrived(world, |messages| {
        messages.iter().any(|message| !message.taken)
    })
    .await?;
    if messages.iter().all(|message| message.taken) {
        let why = "the target has tried to deliver nothing while the receiver was down";
        return Err(Broken::Unready(why.to_owned()));
    }
    registered(world)?.listener.set_down(false);
    Ok(())
}

#[then(expr = "the merchant is told that the token was {told}")]
async fn is_told(world: &mut World, told: Told) -> Held {
    let is_it = |message: &Message| message.taken && message.kind() == told.0;
    let messages = arrived(world, |messages| messages.iter().any(is_it)).await?;
    let right = messages.iter().any(is_it);
    demand(right, format!("a webhook {}", told.0), shown(&messages))
}

#[then(expr = "the merchant is told that the token was {told}, {told} and {told}, in this order")]
async fn in_order(world: &mut World, first: Told, second: Told, third: Told) -> Held {
    let wanted = [first.0, second.0, third.0];
    let all = |messages: &[Message]| of_these(messages, &wanted).len() >= wanted.len();
    let messages = arrived(world, all).await?;
    let right = of_these(&messages, &wanted) == wanted;
    demand(right, wanted.join(", "), shown(&messages))
}

#[then(expr = "every webhook is signed with the secret of the endpoint")]
async fn signed(world: &mut World) -> Held {
    let messages = arrived(world, |messages| !messages.is_empty()).await?;
    demand(!messages.is_empty(), "a webhook", "none")?;
    let key = &registered(world)?.key;
    messages
        .iter()
        .try_for_each(|message| signed_with(key, message))
}

#[then(expr = "every try of a webhook had the same id and body")]
async fn same_again(world: &mut World) -> Held {
    let messages = arrived(world, |_| true).await?;
    repeated(&messages)
}

/// The kinds of those that were taken and are one of these, in the order in which they arrived.
fn of_these(messages: &[Message], wanted: &[&str]) -> Vec<String> {
    let taken = messages.iter().filter(|message| message.taken);
    let kinds = taken.map(Message::kind);
    kinds
        .filter(|kind| wanted.contains(&kind.as_str()))
        .collect()
}

/// Standard Webhooks, HMAC-SHA256 over id, timestamp and body.
fn signed_with(key: &HmacKey, message: &Message) -> Held {
    let header = |name: &str| {
        let found = message.header(name);
        found.ok_or_else(|| Broken::wrong(format!("a header {name}"), "none"))
    };
    let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
    let parts = [id.as_bytes(), b".", at.as_bytes(), b".", &message.body];
    let wanted = format!("v1,{}", base64(&hmac_sha256(key, &parts)));
    let mut given = header("webhook-signature")?.split(' ');
    let right = given.any(|given| same(given.as_bytes(), wanted.as_bytes()));
    demand(right, "the signature of what was sent", "another")
}

/// Whatever was refused has come again under its id, and as it was.
fn repeated(messages: &[Message]) -> Held {
    let mut refused = messages.iter().filter(|message| !message.taken).peekable();
    demand(
        refused.peek().is_some(),
        "a webhook that was refused",
        "none",
    )?;
    refused.try_for_each(|refused| {
        let id = refused.header("webhook-id");
        let mut taken = messages.iter().filter(|message| message.taken);
        let again = taken.find(|message| message.header("webhook-id") == id);
        let again = again.ok_or_else(|| {
            Broken::wrong("every refused webhook again under its id", shown(messages))
        })?;
        demand(again.body == refused.body, "the same body", "another")
    })
}

fn registered(world: &World) -> Held<&Registered> {
    world.registered.as_ref().ok_or_else(|| {
        Broken::Suite("the scenario speaks of webhooks, and no Given listens for them".to_owned())
    })
}

/// What has arrived, once it is enough. A clock that stands still is told that time goes by, or nothing would be sent; that
/// is nobody's evidence.
async fn arrived(world: &mut World, enough: impl Fn(&[Message]) -> bool) -> Held<Vec<Message>> {
    let evidence = world.talk.exchanges.len();
    let no_time = json!({ "advance": "PT0S" });
    let _runs_by_itself = world.talk.control("POST", "/clock", Some(no_time)).await;
    world.talk.exchanges.truncate(evidence);
    Ok(registered(world)?.listener.messages(enough).await)
}

/// The kinds of what has arrived.
fn shown(messages: &[Message]) -> String {
    if messages.is_empty() {
        return "no webhook".to_owned();
    }
    let kinds = messages.iter().map(|message| {
        let refused = if message.taken { "" } else { " (refused)" };
        format!("{}{refused}", message.kind())
    });
    kinds.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use hyper::body::Bytes;

    use super::*;

    fn message(id: &'static str, body: &'static str, taken: bool) -> Message {
        let key = HmacKey::new(b"key");
        let parts = [id.as_bytes(), b".1.", body.as_bytes()];
        let signature = format!("v1a,x v1,{}", base64(&hmac_sha256(&key, &parts)));
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", HeaderValue::from_static(id));
        headers.insert("webhook-timestamp", HeaderValue::from_static("1"));
        headers.insert(
            "webhook-signature",
            HeaderValue::try_from(signature).unwrap(),
        );
        Message {
            headers,
            body: Bytes::from_static(body.as_bytes()),
            taken,
        }
    }

    #[test]
    fn a_signature_is_of_the_key_the_id_the_time_and_the_body() {
        let key = HmacKey::new(b"key");
        let whole = message("msg_1", "{}", true);
        assert_eq!(signed_with(&key, &whole), Ok(()));
        assert!(signed_with(&HmacKey::new(b"another"), &whole).is_err());
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            let mut bent = whole.clone();
            bent.headers.insert(name, HeaderValue::from_static("2"));
            assert!(signed_with(&key, &bent).is_err(), "{name}");
            bent.headers.remove(name);
            assert!(signed_with(&key, &bent).is_err(), "no {name}");
        }
        let other = message("msg_1", "{ }", true);
        let bent = Message {
            headers: whole.headers,
            ..other
        };
        assert!(signed_with(&key, &bent).is_err());
    }

    #[test]
    fn what_was_refused_must_come_again_as_it_was() {
        let refused = || message("msg_1", "{}", false);
        assert_eq!(repeated(&[refused(), message("msg_1", "{}", true)]), Ok(()));
        for wrong in [
            vec![message("msg_1", "{}", true)],
            vec![refused()],
            vec![refused(), message("msg_2", "{}", true)],
            vec![refused(), message("msg_1", "{ }", true)],
            vec![refused(), refused()],
        ] {
            assert!(repeated(&wrong).is_err(), "{}", shown(&wrong));
        }
    }

    #[test]
    fn only_what_was_taken_was_told() {
        let messages = [
            message("1", r#"{"type":"b"}"#, true),
            message("2", r#"{"type":"a"}"#, false),
            message("3", r#"{"type":"c"}"#, true),
            message("2", r#"{"type":"a"}"#, true),
        ];
        assert_eq!(of_these(&messages, &["a", "b"]), ["b", "a"]);
    }
}
