//! Who may ask: nobody without a key, nobody with a key that was never given out, and no merchant about another's.

use cucumber::{then, when};

use super::super::binding::{Fact, Operation, Psp, State};
use super::super::broken::{Held, demand};
use super::super::conversation::By;
use super::super::target::Condition;
use super::super::world::{Who, World};
use super::words::{Deed, Stranger};

#[when(expr = "{stranger} {deed}")]
async fn asks(world: &mut World, stranger: Stranger, deed: Deed) -> Held {
    world.talk.by = stranger.0;
    let asked = world.perform(deed.0, Who::One).await;
    world.talk.by = By::Usual;
    asked.map(drop)
}

#[when(expr = "another merchant enrols a card")]
async fn other_enrols(world: &mut World) -> Held {
    world.talk.by = By::Other;
    let card = world.test_card(Who::Other, Condition::Eligible, None);
    let done = match card {
        Ok(card) => {
            world.take(Who::Other, card);
            enrol(world).await
        }
        Err(broken) => Err(broken),
    };
    world.talk.by = By::Usual;
    done
}

async fn enrol(world: &mut World) -> Held {
    if world.offers(Operation::Store) {
        world.perform(Operation::Store, Who::Other).await?;
    }
    let seen = world.perform(Operation::Enrol, Who::Other).await?;
    let right = seen.accepted && seen.state == Some(State::Active);
    demand(
        right,
        "an active token of the other merchant's",
        seen.summary(),
    )
}

#[then(expr = "access is refused")]
fn refused(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let right = !seen.accepted && (400..500).contains(&seen.status);
    demand(
        right,
        "a refusal with a status of 400 to 499",
        seen.summary(),
    )
}

#[when(expr = "the payment is read")]
async fn payment_read(world: &mut World) -> Held {
    let read = Operation::Psp(Psp::ReadPayment);
    world.perform(read, Who::One).await.map(drop)
}

#[when(expr = "the tokens are listed")]
async fn listed(world: &mut World) -> Held {
    world.perform(Operation::List, Who::One).await.map(drop)
}

#[then(expr = "the list of tokens holds the token")]
fn holds(world: &mut World) -> Held {
    let right = world.last()?.accepted && in_list(world, Who::One)?;
    demand(right, "a list with the token", world.last()?.summary())
}

#[then(expr = "the list of tokens does not hold the token")]
fn holds_not(world: &mut World) -> Held {
    demand(
        !in_list(world, Who::One)?,
        "a list without another merchant's token, or none",
        "one with it",
    )
}

fn in_list(world: &World, who: Who) -> Held<bool> {
    let token = super::tokens::token(world, who)?;
    let reference = token.text(Fact::Reference).unwrap_or_default();
    let list = world.last()?.text(Fact::Tokens).unwrap_or_default();
    Ok(!reference.is_empty() && list.contains(&reference))
}
