//! Wire requests, sent as they are written.

use cucumber::gherkin::Step;
use cucumber::{given, when};
use serde_json::{Value, json};

use super::super::binding::pointer;
use super::super::binding::template::{Variables, fill_text, shown};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::encode_form;
use super::super::draft::{Credential, Draft, IDEMPOTENCY_KEY};
use super::super::http::{Answer, Sent};
use super::super::requestor::{account_data, never_used};
use super::super::target::{Condition, TestCard};
use super::super::world::World;

/// The version of the Agentic Commerce Protocol that its specification has.
const ACP_VERSION: &str = "2026-04-17";
/// Variables that come from the target's claims.
const CLAIMED: [&str; 10] = [
    "merchant",
    "token_requestor_id",
    "visa",
    "mastercard",
    "card_not_allowed",
    "declined",
    "verification_failed",
    "step_up",
    "client_id",
    "client_secret",
];

#[given(expr = "{word} {string} is answered with {int}")]
async fn accepted(world: &mut World, method: String, path: String, status: u16) -> Held {
    prove(world, &method, &path, None, status).await
}

#[given(expr = "{word} {string} is answered with {int} to")]
async fn accepted_body(
    world: &mut World,
    step: &Step,
    method: String,
    path: String,
    status: u16,
) -> Held {
    prove(world, &method, &path, Some(text(step)?), status).await
}

#[given(expr = "{string} is kept as {string}")]
fn given_keep(world: &mut World, place: String, name: String) -> Held {
    keep(world, &place, &name)
}

#[when(expr = "{string} is kept as {string}")]
fn when_keep(world: &mut World, place: String, name: String) -> Held {
    keep(world, &place, &name)
}

#[when(expr = "{word} {string} is sent")]
async fn send_bare(world: &mut World, method: String, path: String) -> Held {
    let draft = draft(world, &method, &path, None)?;
    send(world, draft).await.map(drop)
}

#[when(expr = "{word} {string} is sent with")]
async fn send_body(world: &mut World, step: &Step, method: String, path: String) -> Held {
    let draft = draft(world, &method, &path, Some(text(step)?))?;
    send(world, draft).await.map(drop)
}

#[when(expr = "{word} {string} is sent by the {word} account")]
async fn send_by(world: &mut World, method: String, path: String, account: String) -> Held {
    let mut draft = draft(world, &method, &path, None)?;
    draft.by = Credential::Account {
        name: account,
        scopes: None,
    };
    send(world, draft).await.map(drop)
}

#[when(expr = "{word} {string} is sent by the {word} account with")]
async fn send_body_by(
    world: &mut World,
    step: &Step,
    method: String,
    path: String,
    account: String,
) -> Held {
    let mut draft = draft(world, &method, &path, Some(text(step)?))?;
    draft.by = Credential::Account {
        name: account,
        scopes: None,
    };
    send(world, draft).await.map(drop)
}

#[when(expr = "{word} {string} is sent with the scopes {string}")]
async fn send_scopes(world: &mut World, method: String, path: String, scopes: String) -> Held {
    let mut draft = draft(world, &method, &path, None)?;
    draft.by = Credential::Account {
        name: "manual".to_owned(),
        scopes: Some(scopes),
    };
    send(world, draft).await.map(drop)
}

/// Sends a request that must be accepted: what later refusals are compared with.
async fn prove(
    world: &mut World,
    method: &str,
    path: &str,
    body: Option<String>,
    status: u16,
) -> Held {
    let draft = draft(world, method, path, body)?;
    let answer = send(world, draft.clone()).await?;
    let asked = format!("{method} {path} answered with {status}");
    demand(answer.status == status, &asked, answer.gist())?;
    if status < 400 {
        world.proof.push(asked);
    }
    world.draft = Some(draft);
    Ok(())
}

fn draft(world: &World, method: &str, path: &str, body: Option<String>) -> Held<Draft> {
    let surface = world.surface.as_deref().unwrap_or_default();
    // A long form is written in lines.
    let body = body.map(|body| {
        if speaks_forms(world) {
            body.replace('\n', "")
        } else {
            body
        }
    });
    let body = body.map(|body| filled(world, &body)).transpose()?;
    let media_type = match surface {
        "cmp" => "application/vnd.api+json",
        _ if speaks_forms(world) => "application/x-www-form-urlencoded",
        _ => "application/json",
    };
    // A surface where merchants have keys is spoken to with the one of that name.
    let account = if world.talk.target.keys.contains_key(surface) {
        surface
    } else {
        "manual"
    };
    let by = match surface {
        "oauth" => Credential::None,
        "visa" | "mastercard" => Credential::Requestor(None),
        _ => Credential::Account {
            name: account.to_owned(),
            scopes: None,
        },
    };
    let mut headers: Vec<_> = body
        .iter()
        .map(|_| ("content-type".to_owned(), media_type.to_owned()))
        .collect();
    if surface == "acp" {
        // The protocol requires both of every request.
        let key = never_used().map_err(Broken::Suite)?;
        headers.push((IDEMPOTENCY_KEY.to_owned(), key));
        headers.push(("api-version".to_owned(), ACP_VERSION.to_owned()));
    }
    Ok(Draft {
        method: method.to_owned(),
        path: filled(world, path)?,
        headers,
        body,
        by,
    })
}

pub(super) async fn send(world: &mut World, draft: Draft) -> Held<Answer> {
    let mut sent = Sent::new(&draft.method, world.talk.url(&draft.path));
    sent.headers = draft.headers;
    sent.body = draft.body;
    let answer = match draft.by {
        Credential::Account { name, scopes } => {
            world.talk.ask_as(&name, scopes.as_deref(), sent).await?
        }
        Credential::Requestor(forgery) => match world.surface.as_deref() {
            Some("mastercard") => world.talk.ask_mastercard(sent, forgery).await?,
            Some(_) | None => world.talk.ask_visa(sent, forgery).await?,
        },
        Credential::Given(value) => world.talk.send(sent.header("authorization", value)).await?,
        Credential::None => world.talk.send(sent).await?,
    };
    learn(world, &answer);
    world.answer = Some(answer.clone());
    Ok(answer)
}

