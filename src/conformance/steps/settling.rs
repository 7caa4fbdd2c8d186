//! What is authorized for later: with which cryptogram, and what can be done with a payment that was declined or never was.

use cucumber::{given, when};
use serde_json::json;

use super::super::binding::template::shown;
use super::super::binding::{Fact, Operation, Outcome, Psp};
use super::super::broken::{Broken, Held};
use super::super::world::{Who, World};
use super::paying::{change, charge, mint, pay_bound};
use super::series::invented;

#[when(expr = "the customer authorizes with the cryptogram in hand what is captured later")]
async fn authorizes(world: &mut World) -> Held {
    let later = Operation::Psp(Psp::Later);
    world.perform(later, Who::One).await.map(drop)
}

#[when(
    expr = "the customer authorizes {float} {word} for later with a long cryptogram issued for {float} {word}"
)]
async fn authorizes_other(
    world: &mut World,
    amount: f64,
    currency: String,
    bound: f64,
    bound_currency: String,
) -> Held {
    let later = Operation::Psp(Psp::Later);
    pay_bound(world, later, amount, &currency, bound, &bound_currency).await
}

#[given(expr = "the customer was declined a payment of {float} {word} that is captured later")]
async fn was_declined(world: &mut World, amount: f64, currency: String) -> Held {
    charge(world, amount, &currency)?;
    mint(world, Operation::CryptogramLong, Who::One).await?;
    let seen = world.perform(Operation::Psp(Psp::Later), Who::One).await?;
    if seen.outcome != Some(Outcome::Declined) {
        let why = "a payment that the issuer declines was not declined";
        return Err(Broken::Unready(why.to_owned()));
    }
    let name = seen.facts.get(&Fact::Payment).cloned().ok_or_else(|| {
        let why = "a payment that is declined has no name by which it could be captured";
        Broken::NotDeclared(why.to_owned())
    })?;
    change(world, |variables| {
        variables.insert("payment".to_owned(), name);
    })
}

#[when(expr = "the merchant captures a payment that never was")]
async fn captures_unknown(world: &mut World) -> Held {
    change(world, |variables| {
        if let Some(name) = variables.get("payment").map(shown) {
            variables.insert("payment".to_owned(), json!(invented(&name)));
        }
    })?;
    let capture = Operation::Psp(Psp::Capture);
    world.perform(capture, Who::One).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const LATER: &str = r#"
    [operations.pay-later]
    accept = [200]
    facts = { outcome = ["/paid"], payment = ["/id"] }
    requests = [{ method = "POST", path = "/later" }]
    "#;

    #[tokio::test]
    async fn only_a_payment_that_was_declined_and_has_a_name_can_be_tried_to_be_captured() {
        const PROOF: Said = (200, r#"{"proof":"AAECAwQFBgcICQoLDA0ODw=="}"#);
        let text = [PAYING, LATER].concat();
        let rows: [(&'static [Said], &str); 3] = [
            (&[PROOF, (200, r#"{"paid":"no","id":"p1"}"#)], "right"),
            (&[PROOF, (200, r#"{"paid":"no"}"#)], "not declared"),
            (&[PROOF, (200, r#"{"paid":"yes","id":"p1"}"#)], "untestable"),
        ];
        for (answers, wanted) in rows {
            let mut world = scripted::world(&text, answers).await;
            let said = match was_declined(&mut world, 12.5, "EUR".to_owned()).await {
                Ok(()) => "right",
                Err(Broken::NotDeclared(_)) => "not declared",
                Err(Broken::Unready(_)) => "untestable",
                Err(_) => "wrong",
            };
            assert_eq!(said, wanted, "{answers:?}");
        }
    }
}
