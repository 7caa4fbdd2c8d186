//! Bugs of integrations that their authors have reported, each with what the real service made of it: told by default as the
//! service tells it, or let pass with a warning and told under strict rules.

mod adyen;
mod checkout_com;
mod stripe;

use serde_json::{Value, json};

use super::shop::{MASTERCARD, Shop, Token, VISA};
use crate::client::{Answer, Ask, options};

/// One bug.
#[derive(Debug, Clone, Copy)]
struct Bug {
    /// Where it was reported.
    source: &'static str,
    /// What the real service does.
    service: &'static str,
    /// What the integration sends. The last of it is judged.
    sends: fn(&World) -> Vec<Ask>,
    usual: Outcome,
    strict: Outcome,
}

#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// With this status, and this value at this place of the answer.
    Refused(u16, &'static str, &'static str),
    /// It passes, and the journal has this warning.
    Warned(u16, &'static str),
}

use Outcome::{Refused, Warned};

/// What there is to make mistakes with.
struct World {
    visa: Token,
    mastercard: Token,
    visa_proof: String,
    mastercard_proof: String,
    /// Payment intents: captured, authorized, refunded, and not confirmed.
    paid: String,
    held: String,
    refunded: String,
    open: String,
    /// The network's id of a payment with the Visa token.
    nti: String,
}

impl World {
    async fn make(shop: &Shop) -> Self {
        let intent = |more: &[(&str, &str)]| shop.send(stripe::charge(more));
        let id = |answer: Answer| answer.expect(200).at("/id");
        let held = id(intent(&[("capture_method", "manual")]).await);
        let (paid, refunded) = (id(intent(&[]).await), id(intent(&[]).await));
        let open = id(intent(&[("confirm", "false")]).await);
        let refund = stripe::post("refunds", &[("payment_intent", refunded.as_str())]);
        shop.send(refund).await.expect(200);
        let (visa, mastercard) = (shop.token(VISA).await, shop.token(MASTERCARD).await);
        let first = shop.cryptogram(&visa, "TAVV").await;
        let pay = Ask::post("/payments").bearer(super::shop::KEY);
        let body = json!({
            "amount": 1000, "currency": "EUR", "network_token": visa.presented(Some(&first)),
        });
        let paid_with_token = shop.send(pay.json(&body)).await.expect(201);
        Self {
            visa_proof: shop.cryptogram(&visa, "TAVV").await,
            mastercard_proof: shop.cryptogram(&mastercard, "TAVV").await,
            nti: paid_with_token.at("/network_transaction_id"),
            visa,
            mastercard,
            paid,
            held,
            refunded,
            open,
        }
    }
}

/// Each bug in a space of its own, so that none depends on another.
async fn judge(strict: bool) {
    let mut options = options();
    options.settings.payments.strict = strict;
    let shop = Shop::open_with(options).await;
    let rows = [stripe::BUGS, adyen::BUGS, checkout_com::BUGS].concat();
    assert!(rows.len() >= 30, "{}", rows.len());
    let mut wrong = Vec::new();
    for (place, bug) in rows.iter().enumerate() {
        let shop = shop.in_space(&format!("bug-{place}"));
        let world = World::make(&shop).await;
        let mut last = None;
        for ask in (bug.sends)(&world) {
            last = Some(shop.send(ask).await);
        }
        let answer = last.unwrap();
        let wanted = if strict { bug.strict } else { bug.usual };
        if let Err(why) = compare(&shop, &answer, wanted).await {
            wrong.push(format!(
                "{} ({}): wanted {wanted:?}, {why}",
                bug.source, bug.service
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn compare(shop: &Shop, answer: &Answer, wanted: Outcome) -> Result<(), String> {
    let said = || format!("got {} {}", answer.status, answer.text());
    let journal = shop.send(Ask::get("/_standin/journal?rows=1")).await.json();
    let entry = &journal["entries"][0];
    match wanted {
        Refused(status, place, value) => {
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let found = body.pointer(place).unwrap_or(&Value::Null);
            let is = found.as_str() == Some(value);
            if answer.status != status || !is || entry.get("warnings").is_some() {
                return Err(said());
            }
        }
        Warned(status, warning) => {
            if answer.status != status || entry["warnings"] != json!([warning]) {
                return Err(format!("{}, journal {entry}", said()));
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn reported_bugs_are_told_or_warned_of() {
    judge(false).await;
}

#[tokio::test]
async fn strict_rules_let_no_reported_bug_pass() {
    for bug in [stripe::BUGS, adyen::BUGS, checkout_com::BUGS].concat() {
        assert!(matches!(bug.strict, Refused(..)), "{}", bug.source);
    }
    judge(true).await;
}

#[tokio::test]
async fn a_payment_keeps_its_warnings_and_a_strict_refusal_spends_nothing() {
    let shop = Shop::open().await;
    let world = World::make(&shop).await;
    let ask = adyen::of_mastercard_with_visas_indicator(&world);
    shop.send(ask).await.expect(200);
    let payments = shop.send(Ask::get("/_standin/payments")).await.json();
    let warned = payments["payments"].as_array().unwrap().iter();
    let warned: Vec<_> = warned.filter(|row| row["warnings"] != json!([])).collect();
    assert_eq!(warned.len(), 1);
    assert_eq!(warned[0]["warnings"], json!(["eci_mismatch"]));

    let mut options = options();
    options.settings.payments.strict = true;
    let shop = Shop::open_with(options).await;
    let world = World::make(&shop).await;
    let ask = adyen::of_mastercard_with_visas_indicator(&world);
    shop.send(ask).await.expect(422);
    let good = adyen::with_token(
        &world.mastercard,
        &json!({ "tokenAuthenticationVerificationValue": world.mastercard_proof, "eci": "06" }),
    );
    let paid = shop.send(good).await.expect(200);
    assert_eq!(paid.at("/resultCode"), "Authorised");
}
