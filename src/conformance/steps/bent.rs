//! Requests with one thing wrong: what a client with a bug sends. The target must refuse them as the caller's mistake.

use cucumber::{then, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{Bend, Operation, Psp};
use super::super::broken::{Held, demand};
use super::super::target::Condition;
use super::super::world::{Who, World, price};
use super::words::{Damage, Slip};

#[when(expr = "a card is sent {slip}")]
async fn card_with_slip(world: &mut World, slip: Slip) -> Held {
    let mut variables = another(world)?;
    apply(slip.0, &mut variables);
    let operation = first_with_card(world);
    world.perform_with(operation, &variables).await.map(drop)
}

#[when(expr = "a card is sent in a request {damage}")]
async fn card_damaged(world: &mut World, damage: Damage) -> Held {
    let variables = another(world)?;
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let declared = binding.and_then(super::super::binding::Binding::declared);
    let month = declared.map_or("expiry", |declared| declared.month_of_card());
    world.talk.bend = Some(on_card(damage.0, month));
    let operation = first_with_card(world);
    let sent = world.perform_with(operation, &variables).await;
    world.talk.bend = None;
    sent.map(drop)
}

#[when(expr = "the customer pays in a request {damage}")]
async fn payment_damaged(world: &mut World, damage: Damage) -> Held {
    super::paying::mint(world, Operation::CryptogramLong, Who::One).await?;
    let variables = world.card(Who::One)?.variables.clone();
    world.talk.bend = Some(on_payment(damage.0));
    let sent = world
        .perform_with(Operation::Psp(Psp::Long), &variables)
        .await;
    world.talk.bend = None;
    sent.map(drop)
}

#[when(expr = "the customer pays {float} {word}")]
async fn pays_amount(world: &mut World, amount: f64, currency: String) -> Held {
    // A cryptogram is for what can be paid, whatever is paid with it.
    if amount > 0.0 {
        super::paying::charge(world, amount, &currency)?;
    }
    super::paying::mint(world, Operation::CryptogramLong, Who::One).await?;
    let allows = &world.talk.target.allows;
    let currency = allows.currency(&currency).unwrap_or(currency);
    super::paying::change(world, |variables| price(variables, amount, &currency))?;
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

#[then(expr = "it is refused as the caller's mistake")]
fn callers_mistake(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let client = !seen.fault && ![401, 403, 429].contains(&seen.status) && seen.status >= 400;
    demand(
        !seen.accepted && client,
        "a refusal with a status of 400 to 499, other than for want of access",
        seen.summary(),
    )
}

#[then(expr = "the target goes on taking cards")]
async fn goes_on(world: &mut World) -> Held {
    let card = world.test_card(Who::One, Condition::Eligible, None)?;
    world.take(Who::One, card);
    if world.offers(Operation::Store) {
        let seen = world.perform(Operation::Store, Who::One).await?;
        demand(seen.accepted, "success", seen.summary())?;
    }
    let seen = world.perform(Operation::Enrol, Who::One).await?;
    demand(seen.accepted, "success", seen.summary())
}

/// What is wrong with a card whose request is well formed.
#[derive(Clone, Copy, Debug)]
pub(super) enum CardSlip {
    CheckDigit,
    Month,
    Past,
    Short,
    Letters,
}

/// What is wrong with the form of a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    Cut,
    Empty,
    WithoutNumber,
    WithoutMonth,
    ObjectNumber,
    LongNumber,
    Method,
}

/// The scenario's card as it is sent once more, not yet on file.
fn another(world: &World) -> Held<Variables> {
    Ok(world.card(Who::One)?.variables.clone())
}

/// The operation in which the card itself is sent.
fn first_with_card(world: &World) -> Operation {
    if world.offers(Operation::Store) {
        Operation::Store
    } else {
        Operation::Enrol
    }
}

fn apply(slip: CardSlip, variables: &mut Variables) {
    let pan = variables.get("pan").and_then(|pan| pan.as_str());
    let pan = pan.unwrap_or_default().to_owned();
    let set = |variables: &mut Variables, month: u8, year: u16| {
        for (name, value) in [
            ("exp_month", json!(month)),
            ("exp_year2", json!(year % 100)),
            ("exp_year4", json!(year)),
            ("expiry", json!(format!("{year:04}-{month:02}"))),
        ] {
            variables.insert(name.to_owned(), value);
        }
    };
    let mut put = |text: String| {
        variables.insert("pan".to_owned(), json!(text));
    };
    let (head, last) = pan.split_at(pan.len().saturating_sub(1));
    match slip {
        CardSlip::CheckDigit => {
            let digit: u32 = last.parse().unwrap_or_default();
            put(format!("{head}{}", (digit + 1) % 10));
        }
        CardSlip::Short => put(pan.chars().take(8).collect()),
        CardSlip::Letters => put(format!("{head}x")),
        CardSlip::Month => set(variables, 13, 2031),
        CardSlip::Past => set(variables, 1, 2015),
    }
}

const fn on_card(fault: Fault, month: &'static str) -> Bend {
    match fault {
        Fault::Cut => Bend::Cut,
        Fault::Empty => Bend::Empty,
        Fault::WithoutMonth => Bend::Without(month),
        Fault::WithoutNumber => Bend::Without("pan"),
        Fault::ObjectNumber => Bend::Object("pan"),
        Fault::LongNumber => Bend::TooLong("pan"),
        Fault::Method => Bend::Method,
    }
}

const fn on_payment(fault: Fault) -> Bend {
    match fault {
        Fault::Cut => Bend::Cut,
        Fault::Empty => Bend::Empty,
        Fault::WithoutMonth => Bend::Without("token_expiry"),
        Fault::WithoutNumber => Bend::Without("token_number"),
        Fault::ObjectNumber => Bend::Object("token_number"),
        Fault::LongNumber => Bend::TooLong("token_number"),
        Fault::Method => Bend::Method,
    }
}
