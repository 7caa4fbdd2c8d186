//! What a webhook tells besides what happened: the state that follows and the time, and that an endpoint which was taken away is
//! told nothing.

use cucumber::{given, then};

use super::super::binding::{Binding, Control, State};
use super::super::broken::{Broken, Held, demand};
use super::super::target::webhooks::Kind;
use super::super::told::Tale;
use super::super::told_signature::seconds;
use super::super::world::World;
use super::tales::shown;
use super::telling::{arrived, messages, registered, wait_out};
use super::words::{TokenState, Told};

/// How far two clocks may be apart: what Standard Webhooks' libraries allow.
const APART_S: i64 = 300;

#[given(expr = "the merchant has been told that the token was {told}")]
async fn was_told(world: &mut World, told: Told) -> Held {
    let is_it = |tale: &Tale| tale.taken && tale.kind == Some(told.0);
    let tales = arrived(world, |tales| tales.iter().any(is_it)).await?;
    demand(tales.iter().any(is_it), told.0.word(), shown(&tales))
}

#[given(expr = "the merchant has taken the endpoint away")]
async fn taken_away(world: &mut World) -> Held {
    let variables = registered(world)?.variables.clone();
    let taken = world.bring_about(Control::Unlisten, &variables).await;
    taken.map(drop)
}

/// One that was on its way may still come, so that only what happened later is waited for.
#[then(expr = "the merchant is not told that the token was {told}")]
async fn is_not_told(world: &mut World, told: Told) -> Held {
    wait_out(world).await;
    let tales = arrived(world, |_| true).await?;
    let right = tales.iter().all(|tale| tale.kind != Some(told.0));
    let word = told.0.word();
    demand(
        right,
        format!("no webhook that it was {word}"),
        shown(&tales),
    )
}

#[then(expr = "the webhook tells that the token is {state}")]
async fn tells_state(world: &mut World, state: TokenState) -> Held {
    let tales = arrived(world, |_| true).await?;
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let declared = binding.and_then(Binding::declared);
    let words = declared.and_then(|declared| declared.states.get(&state.0));
    let words = words.ok_or_else(|| {
        let word = state.0.word();
        Broken::NotDeclared(format!(
            "the binding has no word for {word} (states.{word})"
        ))
    })?;
    let kind = match state.0 {
        State::Suspended => Kind::Suspended,
        State::Deleted => Kind::Deleted,
        State::Active | State::Failed | State::Pending => Kind::Provisioned,
    };
    let tale = tales.iter().find(|tale| tale.kind == Some(kind));
    let told = tale.and_then(|tale| tale.state.clone()).unwrap_or_default();
    demand(
        words.contains(&told),
        format!("the state {}", words.join(" or ")),
        format!("{told:?}"),
    )
}

#[then(expr = "every webhook was signed at the time at which it came")]
async fn signed_now(world: &mut World) -> Held {
    let machine = world.talk.machine_now()?;
    // Two machines need not agree about the time, so the target's own word for it is as good.
    let answers = world.talk.exchanges.iter().rev();
    let mut dates =
        answers.filter_map(|exchange| seconds(exchange.answer.as_ref().ok()?.header("date")?));
    let date = dates.next().unwrap_or(machine);
    let messages = messages(world, |messages| !messages.is_empty()).await?;
    demand(!messages.is_empty(), "a webhook", "none")?;
    let reading = &registered(world)?.reading;
    // A clock that a test can move on may be ahead of the machine's, and never behind it: the file says that it goes with it.
    let ahead = world.can_bring_about(Control::Clock);
    let is_near = |at: i64, now: i64| at >= now - APART_S && (ahead || at <= now + APART_S);
    messages.iter().try_for_each(|message| {
        let at = reading.signed_at(message)?;
        demand(
            is_near(at, machine) || is_near(at, date),
            format!("a time within {APART_S} s of now"),
            format!(
                "one {} s away (where a test's clock signs, say webhooks.signature.clock = \"own\")",
                at - machine
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for (text, at) in [
            ("1767225600", Some(1_767_225_600)),
            ("1767225600123", Some(1_767_225_600)),
            ("2026-01-01T00:00:00Z", Some(1_767_225_600)),
            ("Thu, 01 Jan 2026 00:00:00 GMT", Some(1_767_225_600)),
            ("yesterday", None),
        ] {
            assert_eq!(seconds(text), at, "{text}");
        }
    }
}
