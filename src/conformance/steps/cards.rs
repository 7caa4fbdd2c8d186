//! Cards: put on file, enrolled, refused.

use cucumber::{given, then, when};

use super::super::binding::{Fact, Observed, Operation, Reason, State};
use super::super::broken::{Broken, Held, demand};
use super::super::target::Condition;
use super::super::world::{Who, World};
use super::words::{Card, Network, Trouble, Why};

#[given(expr = "an eligible card")]
async fn eligible(world: &mut World) -> Held {
    eligible_on_file(world).await
}

pub(super) async fn eligible_on_file(world: &mut World) -> Held {
    on_file(world, Who::One, Condition::Eligible, None).await
}

#[given(expr = "another eligible card")]
async fn another_eligible(world: &mut World) -> Held {
    on_file(world, Who::Other, Condition::Eligible, None).await
}

#[given(expr = "an eligible {network} card")]
async fn eligible_of(world: &mut World, network: Network) -> Held {
    on_file(world, Who::One, Condition::Eligible, Some(network.0)).await
}

#[given(expr = "another card that {trouble}")]
async fn in_trouble(world: &mut World, trouble: Trouble) -> Held {
    on_file(world, Who::Other, trouble.0, None).await
}

#[given(expr = "a card that is not yet on file")]
fn not_on_file(world: &mut World) -> Held {
    let card = world.test_card(Who::One, Condition::Eligible, None)?;
    world.take(Who::One, card);
    Ok(())
}

#[given(expr = "an enrolled card")]
async fn enrolled(world: &mut World) -> Held {
    enrolled_card(world, Who::One, None).await
}

#[given(expr = "an enrolled {network} card")]
async fn enrolled_of(world: &mut World, network: Network) -> Held {
    enrolled_card(world, Who::One, Some(network.0)).await
}

#[given(expr = "another enrolled card")]
async fn another_enrolled(world: &mut World) -> Held {
    enrolled_card(world, Who::Other, None).await
}

#[given(expr = "the enrolment of {card} has failed")]
async fn has_failed(world: &mut World, card: Card) -> Held {
    let seen = world.perform(Operation::Enrol, card.0).await?;
    if seen.refuses_what_was_asked() && seen.state.is_none() {
        let why = "the target refuses the enrolment at once, so that there is no failed token of which anything could be asked";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    demand(
        seen.state == Some(State::Failed),
        format!("a failed enrolment{}", advice(&seen)),
        seen.summary(),
    )
}

/// What else could be wrong where a card that must be refused was enrolled.
fn advice(seen: &Observed) -> &'static str {
    if seen.is_active() {
        ", or another card of its condition in [[cards]], if the target is right to enrol this one"
    } else {
        ""
    }
}

#[when(expr = "the card is put on file")]
async fn put_on_file(world: &mut World) -> Held {
    world.perform(Operation::Store, Who::One).await.map(drop)
}

#[when(expr = "the same card number is put on file as another card and enrolled")]
async fn stored_twice(world: &mut World) -> Held {
    let card = world.card(Who::One)?.card.clone();
    world.take(Who::Other, card);
    store(world, Who::Other).await?;
    world.perform(Operation::Enrol, Who::Other).await.map(drop)
}

#[when(expr = "{card} is enrolled")]
async fn enrol(world: &mut World, card: Card) -> Held {
    world.perform(Operation::Enrol, card.0).await.map(drop)
}

#[when(expr = "{card} is enrolled again")]
async fn enrol_again(world: &mut World, card: Card) -> Held {
    world.perform(Operation::Enrol, card.0).await.map(drop)
}

#[when(expr = "a card that was never put on file is enrolled")]
async fn enrol_unknown(world: &mut World) -> Held {
    let variables = unknown(world)?;
    world
        .perform_with(Operation::Enrol, &variables)
        .await
        .map(drop)
}

#[then(expr = "the card is on file")]
fn is_on_file(world: &mut World) -> Held {
    let seen = world.last()?;
    let named = seen.text(Fact::Card).is_some_and(|name| !name.is_empty());
    demand(
        seen.accepted && named,
        "success, and a name for the card",
        without_state(seen),
    )
}

#[then(expr = "the enrolment is refused as {reason}")]
async fn enrolment_refused(world: &mut World, reason: Why) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let (why, advice) = (reason.0.word(), advice(seen));
    let expected = format!("a failed enrolment because of: {why}{advice}");
    demand(
        is_failed_enrolment(seen) && seen.reason == Some(reason.0),
        expected,
        seen.summary(),
    )
}

/// Nothing came of it, and the target says so: by its status, or by the state of the token.
pub(crate) fn is_failed_enrolment(seen: &Observed) -> bool {
    let stated = seen.state.is_none_or(|state| state == State::Failed);
    stated && (!seen.accepted || seen.state == Some(State::Failed)) && !seen.fault
}

#[then(expr = "it is refused as {reason}")]
async fn refused(world: &mut World, reason: Why) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let expected = format!("a refusal because of: {}", reason.0.word());
    if !seen.accepted && !seen.fault && means(seen, reason.0) {
        return Ok(());
    }
    Err(seen.lacks(Fact::Reason, expected))
}

/// The variables of a card that was never issued, in the place of the scenario's own.
pub(crate) fn unknown(world: &World) -> Held<super::super::binding::template::Variables> {
    let mut variables = world.card(Who::One)?.variables.clone();
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let unknown = binding
        .map(|binding| binding.unknown().clone())
        .unwrap_or_default();
    if unknown.is_empty() {
        let why = "the binding names nothing that was never issued ([unknown])";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    variables.extend(unknown);
    Ok(variables)
}

fn means(seen: &Observed, reason: Reason) -> bool {
    seen.reason == Some(reason)
}

fn without_state(seen: &Observed) -> String {
    format!(
        "status {} and the name {:?}",
        seen.status,
        seen.text(Fact::Card).unwrap_or_default()
    )
}

async fn on_file(world: &mut World, who: Who, condition: Condition, network: Option<&str>) -> Held {
    let card = world.test_card(who, condition, network)?;
    world.take(who, card);
    store(world, who).await
}

/// Puts an eligible card on file. What comes back is a refusal, for whoever wants to know why.
pub(crate) async fn on_file_or_refused(world: &mut World) -> Held<Option<Observed>> {
    let card = world.test_card(Who::One, Condition::Eligible, None)?;
    world.take(Who::One, card);
    if !world.offers(Operation::Store) {
        return Ok(None);
    }
    let seen = world.perform(Operation::Store, Who::One).await?;
    let named = seen.facts.contains_key(&Fact::Card);
    Ok(Some(seen).filter(|seen| !seen.accepted || !named))
}

/// Puts the card on file where the target knows such a thing.
pub(super) async fn store(world: &mut World, who: Who) -> Held {
    if !world.offers(Operation::Store) {
        return Ok(());
    }
    let seen = world.perform(Operation::Store, who).await?;
    let named = seen.text(Fact::Card).is_some_and(|name| !name.is_empty());
    demand(
        seen.accepted && named,
        "a card on file",
        without_state(&seen),
    )
}

pub(super) async fn enrolled_card(world: &mut World, who: Who, network: Option<&str>) -> Held {
    on_file(world, who, Condition::Eligible, network).await?;
    let seen = world.enrol(who).await?;
    demand(seen.is_active(), "an active token", seen.summary())
}
