//! What integrations sent to Checkout.com.

use serde_json::{Value, json};

use super::{Bug, Refused, Warned};
use crate::client::Ask;
use crate::paying::shop::Token;

const CODE: &str = "/error_codes/0";

fn pay(token: &Token, proof: &str, kind: &str, year: Value) -> Vec<Ask> {
    let source = json!({
        "type": "network_token", "token": token.number, "token_type": kind,
        "expiry_month": token.month, "expiry_year": year, "cryptogram": proof,
    });
    let body = json!({ "source": source, "amount": 1000, "currency": "EUR" });
    let ask = Ask::post("/payments").bearer("sk_sbox_standinstandinstandinstandi");
    vec![ask.json(&body)]
}

pub(super) const BUGS: &[Bug] = &[
    Bug {
        source: "https://github.com/checkout/checkout-sdk-php/issues/64",
        service: "an amount has no decimals",
        sends: |_| {
            let source = json!({
                "type": "card", "number": "4111111111111111", "expiry_month": 12, "expiry_year": 2029,
            });
            let body = json!({ "source": source, "amount": 26.5, "currency": "GBP" });
            let ask = Ask::post("/payments").bearer("sk_sbox_standinstandinstandinstandi");
            vec![ask.json(&body)]
        },
        usual: Refused(422, CODE, "amount_invalid"),
        strict: Refused(422, CODE, "amount_invalid"),
    },
    Bug {
        source: "https://github.com/juspay/hyperswitch/issues/12388",
        service: "a year has four digits",
        sends: |world| {
            let year = (world.visa.year % 100).into();
            pay(&world.visa, &world.visa_proof, "vts", year)
        },
        usual: Refused(422, CODE, "card_expiry_year_invalid"),
        strict: Refused(422, CODE, "card_expiry_year_invalid"),
    },
    Bug {
        source: "https://github.com/checkout/checkout-api-reference/pull/36",
        service: "tokens of Mastercard are of the type mdes",
        sends: |world| {
            let token = &world.mastercard;
            pay(token, &world.mastercard_proof, "vts", token.year.into())
        },
        usual: Warned(201, "network_mismatch"),
        strict: Refused(422, CODE, "token_type_invalid"),
    },
];
