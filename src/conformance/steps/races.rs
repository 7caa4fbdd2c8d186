//! The same thing asked several times at once. What must happen once happens once.

use std::sync::Arc;

use cucumber::{then, when};

use super::super::binding::{Fact, Observed, Operation, Outcome, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::Conversation;
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

#[when(expr = "the customer pays {int} times at once with one short cryptogram")]
async fn pay_short(world: &mut World, times: usize) -> Held {
    mint(world, Operation::CryptogramShort, Who::One).await?;
    at_once(world, Operation::Psp(Psp::Short), times).await
}

#[when(expr = "the card is enrolled {int} times at once under one idempotency key")]
async fn enrol_under_one_key(world: &mut World, times: usize) -> Held {
    super::idempotency::keep_key(world)?;
    at_once(world, Operation::Enrol, times).await
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

#[when(
    expr = "the merchant captures {float} {word} and takes the payment back, {int} times each at once"
)]
async fn capture_and_void(world: &mut World, amount: f64, currency: String, times: usize) -> Held {
    charge(world, amount, &currency)?;
    let both = [Operation::Psp(Psp::Capture), Operation::Psp(Psp::Void)];
    let asked = both.into_iter().cycle().take(times.saturating_mul(2));
    all_at_once(world, &asked.collect::<Vec<_>>()).await
}

#[when(expr = "the token is deleted {int} times at once")]
async fn delete(world: &mut World, times: usize) -> Held {
    at_once(world, Operation::Delete, times).await
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
    let paid = succeeded(&world.several, Observed::is_approved, turned_away)?;
    one_fact(paid, Fact::Payment, "one payment")
}

#[then(expr = "all of them tell of one token")]
fn one_token(world: &mut World) -> Held {
    let enrolled = succeeded(&world.several, Observed::is_active, turned_away)?;
    one_fact(enrolled, Fact::Reference, "one token")
}

#[then(expr = "one of them is approved and no other")]
fn one_approved(world: &mut World) -> Held {
    let refused = |seen: &Observed| is_declined(seen) || turned_away(seen);
    let count = succeeded(&world.several, Observed::is_approved, refused)?.len();
    demand(count == 1, "one approved payment", count.to_string())
}

#[then(expr = "one of them succeeds and no other")]
fn one_succeeds(world: &mut World) -> Held {
    let success = |seen: &Observed| seen.accepted && !seen.fault;
    let count = succeeded(&world.several, success, turned_away)?.len();
    demand(count == 1, "one success", count.to_string())
}

#[then(expr = "it is either captured or taken back, and not both")]
fn either(world: &mut World) -> Held {
    let success = |seen: &Observed| seen.accepted && !seen.fault;
    let done = succeeded(&world.several, success, turned_away)?;
    let mut done: Vec<&str> = done.iter().map(|seen| seen.operation.word()).collect();
    done.sort_unstable();
    done.dedup();
    demand(done.len() == 1, "one of the two", done.join(" and "))
}

#[then(expr = "each of them succeeds or is refused")]
fn none_fails(world: &mut World) -> Held {
    world.require_proof()?;
    let success = |seen: &Observed| seen.accepted && !seen.fault;
    let count = succeeded(&world.several, success, turned_away)?.len();
    demand(count > 0, "one success at least", count.to_string())
}

pub(super) fn is_declined(seen: &Observed) -> bool {
    seen.outcome == Some(Outcome::Declined) && !seen.fault
}

/// Nothing was done, and the caller is told so.
pub(super) fn turned_away(seen: &Observed) -> bool {
    (seen.refuses_what_was_asked() || seen.too_fast()) && seen.outcome.is_none()
}

/// Which of the answers are successes. Every other must be a refusal: an error of the target's own is neither, and leaves open
/// what was done.
pub(super) fn succeeded(
    several: &[Observed],
    success: impl Fn(&Observed) -> bool,
    refusal: impl Fn(&Observed) -> bool,
) -> Held<Vec<&Observed>> {
    let too_fast = several.iter().filter(|seen| seen.too_fast());
    if let Some(seen) = several.iter().find(|seen| seen.too_fast())
        && several.len() < 2 + too_fast.count()
    {
        return Err(Broken::asked_too_often(&seen.summary()));
    }
    let neither = |seen: &&Observed| !success(seen) && !refusal(seen);
    if let Some(seen) = several.iter().find(neither) {
        return Err(Broken::wrong("success or a refusal", seen.summary()));
    }
    Ok(several.iter().filter(|seen| success(seen)).collect())
}

