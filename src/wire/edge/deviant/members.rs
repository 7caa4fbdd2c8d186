//! Answers with other members.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::Case;
use crate::crypto::digest::sha256;
use crate::domain::deviation::Deviation;
use crate::domain::operation::Operation;

type Members = Map<String, Value>;

/// Changes the document as the deviation has it. False when it says nothing of it.
pub(super) fn change(case: &Case<'_>, status: StatusCode, document: &mut Value) -> bool {
    let refused = status.is_client_error();
    match case.operation {
        Some(Operation::Provision) if enrolment(case, document) => return true,
        Some(Operation::IssueCryptogram) if cryptogram(case.deviation, document) => return true,
        _ => {}
    }
    paying(case, document)
        || filing(case, document)
        || telling(case, refused, document)
        || (refused && error(case.deviation, document))
        || more(case.deviation, document)
}

/// Does something to every object that has the member.
fn each(document: &mut Value, name: &str, change: &mut dyn FnMut(&mut Members)) {
    match document {
        Value::Object(members) => {
            if members.contains_key(name) {
                change(members);
            }
            members
                .values_mut()
                .for_each(|value| each(value, name, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, name, change)),
        _ => {}
    }
}

fn remove(document: &mut Value, name: &str) {
    each(document, name, &mut |members| {
        members.remove(name);
    });
}

fn set(document: &mut Value, name: &str, to: &Value) {
    each(document, name, &mut |members| {
        members.insert(name.to_owned(), to.clone());
    });
}

fn enrolment(case: &Case<'_>, document: &mut Value) -> bool {
    use Deviation::*;
    const PAR: &str = "payment_account_reference";
    const LAST4: [&str; 2] = ["last4", "network_token_last4"];
    match case.deviation {
        Last4Untold => LAST4.iter().for_each(|name| remove(document, name)),
        Last4Wrong => LAST4
            .iter()
            .for_each(|name| set(document, name, &json!("0000"))),
        CardLast4Wrong => {
            if let Some(card) = document.get_mut("card") {
                set(card, "last4", &json!("0000"));
            }
        }
        ReferenceUntold => ["id", "pan_alias"]
            .iter()
            .for_each(|name| remove(document, name)),
        MonthThirteen => {
            set(document, "exp_month", &json!(13));
            set(document, "expires_at", &json!("2031-13"));
        }
        EnrolsSuspended => each(document, "state", &mut |members| {
            let small = members["state"]
                .as_str()
                .is_some_and(|state| state == "active");
            let word = if small { "suspended" } else { "SUSPENDED" };
            members.insert("state".to_owned(), json!(word));
        }),
        CheckDigitWrong => each(document, "network_token", &mut |members| {
            let number = members["network_token"].as_str().unwrap_or_default();
            let next = |digit: char| {
                digit.to_digit(10).map_or('0', |d| {
                    if d == 9 {
                        '0'
                    } else {
                        char::from_digit(d + 1, 10).unwrap_or('0')
                    }
                })
            };
            let altered = number.char_indices();
            let altered = altered.map(|(at, digit)| if at == 8 { next(digit) } else { digit });
            let altered: String = altered.collect();
            members.insert("network_token".to_owned(), json!(altered));
        }),
        TokenIsShared => {
            set(document, "id", &json!("NTKeverybodysToken11111111"));
            set(document, "network_token", &json!("4895370000000007"));
        }
        ParOfToken => {
            let name = sha256(case.request.uri.path().as_bytes());
            let digits: String = name
                .iter()
                .map(|byte| char::from(b'0' + byte % 10))
                .collect();
            set(document, PAR, &json!(format!("V001{}", &digits[..25])));
        }
        ParOfAll => set(document, PAR, &json!("V0010013021293654321000000000")),
        ParCutOff => set(document, PAR, &json!("V001")),
        HolderUntold => remove(document, "holder_info"),
        _ => return false,
    }
    true
}

fn cryptogram(deviation: Deviation, document: &mut Value) -> bool {
    match deviation {
        Deviation::IndicatorUntold => remove(document, "eci"),
        Deviation::IndicatorOfOneDigit => set(document, "eci", &json!("7")),
        Deviation::NamesOtherToken => set(document, "id", &json!("NTKanotherToken11111111111")),
        Deviation::ShortOfFour => each(document, "value", &mut |members| {
            let value = members["value"].as_str().unwrap_or_default();
            if value.len() == 3 {
                let longer = format!("{value}0");
                members.insert("value".to_owned(), json!(longer));
            }
        }),
        _ => return false,
    }
    true
}

/// What is told of cards and aliases that are new, changed or read.
fn filing(case: &Case<'_>, document: &mut Value) -> bool {
    match (case.deviation, case.operation) {
        (Deviation::ExpiryToldWrong, Some(Operation::UpdateCard)) => {
            set(document, "exp_month", &json!(1));
        }
        (Deviation::TokenToldEarly, Some(Operation::CreateCard)) => {
            let token = json!({ "id": "NTKnobodysToken11111111111", "type": "network_tokens" });
            let Some(members) = document.as_object_mut() else {
                return false;
            };
            members.insert("included".to_owned(), json!([token]));
        }
        (Deviation::AliasOfAnother, Some(Operation::ReadAlias)) => {
            set(document, "value", &json!("another"));
        }
        (Deviation::OneAliasTold, Some(Operation::CreateAlias)) => {
            let values = document.pointer_mut("/data").and_then(Value::as_array_mut);
            values.into_iter().for_each(|values| values.truncate(1));
        }
        (_, _) => return false,
    }
    true
}

/// What is told of cards, payments and access tokens.
fn paying(case: &Case<'_>, document: &mut Value) -> bool {
    const FINGERPRINT: &str = "card_fingerprint";
    let attributes = "/data/attributes";
    match (case.deviation, case.operation) {
        (Deviation::FingerprintIsAlike, _) => {
            let alike = "1111111111111111111111111111111111111111aaaa";
            set(document, FINGERPRINT, &json!(alike));
        }
        (Deviation::FingerprintOfCard, Some(Operation::CreateCard)) => {
            let id = document.pointer("/data/id").cloned().unwrap_or_default();
            set(document, FINGERPRINT, &id);
        }
        (Deviation::CardRepeatsRequest, Some(Operation::CreateCard)) => {
            let sent: Option<Value> = serde_json::from_slice(&case.request.body).ok();
            let sent = sent.as_ref().and_then(|sent| sent.pointer(attributes));
            let sent = sent.and_then(Value::as_object).cloned();
            let told = document.pointer_mut(attributes);
            if let (Some(sent), Some(told)) = (sent, told.and_then(Value::as_object_mut)) {
                told.extend(sent);
            }
        }
        (Deviation::CodeTold, Some(Operation::ReadCard)) => {
            if let Some(told) = document.pointer_mut(attributes) {
                told["cvc"] = json!("123");
            }
        }
        (Deviation::NumberTold, Some(Operation::ReadCard)) => {
            if let Some(told) = document.pointer_mut(attributes) {
                told["pan"] = json!(case.numbers.first());
            }
        }
        (Deviation::KeyOtherwiseNamed, Some(Operation::ReadKeys)) => {
            set(document, "kid", &json!("another"));
        }
        (Deviation::AccessTokenPlain, _) => {
            set(document, "token_type", &json!("mac"));
            set(document, "scope", &json!("nothing"));
        }
        (Deviation::CardUnnamed, Some(Operation::CreateCard)) => remove(document, "id"),
        (Deviation::AmountToldWrong, Some(Operation::Authorize)) => {
            each(document, "amount", &mut |members| {
                let minor = members["amount"].as_i64().unwrap_or_default();
                members.insert("amount".to_owned(), json!(minor / 100));
            });
        }
        (Deviation::ReadsAnother, Some(Operation::ReadPayment)) => {
            set(
                document,
                "network_transaction_id",
                &json!("100000000000000"),
            );
        }
        (_, _) => return false,
    }
    true
}

/// Tells what nobody may read.
fn telling(case: &Case<'_>, refused: bool, document: &mut Value) -> bool {
    use Deviation::*;
    let operation = case.operation;
    let failed = document.pointer("/data/attributes/state") == Some(&json!("failed"));
    let about = matches!(
        operation,
        Some(
            Operation::Provision
                | Operation::IssueCryptogram
                | Operation::ReadPayment
                | Operation::Authorize
        )
    );
    let pays = operation == Some(Operation::Authorize);
    let told = match case.deviation {
        TellsCardNumbers if about => json!(case.numbers),
        RefusalTellsCardNumber
            if operation == Some(Operation::Provision) && (failed || refused) =>
        {
            json!(case.numbers)
        }
        ErrorRepeatsRequest if refused => json!(String::from_utf8_lossy(&case.request.body)),
        PaymentRepeatsRequest if pays => json!(String::from_utf8_lossy(&case.request.body)),
        _ => return false,
    };
    let Some(members) = document.as_object_mut() else {
        return false;
    };
    members.insert("request".to_owned(), told);
    true
}

/// Changes an error.
fn error(deviation: Deviation, document: &mut Value) -> bool {
    match deviation {
        Deviation::PlaceUntold => remove(document, "source"),
        Deviation::CodeIsAlike => set(document, "code", &json!("error")),
        Deviation::OtherTitles => set(document, "title", &json!("This cannot be done")),
        Deviation::ErrorsSayMore => each(document, "code", &mut |members| {
            members.insert(
                "help".to_owned(),
                json!({ "see": "https://example.com/help" }),
            );
        }),
        _ => return false,
    }
    true
}

/// Adds members that nobody knows.
fn more(deviation: Deviation, document: &mut Value) -> bool {
    let (name, value) = match deviation {
        Deviation::MoreMembers => ("x_served", json!({ "by": "node-7", "in": [1, 2.5, null] })),
        Deviation::NullMembers => ("nickname", Value::Null),
        _ => return false,
    };
    for place in ["", "/data", "/data/attributes"] {
        let found = document.pointer_mut(place).and_then(Value::as_object_mut);
        if let Some(members) = found {
            members.insert(name.to_owned(), value.clone());
        }
    }
    true
}
