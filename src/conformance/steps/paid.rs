//! What became of a payment, as it is told and as it is read.

use cucumber::{then, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{Fact, Operation, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::world::{Who, World};
use super::paying::{change, mint};

/// A code that ISO 4217 has for no currency and will have for none: its first two letters are a country's by ISO 3166-1, which leaves
/// QM to QZ to its users.
const NO_CURRENCY: &str = "QQQ";

#[when(expr = "the customer pays in a currency that there is not")]
async fn pays_in_nothing(world: &mut World) -> Held {
    let in_nothing = |variables: &mut Variables| {
        for (name, word) in [
            ("currency", NO_CURRENCY.to_owned()),
            ("currency_lower", NO_CURRENCY.to_lowercase()),
        ] {
            variables.insert(name.to_owned(), json!(word));
        }
    };
    let usual = world.card(Who::One)?.variables.clone();
    change(world, in_nothing)?;
    let long = Operation::CryptogramLong;
    // Where one is bound to a currency, it must be bound to this one, or the payment would be refused for want of that.
    let bound = world.perform(long, Who::One).await?;
    if !bound.accepted || bound.text(Fact::Cryptogram).is_none() {
        change(world, |variables| *variables = usual)?;
        mint(world, long, Who::One).await?;
        change(world, in_nothing)?;
    }
    let pay = Operation::Psp(Psp::Long);
    world.perform(pay, Who::One).await.map(drop)
}

/// Whatever both answers tell is the same.
#[then(expr = "the payment reads as it was told")]
async fn reads_alike(world: &mut World) -> Held {
    let told = world.last()?.clone();
    let read = Operation::Psp(Psp::ReadPayment);
    let seen = world.perform(read, Who::One).await?;
    demand(seen.accepted, "success", seen.summary())?;
    let facts = [Fact::Payment, Fact::Nti, Fact::Tlid, Fact::PaidAmount];
    let both = |fact: &&Fact| told.declared.contains(fact) && seen.declared.contains(fact);
    let facts: Vec<&Fact> = facts.iter().filter(both).collect();
    let outcome = [&told, &seen].map(|it| it.declared.contains(&Fact::Outcome));
    if facts.is_empty() && outcome != [true, true] {
        let why = "read-payment tells nothing that the payment told (facts.payment, facts.outcome)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    if outcome == [true, true] {
        let right = seen.outcome == told.outcome;
        demand(right, "the outcome that was told", seen.summary())?;
    }
    for fact in facts {
        let (was, is) = (told.text(*fact), seen.text(*fact));
        demand(was == is, format!("{fact:?} {was:?}"), format!("{is:?}"))?;
    }
    Ok(())
}

/// What the last answer tells, where the file says that it tells it.
fn told(world: &World, fact: Fact, name: &str) -> Held<String> {
    let seen = world.last()?;
    if !seen.declared.contains(&fact) {
        let word = seen.operation.word();
        return Err(Broken::NotDeclared(format!("{word} has no facts.{name}")));
    }
    Ok(seen.text(fact).unwrap_or_default())
}

#[then(expr = "it has a network transaction id")]
fn has_nti(world: &mut World) -> Held {
    let nti = told(world, Fact::Nti, "nti")?;
    let right = (9..=36).contains(&nti.len());
    demand(
        right,
        "a network transaction id of 9 to 36 characters",
        format!("{nti:?}"),
    )
}

#[then(expr = "it has a transaction link id")]
fn has_tlid(world: &mut World) -> Held {
    let tlid = told(world, Fact::Tlid, "tlid")?;
    demand(tlid.len() == 22, "22 characters", format!("{tlid:?}"))
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const READ: &str = r#"
    [operations.read-payment]
    accept = [200]
    facts = { outcome = ["/paid"], payment = ["/id"] }
    requests = [{ method = "GET", path = "/p/{payment}" }]
    "#;

    #[tokio::test]
    async fn a_payment_that_reads_otherwise_is_seen() {
        const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);
        let text = [PAYING, READ].concat();
        let rows: [(Said, bool); 5] = [
            (PAID, true),
            ((200, r#"{"paid":"no","id":"p1"}"#), false),
            ((200, r#"{"paid":"yes","id":"p2"}"#), false),
            ((200, r#"{"paid":"yes"}"#), false),
            ((404, PAID.1), false),
        ];
        for (read, right) in rows {
            let answers: &'static [Said] = Vec::leak(vec![PAID, read]);
            let mut world = scripted::world(&text, answers).await;
            let pay = Operation::Psp(Psp::Long);
            world.perform(pay, Who::One).await.unwrap();
            assert_eq!(reads_alike(&mut world).await.is_ok(), right, "{read:?}");
        }
    }
}
