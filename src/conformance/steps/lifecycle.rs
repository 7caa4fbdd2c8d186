//! What network and issuer do to a token behind the merchant's back, through the target's control plane.

use cucumber::{given, when};
use serde_json::{Value, json};

use super::super::binding::{Binding, ControlBy, Fact};
use super::super::broken::{Broken, Held};
use super::super::world::{Who, World};
use super::words::{Act, Actor};

#[given(expr = "the {actor} has {act} the token")]
async fn has_happened(world: &mut World, actor: Actor, act: Act) -> Held {
    event(world, json!({ "event": act.0, "by": actor.0 })).await
}

#[when(expr = "the {actor} {act} the token")]
async fn happens(world: &mut World, actor: Actor, act: Act) -> Held {
    event(world, json!({ "event": act.0, "by": actor.0 })).await
}

#[when(expr = "the network moves the token's expiry to month {int} of {int}")]
async fn move_expiry(world: &mut World, month: u8, year: u16) -> Held {
    let body = json!({ "event": "update_expiry", "by": "network", "expiry": { "month": month, "year": year } });
    event(world, body).await
}

#[when(expr = "the network replaces the card number behind the token")]
async fn replace_number(world: &mut World) -> Held {
    event(world, json!({ "event": "replace_pan", "by": "network" })).await
}

#[given(expr = "{int} seconds have passed")]
async fn seconds_passed(world: &mut World, seconds: u32) -> Held {
    advance(world, &format!("PT{seconds}S")).await
}

#[when(expr = "{int} seconds pass")]
async fn seconds_pass(world: &mut World, seconds: u32) -> Held {
    advance(world, &format!("PT{seconds}S")).await
}

async fn advance(world: &mut World, duration: &str) -> Held {
    world
        .talk
        .control("POST", "/clock", Some(json!({ "advance": duration })))
        .await
        .map(drop)
}

async fn event(world: &mut World, body: Value) -> Held {
    let reference = control_reference(world).await?;
    let path = format!("/tokens/{reference}/events");
    world
        .talk
        .control("POST", &path, Some(body))
        .await
        .map(drop)
}

/// What the control plane calls the token of the card.
async fn control_reference(world: &mut World) -> Held<String> {
    let token = super::tokens::token(world, Who::One)?;
    let unnamed = || {
        Broken::Unready("the target has told nothing by which the token could be found".to_owned())
    };
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    match binding.map(Binding::control_by).unwrap_or_default() {
        ControlBy::Reference => token.text(Fact::Reference).ok_or_else(unnamed),
        ControlBy::TokenLast4 => {
            let last4 = token.text(Fact::TokenLast4).ok_or_else(unnamed)?;
            let list = world.talk.control("GET", "/tokens", None).await?;
            let rows = list
                .get("tokens")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let ours: Vec<&str> = rows
                .filter(|row| {
                    row["number"]
                        .as_str()
                        .is_some_and(|number| number.ends_with(&last4))
                })
                .filter_map(|row| row["reference"].as_str())
                .collect();
            match ours.as_slice() {
                [one] => Ok((*one).to_owned()),
                found => Err(Broken::Unready(format!(
                    "{} tokens end in {last4} in the control plane",
                    found.len()
                ))),
            }
        }
    }
}
