//! The payment method of an intent, which is the card or token that paid.

use serde_json::{Value, json};

use super::errors::StripeError;
use super::form::Form;
use super::intents::{customer_id, method_id, saved_id};
use super::published::{self, IssuedWords};
use super::{kept, requests};
use crate::domain::card::{Expiry, Network};
use crate::domain::payment::method::PaymentMethod;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::Slot;
use crate::operations::SharedConfig;

/// What paid, as an object of its own.
pub(super) fn method(config: &SharedConfig, payment: &Payment, note: &Value) -> Value {
    shown(&Shown {
        issued: published::issued_to(config, payment),
        checks: published::checks(config, payment, &note["method"]),
        id: name(payment, note),
        network: payment.network,
        expiry: payment.expiry,
        last4: payment.paid_with.last4(),
        created: payment.created.seconds(),
        kept: &note["method"],
    })
}

/// What it is called: as it was put on file, or after the payment.
pub(super) fn name(payment: &Payment, note: &Value) -> String {
    let kept = note["method"]["id"].as_str().map(str::to_owned);
    kept.unwrap_or_else(|| method_id(&payment.id))
}

/// One that is on file.
///
/// # Errors
/// Never: its card was read when it was put there.
pub(super) fn saved(config: &SharedConfig, method: &PaymentMethod) -> Result<Value, StripeError> {
    let form = Form::of(&method.said);
    let (slot, number, expiry) = requests::card(&form)?;
    let pan = (slot == Slot::Card).then(|| number.as_pan());
    let mut kept = kept::method(&form)?;
    kept["customer"] = method.customer.as_ref().map(customer_id).into();
    Ok(shown(&Shown {
        issued: published::issued(config, pan),
        checks: published::unchecked(&kept),
        id: saved_id(&method.id),
        network: number.network(),
        expiry,
        last4: number.last4(),
        created: method.created.seconds(),
        kept: &kept,
    }))
}

/// What is shown of a card or token.
struct Shown<'a> {
    id: String,
    issued: IssuedWords,
    checks: Value,
    network: Option<Network>,
    expiry: Expiry,
    last4: String,
    created: i64,
    kept: &'a Value,
}

fn shown(facts: &Shown<'_>) -> Value {
    let kept = facts.kept;
    let brand = brand(facts.network);
    json!({
        "id": facts.id,
        "object": "payment_method",
        "allow_redisplay": kept["allow_redisplay"],
        "billing_details": kept["billing_details"],
        "card": {
            "brand": brand,
            "checks": facts.checks,
            "country": facts.issued.country,
            "display_brand": brand,
            "exp_month": facts.expiry.month(),
            "exp_year": facts.expiry.year(),
            "funding": facts.issued.funding,
            "generated_from": null,
            "last4": facts.last4,
            "networks": { "available": [brand], "preferred": kept["preferred"] },
            "three_d_secure_usage": { "supported": true },
            "wallet": null,
        },
        "created": facts.created,
        "customer": kept["customer"],
        "livemode": false,
        "metadata": kept["metadata"],
        "type": "card",
    })
}

pub(super) const fn brand(network: Option<Network>) -> &'static str {
    match network {
        Some(Network::Visa) => "visa",
        Some(Network::Mastercard) => "mastercard",
        Some(Network::Amex) => "amex",
        Some(Network::Discover) => "discover",
        None => "unknown",
    }
}
