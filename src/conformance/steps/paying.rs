//! Paying with a token: customer, merchant and what the payment service says.

use cucumber::{given, then, when};

use super::super::binding::template::Variables;
use super::super::binding::{Binding, Fact, Observed, Operation, Outcome, Psp, Reason, expire};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::By;
use super::super::given::price;
use super::super::world::{Who, World};
use super::words::{Card, Kind, Network};

#[given(expr = "the customer has paid with a {kind} cryptogram")]
async fn has_paid(world: &mut World, kind: Kind) -> Held {
    let seen = pay_afresh(world, kind.0, Who::One).await?;
    approved(&seen)
}

#[given(expr = "the customer has paid with a {kind} cryptogram of {card}")]
async fn has_paid_with(world: &mut World, kind: Kind, card: Card) -> Held {
    let seen = pay_afresh(world, kind.0, card.0).await?;
    approved(&seen)
}

#[given(expr = "the customer has authorized a payment of {float} {word} that is captured later")]
async fn has_authorized(world: &mut World, amount: f64, currency: String) -> Held {
    authorize(world, amount, &currency).await
}

pub(super) async fn authorize(world: &mut World, amount: f64, currency: &str) -> Held {
    charge(world, amount, currency)?;
    mint(world, Operation::CryptogramLong, Who::One).await?;
    let seen = world.perform(Operation::Psp(Psp::Later), Who::One).await?;
    approved(&seen)
}

#[given(expr = "the merchant has captured {float} {word}")]
async fn has_captured(world: &mut World, amount: f64, currency: String) -> Held {
    let seen = advance(world, Operation::Psp(Psp::Capture), amount, &currency).await?;
    demand(seen.accepted, "success", seen.summary())
}

/// For wire scenarios of payment services: whoever mints tokens here mints one, and what must be sent is kept by name.
#[given(expr = "a {network} token with a {kind} cryptogram")]
async fn token_in_hand(world: &mut World, network: Network, kind: Kind) -> Held {
    let mints = |binding: &Binding| {
        let told = binding.capabilities();
        binding.gateway().is_none()
            && ["token-number", kind.0.word()]
                .iter()
                .all(|c| told.contains(*c))
    };
    world.binding = world.bindings.iter().position(mints);
    let ready = world.binding.is_some();
    demand(ready, "a binding that tells token numbers", "none")?;
    super::cards::enrolled_card(world, Who::One, Some(network.0)).await?;
    mint(world, kind.0, Who::One).await?;
    world.binding = None;
    let variables = world.card(Who::One)?.variables.clone();
    world.kept.extend(variables);
    Ok(())
}

#[when(expr = "the customer pays with a {kind} cryptogram")]
async fn pays(world: &mut World, kind: Kind) -> Held {
    pay_afresh(world, kind.0, Who::One).await.map(drop)
}

#[when(expr = "the customer pays with the same {kind} cryptogram again")]
async fn pays_again(world: &mut World, kind: Kind) -> Held {
    world.perform(way(kind.0), Who::One).await.map(drop)
}