/// Remembers what must not be shown of an answer.
fn learn(world: &mut World, answer: &Answer) {
    let document = answer.json().unwrap_or(Value::Null);
    for place in [
        "/access_token",
        "/cryptogramInfo/cryptogram",
        "/data/attributes/cryptogram/value",
        "/data/attributes/network_token",
    ] {
        if let Some(secret) = pointer::at(&document, place).and_then(Value::as_str) {
            world.talk.secrets.learn(secret);
        }
    }
}

fn keep(world: &mut World, place: &str, name: &str) -> Held {
    let document = world.document()?;
    let value = pointer::at(&document, place)
        .ok_or_else(|| Broken::wrong(format!("something at {place}"), "nothing there"))?;
    world.kept.insert(name.to_owned(), value.clone());
    Ok(())
}

/// The surface takes forms.
fn speaks_forms(world: &World) -> bool {
    ["oauth", "stripe"].contains(&world.surface.as_deref().unwrap_or_default())
}

/// Fills the variables of a wire scenario into a text; into a form they go encoded.
pub(super) fn filled(world: &World, template: &str) -> Held<String> {
    let mut variables = known(world);
    if speaks_forms(world) && template.contains('=') {
        for value in variables.values_mut() {
            let pair = encode_form(&[("", &shown(value))]);
            *value = json!(pair.trim_start_matches('='));
        }
    }
    fill(template, &variables)
}

/// Fills the variables of a wire scenario into a text as they are.
pub(super) fn plainly_filled(world: &World, template: &str) -> Held<String> {
    fill(template, &known(world))
}

fn fill(template: &str, variables: &Variables) -> Held<String> {
    let missing = CLAIMED
        .iter()
        .find(|name| template.contains(&format!("{{{name}}}")) && !variables.contains_key(**name));
    match missing {
        Some(name) => Err(Broken::NotDeclared(format!(
            "the target declares nothing to put for {name}"
        ))),
        None => fill_text(template, variables).map_err(Broken::Suite),
    }
}

fn known(world: &World) -> Variables {
    let mut variables = Variables::new();
    let networks = ["visa", "mastercard"];
    // The first card of a kind wins.
    for card in world.talk.target.cards.iter().rev() {
        let kind = match card.condition {
            Condition::Eligible => card.network.word().to_owned(),
            Condition::CardNotAllowed
            | Condition::Declined
            | Condition::VerificationFailed
            | Condition::StepUp => card.condition.word().replace('-', "_"),
        };
        // A network's own cards win on its own surface.
        let foreign = networks.contains(&world.surface.as_deref().unwrap_or_default())
            && world.surface.as_deref() != Some(card.network.word());
        if foreign && variables.contains_key(&kind) {
            continue;
        }
        if let Some(sealed) = sealed(world, card) {
            variables.insert(format!("{kind}_sealed"), json!(sealed));
        }
        if let Some(fields) = in_fields(world, card) {
            variables.insert(format!("{kind}_in_fields"), fields);
        }
        let month = format!("{:02}", card.exp_month);
        variables.insert(format!("{kind}_month"), json!(month));
        variables.insert(format!("{kind}_year"), json!(card.exp_year.to_string()));
        variables.insert(kind, json!(card.pan));
    }
    if let Ok(word) = never_used() {
        variables.insert("fresh".to_owned(), json!(word));
    }
    variables.extend(world.talk.target.token_requestor.iter().map(|id| {
        let name = "token_requestor_id".to_owned();
        (name, json!(id))
    }));
    variables.extend(
        world
            .surface
            .iter()
            .filter_map(|it| world.talk.merchant(it)),
    );
    if let Ok(account) = world.talk.account("manual") {
        variables.insert("client_id".to_owned(), json!(account.client_id));
        variables.insert("client_secret".to_owned(), json!(account.client_secret));
    }
    variables.extend(world.kept.clone());
    variables
}

/// A card in an envelope, as the network takes it.
fn sealed(world: &World, card: &TestCard) -> Option<String> {
    match world.surface.as_deref() {
        Some("mastercard") => {
            let plain = at_mastercard(card);
            return world.talk.mastercard().ok()?.seal(&plain).ok();
        }
        Some("hyperswitch") => return world.orchestrator.as_ref()?.seal(card),
        Some("visa") => {}
        Some(_) | None => return None,
    }
    let plain = json!({
        "accountNumber": card.pan,
        "expirationDate": { "month": card.exp_month, "year": card.exp_year },
    });
    world.talk.visa().ok()?.seal(&plain).ok()
}

/// A card sealed field by field, the other form that Mastercard takes.
fn in_fields(world: &World, card: &TestCard) -> Option<Value> {
    let is_ours = world.surface.as_deref() == Some("mastercard");
    let keys = world.talk.mastercard().ok().filter(|_| is_ours)?;
    keys.seal_fields(&at_mastercard(card)).ok()
}

fn at_mastercard(card: &TestCard) -> Value {
    let (month, year) = (
        card.exp_month.to_string(),
        (card.exp_year % 100).to_string(),
    );
    account_data(&card.pan, &month, &year, None)
}

/// The text below a step.
pub(super) fn text(step: &Step) -> Held<String> {
    let doc = step.docstring.as_ref().map(|text| text.trim().to_owned());
    doc.ok_or_else(|| Broken::Suite(format!("{:?} needs a doc string", step.value)))
}
