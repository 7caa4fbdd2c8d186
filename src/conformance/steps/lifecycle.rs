//! What network and issuer do to a token behind the merchant's back, and the time that goes by, through operations that the
//! target declares for it.

use cucumber::{given, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{Control, Observed, Operation, State};
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
    let seen = world.try_to_bring_about(act.0, &by(actor.0)).await?;
    if seen.accepted {
        world.happened.extend(told_of(act.0));
    }
    Ok(())
}

#[given(expr = "the merchant has suspended the token")]
async fn has_suspended(world: &mut World) -> Held {
    let seen = suspend(world).await?;
    demand(seen.accepted, "success", seen.summary())
}

#[when(expr = "the merchant suspends the token")]
async fn suspends(world: &mut World) -> Held {
    suspend(world).await.map(drop)
}

async fn suspend(world: &mut World) -> Held<Observed> {
    let seen = world.perform(Operation::Suspend, Who::One).await?;
    if seen.accepted {
        world.happened.push(Kind::Suspended);
    }
    Ok(seen)
}

#[given(expr = "the merchant has resumed the token")]
async fn has_resumed(world: &mut World) -> Held {
    let seen = resume(world).await?;
    demand(seen.accepted, "success", seen.summary())
}

#[when(expr = "the merchant resumes the token")]
async fn resumes(world: &mut World) -> Held {
    resume(world).await.map(drop)
}

async fn resume(world: &mut World) -> Held<Observed> {
    let seen = world.perform(Operation::Resume, Who::One).await?;
    if seen.accepted && ![Some(State::Deleted), Some(State::Suspended)].contains(&seen.state) {
        world.happened.push(Kind::Resumed);
    }
    Ok(seen)
}

#[when(expr = "the network moves the token's expiry to month {int} of {int}")]
async fn move_expiry(world: &mut World, month: u8, year: u16) -> Held {
    world
        .bring_about(Control::Expiry, &to_month(month, year))
        .await?;
    world.happened.push(Kind::Updated);
    Ok(())
}

/// What the network says when it moves a token's expiry.
pub(super) fn to_month(month: u8, year: u16) -> Variables {
    let mut more = by("network");
    more.extend([
        ("new_month".to_owned(), json!(month)),
        ("new_year".to_owned(), json!(year)),
        ("new_expiry".to_owned(), json!(format!("{year}-{month:02}"))),
    ]);
    more
}

/// Who does something behind the merchant's back.
pub(super) fn by(actor: &str) -> Variables {
    Variables::from([("actor".to_owned(), json!(actor))])
}

#[when(expr = "the network replaces the card number behind the token")]
async fn replace_number(world: &mut World) -> Held {
    world.bring_about(Control::Card, &by("network")).await?;
    world.happened.push(Kind::Updated);
    Ok(())
}

#[given(expr = "the issuer declines the next payment")]
async fn declines_next(world: &mut World) -> Held {
    let done = world.bring_about(Control::Decline, &by("issuer")).await;
    done.map(drop)
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
    world.bring_about(control, &by(actor)).await?;
    world.happened.extend(told_of(control));
    Ok(())
}

/// What a merchant is told of an event.
pub(crate) const fn told_of(control: Control) -> Option<Kind> {
    match control {
        Control::Suspend => Some(Kind::Suspended),
        Control::Resume => Some(Kind::Resumed),
        Control::Delete => Some(Kind::Deleted),
        Control::Expiry
        | Control::Card
        | Control::Decline
        | Control::Clock
        | Control::Listen
        | Control::Unlisten => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::broken::Broken;
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const EVENTS: &str = r#"
    [operations.suspend]
    accept = [200]
    requests = [{ method = "POST", path = "/off" }]
    [operations.event-resume]
    accept = [200]
    requests = [{ method = "POST", path = "/lab" }]
    [operations.event-expiry]
    accept = [200]
    requests = [{ method = "POST", path = "/lab" }]
    "#;

    #[tokio::test]
    async fn only_a_refusal_is_taken_for_one() {
        let rows: [(&'static [Said], Option<usize>); 7] = [
            (&[(200, "{}")], Some(1)),
            (&[(409, "{}")], Some(0)),
            (&[(404, "{}")], Some(0)),
            (&[(401, "{}")], None),
            (&[(429, "{}")], None),
            (&[(500, "{}")], None),
            (&[(302, "{}")], None),
        ];
        let text = [PAYING, EVENTS].concat();
        for (answers, happened) in rows {
            let mut world = scripted::world(&text, answers).await;
            let (issuer, resume) = (Actor("issuer"), Act(Control::Resume));
            let tried = is_tried(&mut world, issuer, resume).await;
            match happened {
                Some(count) => assert_eq!((tried, world.happened.len()), (Ok(()), count)),
                None => assert!(matches!(tried, Err(Broken::Unready(_))), "{answers:?}"),
            }
        }
    }

    #[tokio::test]
    async fn what_the_merchant_was_refused_has_not_happened() {
        let text = [PAYING, EVENTS].concat();
        for (answers, count) in [([(200, "{}")], 1), ([(409, "{}")], 0)] {
            let mut world = scripted::world(&text, Vec::leak(answers.to_vec())).await;
            suspends(&mut world).await.unwrap();
            assert_eq!(world.happened.len(), count);
        }
    }

    #[tokio::test]
    async fn a_month_that_cannot_be_moved_is_not_one_that_the_target_refuses() {
        let text = [PAYING, EVENTS].concat();
        let passed = async |answers| {
            let mut world = scripted::world(&text, answers).await;
            super::super::numbers::month_passed(&mut world).await
        };
        assert_eq!(passed(&[(200, "{}")]).await, Ok(()));
        let refused = passed(&[(422, "{}")]).await;
        assert!(matches!(refused, Err(Broken::NotDeclared(_))));
        for failed in [passed(&[(500, "{}")]).await, passed(&[(403, "{}")]).await] {
            assert!(matches!(failed, Err(Broken::Unready(_))), "{failed:?}");
        }
    }
}