#[when(expr = "the customer pays with the cryptogram in hand")]
async fn pays_with_it(world: &mut World) -> Held {
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

#[when(expr = "the customer pays with the {kind} cryptogram in hand")]
async fn pays_with_that(world: &mut World, kind: Kind) -> Held {
    world.perform(way(kind.0), Who::One).await.map(drop)
}

#[when(expr = "the customer pays with the {kind} cryptogram of the other card")]
async fn pays_with_others(world: &mut World, kind: Kind) -> Held {
    mint(world, kind.0, Who::Other).await?;
    let foreign = world.card(Who::Other)?.variables.get("cryptogram").cloned();
    let foreign = foreign.ok_or_else(no_cryptogram)?;
    change(world, |variables| {
        variables.insert("cryptogram".to_owned(), foreign);
    })?;
    world.perform(way(kind.0), Who::One).await.map(drop)
}

#[when(expr = "the customer pays without a cryptogram")]
async fn pays_without(world: &mut World) -> Held {
    change(world, |variables| {
        variables.remove("cryptogram");
    })?;
    let paid = world.perform(Operation::Psp(Psp::Long), Who::One).await;
    match paid {
        Err(Broken::Unready(why)) if why.contains("{cryptogram}") => Err(Broken::NotDeclared(
            "pay-long cannot leave the cryptogram out; write {cryptogram?} in it".to_owned(),
        )),
        paid => paid.map(drop),
    }
}

#[when(expr = "the customer pays {float} {word} with a long cryptogram issued for {float} {word}")]
async fn pays_other(
    world: &mut World,
    amount: f64,
    currency: String,
    bound: f64,
    bound_currency: String,
) -> Held {
    let long = Operation::Psp(Psp::Long);
    pay_bound(world, long, amount, &currency, bound, &bound_currency).await
}

/// Pays an amount with a long cryptogram that was issued for another.
pub(super) async fn pay_bound(
    world: &mut World,
    pays: Operation,
    amount: f64,
    currency: &str,
    bound: f64,
    bound_currency: &str,
) -> Held {
    charge(world, bound, bound_currency)?;
    mint(world, Operation::CryptogramLong, Who::One).await?;
    charge(world, amount, currency)?;
    world.perform(pays, Who::One).await.map(drop)
}

#[when(expr = "the customer pays with an expiry that is not the token's")]
async fn pays_with_expiry(world: &mut World) -> Held {
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let pays = Operation::Psp(Psp::Long);
    let declared = binding.and_then(Binding::declared);
    let declared = declared.filter(|declared| declared.offers(pays));
    if declared.is_some_and(|declared| !declared.sends_expiry(pays)) {
        let why = "pay-long sends no expiry of the token, such as {token_expiry}";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    mint(world, Operation::CryptogramLong, Who::One).await?;
    let told = super::tokens::token(world, Who::One)?.expiry();
    let (year, month) = told.ok_or_else(|| Broken::Unready("no expiry was told".to_owned()))?;
    change(world, |variables| expire(variables, year + 1, month))?;
    world
        .perform(Operation::Psp(Psp::Long), Who::One)
        .await
        .map(drop)
}

#[when(expr = "the customer pays at another merchant")]
async fn pays_elsewhere(world: &mut World) -> Held {
    mint(world, Operation::CryptogramLong, Who::One).await?;
    world
        .perform(Operation::Psp(Psp::Elsewhere), Who::One)
        .await
        .map(drop)
}

#[when(expr = "the merchant charges the token on file")]
async fn charges(world: &mut World) -> Held {
    super::series::stored(world).await.map(drop)
}

#[when(expr = "the merchant charges the token on file and quotes no payment")]
async fn charges_unquoted(world: &mut World) -> Held {
    change(world, |variables| {
        variables.remove("nti");
        variables.remove("tlid");
    })?;
    world
        .perform(Operation::Psp(Psp::Stored), Who::One)
        .await
        .map(drop)
}

#[when(expr = "the merchant charges the token on file and quotes the payment of the other card")]
async fn charges_foreign(world: &mut World) -> Held {
    let theirs = world.card(Who::Other)?.variables.clone();
    change(world, |variables| {
        for name in ["nti", "tlid"] {
            match theirs.get(name) {
                Some(value) => variables.insert(name.to_owned(), value.clone()),
                None => variables.remove(name),
            };
        }
    })?;
    world
        .perform(Operation::Psp(Psp::Stored), Who::One)
        .await
        .map(drop)
}

#[when(expr = "the merchant captures {float} {word}")]
async fn captures(world: &mut World, amount: f64, currency: String) -> Held {
    advance(world, Operation::Psp(Psp::Capture), amount, &currency)
        .await
        .map(drop)
}

#[when(expr = "the merchant refunds {float} {word}")]
async fn refunds(world: &mut World, amount: f64, currency: String) -> Held {
    advance(world, Operation::Psp(Psp::Refund), amount, &currency)
        .await
        .map(drop)
}

#[given(expr = "the merchant has taken the payment back")]
async fn has_voided(world: &mut World) -> Held {
    let seen = world.perform(Operation::Psp(Psp::Void), Who::One).await?;
    demand(seen.accepted, "success", seen.summary())
}

#[when(expr = "the merchant takes the payment back")]
async fn voids(world: &mut World) -> Held {
    world
        .perform(Operation::Psp(Psp::Void), Who::One)
        .await
        .map(drop)
}

#[then(expr = "the payment is approved")]
fn is_approved(world: &mut World) -> Held {
    approved(world.last()?)
}

#[then(expr = "the payment is refused")]
fn is_refused(world: &mut World) -> Held {
    refused(world)
}

/// It says the same as the payment's refusal, and reminds the reader that a payment service may see by itself what is missing.
#[then(expr = "the payment is refused by the network or before it is asked")]
fn is_refused_somewhere(world: &mut World) -> Held {
    refused(world)
}

/// Whether a decline is a payment that says so or an error is the target's choice; that nothing was paid and that the caller
/// can tell is not. An error for want of access says nothing of the payment, unless it was asked by somebody else.
fn refused(world: &World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let elsewhere = seen.operation == Operation::Psp(Psp::Elsewhere);
    let forbidden = seen.status == 403 && (elsewhere || world.asked_by == By::Other);
    let right = match seen.outcome {
        Some(Outcome::Declined) => !seen.fault,
        Some(Outcome::Approved) => false,
        None => seen.refuses_what_was_asked() || seen.is_refusal() && forbidden,
    };
    let expected = "a declined payment, or a refusal of it with a status of 400 to 499";
    demand(right, expected, seen.summary())
}

#[then(expr = "it is refused as not possible with this payment")]
fn not_possible(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    demand(
        !seen.accepted && !seen.fault && seen.reason == Some(Reason::NotPossible),
        "a refusal because of the payment's state or amount",
        seen.summary(),
    )
}

/// A cryptogram of its own for the card's token, and a payment with it.
pub(super) async fn pay_afresh(world: &mut World, kind: Operation, who: Who) -> Held<Observed> {
    mint(world, kind, who).await?;
    world.perform(way(kind), who).await
}

/// Mints a cryptogram for the card's token.
pub(super) async fn mint(world: &mut World, kind: Operation, who: Who) -> Held {
    let seen = world.perform(kind, who).await?;
    let issued = seen.text(Fact::Cryptogram);
    let issued = issued.filter(|value| seen.accepted && !seen.fault && !value.is_empty());
    issued.ok_or_else(no_cryptogram)?;
    if kind == Operation::CryptogramLong && world.repeats_a_cryptogram() {
        let why =
            "the target issued the same cryptogram twice, so it cannot be seen which was used";
        return Err(Broken::Unready(why.to_owned()));
    }
    Ok(())
}

fn no_cryptogram() -> Broken {
    Broken::Unready("no cryptogram was issued, so there is nothing to pay with".to_owned())
}

/// The way of paying that takes cryptograms of the kind.
pub(super) fn way(kind: Operation) -> Operation {
    if kind == Operation::CryptogramShort {
        Operation::Psp(Psp::Short)
    } else {
        Operation::Psp(Psp::Long)
    }
}

pub(super) async fn advance(
    world: &mut World,
    operation: Operation,
    amount: f64,
    currency: &str,
) -> Held<Observed> {
    charge(world, amount, currency)?;
    world.perform(operation, Who::One).await
}

pub(super) fn change(world: &mut World, doing: impl FnOnce(&mut Variables)) -> Held {
    doing(&mut world.card_mut(Who::One)?.variables);
    Ok(())
}

/// Sets what is to be paid, in a currency that the test account may use.
pub(super) fn charge(world: &mut World, amount: f64, currency: &str) -> Held {
    let allows = &world.talk.target.allows;
    let allowed = allows.currency(currency).ok_or_else(|| {
        Broken::NotDeclared(format!(
            "the test account may not pay in {currency}, or in nothing like it (allows.currencies)"
        ))
    })?;
    let within = allows.amount_max.is_none_or(|most| amount <= most)
        && allows
            .amount_min
            .is_none_or(|least| amount >= least || amount <= 0.0);
    if !within {
        let why = format!("the test account may not pay {amount} (allows.amount_min, amount_max)");
        return Err(Broken::NotDeclared(why));
    }
    change(world, |variables| price(variables, amount, &allowed))
}

pub(super) fn approved(seen: &Observed) -> Held {
    if seen.is_approved() {
        return Ok(());
    }
    Err(seen.lacks(Fact::Outcome, "an approved payment"))
}

/// The payment on which a step builds has come about. Whether it must is said by other checks.
pub(super) fn has_begun(first: &Observed) -> Held {
    if first.is_approved() {
        return Ok(());
    }
    let said = first.summary();
    Err(Broken::Unready(format!(
        "the first payment was not approved ({said}), so nothing can be said of the second"
    )))
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    #[tokio::test]
    async fn a_payment_is_refused_for_what_it_is() {
        const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);
        // What is said when the same merchant asks, and when another does.
        let rows: [(Said, bool, bool); 6] = [
            ((200, r#"{"paid":"no"}"#), true, true),
            ((402, "{}"), true, true),
            ((401, "{}"), false, false),
            ((403, "{}"), false, true),
            ((500, "{}"), false, false),
            ((302, "{}"), false, false),
        ];
        for (said, same, other) in rows {
            for (by, right) in [(By::Usual, same), (By::Other, other)] {
                let answers: &'static [Said] = Vec::leak(vec![PAID, said]);
                let mut world = scripted::world(PAYING, answers).await;
                let pay = Operation::Psp(Psp::Long);
                for _ in 0..2 {
                    world.perform(pay, Who::One).await.unwrap();
                }
                world.asked_by = by;
                assert_eq!(is_refused(&mut world).is_ok(), right, "{said:?} {by:?}");
            }
        }
    }

    #[tokio::test]
    async fn whoever_is_asked_too_often_has_refused_nothing() {
        let mut world = scripted::world(PAYING, &[(429, "{}")]).await;
        let pay = Operation::Psp(Psp::Long);
        let asked = world.perform(pay, Who::One).await.map(drop);
        assert!(matches!(asked, Err(Broken::Unready(_))), "{asked:?}");
    }
}
