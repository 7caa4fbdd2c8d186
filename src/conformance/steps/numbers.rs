//! Numbers: check digits, ranges, last digits and amounts are what they say.

use cucumber::{given, then, when};

use super::super::binding::template::Variables;
use super::super::binding::{Control, Fact, Operation, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::http::Notation;
use super::super::target::check_digit_holds;
use super::super::target::webhooks::Kind;
use super::super::world::{Who, World};
use super::lifecycle::pass;

#[then(expr = "the token number has a check digit and is one of the network's")]
fn token_number(world: &mut World) -> Held {
    let number = world.last()?.text(Fact::TokenNumber).unwrap_or_default();
    let network = world.card(Who::One)?.card.network;
    let ends = number.len();
    demand(
        check_digit_holds(&number),
        "a token number with a right check digit",
        format!("one of {ends} digits without"),
    )?;
    demand(
        network.owns(&number),
        format!("a token number of {}", network.word()),
        format!(
            "one that begins with {:?}",
            number.get(..2).unwrap_or_default()
        ),
    )
}

#[then(expr = "the last four digits of the card are told as they are")]
fn card_last4(world: &mut World) -> Held {
    let pan = &world.card(Who::One)?.card.pan;
    let told = world.last()?.text(Fact::CardLast4).unwrap_or_default();
    demand(
        told.len() == 4 && pan.ends_with(&told),
        "the last four digits of the card number",
        format!("{told:?}"),
    )
}

#[then(expr = "the network that is told is the card's")]
fn network(world: &mut World) -> Held {
    let told = world.last()?.text(Fact::Network).unwrap_or_default();
    let network = world.card(Who::One)?.card.network.word();
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let words = binding.and_then(super::super::binding::Binding::declared);
    let theirs = words.and_then(|declared| declared.word("network", network));
    let wanted = theirs.unwrap_or_else(|| network.to_owned());
    demand(
        told == wanted,
        format!("the network {wanted}"),
        format!("{told:?}"),
    )
}

#[then(expr = "the answer tells the amount in whole minor units")]
fn amount(world: &mut World) -> Held {
    let wanted = world.card(Who::One)?.variables.get("amount_minor").cloned();
    let wanted = wanted.map(|value| value.to_string()).unwrap_or_default();
    let told = world.last()?.text(Fact::PaidAmount).unwrap_or_default();
    demand(
        told == wanted,
        format!("the amount {wanted}"),
        format!("{told:?}"),
    )
}

/// Moves time past the life that the target file declares.
#[given(expr = "the life of the cryptogram has passed")]
async fn life_passed(world: &mut World) -> Held {
    let life = world.talk.target.policies.cryptogram_life;
    let life = life.ok_or_else(|| {
        Broken::NotDeclared("the target file declares no policies.cryptogram_life".to_owned())
    })?;
    pass(world, life.0.as_secs() + 1).await
}

/// The network moves the token's month into the past, where the target allows that.
#[given(expr = "the token's month has passed")]
pub(super) async fn month_passed(world: &mut World) -> Held {
    let more = super::lifecycle::to_month(1, 2021);
    let seen = world.try_to_bring_about(Control::Expiry, &more).await?;
    if seen.accepted {
        world.happened.push(Kind::Updated);
        return Ok(());
    }
    let said = seen.summary();
    Err(Broken::NotDeclared(format!(
        "the network cannot move a token's month into the past here ({said})"
    )))
}

#[when(expr = "the customer pays with the cryptogram in hand and the month that has passed")]
async fn pays_late(world: &mut World) -> Held {
    super::paying::change(world, to_the_month_that_passed)?;
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

/// What is sent as the token's expiry is what the network has made of it.
pub(super) fn to_the_month_that_passed(variables: &mut Variables) {
    super::super::binding::expire(variables, 2021, 1);
}

#[then(expr = "every answer is one whole document, and called what it is")]
fn whole(world: &mut World) -> Held {
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let declared = binding.and_then(super::super::binding::Binding::declared);
    let notation = declared.map_or_else(Notation::default, |declared| declared.answers);
    let word = notation.word();
    let control = world.talk.target.control_url(world.talk.space.as_deref());
    for exchange in &world.talk.exchanges {
        let Ok(answer) = &exchange.answer else {
            continue;
        };
        let url = &exchange.sent.url;
        let of_control = control
            .as_ref()
            .is_some_and(|control| url.starts_with(control));
        if answer.body.trim().is_empty() || of_control {
            continue;
        }
        let asked = format!("{} {url}", exchange.sent.method);
        let kind = answer.media_type().unwrap_or_default();
        let called = notation.is_called(&kind);
        // A refusal may be worded by whatever stands in front of the target; what it grants is its own.
        if (200..300).contains(&answer.status) {
            demand(
                called,
                format!("a media type of {word}"),
                format!("{kind:?} in the answer to {asked}"),
            )?;
        } else if !called {
            continue;
        }
        demand(
            notation.read(&answer.body).is_some(),
            format!("one whole document of {word}"),
            format!("another body in the answer to {asked}"),
        )?;
    }
    Ok(())
}
