//! The payment method of an intent, which is the card or token that paid.

use serde_json::{Value, json};

use super::intents::method_id;
use crate::domain::card::Network;
use crate::domain::payment::record::Payment;

/// What paid, as an object of its own.
pub(super) fn method(payment: &Payment, note: &Value) -> Value {
    let kept = &note["method"];
    let brand = brand(payment.network);
    json!({
        "id": method_id(&payment.id),
        "object": "payment_method",
        "allow_redisplay": kept["allow_redisplay"],
        "billing_details": kept["billing_details"],
        "card": {
            "brand": brand,
            "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": null },
            "country": "US",
            "display_brand": brand,
            "exp_month": payment.expiry.month(),
            "exp_year": payment.expiry.year(),
            "funding": "credit",
            "generated_from": null,
            "last4": payment.paid_with.last4(),
            "networks": { "available": [brand], "preferred": kept["preferred"] },
            "three_d_secure_usage": { "supported": false },
            "wallet": null,
        },
        "created": payment.created.seconds(),
        "customer": null,
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
