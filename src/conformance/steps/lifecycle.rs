//! What network and issuer do to a token behind the merchant's back, and the time that goes by, through operations that the
//! target declares for it.

use cucumber::{given, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{Control, Operation, State};
use super::super::broken::{Held, demand};
use super::super::target::webhooks::Kind;
use super::super::world::{Who, World};
use super::words::{Act, Actor};

#[given(expr = "the {actor} has {act} the token")]
async fn has_happened(world: &mut World, actor: Actor, act: Act) -> Held {
    event(world, act.0, actor.0).await
}

#[when(expr = "the {actor} {act} the token")]
async fn happens(world: &mut World, actor: Actor, act: Act) -> Held {
    event(world, act.0, actor.0).await
}

/// An event that a target may refuse, because the token is in no state for it.
#[when(expr = "the {actor} tries to {act} the token")]
async fn is_tried(world: &mut World, actor: Actor, act: Act) -> Held {
    let before = world.happened.len();
    let tried = event(world, act.0, actor.0).await;
    if tried.is_err() {
        world.happened.truncate(before);
    }
    match tried {
        Err(super::super::broken::Broken::Unready(_)) => Ok(()),
        other => other,
    }
}

#[given(expr = "the merchant has suspended the token")]
async fn has_suspended(world: &mut World) -> Held {
    let seen = world.perform(Operation::Suspend, Who::One).await?;
    world.happened.push(Kind::Suspended);
    demand(seen.accepted, "success", seen.summary())
}

#[when(expr = "the merchant suspends the token")]
async fn suspends(world: &mut World) -> Held {
    world.happened.push(Kind::Suspended);
    world.perform(Operation::Suspend, Who::One).await.map(drop)
}

#[when(expr = "the merchant resumes the token")]
async fn resumes(world: &mut World) -> Held {
    let seen = world.perform(Operation::Resume, Who::One).await?;
    if seen.accepted && seen.state != Some(State::Deleted) {
        world.happened.push(Kind::Resumed);
    }
    Ok(())
}

#[when(expr = "the network moves the token's expiry to month {int} of {int}")]
async fn move_expiry(world: &mut World, month: u8, year: u16) -> Held {
    expire_in(world, month, year).await
}

/// Has the network move the token's expiry.
pub(super) async fn expire_in(world: &mut World, month: u8, year: u16) -> Held {
    let more = Variables::from([
        ("actor".to_owned(), json!("network")),
        ("new_month".to_owned(), json!(month)),
        ("new_year".to_owned(), json!(year)),
        ("new_expiry".to_owned(), json!(format!("{year}-{month:02}"))),
    ]);
    world.bring_about(Control::Expiry, &more).await?;
    world.happened.push(Kind::Updated);
    Ok(())
}

#[when(expr = "the network replaces the card number behind the token")]
async fn replace_number(world: &mut World) -> Held {
    let more = Variables::from([("actor".to_owned(), json!("network"))]);
    world.bring_about(Control::Card, &more).await?;
    world.happened.push(Kind::Updated);
    Ok(())
}

#[given(expr = "the issuer declines the next payment")]
async fn declines_next(world: &mut World) -> Held {
    let more = Variables::from([("actor".to_owned(), json!("issuer"))]);
    world.bring_about(Control::Decline, &more).await.map(drop)
}

#[given(expr = "{int} seconds have passed")]
async fn seconds_passed(world: &mut World, seconds: u64) -> Held {
    pass(world, seconds).await
}

#[when(expr = "{int} seconds pass")]
async fn seconds_pass(world: &mut World, seconds: u64) -> Held {
    pass(world, seconds).await
}

/// Has time go by at the target.
pub(super) async fn pass(world: &mut World, seconds: u64) -> Held {
    let more = Variables::from([("seconds".to_owned(), json!(seconds))]);
    world.bring_about(Control::Clock, &more).await.map(drop)
}

async fn event(world: &mut World, control: Control, actor: &str) -> Held {
    let more = Variables::from([("actor".to_owned(), json!(actor))]);
    world.bring_about(control, &more).await?;
    world.happened.extend(match control {
        Control::Suspend => Some(Kind::Suspended),
        Control::Resume => Some(Kind::Resumed),
        Control::Delete => Some(Kind::Deleted),
        Control::Expiry
        | Control::Card
        | Control::Decline
        | Control::Clock
        | Control::Listen
        | Control::Unlisten => None,
    });
    Ok(())
}
