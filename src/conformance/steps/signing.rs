//! Requests with a signature that was right once.

use cucumber::when;

use super::super::binding::Operation;
use super::super::broken::{Broken, Held};
use super::super::forged::Attack;
use super::super::world::{Who, World};

#[when(expr = "the token is read with a signature that is too old")]
async fn stale(world: &mut World) -> Held {
    world.ask_in(Attack::Stale, Operation::Read).await.map(drop)
}

#[when(expr = "the token is read with a signature of a time that is still to come")]
async fn early(world: &mut World) -> Held {
    world.ask_in(Attack::Early, Operation::Read).await.map(drop)
}

#[when(expr = "the token is read, and the same signed request is sent again")]
async fn replayed(world: &mut World) -> Held {
    let first = world.perform(Operation::Read, Who::One).await?;
    if !first.accepted {
        let said = first.summary();
        return Err(Broken::Unready(format!(
            "the token could not be read ({said}), so a second time says nothing"
        )));
    }
    let again = world.ask_in(Attack::Replayed, Operation::Read).await;
    again.map(drop)
}
