//! The same request twice under one idempotency key: a client that has not seen the answer asks again.

use cucumber::{then, when};
use serde_json::json;

use super::super::binding::{Fact, Observed, Operation, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::By;
use super::super::world::{Who, World};
use super::paying::{change, charge, has_begun, mint};

#[when(expr = "the customer pays twice under one idempotency key")]
async fn pays_twice(world: &mut World) -> Held {
    keep_key(world)?;
    mint_under_another(world).await?;
    for _ in 0..2 {
        let seen = world.perform(Operation::Psp(Psp::Long), Who::One).await?;
        world.several.push(seen);
    }
    Ok(())
}

#[when(
    expr = "the customer pays twice under one idempotency key, first {float} {word} and then {float} {word}"
)]
async fn pays_another_body(
    world: &mut World,
    first: f64,
    currency: String,
    second: f64,
    other: String,
) -> Held {
    charge(world, first, &currency)?;
    keep_key(world)?;
    mint_under_another(world).await?;
    has_begun(&world.perform(Operation::Psp(Psp::Long), Who::One).await?)?;
    charge(world, second, &other)?;
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

#[when(expr = "another merchant sends the same payment under the same idempotency key")]
async fn other_merchant(world: &mut World) -> Held {
    keep_key(world)?;
    mint_under_another(world).await?;
    has_begun(&world.perform(Operation::Psp(Psp::Long), Who::One).await?)?;
    world.talk.by = By::Other;
    let sent = world.perform(Operation::Psp(Psp::Long), Who::One).await;
    world.talk.by = By::Usual;
    sent.map(drop)
}

#[when(expr = "the card is enrolled twice under one idempotency key")]
async fn enrols_twice(world: &mut World) -> Held {
    keep_key(world)?;
    for _ in 0..2 {
        let seen = world.perform(Operation::Enrol, Who::One).await?;
        world.several.push(seen);
    }
    Ok(())
}

#[when(expr = "the merchant charges the token on file twice under one idempotency key")]
async fn charges_twice(world: &mut World) -> Held {
    super::series::quote_as_wanted(world)?;
    twice(world, Operation::Psp(Psp::Stored)).await
}

#[when(expr = "the merchant captures {float} {word} twice under one idempotency key")]
async fn captures_twice(world: &mut World, amount: f64, currency: String) -> Held {
    charge(world, amount, &currency)?;
    twice(world, Operation::Psp(Psp::Capture)).await
}

#[when(expr = "the merchant refunds {float} {word} twice under one idempotency key")]
async fn refunds_twice(world: &mut World, amount: f64, currency: String) -> Held {
    charge(world, amount, &currency)?;
    twice(world, Operation::Psp(Psp::Refund)).await
}

#[when(
    expr = "the merchant refunds {float} {word} and then {float} {word} under one idempotency key"
)]
async fn refunds_otherwise(
    world: &mut World,
    first: f64,
    currency: String,
    second: f64,
    other_currency: String,
) -> Held {
    keep_key(world)?;
    charge(world, first, &currency)?;
    let refund = Operation::Psp(Psp::Refund);
    let seen = world.perform(refund, Who::One).await?;
    if !seen.accepted || seen.fault {
        let said = seen.summary();
        let why = format!(
            "the first refund did not succeed ({said}), so nothing can be said of the second"
        );
        return Err(Broken::Unready(why));
    }
    charge(world, second, &other_currency)?;
    world.perform(refund, Who::One).await.map(drop)
}

#[when(expr = "the card and then the other card are enrolled under one idempotency key")]
async fn enrols_another(world: &mut World) -> Held {
    keep_key(world)?;
    let seen = world.perform(Operation::Enrol, Who::One).await?;
    if !seen.is_active() {
        let said = seen.summary();
        let why = format!(
            "the first card was not enrolled ({said}), so nothing can be said of the second"
        );
        return Err(Broken::Unready(why));
    }
    let key = world
        .card(Who::One)?
        .variables
        .get("idempotency_key")
        .cloned();
    let other = &mut world.card_mut(Who::Other)?.variables;
    other.extend(key.map(|key| ("idempotency_key".to_owned(), key)));
    world.perform(Operation::Enrol, Who::Other).await.map(drop)
}

/// What is told of it besides may have changed meanwhile.
#[then(expr = "both answers name one payment")]
fn one_named(world: &mut World) -> Held {
    for seen in both(world)? {
        demand(
            seen.accepted && !seen.fault,
            "two successes",
            seen.summary(),
        )?;
    }
    one_fact(&world.several, Fact::Payment, "one payment")
}

/// What became of the payment meanwhile is no reason to make another.
#[when(
    expr = "the customer pays under an idempotency key, the token is deleted, and the payment is sent again"
)]
async fn pays_later(world: &mut World) -> Held {
    keep_key(world)?;
    mint_under_another(world).await?;
    let pay = Operation::Psp(Psp::Long);
    let payment = world.card(Who::One)?.variables.clone();
    let first = world.perform(pay, Who::One).await?;
    has_begun(&first)?;
    world.several.push(first);
    let mut token = world.card(Who::One)?.variables.clone();
    token.remove("idempotency_key");
    let seen = world.perform_with(Operation::Delete, &token).await?;
    if !seen.accepted {
        let said = seen.summary();
        return Err(Broken::Unready(format!(
            "the token was not deleted ({said})"
        )));
    }
    let second = world.perform_with(pay, &payment).await?;
    world.several.push(second);
    Ok(())
}

