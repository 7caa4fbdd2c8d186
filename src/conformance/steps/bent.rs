//! Requests with one thing wrong: what a client with a bug sends. The target must refuse them as the caller's mistake.

use cucumber::{then, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{
    Bend, Leaf, NO_METHOD, Observed, Operation, Outcome, Psp, State, Twist,
};
use super::super::broken::{Held, demand};
use super::super::given::{price, set_month};
use super::super::world::{Who, World};
use super::words::{Damage, Slip};

#[when(expr = "a card is sent {slip}")]
async fn card_with_slip(world: &mut World, slip: Slip) -> Held {
    let mut variables = world.card(Who::One)?.variables.clone();
    apply(slip.0, &mut variables);
    let operation = first_with_card(world);
    world.perform_with(operation, &variables).await.map(drop)
}

#[when(expr = "the card is sent as it is")]
async fn card_as_it_is(world: &mut World) -> Held {
    let operation = first_with_card(world);
    world.perform(operation, Who::One).await.map(drop)
}

#[when(expr = "a card is sent in a request {damage}")]
async fn card_damaged(world: &mut World, damage: Damage) -> Held {
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let declared = binding.and_then(super::super::binding::Binding::declared);
    let month = declared.map_or("expiry", |declared| declared.month_of_card());
    let bend = bend(damage.0, "pan", month);
    let operation = first_with_card(world);
    damaged(world, operation, bend).await
}

#[when(expr = "an enrolment is sent in a request {damage}")]
async fn enrolment_damaged(world: &mut World, damage: Damage) -> Held {
    damaged(world, Operation::Enrol, bend(damage.0, "card", "expiry")).await
}

#[when(expr = "a long cryptogram is requested in a request {damage}")]
async fn cryptogram_damaged(world: &mut World, damage: Damage) -> Held {
    let bend = bend(damage.0, "reference", "token_expiry");
    damaged(world, Operation::CryptogramLong, bend).await
}

async fn damaged(world: &mut World, operation: Operation, bend: Bend) -> Held {
    let variables = world.card(Who::One)?.variables.clone();
    world.talk.bend = Some(bend);
    let sent = world.perform_with(operation, &variables).await;
    world.talk.bend = None;
    sent.map(drop)
}

#[when(expr = "the customer pays in a request {damage}")]
async fn payment_damaged(world: &mut World, damage: Damage) -> Held {
    super::paying::mint(world, Operation::CryptogramLong, Who::One).await?;
    let bend = bend(damage.0, "token_number", "token_expiry");
    damaged(world, Operation::Psp(Psp::Long), bend).await
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
    let last = world.talk.exchanges.last();
    let unknown = last.is_some_and(|it| it.sent.method == NO_METHOD) && knows_no_method(seen);
    demand(
        (unknown || seen.refuses_the_request()) && !is_done(seen),
        "a refusal with a status of 400 to 499, other than for want of access",
        seen.summary(),
    )
}

/// Whoever does not know a method at all may say so (RFC 9110, section 15.6.2).
pub(super) fn knows_no_method(seen: &Observed) -> bool {
    seen.status == 501
}

/// What was asked has been done, whatever else is said.
pub(super) fn is_done(seen: &Observed) -> bool {
    seen.outcome == Some(Outcome::Approved) || seen.state == Some(State::Active)
}

#[then(expr = "the target goes on taking cards")]
async fn goes_on(world: &mut World) -> Held {
    super::cards::enrolled_card(world, Who::One, None).await
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
    NoNumber,
    EmptyNumber,
    List,
    Method,
}

/// The operation in which the card itself is sent.
pub(super) fn first_with_card(world: &World) -> Operation {
    if world.offers(Operation::Store) {
        Operation::Store
    } else {
        Operation::Enrol
    }
}

fn apply(slip: CardSlip, variables: &mut Variables) {
    let pan = variables.get("pan").and_then(|pan| pan.as_str());
    let pan = pan.unwrap_or_default().to_owned();
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
        CardSlip::Month => set_month(variables, 2031, 13),
        CardSlip::Past => set_month(variables, 2015, 1),
    }
}

/// What is wrong with a request, by the variables that stand for the number and the month.
const fn bend(fault: Fault, number: &'static str, month: &'static str) -> Bend {
    let (holding, twist) = match fault {
        Fault::Cut => return Bend::Cut,
        Fault::Empty => return Bend::Empty,
        Fault::List => return Bend::List,
        Fault::Method => return Bend::Method,
        Fault::WithoutMonth => (month, Twist::Without),
        Fault::WithoutNumber => (number, Twist::Without),
        Fault::ObjectNumber => (number, Twist::Object),
        Fault::LongNumber => (number, Twist::TooLong),
        Fault::NoNumber => (number, Twist::Null),
        Fault::EmptyNumber => (number, Twist::EmptyText),
    };
    Bend::Leaf(Leaf::Holding(holding), twist)
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    #[tokio::test]
    async fn a_target_goes_on_when_it_gives_out_tokens() {
        const LIVE: Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
        let rows: [(&'static [Said], bool); 3] = [
            (&[LIVE], true),
            (&[(200, "{}")], false),
            (&[(503, "{}")], false),
        ];
        for (answers, right) in rows {
            let mut world = scripted::world(PAYING, answers).await;
            assert_eq!(goes_on(&mut world).await.is_ok(), right, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn a_mistake_is_refused_and_nothing_is_done() {
        const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);
        let rows: [(&'static [Said], bool); 5] = [
            (&[PAID, (400, "{}")], true),
            (&[PAID, (400, PAID.1)], false),
            (&[PAID, (403, "{}")], false),
            (&[PAID, (500, "{}")], false),
            (&[PAID, PAID], false),
        ];
        for (answers, right) in rows {
            let mut world = scripted::world(PAYING, answers).await;
            for _ in 0..2 {
                let pay = Operation::Psp(Psp::Long);
                world.perform(pay, Who::One).await.unwrap();
            }
            assert_eq!(callers_mistake(&mut world).is_ok(), right, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn a_method_that_is_not_known_may_be_called_so() {
        for (bend, right) in [(Some(Bend::Method), true), (None, false)] {
            let answers = &[(200, r#"{"paid":"yes","id":"p1"}"#), (501, "{}")];
            let mut world = scripted::world(PAYING, answers).await;
            let pay = Operation::Psp(Psp::Long);
            world.perform(pay, Who::One).await.unwrap();
            world.talk.bend = bend;
            world.perform(pay, Who::One).await.unwrap();
            assert_eq!(callers_mistake(&mut world).is_ok(), right, "{right}");
        }
    }
}
