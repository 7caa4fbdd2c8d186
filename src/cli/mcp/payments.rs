//! Payments, and why one was declined.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::config_args::ConfigArgs;
use super::super::remote::part;
use super::door::Door;
use super::tools::{Effect, Row, Told};
use crate::domain::payment::reason::DeclineReason;
use crate::domain::words::unknown;

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "pay",
            "Pay as a merchant: with a network token and its cryptogram, or with a test card number. A declined payment is an \
             answer too, with `reason` and `reason_text`. A payment that the merchant starts (`initiator` merchant) quotes the \
             network_transaction_id of an approved one and needs no cryptogram.",
            Effect::Adds,
            pay,
        ),
        Row::new(
            "list_payments",
            "The payments of the space at every payment service (standin's own, Stripe, Adyen, Checkout.com), in the order of \
             their ids. `after` is the `next` of an answer.",
            Effect::Reads,
            list,
        ),
        Row::new(
            "explain_decline",
            "Why a payment was declined: give its id at any payment service, or a reason such as cryptogram_replayed. Tells the \
             exact reason, its row in the authorizer's decision table, what is checked before it, what the network answered, \
             and the test cards that decline so.",
            Effect::Reads,
            explain,
        ),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Purchase {
    /// In minor units: 2500 is 25.00 USD.
    amount: u64,
    /// Three letters, such as USD.
    currency: String,
    /// The number of a network token, or of a test card without one.
    number: String,
    #[schemars(range(min = 1, max = 12))]
    exp_month: u8,
    /// Four digits.
    exp_year: u16,
    /// The long cryptogram of the token.
    cryptogram: Option<String>,
    /// The security code of a card, or the short cryptogram of a token.
    security_code: Option<String>,
    /// Whether the number is a network token's. When not given: yes if there is a cryptogram.
    is_token: Option<bool>,
    /// `customer` or `merchant`; customer when not given.
    initiator: Option<String>,
    /// Of the approved payment that started the series, where the merchant pays.
    network_transaction_id: Option<String>,
    /// Mastercard's transaction link id of that payment.
    transaction_link_id: Option<String>,
    /// `now` or `later`; now when not given.
    capture: Option<String>,
    /// The merchant: standin-merchant when not given, or other-merchant.
    merchant: Option<String>,
}

async fn pay(door: Door, wanted: Purchase) -> Told {
    let merchants = ConfigArgs::default().merchants()?;
    let name = wanted.merchant.as_deref().unwrap_or("standin-merchant");
    let merchant = merchants.named(name).ok_or_else(|| {
        let known: Vec<_> = merchants.iter().map(|one| one.name.as_str()).collect();
        format!("merchant: {}", unknown(name, &known))
    })?;
    let mut instrument = json!({
        "number": wanted.number, "exp_month": wanted.exp_month, "exp_year": wanted.exp_year,
    });
    put(&mut instrument, "cryptogram", wanted.cryptogram.as_ref());
    put(
        &mut instrument,
        "security_code",
        wanted.security_code.as_ref(),
    );
    let is_token = wanted.is_token.unwrap_or(wanted.cryptogram.is_some());
    let member = if is_token { "network_token" } else { "card" };
    let mut body =
        json!({ "amount": wanted.amount, "currency": wanted.currency, member: instrument });
    put(&mut body, "initiator", wanted.initiator.as_ref());
    put(&mut body, "capture", wanted.capture.as_ref());
    put(
        &mut body,
        "network_transaction_id",
        wanted.network_transaction_id.as_ref(),
    );
    put(
        &mut body,
        "transaction_link_id",
        wanted.transaction_link_id.as_ref(),
    );
    let bearer = format!("Bearer {}", merchant.key);
    let headers = [
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    let answer = door
        .remote
        .exchange(Method::POST, "/payments", &headers, body.to_string())
        .await?;
    answer.told_whole()
}

fn put(object: &mut Value, name: &str, value: Option<&String>) {
    if let Some(value) = value {
        object[name] = json!(value);
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichPayments {
    /// Only those after this id.
    after: Option<String>,
}

async fn list(door: Door, wanted: WhichPayments) -> Told {
    let query = wanted
        .after
        .map_or_else(String::new, |after| format!("?after={}", part(&after)));
    door.get(&format!("payments{query}")).await
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Declined {
    /// The payment's id, as whichever service gave it out: PAY…, pi_…, an Adyen pspReference, pay_…
    payment: Option<String>,
    /// A reason in standin's words, such as cryptogram_replayed or insufficient_funds.
    reason: Option<String>,
}

async fn explain(door: Door, wanted: Declined) -> Told {
    let payment = match &wanted.payment {
        Some(id) => Some(door.get(&format!("payments/{}", part(id))).await?),
        None => None,
    };
    let word = match (&payment, &wanted.reason) {
        (Some(payment), _) => match payment["reason"].as_str() {
            Some(word) => word.to_owned(),
            None => {
                let state = &payment["state"];
                return Ok(json!({ "declined": false, "state": state, "payment": payment }));
            }
        },
        (None, Some(word)) => word.clone(),
        (None, None) => return Err("give payment or reason".to_owned()),
    };
    let known: Vec<_> = DeclineReason::ALL.iter().map(|one| one.word()).collect();
    let reason = DeclineReason::ALL.iter().find(|one| one.word() == word);
    let reason = reason.ok_or_else(|| format!("reason: {}", unknown(&word, &known)))?;
    let before = DeclineReason::ALL.iter().take_while(|one| *one != reason);
    let before: Vec<_> = before.map(|one| one.word()).collect();
    let all = door.get("cards").await?;
    let cards = all["cards"].as_array().into_iter().flatten();
    let cards: Vec<_> = cards
        .filter(|card| card["payment"] == json!(issuer_word(&word)))
        .map(|card| json!({ "pan": card["pan"], "prefix": card["prefix"], "does": card["does"] }))
        .collect();
    Ok(json!({
        "declined": true,
        "reason": word,
        "means": reason.to_string(),
        "row": reason.row(),
        "checked_before": before,
        "proof_stays_good": reason.spares_the_proof(),
        "network_answer": payment.as_ref().map(|payment| &payment["response"]),
        "test_cards": cards,
        "payment": payment,
    }))
}

/// What test cards call it.
fn issuer_word(reason: &str) -> &str {
    match reason {
        "issuer_unavailable" => "unavailable",
        other => other,
    }
}