/// Asks with as many connections as there are requests, and waits for all answers.
async fn at_once(world: &mut World, operation: Operation, times: usize) -> Held {
    all_at_once(world, &vec![operation; times]).await
}

async fn all_at_once(world: &mut World, operations: &[Operation]) -> Held {
    let bindings = Arc::clone(&world.bindings);
    let binding = world.its(&bindings)?;
    let variables = world.card(Who::One)?.variables.clone();
    let mut talks = Talks::new(world, operations.len());
    let asked = talks.each.iter_mut().zip(operations);
    let asked = asked.map(async |(talk, one)| binding.perform(*one, &variables, talk).await);
    let answers = futures::future::join_all(asked).await;
    talks.end(world);
    heed_all(world, answers)
}

/// Conversations that are held at once, each with a connection of its own.
pub(super) struct Talks {
    pub(super) each: Vec<Conversation>,
    /// How much the scenario had spoken before.
    spoken: usize,
}

impl Talks {
    /// The Given steps have already fetched what one fetches once, such as an access token, so that the race is about nothing else.
    pub(super) fn new(world: &World, count: usize) -> Self {
        Self {
            each: vec![world.talk.clone(); count.min(AT_ONCE_MAX)],
            spoken: world.talk.exchanges.len(),
        }
    }

    /// What was said belongs to the scenario.
    pub(super) fn end(self, world: &mut World) {
        let said = self.each.into_iter();
        let said = said.flat_map(|talk| talk.exchanges.into_iter().skip(self.spoken));
        world.talk.exchanges.extend(said);
    }
}

/// Remembers every answer, also where another never came: what it has told must be hidden in what is shown of the scenario.
pub(super) fn heed_all(world: &mut World, answers: Vec<Held<Observed>>) -> Held {
    let mut heard = Ok(());
    for answer in answers {
        let seen = match answer {
            Ok(seen) => seen,
            Err(broken) => {
                heard = heard.and(Err(broken));
                continue;
            }
        };
        world.heed(&seen);
        let card = world.cards.get_mut(&Who::One);
        if let Some(card) = card.filter(|_| seen.accepted) {
            seen.tell(&mut card.variables);
            if seen.operation == Operation::Enrol && card.token.is_none() {
                card.token = Some(seen.clone());
            }
            world.ledger.enter(&card.variables);
        }
        world.several.push(seen);
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);
    const DECLINED: Said = (200, r#"{"paid":"no"}"#);
    const BUSY: Said = (409, "{}");
    const LATER: Said = (429, "{}");
    const BROKEN: Said = (500, "{}");

    async fn paid(answers: &'static [Said]) -> World {
        let mut world = scripted::world(PAYING, answers).await;
        let pay = Operation::Psp(Psp::Long);
        at_once(&mut world, pay, answers.len()).await.unwrap();
        world
    }

    #[tokio::test]
    async fn every_answer_of_a_race_is_a_success_or_a_refusal() {
        const NAMELESS: Said = (200, r#"{"paid":"yes"}"#);
        const VAGUE: Said = (200, r#"{"id":"p1"}"#);
        // What is said of one payment under one key, and of one cryptogram.
        let rows: [(&'static [Said], bool, bool); 8] = [
            (&[PAID, PAID, BUSY], true, false),
            (&[PAID, BUSY, LATER], true, true),
            (&[PAID, DECLINED], false, true),
            (&[PAID, BROKEN], false, false),
            (&[PAID, VAGUE], false, false),
            (&[PAID, NAMELESS], false, false),
            (&[PAID, (401, "{}")], false, false),
            (&[BUSY, BUSY], false, false),
        ];
        for (answers, one, once) in rows {
            let mut world = paid(answers).await;
            assert_eq!(one_payment(&mut world).is_ok(), one, "{answers:?}");
            assert_eq!(one_approved(&mut world).is_ok(), once, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn a_race_that_only_one_was_let_into_is_none() {
        let mut world = paid(&[PAID, LATER, LATER]).await;
        for said in [one_payment(&mut world), one_approved(&mut world)] {
            assert!(matches!(said, Err(Broken::Unready(_))), "{said:?}");
        }
    }
}
