//! What a merchant is told by webhook of what happens to its tokens. The endpoint is registered at the target's control plane.

use cucumber::{given, then, when};
use serde_json::{Value, json};

use super::super::broken::{Broken, Held, demand};
use super::super::listener::{Letter, Listener};
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
    let letters = arrived(world, |letters| letters.iter().any(|letter| !letter.taken)).await?;
    if letters.iter().all(|letter| letter.taken) {
        let why = "the target has tried to deliver nothing while the receiver was down";
        return Err(Broken::Unready(why.to_owned()));
    }
    registered(world)?.listener.set_down(false);
    Ok(())
}

#[then(expr = "the merchant is told that the token was {told}")]
async fn is_told(world: &mut World, told: Told) -> Held {
    let is_it = |letter: &Letter| letter.taken && letter.kind() == told.0;
    let letters = arrived(world, |letters| letters.iter().any(is_it)).await?;
    let right = letters.iter().any(is_it);
    demand(right, format!("a webhook {}", told.0), shown(&letters))
}

#[then(expr = "the merchant is told that the token was {told}, {told} and {told}, in this order")]
async fn in_order(world: &mut World, first: Told, second: Told, third: Told) -> Held {
    let wanted = [first.0, second.0, third.0];
    let all = |letters: &[Letter]| of_these(letters, &wanted).len() >= wanted.len();
    let letters = arrived(world, all).await?;
    let right = of_these(&letters, &wanted) == wanted;
    demand(right, wanted.join(", "), shown(&letters))
}

#[then(expr = "every webhook is signed with the secret of the endpoint")]
async fn signed(world: &mut World) -> Held {
    let letters = arrived(world, |letters| !letters.is_empty()).await?;
    demand(!letters.is_empty(), "a webhook", "none")?;
    let key = &registered(world)?.key;
    letters
        .iter()
        .try_for_each(|letter| signed_with(key, letter))
}

#[then(expr = "every try of a webhook had the same id and body")]
async fn same_again(world: &mut World) -> Held {
    let letters = arrived(world, |_| true).await?;
    repeated(&letters)
}

/// The kinds of those that were taken and are one of these, in the order in which they arrived.
fn of_these(letters: &[Letter], wanted: &[&str]) -> Vec<String> {
    let taken = letters.iter().filter(|letter| letter.taken);
    let kinds = taken.map(Letter::kind);
    kinds
        .filter(|kind| wanted.contains(&kind.as_str()))
        .collect()
}

/// Standard Webhooks, HMAC-SHA256 over id, timestamp and body.
fn signed_with(key: &HmacKey, letter: &Letter) -> Held {
    let header = |name: &str| {
        let found = letter.header(name);
        found.ok_or_else(|| Broken::wrong(format!("a header {name}"), "none"))
    };
    let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
    let parts = [id.as_bytes(), b".", at.as_bytes(), b".", &letter.body];
    let wanted = format!("v1,{}", base64(&hmac_sha256(key, &parts)));
    let mut given = header("webhook-signature")?.split(' ');
    let right = given.any(|given| same(given.as_bytes(), wanted.as_bytes()));
    demand(right, "the signature of what was sent", "another")
}

/// Whatever was refused has come again under its id, and as it was.
fn repeated(letters: &[Letter]) -> Held {
    let mut refused = letters.iter().filter(|letter| !letter.taken).peekable();
    demand(
        refused.peek().is_some(),
        "a webhook that was refused",
        "none",
    )?;
    refused.try_for_each(|refused| {
        let id = refused.header("webhook-id");
        let mut taken = letters.iter().filter(|letter| letter.taken);
        let again = taken.find(|letter| letter.header("webhook-id") == id);
        let again = again.ok_or_else(|| {
            Broken::wrong("every refused webhook again under its id", shown(letters))
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
async fn arrived(world: &mut World, enough: impl Fn(&[Letter]) -> bool) -> Held<Vec<Letter>> {
    let evidence = world.talk.exchanges.len();
    let no_time = json!({ "advance": "PT0S" });
    let _runs_by_itself = world.talk.control("POST", "/clock", Some(no_time)).await;
    world.talk.exchanges.truncate(evidence);
    Ok(registered(world)?.listener.letters(enough).await)
}

/// The kinds of what has arrived.
fn shown(letters: &[Letter]) -> String {
    if letters.is_empty() {
        return "no webhook".to_owned();
    }
    let kinds = letters.iter().map(|letter| {
        let refused = if letter.taken { "" } else { " (refused)" };
        format!("{}{refused}", letter.kind())
    });
    kinds.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use hyper::body::Bytes;

    use super::*;

    fn letter(id: &'static str, body: &'static str, taken: bool) -> Letter {
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
        Letter {
            headers,
            body: Bytes::from_static(body.as_bytes()),
            taken,
        }
    }

    #[test]
    fn a_signature_is_of_the_key_the_id_the_time_and_the_body() {
        let key = HmacKey::new(b"key");
        let whole = letter("msg_1", "{}", true);
        assert_eq!(signed_with(&key, &whole), Ok(()));
        assert!(signed_with(&HmacKey::new(b"another"), &whole).is_err());
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            let mut bent = whole.clone();
            bent.headers.insert(name, HeaderValue::from_static("2"));
            assert!(signed_with(&key, &bent).is_err(), "{name}");
            bent.headers.remove(name);
            assert!(signed_with(&key, &bent).is_err(), "no {name}");
        }
        let other = letter("msg_1", "{ }", true);
        let bent = Letter {
            headers: whole.headers,
            ..other
        };
        assert!(signed_with(&key, &bent).is_err());
    }

    #[test]
    fn what_was_refused_must_come_again_as_it_was() {
        let refused = || letter("msg_1", "{}", false);
        assert_eq!(repeated(&[refused(), letter("msg_1", "{}", true)]), Ok(()));
        for wrong in [
            vec![letter("msg_1", "{}", true)],
            vec![refused()],
            vec![refused(), letter("msg_2", "{}", true)],
            vec![refused(), letter("msg_1", "{ }", true)],
            vec![refused(), refused()],
        ] {
            assert!(repeated(&wrong).is_err(), "{}", shown(&wrong));
        }
    }

    #[test]
    fn only_what_was_taken_was_told() {
        let letters = [
            letter("1", r#"{"type":"b"}"#, true),
            letter("2", r#"{"type":"a"}"#, false),
            letter("3", r#"{"type":"c"}"#, true),
            letter("2", r#"{"type":"a"}"#, true),
        ];
        assert_eq!(of_these(&letters, &["a", "b"]), ["b", "a"]);
    }
}
