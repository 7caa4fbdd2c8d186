//! The same request sent again with one thing changed, so that what is refused is that one thing.

use cucumber::gherkin::Step;
use cucumber::when;
use data_encoding::BASE64;
use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::credentials::Forgery;
use super::super::draft::{Credential, Draft};
use super::super::forged;
use super::super::requestor::never_used;
use super::super::world::World;
use super::requests::{filled, plainly_filled, send, text};

#[when(expr = "the same request is sent")]
async fn again(world: &mut World) -> Held {
    let draft = same(world)?;
    send(world, draft).await.map(drop)
}

#[when(regex = r#"^the same request is sent with "(/[^"]*)" set to (.+)$"#)]
async fn again_with(world: &mut World, place: String, value: String) -> Held {
    let draft = changed(world)?;
    again_set(world, draft, &place, &value).await
}

#[when(regex = r#"^the same request is sent with its key and "(/[^"]*)" set to (.+)$"#)]
async fn again_keyed(world: &mut World, place: String, value: String) -> Held {
    let draft = same(world)?;
    again_set(world, draft, &place, &value).await
}

async fn again_set(world: &mut World, mut draft: Draft, place: &str, value: &str) -> Held {
    let value = filled(world, value)?;
    let value: Value = serde_json::from_str(&value)
        .map_err(|error| Broken::Suite(format!("{value} is not a JSON value: {error}")))?;
    draft.change(place, Some(value))?;
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent with {string} {int} characters long")]
async fn again_long(world: &mut World, place: String, length: usize) -> Held {
    let mut draft = changed(world)?;
    draft.change(&place, Some(json!("9".repeat(length))))?;
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent without {string}")]
async fn again_without(world: &mut World, place: String) -> Held {
    let mut draft = changed(world)?;
    draft.change(&place, None)?;
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent with the header {string} set to {string}")]
async fn again_header(world: &mut World, name: String, value: String) -> Held {
    let mut draft = changed(world)?;
    draft.set_header(&name, Some(filled(world, &value)?));
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent without the header {string}")]
async fn again_without_header(world: &mut World, name: String) -> Held {
    let mut draft = changed(world)?;
    draft.set_header(&name, None);
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent with the body")]
async fn again_body(world: &mut World, step: &Step) -> Held {
    let mut draft = changed(world)?;
    draft.body = Some(filled(world, &text(step)?)?);
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent to {string}")]
async fn again_to(world: &mut World, path: String) -> Held {
    let mut draft = changed(world)?;
    draft.path = filled(world, &path)?;
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent with the method {word}")]
async fn again_method(world: &mut World, method: String) -> Held {
    let mut draft = changed(world)?;
    draft.method = method;
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent without credentials")]
async fn again_anonymous(world: &mut World) -> Held {
    again_by(world, Credential::None).await
}

#[when(expr = "the same request is sent with the credential {string}")]
async fn again_credential(world: &mut World, credential: String) -> Held {
    let credential = filled(world, &credential)?;
    again_by(world, Credential::Given(credential)).await
}

#[when(expr = "the same request is sent with the scopes {string}")]
async fn again_scopes(world: &mut World, scopes: String) -> Held {
    again_by(
        world,
        Credential::Account {
            name: "manual".to_owned(),
            scopes: Some(scopes),
        },
    )
    .await
}

#[when(expr = "the same request is sent by the {word} account")]
async fn again_account(world: &mut World, account: String) -> Held {
    again_by(
        world,
        Credential::Account {
            name: account,
            scopes: None,
        },
    )
    .await
}

#[when(expr = "the same form is sent as {string} with the Basic credential {string}")]
async fn again_basic(world: &mut World, form: String, pair: String) -> Held {
    let pair = plainly_filled(world, &pair)?;
    let mut draft = changed(world)?;
    draft.body = Some(form);
    draft.by = Credential::Given(format!("Basic {}", BASE64.encode(pair.as_bytes())));
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent with a card number that is nobody's at {string}")]
async fn again_stranger(world: &mut World, place: String) -> Held {
    let mut draft = changed(world)?;
    draft.change(&place, Some(json!(nobodys_number())))?;
    send(world, draft).await.map(drop)
}

#[when(expr = "the same request is sent signed with another secret")]
async fn again_secret(world: &mut World) -> Held {
    again_by(world, Credential::Requestor(Some(Forgery::Secret))).await
}

#[when(expr = "the same request is sent signed {int} seconds too early")]
async fn again_stale(world: &mut World, seconds: u32) -> Held {
    let age = Forgery::Age(i64::from(seconds));
    again_by(world, Credential::Requestor(Some(age))).await
}

#[when(expr = "the same request is sent signed {int} seconds too late")]
async fn again_ahead(world: &mut World, seconds: u32) -> Held {
    let age = Forgery::Age(-i64::from(seconds));
    again_by(world, Credential::Requestor(Some(age))).await
}

#[when(expr = "the same request is sent with its body changed after it was signed")]
async fn again_changed(world: &mut World) -> Held {
    again_by(world, Credential::Requestor(Some(Forgery::Body))).await
}

#[when(expr = "the same request is sent with a key that is nobody's")]
async fn again_nobody(world: &mut World) -> Held {
    again_by(world, Credential::Requestor(Some(Forgery::Key))).await
}

#[when(expr = "the same request is sent with its token unsigned")]
async fn again_unsigned(world: &mut World) -> Held {
    let token = world.talk.access_token("manual", None).await?;
    let unsigned = forged::unsigned(&token).ok_or_else(no_jwt)?;
    again_by(world, Credential::Given(format!("Bearer {unsigned}"))).await
}

#[when(expr = "the same request is sent with its token's claims changed")]
async fn again_tampered(world: &mut World) -> Held {
    let token = world.talk.access_token("manual", None).await?;
    let altered = forged::altered(&token).ok_or_else(no_jwt)?;
    again_by(world, Credential::Given(format!("Bearer {altered}"))).await
}

fn no_jwt() -> Broken {
    Broken::Unready("the access token is not a signed JWT".to_owned())
}

/// A number with a valid check digit that nobody publishes as a test number. It is made here, not written down, because no
/// file of this repository may hold one.
fn nobodys_number() -> String {
    let mut digits: Vec<u32> = (0..15).map(|place| (place * 7 + 4) % 10).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, doubled) if doubled > 9 => doubled - 9,
            (0, doubled) => doubled,
            (_, _) => *digit,
        })
        .sum();
    digits.push((10 - sum % 10) % 10);
    digits.iter().map(ToString::to_string).collect()
}

async fn again_by(world: &mut World, by: Credential) -> Held {
    let mut draft = changed(world)?;
    draft.by = by;
    send(world, draft).await.map(drop)
}

/// The same request, to be changed and sent under a key of its own.
fn changed(world: &World) -> Held<Draft> {
    let mut draft = same(world)?;
    draft.renew_key(never_used().map_err(Broken::Suite)?);
    Ok(draft)
}

fn same(world: &World) -> Held<Draft> {
    world.draft.clone().ok_or_else(|| {
        Broken::Suite(
            "\"the same request\" needs a Given with a request that is answered".to_owned(),
        )
    })
}
