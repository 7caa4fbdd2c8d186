//! What integrations sent to Adyen.

use serde_json::{Value, json};

use super::{Bug, Refused, Warned, World};
use crate::client::Ask;
use crate::paying::shop::Token;

const CODE: &str = "/errorCode";

fn pay(body: &Value) -> Ask {
    Ask::post("/v72/payments")
        .header("x-api-key", "standin-adyen")
        .json(body)
}

fn body(method: Value) -> Value {
    json!({
        "merchantAccount": "StandinMerchant",
        "amount": { "value": 1000, "currency": "EUR" },
        "reference": "order-1",
        "paymentMethod": method,
    })
}

fn card() -> Value {
    json!({
        "type": "scheme", "number": "4111111111111111", "expiryMonth": "03", "expiryYear": "2030",
        "cvc": "737",
    })
}

fn token_body(token: &Token, mpi: &Value) -> Value {
    let mut body = body(json!({
        "type": "networkToken", "number": token.number,
        "expiryMonth": format!("{:02}", token.month), "expiryYear": token.year.to_string(),
    }));
    body["mpiData"] = mpi.clone();
    body
}

/// A payment with a network token.
pub(super) fn with_token(token: &Token, mpi: &Value) -> Ask {
    pay(&token_body(token, mpi))
}

pub(super) fn of_mastercard_with_visas_indicator(world: &World) -> Ask {
    let proof = &world.mastercard_proof;
    let mpi = json!({ "tokenAuthenticationVerificationValue": proof, "eci": "07" });
    with_token(&world.mastercard, &mpi)
}

pub(super) const BUGS: &[Bug] = &[
    Bug {
        source: "https://github.com/Adyen/adyen-ruby-api-library/issues/59",
        service: "a card's members stand in the payment method itself",
        sends: |_| vec![pay(&body(json!({ "type": "scheme", "card": card() })))],
        usual: Refused(422, CODE, "101"),
        strict: Refused(422, CODE, "101"),
    },
    Bug {
        source: "https://github.com/commercetools/commercetools-adyen-integration (web component payment)",
        service: "a member that Adyen does not know is refused",
        sends: |_| {
            let mut body = body(card());
            body["addCommercetoolsLineItems"] = true.into();
            vec![pay(&body)]
        },
        usual: Refused(400, CODE, "702"),
        strict: Refused(400, CODE, "702"),
    },
    Bug {
        source: "https://github.com/activemerchant/active_merchant/pull/5055",
        service: "from v68 on a token's cryptogram has a member of its own",
        sends: |world| {
            let mpi = json!({ "cavv": world.visa_proof, "eci": "07" });
            vec![with_token(&world.visa, &mpi)]
        },
        usual: Refused(422, CODE, "158"),
        strict: Refused(422, CODE, "158"),
    },
    Bug {
        source: "https://github.com/activemerchant/active_merchant/pull/5055 (review)",
        service: "tokens of Mastercard fail with the indicator of Visa",
        sends: |world| vec![of_mastercard_with_visas_indicator(world)],
        usual: Warned(200, "eci_mismatch"),
        strict: Refused(422, CODE, "702"),
    },
    Bug {
        source: "https://github.com/activemerchant/active_merchant/pull/5074",
        service: "which of the two members it is depends on the version; both are a contradiction",
        sends: |world| {
            let proof = &world.visa_proof;
            let mpi = json!({ "tokenAuthenticationVerificationValue": proof, "cavv": proof });
            vec![with_token(&world.visa, &mpi)]
        },
        usual: Warned(200, "secure_value_ignored"),
        strict: Refused(422, CODE, "702"),
    },
    Bug {
        source: "https://github.com/activemerchant/active_merchant/pull/5306",
        service: "a payment of the merchant's comes without mpiData",
        sends: |world| {
            let proof = &world.visa_proof;
            let mpi = json!({ "tokenAuthenticationVerificationValue": proof });
            let mut body = token_body(&world.visa, &mpi);
            body["shopperInteraction"] = "ContAuth".into();
            body["recurringProcessingModel"] = "Subscription".into();
            body["additionalData"] = json!({ "networkTxReference": world.nti });
            vec![pay(&body)]
        },
        usual: Warned(200, "unneeded_cryptogram"),
        strict: Refused(422, CODE, "702"),
    },
    Bug {
        source: "https://github.com/Adyen/adyen-python-api-library/issues/238",
        service: "the merchant account is in every body",
        sends: |_| {
            let mut body = body(card());
            body.as_object_mut().unwrap().remove("merchantAccount");
            vec![pay(&body)]
        },
        usual: Refused(422, CODE, "901"),
        strict: Refused(422, CODE, "901"),
    },
    Bug {
        source: "https://github.com/adyen-examples/adyen-dotnet-online-payments/issues/67",
        service: "a wrong key is told by the status alone",
        sends: |_| {
            let ask = Ask::post("/v72/payments").header("x-api-key", "AQEwrong");
            vec![ask.json(&body(card()))]
        },
        usual: Refused(401, "/message", "HTTP Status Response - Unauthorized"),
        strict: Refused(401, "/message", "HTTP Status Response - Unauthorized"),
    },
    Bug {
        source: "https://github.com/activemerchant/active_merchant/pull/4654",
        service: "a month is from 1 to 12",
        sends: |_| {
            let mut method = card();
            method["expiryMonth"] = "16".into();
            vec![pay(&body(method))]
        },
        usual: Refused(422, CODE, "140"),
        strict: Refused(422, CODE, "140"),
    },
    Bug {
        source: "https://github.com/Adyen/adyen-go-api-library/pull/581",
        service: "a missing reference has a code of its own among missing members",
        sends: |_| {
            let mut body = body(card());
            body.as_object_mut().unwrap().remove("reference");
            vec![pay(&body)]
        },
        usual: Refused(422, CODE, "130"),
        strict: Refused(422, CODE, "130"),
    },
];
