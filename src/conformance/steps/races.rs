//! The same thing asked several times at once. What must happen once happens once.

use std::sync::Arc;

use cucumber::{then, when};

use super::super::binding::{Fact, Observed, Operation, Outcome, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::world::{Who, World};
use super::idempotency::one_fact;
use super::paying::{charge, mint};

/// More would be a load test.
const AT_ONCE_MAX: usize = 32;

#[when(expr = "the card is enrolled {int} times at once")]
async fn enrol(world: &mut World, times: usize) -> Held {
    at_once(world, Operation::Enrol, times).await
}

#[when(expr = "the customer pays {int} times at once with one long cryptogram")]
async fn pay(world: &mut World, times: usize) -> Held {
    mint(world, Operation::CryptogramLong, Who::One).await?;
    at_once(world, Operation::Psp(Psp::Long), times).await
}

#[when(expr = "the merchant captures {float} {word} {int} times at once")]
async fn capture(world: &mut World, amount: f64, currency: String, times: usize) -> Held {
    charge(world, amount, &currency)?;
    at_once(world, Operation::Psp(Psp::Capture), times).await
}

#[when(expr = "the merchant refunds {float} {word} {int} times at once")]
async fn refund(world: &mut World, amount: f64, currency: String, times: usize) -> Held {
    charge(world, amount, &currency)?;
    at_once(world, Operation::Psp(Psp::Refund), times).await
}

#[when(expr = "the customer pays {int} times at once under one idempotency key")]
async fn pay_under_one_key(world: &mut World, times: usize) -> Held {
    super::idempotency::keep_key(world)?;
    super::idempotency::mint_under_another(world).await?;
    at_once(world, Operation::Psp(Psp::Long), times).await
}

/// Whoever comes while the first is still at work may be told to come again, but not that a second payment was declined.
#[then(expr = "all of them tell of one payment")]
fn one_payment(world: &mut World) -> Held {
    let declined = |seen: &&Observed| seen.outcome == Some(Outcome::Declined);
    let count = world.several.iter().filter(declined).count();
    demand(
        count == 0,
        "no second payment",
        format!("{count} that were declined"),
    )?;
    one_fact(world, Fact::Payment, "one payment")
}

#[then(expr = "all of them tell of one token")]
fn one_token(world: &mut World) -> Held {
    one_fact(world, Fact::Reference, "one token")
}

#[then(expr = "one of them is approved and no other")]
fn one_approved(world: &mut World) -> Held {
    let approved = |seen: &&Observed| seen.outcome == Some(Outcome::Approved);
    let count = world.several.iter().filter(approved).count();
    demand(count == 1, "one approved payment", count.to_string())
}

#[then(expr = "one of them succeeds and no other")]
fn one_succeeds(world: &mut World) -> Held {
    let count = world.several.iter().filter(|seen| seen.accepted).count();
    demand(count == 1, "one success", count.to_string())
}

/// Asks with as many connections as there are requests, and waits for all answers.
async fn at_once(world: &mut World, operation: Operation, times: usize) -> Held {
    let bindings = Arc::clone(&world.bindings);
    let binding = world.binding.and_then(|place| bindings.get(place));
    let binding = binding.ok_or_else(|| {
        Broken::Suite("a behaviour step in a scenario without a binding".to_owned())
    })?;
    let variables = world.card(Who::One)?.variables.clone();
    // Whatever has to be asked for once, such as an access token, is there before the start.
    let spoken = world.talk.exchanges.len();
    let mut talks = vec![world.talk.clone(); times.min(AT_ONCE_MAX)];
    let asked = talks
        .iter_mut()
        .map(|talk| binding.perform(operation, &variables, talk));
    let answers = futures::future::join_all(asked).await;
    for talk in talks {
        world
            .talk
            .exchanges
            .extend(talk.exchanges.into_iter().skip(spoken));
    }
    for answer in answers {
        let seen = answer?;
        world.heed(&seen);
        let card = world.cards.get_mut(&Who::One);
        if let Some(card) = card.filter(|_| seen.accepted) {
            seen.tell(&mut card.variables);
            if operation == Operation::Enrol && card.token.is_none() {
                card.token = Some(seen.clone());
            }
            world.ledger.enter(&card.variables);
        }
        world.several.push(seen);
    }
    Ok(())
}