/// The same request again, whatever the first answer has told.
async fn twice(world: &mut World, operation: Operation) -> Held {
    keep_key(world)?;
    let variables = world.card(Who::One)?.variables.clone();
    for _ in 0..2 {
        let seen = world.perform_with(operation, &variables).await?;
        world.several.push(seen);
    }
    Ok(())
}

/// More than there is would be refused the second time, were it not the same request.
#[then(expr = "both answers are successes")]
fn both_succeed(world: &mut World) -> Held {
    both(world)?.iter().try_for_each(|seen| {
        let right = seen.accepted && !seen.fault;
        demand(right, "two answers of a success", seen.summary())
    })
}

#[then(expr = "both answers tell of one payment")]
fn one_payment(world: &mut World) -> Held {
    for seen in both(world)? {
        demand(
            seen.is_approved(),
            "two answers of an approved payment",
            seen.summary(),
        )?;
    }
    one_fact(&world.several, Fact::Payment, "one payment")
}

#[then(expr = "both answers tell of one token")]
fn one_token(world: &mut World) -> Held {
    for seen in both(world)? {
        demand(
            seen.is_active(),
            "two answers of an active token",
            seen.summary(),
        )?;
    }
    one_fact(&world.several, Fact::Reference, "one token")
}

fn both(world: &World) -> Held<&[Observed]> {
    match world.several.as_slice() {
        both @ [_, _] => Ok(both),
        _ => Err(Broken::Suite("nothing was asked twice".to_owned())),
    }
}

/// All of these answers tell the fact, and the same of it.
pub(super) fn one_fact<'a>(
    answers: impl IntoIterator<Item = &'a Observed>,
    fact: Fact,
    what: &str,
) -> Held {
    let mut told: Vec<String> = Vec::new();
    for seen in answers {
        if !seen.declared.contains(&fact) {
            let word = seen.operation.word();
            let why = format!("{word} declares nothing by which {what} can be told ({fact:?})");
            return Err(Broken::NotDeclared(why));
        }
        let name = seen.text(fact).filter(|name| !name.is_empty());
        told.push(name.ok_or_else(|| {
            Broken::wrong(
                what,
                format!("an answer that names none: {}", seen.summary()),
            )
        })?);
    }
    told.sort();
    told.dedup();
    match told.len() {
        0 => Err(Broken::wrong(what, "no answer that names one")),
        1 => Ok(()),
        count => Err(Broken::wrong(what, format!("{count} different ones"))),
    }
}

/// From now on every request of the card carries this key.
pub(super) fn keep_key(world: &mut World) -> Held {
    let key = world.talk.names.next();
    change(world, |variables| {
        variables.insert("idempotency_key".to_owned(), json!(key));
    })
}

/// A cryptogram under a key of its own, so that only the payments share one.
pub(super) async fn mint_under_another(world: &mut World) -> Held {
    let key = world
        .card(Who::One)?
        .variables
        .get("idempotency_key")
        .cloned();
    change(world, |variables| {
        variables.remove("idempotency_key");
    })?;
    mint(world, Operation::CryptogramLong, Who::One).await?;
    change(world, |variables| {
        if let Some(key) = key {
            variables.insert("idempotency_key".to_owned(), key);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const PROOF: Said = (200, r#"{"proof":"AAECAwQFBgcICQoLDA0ODw=="}"#);
    const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);

    #[tokio::test]
    async fn both_answers_name_the_one_payment() {
        let rows: [(&'static [Said], bool); 5] = [
            (&[PROOF, PAID, PAID], true),
            (&[PROOF, PAID, (200, r#"{"paid":"yes"}"#)], false),
            (&[PROOF, PAID, (200, r#"{"paid":"yes","id":"p2"}"#)], false),
            (&[PROOF, PAID, (200, r#"{"id":"p1"}"#)], false),
            (&[PROOF, PAID, (500, PAID.1)], false),
        ];
        for (answers, right) in rows {
            let mut world = scripted::world(PAYING, answers).await;
            pays_twice(&mut world).await.unwrap();
            assert_eq!(one_payment(&mut world).is_ok(), right, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn both_answers_name_the_one_token() {
        const LIVE: Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
        let rows: [(&'static [Said], bool); 4] = [
            (&[LIVE, LIVE], true),
            (&[LIVE, (200, r#"{"state":"LIVE"}"#)], false),
            (&[LIVE, (200, r#"{"id":"t1"}"#)], false),
            (&[(409, "{}"), LIVE], false),
        ];
        for (answers, right) in rows {
            let mut world = scripted::world(PAYING, answers).await;
            enrols_twice(&mut world).await.unwrap();
            assert_eq!(one_token(&mut world).is_ok(), right, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn a_first_payment_that_failed_says_nothing_of_the_second() {
        let eur = || "EUR".to_owned();
        let refused: &'static [Said] = &[PROOF, (500, "{}"), (409, "{}")];
        let mut world = scripted::world(PAYING, refused).await;
        let paid = pays_another_body(&mut world, 10.0, eur(), 11.0, eur()).await;
        assert!(matches!(paid, Err(Broken::Unready(_))), "{paid:?}");
        let mut world = scripted::world(PAYING, refused).await;
        let paid = other_merchant(&mut world).await;
        assert!(matches!(paid, Err(Broken::Unready(_))), "{paid:?}");
        let mut world = scripted::world(PAYING, &[PROOF, PAID, (409, "{}")]).await;
        let paid = pays_another_body(&mut world, 10.0, eur(), 11.0, eur()).await;
        assert_eq!(paid, Ok(()));
    }
}
