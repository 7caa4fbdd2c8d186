//! The same request twice under one idempotency key: a client that has not seen the answer asks again.

use cucumber::{then, when};
use serde_json::json;

use super::super::binding::{Fact, Operation, Outcome, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::By;
use super::super::requestor::never_used;
use super::super::world::{Who, World};
use super::paying::{change, charge, mint};

#[when(expr = "the customer pays twice under one idempotency key")]
async fn pays_twice(world: &mut World) -> Held {
    keep_key(world)?;
    mint_under_another(world).await?;
    for _ in 0..2 {
        let seen = world.perform(Operation::Psp(Psp::Long), Who::One).await?;
        world.several.push(seen);
    }
    Ok(())
}

#[when(
    expr = "the customer pays twice under one idempotency key, first {float} {word} and then {float} {word}"
)]
async fn pays_another_body(
    world: &mut World,
    first: f64,
    currency: String,
    second: f64,
    other: String,
) -> Held {
    charge(world, first, &currency)?;
    keep_key(world)?;
    mint_under_another(world).await?;
    world.perform(Operation::Psp(Psp::Long), Who::One).await?;
    charge(world, second, &other)?;
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

#[when(expr = "another merchant sends the same payment under the same idempotency key")]
async fn other_merchant(world: &mut World) -> Held {
    keep_key(world)?;
    mint_under_another(world).await?;
    world.perform(Operation::Psp(Psp::Long), Who::One).await?;
    world.talk.by = By::Other;
    let sent = world.perform(Operation::Psp(Psp::Long), Who::One).await;
    world.talk.by = By::Usual;
    sent.map(drop)
}

#[when(expr = "the card is enrolled twice under one idempotency key")]
async fn enrols_twice(world: &mut World) -> Held {
    keep_key(world)?;
    for _ in 0..2 {
        let seen = world.perform(Operation::Enrol, Who::One).await?;
        world.several.push(seen);
    }
    Ok(())
}

#[then(expr = "both answers tell of one payment")]
fn one_payment(world: &mut World) -> Held {
    let approved =
        |seen: &&super::super::binding::Observed| seen.outcome == Some(Outcome::Approved);
    let both = world.several.iter().filter(approved).count() == 2;
    let last = world.last()?.summary();
    demand(both, "two answers of an approved payment", last)?;
    one_fact(world, Fact::Payment, "one payment")
}

#[then(expr = "both answers tell of one token")]
fn one_token(world: &mut World) -> Held {
    let both = world.several.iter().filter(|seen| seen.accepted).count() == 2;
    let last = world.last()?.summary();
    demand(both, "two answers of success", last)?;
    one_fact(world, Fact::Reference, "one token")
}

/// All answers that were successful tell the same.
pub(super) fn one_fact(world: &World, fact: Fact, what: &str) -> Held {
    let mut told: Vec<String> = world
        .several
        .iter()
        .filter(|seen| seen.accepted && seen.outcome != Some(Outcome::Declined))
        .filter_map(|seen| seen.text(fact))
        .collect();
    told.sort();
    told.dedup();
    match told.len() {
        0 => Err(Broken::wrong(what, "no answer that names one")),
        1 => Ok(()),
        count => Err(Broken::wrong(what, format!("{count} different ones"))),
    }
}

/// From now on every request of the card carries this key.
pub(super) fn keep_key(world: &mut World) -> Held {
    let key = never_used().map_err(Broken::Suite)?;
    change(world, |variables| {
        variables.insert("idempotency_key".to_owned(), json!(key));
    })
}

/// A cryptogram under a key of its own, so that only the payments share one.
pub(super) async fn mint_under_another(world: &mut World) -> Held {
    let key = world
        .card(Who::One)?
        .variables
        .get("idempotency_key")
        .cloned();
    change(world, |variables| {
        variables.remove("idempotency_key");
    })?;
    mint(world, Operation::CryptogramLong, Who::One).await?;
    change(world, |variables| {
        if let Some(key) = key {
            variables.insert("idempotency_key".to_owned(), key);
        }
    })
}
