//! Statements that a request was refused by a protocol whose error is one flat object, where its sources leave the status or the
//! code open: the Agentic Commerce Protocol's. A place is a path with dots; sources write it with `$.` before it and without.

use cucumber::then;
use serde_json::Value;

use super::super::binding::pointer;
use super::super::broken::{Held, demand};
use super::super::world::World;

#[then(expr = "it is refused with {int} and a flat error")]
fn flat(world: &mut World, status: u16) -> Held {
    refused(world, &[status]).map(drop)
}

#[then(expr = "it is refused with {int} or {int} and a flat error")]
fn flat_either(world: &mut World, one: u16, other: u16) -> Held {
    refused(world, &[one, other]).map(drop)
}

/// The place is optional in such an error. One that is there names what is wrong, or what that is a part of.
#[then(expr = "it is refused with {int} or {int} and a flat error about {string}")]
fn flat_about(world: &mut World, one: u16, other: u16, place: String) -> Held {
    let error = refused(world, &[one, other])?;
    let Some(param) = pointer::at(&error, "/param").and_then(Value::as_str) else {
        return Ok(());
    };
    let named = param.trim_start_matches("$.");
    let is_part = place
        .strip_prefix(named)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    demand(is_part, format!("a param that names {place}"), param)
}

/// The error, once its form holds: a type, a code and a message that are texts, in no envelope.
fn refused(world: &World, statuses: &[u16]) -> Held<Value> {
    world.require_proof()?;
    let answer = world.answer()?;
    let due: Vec<String> = statuses.iter().map(ToString::to_string).collect();
    let is_due = statuses.contains(&answer.status);
    demand(is_due, due.join(" or "), answer.gist())?;
    let cards = &world.talk.target.cards;
    let repeated = cards.iter().any(|card| answer.body.contains(&card.pan));
    demand(
        !repeated,
        "an error without a card number",
        "a card number in the error",
    )?;
    let error = world.document()?;
    for member in ["type", "code", "message"] {
        let text = error
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default();
        demand(
            !text.trim().is_empty(),
            format!("a text at /{member}"),
            error.to_string(),
        )?;
    }
    Ok(error)
}
