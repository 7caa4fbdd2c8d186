//! Members that are wrong, each named where it stands, and envelopes that do not open or hold no card.

use serde_json::{Value, json};
use standin::operations::network_keys::VisaKeys;

use super::super::{Row, row};
use super::{ENROL, PROVISION, Place};
use crate::client::Ask;
use crate::requestor::Requestor;

/// A body, and where in it something is wrong.
type Wrong = (Value, &'static str);

pub(super) fn members(requestor: &Requestor, place: &Place) -> Vec<Row> {
    let mut rows = Vec::new();
    let token = &place.token;
    let provision = format!("{}/provisionedTokens", place.card);
    let table: [(&str, String, Vec<Wrong>); 8] = [
        ("PUT", format!("{token}/suspend"), update()),
        ("PUT", format!("{token}/delete"), update()),
        ("POST", format!("{token}/paymentData"), payment()),
        ("POST", format!("{token}/deviceBinding"), binding()),
        ("PUT", format!("{token}/stepUpOptions/method"), method()),
        ("POST", format!("{token}/stepUpOptions/validateOTP"), otp()),
        (
            "POST",
            format!("{token}/attestation/options"),
            attestation(),
        ),
        ("POST", provision, provisioning(requestor)),
    ];
    for (method, path, wrong) in table {
        for (body, location) in wrong {
            let ask = requestor.sign(Ask::new(method, path.clone()).json(&body));
            let says = format!(r#""location":"{location}""#);
            rows.push(row(&body.to_string(), ask, 400, &says));
        }
    }
    rows
}

fn update() -> Vec<Wrong> {
    vec![
        (json!({}), "updateReason"),
        (json!({ "updateReason": "FRAUD" }), "updateReason"),
        (json!({ "updateReason": {} }), "updateReason.reasonCode"),
        (
            json!({ "updateReason": { "reasonCode": "fraud" } }),
            "updateReason.reasonCode",
        ),
        (
            json!({ "updateReason": { "reasonCode": "FRAUD", "reasonDesc": 1 } }),
            "updateReason.reasonDesc",
        ),
    ]
}

fn payment() -> Vec<Wrong> {
    let id = "x".repeat(37);
    vec![
        (
            json!({ "paymentRequest": { "transactionType": "ECOM" } }),
            "clientPaymentDataID",
        ),
        (
            json!({ "clientPaymentDataID": id, "paymentRequest": { "transactionType": "ECOM" } }),
            "clientPaymentDataID",
        ),
        (
            json!({ "clientPaymentDataID": 1, "paymentRequest": { "transactionType": "ECOM" } }),
            "clientPaymentDataID",
        ),
        (json!({ "clientPaymentDataID": "1" }), "paymentRequest"),
        (
            json!({ "clientPaymentDataID": "1", "paymentRequest": {} }),
            "paymentRequest.transactionType",
        ),
        (
            json!({ "clientPaymentDataID": "1", "cryptogramType": "UCAF", "paymentRequest": { "transactionType": "ECOM" } }),
            "cryptogramType",
        ),
        (
            json!({ "clientPaymentDataID": "1", "paymentRequest": { "transactionType": "ECOM", "cryptogramType": 7 } }),
            "paymentRequest.cryptogramType",
        ),
    ]
}

fn binding() -> Vec<Wrong> {
    vec![
        (json!({ "intent": "fido" }), "intent"),
        (json!({ "sessionContext": "x" }), "sessionContext"),
        (json!({ "browserData": [] }), "browserData"),
        (
            json!({ "encDeviceRiskDataInfo": "a.b.c.d.e" }),
            "encDeviceRiskDataInfo",
        ),
    ]
}

fn method() -> Vec<Wrong> {
    vec![
        (json!({ "date": 1 }), "stepUpRequestID"),
        (json!({ "stepUpRequestID": "x" }), "date"),
        (json!({ "stepUpRequestID": "x", "date": "soon" }), "date"),
        (
            json!({ "stepUpRequestID": "x", "date": 1 }),
            "stepUpRequestID",
        ),
    ]
}

fn otp() -> Vec<Wrong> {
    vec![
        (json!({ "date": 1 }), "otpValue"),
        (json!({ "otpValue": 456_789, "date": 1 }), "otpValue"),
        (json!({ "otpValue": "456789", "date": [] }), "date"),
    ]
}

fn attestation() -> Vec<Wrong> {
    vec![
        (json!({}), "type"),
        (json!({ "type": "LOGIN" }), "type"),
        (
            json!({ "type": "REGISTER", "dynamicData": 1 }),
            "dynamicData",
        ),
    ]
}

fn provisioning(requestor: &Requestor) -> Vec<Wrong> {
    let no_list = requestor.seal(&json!({ "name": "x" }));
    vec![
        (json!({ "presentationType": "ECOM" }), "presentationType"),
        (json!({ "presentationType": ["ecom"] }), "presentationType"),
        (
            json!({ "protectionType": "in the cloud" }),
            "protectionType",
        ),
        (json!({ "clientAppID": {} }), "clientAppID"),
        (
            json!({ "termsAndConditions": { "date": "yesterday" } }),
            "termsAndConditions.date",
        ),
        (json!({ "encRiskDataInfo": no_list }), "encRiskDataInfo"),
    ]
}

/// Envelopes that do not open or hold no card, and cards that nobody may use.
pub(super) fn cards(requestor: &Requestor) -> Vec<Row> {
    let mut rows = envelopes(requestor);
    rows.extend(INSIDE.iter().map(|line| inside(requestor, line)));
    for (number, year, says) in [
        ("4111111111111112", 2030, "check digit"),
        ("5555555555554444", 2030, "cardVerificationFailed"),
        ("4895370016781988", 2030, "--allow-pan"),
        ("4111111111111111", 2020, "has expired"),
    ] {
        let mut card = whole();
        card["accountNumber"] = json!(number);
        card["expirationDate"]["year"] = json!(year);
        rows.push(row(says, enrol(requestor, &card), 403, says));
    }
    rows
}

fn envelopes(requestor: &Requestor) -> Vec<Row> {
    let keys = &requestor.keys;
    let with = |kid: &str, secret: &str| Requestor {
        keys: VisaKeys::new("a", "b", kid, secret),
        now_s: 0,
    };
    let other_secret = with(keys.encryption_api_key(), "another");
    let other_key = with("another", keys.encryption_shared_secret());
    let table = [
        (Value::Null, "is required"),
        (json!(7), "must be a string"),
        (json!("x"), "five parts"),
        (json!("a.b.c.d.e"), "cannot be decrypted"),
        (json!(other_secret.seal(&whole())), "not for the recipient"),
        (
            json!(other_key.seal(&whole())),
            "names a key that is not this one",
        ),
        (
            json!(requestor.seal_bytes(b"no JSON")),
            "does not hold JSON",
        ),
        (
            json!(requestor.seal(&json!([1]))),
            "must hold a JSON object",
        ),
    ];
    let mut rows = Vec::new();
    for path in [ENROL, PROVISION] {
        for (envelope, says) in &table {
            let ask = requestor.post(path, &json!({ "encPaymentInstrument": envelope }));
            rows.push(row(&format!("{path} {says}"), ask, 400, says));
        }
    }
    rows
}

/// Members of a card with a value that cannot be.
const INSIDE: [(&str, &str); 10] = [
    ("/accountNumber", "null"),
    ("/accountNumber", "4111"),
    ("/accountNumber", "\"4111-1111\""),
    ("/expirationDate", "null"),
    ("/expirationDate/month", "13"),
    ("/expirationDate/month", "\"Dec\""),
    ("/expirationDate/year", "203"),
    ("/expirationDate/year", "null"),
    ("/cvv2", "\"12\""),
    ("/cvv2", "123"),
];

fn inside(requestor: &Requestor, (place, value): &(&str, &str)) -> Row {
    let mut card = whole();
    *card.pointer_mut(place).unwrap() = serde_json::from_str(value).unwrap();
    let location = format!("encPaymentInstrument{}", place.replace('/', "."));
    let says = format!(r#""location":"{location}""#);
    row(&card.to_string(), enrol(requestor, &card), 400, &says)
}

fn enrol(requestor: &Requestor, card: &Value) -> Ask {
    let envelope = requestor.seal(card);
    requestor.post(ENROL, &json!({ "encPaymentInstrument": envelope }))
}

fn whole() -> Value {
    json!({
        "accountNumber": "4111111111111111",
        "expirationDate": { "month": 12, "year": 2030 },
        "cvv2": "123",
    })
}
