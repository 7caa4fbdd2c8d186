//! What Mastercard's token service refuses: callers at the gateway, and everything else in the application.

use serde_json::{Value, json};
use standin::crypto::rsa_key::PrivateKey;

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON};
use crate::merchant::{Form, KEYS, MASTERCARD, Merchant, TRANSACT, path};

const UNKNOWN: &str = "DWSPMC000000000100000000000000000000000000000000";

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    let merchant = Merchant::of(&scene.stand, "default", Form::Fields);
    let token = merchant.token(&scene.stand, MASTERCARD, "used").await;
    let mut rows = strangers(&merchant);
    rows.extend(bodies(&merchant));
    rows.extend(members(&merchant, &token));
    rows.extend(envelopes(&merchant));
    rows.extend(cards(&merchant));
    rows
}

/// A header with one parameter in place of another.
fn bent(merchant: &Merchant, ask: Ask, from: &str, to: &str) -> Ask {
    let header = merchant.header(&ask, &KEYS.signing);
    assert!(header.contains(from), "{header} has no {from}");
    ask.header("authorization", header.replace(from, to))
}

/// The ways of not being let in, each with the reason code of the gateway.
fn strangers(merchant: &Merchant) -> Vec<Row> {
    let now = merchant.now_s;
    let timestamp = format!("\"{now}\"");
    let bent = |from: &str, to: &str| bent(merchant, asked(), from, to);
    let row = |what, ask, says| row(what, ask, 401, says);
    let mut rows = vec![
        row("no header", asked(), "AUTHENTICATION_FAILED"),
        row("another scheme", asked().bearer("x.y"), "scheme OAuth"),
        row(
            "no parameters",
            asked().header("authorization", "OAuth x"),
            "INVALID_OAUTH_SBS",
        ),
        row(
            "no consumer key",
            bent("oauth_consumer_key", "x_key"),
            "Missing oauth_consumer_key",
        ),
        row(
            "no nonce",
            bent("oauth_nonce", "x_nonce"),
            "Missing oauth_nonce",
        ),
        row(
            "no body hash",
            bent("oauth_body_hash", "x_hash"),
            "Missing oauth_body_hash",
        ),
        row(
            "an unknown method",
            bent("RSA-SHA256", "HMAC-SHA1"),
            "INVALID_OAUTH_SBS",
        ),
        row(
            "another version",
            bent("\"1.0\"", "\"2.0\""),
            "oauth_version is not 1.0",
        ),
        row(
            "a timestamp in words",
            bent(&timestamp, "\"now\""),
            "oauth_timestamp",
        ),
    ];
    rows.extend(forged(merchant));
    rows
}

fn asked() -> Ask {
    Ask::post(path("getToken")).json(&json!({ "requestId": "r" }))
}

/// Well-formed headers that are not the requestor's, or not for this request, or not for now.
fn forged(merchant: &Merchant) -> Vec<Row> {
    let at = |now_s: u64, key: &str| Merchant {
        consumer_key: key.to_owned(),
        now_s,
        ..Merchant::of_keys(Form::Fields)
    };
    let (now, key) = (merchant.now_s, merchant.consumer_key.as_str());
    let stranger = PrivateKey::from_pkcs8_pem(include_str!(
        "../../../../fixtures/vectors/crypto/mastercard_test_key.pem"
    ));
    let wrong_key = merchant.header(&asked(), &stranger.unwrap());
    let wrong_key = asked().header("authorization", wrong_key);
    let signed = merchant.sign(asked());
    let tampered = Ask {
        body: json!({ "requestId": "s" }).to_string().into(),
        ..signed.clone()
    };
    let moved = Ask {
        path: path("delete"),
        ..signed
    };
    let elsewhere = at(now, &format!("{key}@elsewhere")).sign(Ask {
        path: format!("/~default{}", path("getToken")),
        ..asked()
    });
    let nothing = Ask {
        body: "".into(),
        ..asked()
    };
    let empty = bent(merchant, nothing, "oauth_body_hash", "x_hash");
    let row = |what, ask, says| row(what, ask, 401, says);
    vec![
        row(
            "an unknown consumer key",
            at(now, "nobody!key").sign(asked()),
            "INVALID_CLIENT_ID",
        ),
        row(
            "a consumer key of another space",
            elsewhere,
            "another space",
        ),
        row(
            "a stale timestamp",
            at(now - 301, key).sign(asked()),
            "behind the clock",
        ),
        row(
            "a timestamp of tomorrow",
            at(now + 86_400, key).sign(asked()),
            "ahead of the clock",
        ),
        row(
            "a wrong key",
            wrong_key,
            "Acceptable signature base string: POST&https%3A%2F%2F",
        ),
        super::row(
            "a tampered body",
            tampered,
            400,
            "INVALID_BODY_HASH\",\"Description\":\"The provided oauth_body_hash does not match the SHA256 hash of the \
             request payload. Calculated: 6MhUd5jAA9AL5zIk0TWs7Vlx6wUvvu4X1t0R+U2WlYA=, Received: ",
        ),
        row("another path", moved, "static%2F1%2F0%2Fdelete&oauth_body"),
        row("no hash of an empty body", empty, "INVALID_OAUTH_SBS"),
    ]
}

fn bodies(merchant: &Merchant) -> Vec<Row> {
    let post =
        |kind: &str, body: Vec<u8>| merchant.sign(Ask::post(path("tokenize")).body(kind, body));
    let json_of = |text: &str| post(JSON, text.as_bytes().to_vec());
    let huge_one = merchant.sign(Ask::post(path("tokenize")).body(JSON, huge()));
    vec![
        row(
            "no such path",
            merchant.sign(Ask::post(path("digitize"))),
            404,
            "NOT_FOUND",
        ),
        row(
            "a wrong method",
            merchant.get(&path("tokenize")),
            405,
            "METHOD_NOT_ALLOWED",
        ),
        row(
            "another media type",
            post("text/plain", b"{}".to_vec()),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        row("no body", json_of(""), 500, "INVALID_JSON"),
        row(
            "broken JSON",
            json_of("{\"requestId\":"),
            500,
            "INVALID_JSON",
        ),
        row("a list", json_of("[1]"), 500, "must be a JSON object"),
        row("deep JSON", json_of(&deep()), 500, "INVALID_JSON"),
        row(
            "no text",
            post(JSON, vec![b'"', 0xe9, b'"']),
            500,
            "INVALID_JSON",
        ),
        row("a huge body", huge_one, 413, "1 MiB"),
        row(
            "an unknown asset",
            merchant.get("/mdes/assets/static/1/0/asset/none"),
            404,
            "AssetId names no asset",
        ),
    ]
}

/// A right body of each operation with one member changed; null takes it away. `<long>` stands for three hundred letters,
/// `<many>` for eleven references, `<unknown>` for a reference that was never given out.
const MEMBERS: &str = r#"
tokenize | tokenType | null | tokenType is required
tokenize | tokenType | "EMBEDDED_SE" | tokenType must be one of CLOUD
tokenize | tokenRequestorId | null | MISSING_REQUIRED_FIELD
tokenize | tokenRequestorId | "123" | must be eleven digits
tokenize | tokenRequestorId | "40000000002" | AUTHORIZATION_FAILED
tokenize | tokenRequestorId | "40000000002" | which is 40000000001
tokenize | tokenRequestorId | "98765432102" | which is 40000000001
tokenize | tokenRequestorId | 40000000001 | INVALID_FIELD_FORMAT
tokenize | taskId | null | taskId is required
tokenize | taskId | "" | taskId must not be empty
tokenize | taskId | "<long>" | INVALID_FIELD_LENGTH
tokenize | taskId | "used" | INVALID_TASK_ID
tokenize | requestId | 1 | requestId must be a string
tokenize | consumerLanguage | "EN" | consumerLanguage must be two
tokenize | responseHost | "<long>" | responseHost has more than
tokenize | tokenizationAuthenticationValue | [] | tokenizationAuthenticationValue must be a string
tokenize | decisioningData | [] | decisioningData must be an object
tokenize | decisioningData | {"deviceScore":"6"} | decisioningData.deviceScore must be one of
tokenize | decisioningData | {"recommendationReasons":[1]} | must be a list of strings
tokenize | fundingAccountInfo | null | fundingAccountInfo is required
tokenize | fundingAccountInfo | "x" | fundingAccountInfo must be an object
tokenize | fundingAccountInfo | {} | fundingAccountInfo.encryptedPayload is required
tokenize | fundingAccountInfo | {"encryptedPayload":1} | fundingAccountInfo.encryptedPayload must be an object
tokenize | fundingAccountInfo | {"tokenUniqueReference":"<unknown>"} | INVALID_TOKEN_UNIQUE_REFERENCE
tokenize | fundingAccountInfo | {"panUniqueReference":"<unknown>"} | INVALID_PAN_UNIQUE_REFERENCE
tokenize | fundingAccountInfo | {"panUniqueReference":"x","tokenUniqueReference":"y"} | must not come with
getToken | requestId | null | requestId is required
getToken | tokenUniqueReference | null | tokenUniqueReference is required
getToken | tokenUniqueReference | {} | tokenUniqueReference must be a string
getToken | tokenUniqueReference | "<unknown>" | There is no token <unknown>
getToken | tokenUniqueReference | "%" | INVALID_TOKEN_UNIQUE_REFERENCE
getToken | includeTokenDetail | "yes" | includeTokenDetail must be one of
getToken | includeTokenDetail | 1 | includeTokenDetail must be a string
searchTokens | fundingAccountInfo | null | fundingAccountInfo is required
searchTokens | tokenRequestorId | "40000000003" | AUTHORIZATION_FAILED
getTaskStatus | taskId | "never" | taskId is unknown
getTaskStatus | tokenRequestorId | null | tokenRequestorId is required
suspend | tokenUniqueReferences | null | tokenUniqueReferences is required
suspend | tokenUniqueReferences | [] | tokenUniqueReferences must not be empty
suspend | tokenUniqueReferences | "x" | tokenUniqueReferences must be a list
suspend | tokenUniqueReferences | [1] | must be a list of strings
suspend | tokenUniqueReferences | <many> | more than 10 items
suspend | causedBy | null | causedBy is required
suspend | causedBy | "ISSUER" | causedBy must be one of
delete | reasonCode | "BORED" | reasonCode must be one of
delete | reason | "<long>" | reason has more than 256
unsuspend | requestId | "r" | INVALID_TOKEN_STATUS
transact | dsrpType | "M_CHIP" | dsrpType must be one of UCAF
transact | dsrpType | null | dsrpType is required
transact | unpredictableNumber | "xyz" | eight hexadecimal digits
transact | tokenUniqueReference | "<unknown>" | There is no token <unknown>
"#;

/// The cells of a table.
fn cells(table: &str) -> impl Iterator<Item = Vec<String>> {
    let lines = table.lines().filter(|line| !line.is_empty());
    lines.map(|line| {
        let filled = line.replace("<long>", &"x".repeat(300));
        let filled = filled.replace("<many>", &json!(vec![UNKNOWN; 11]).to_string());
        let filled = filled.replace("<unknown>", UNKNOWN);
        filled.split(" | ").map(str::to_owned).collect()
    })
}

fn members(merchant: &Merchant, token: &str) -> Vec<Row> {
    let right = |operation: &str| match operation {
        "tokenize" => merchant.tokenize_body(MASTERCARD, "fresh"),
        "getToken" => json!({ "requestId": "r", "tokenUniqueReference": token }),
        "searchTokens" => {
            json!({ "requestId": "r", "fundingAccountInfo": { "tokenUniqueReference": token } })
        }
        "getTaskStatus" => {
            json!({ "requestId": "r", "taskId": "used", "tokenRequestorId": "40000000001" })
        }
        "transact" => {
            json!({ "requestId": "r", "tokenUniqueReference": token, "dsrpType": "UCAF" })
        }
        _ => Merchant::change_body(token, "CARDHOLDER"),
    };
    let rows = cells(MEMBERS).map(|cells| {
        let [operation, member, value, says] = &cells[..] else {
            panic!("four cells are due in {cells:?}");
        };
        let mut body = right(operation);
        body[member] = serde_json::from_str(value).unwrap();
        let target = match operation.as_str() {
            "transact" => TRANSACT.to_owned(),
            _ => path(operation),
        };
        let ask = merchant.post(&target, &body);
        row(&format!("{operation} {member} {value}"), ask, 500, says)
    });
    rows.collect()
}

/// A right envelope with one member changed; what a right one says within with one member changed; or all that is within.
const ENVELOPES: &str = r#"
envelope | encryptedData | null | encryptedData is required
envelope | encryptedData | {} | encryptedData must be a string
envelope | encryptedData | "zz" | CRYPTOGRAPHY_ERROR
envelope | encryptedData | "a.b.c.d.e" | CRYPTOGRAPHY_ERROR
envelope | encryptedKey | null | encryptedKey is required
envelope | encryptedKey | "00" | CRYPTOGRAPHY_ERROR
envelope | publicKeyFingerprint | null | publicKeyFingerprint is required
envelope | publicKeyFingerprint | "00" | names a key that is not this one
envelope | oaepHashingAlgorithm | "SHA256" | CRYPTOGRAPHY_ERROR
envelope | oaepHashingAlgorithm | "SHA1" | must be SHA256 or SHA512
envelope | iv | "00" | CRYPTOGRAPHY_ERROR
card | accountNumber | null | accountNumber is required
card | accountNumber | "abc" | must consist of digits only
card | accountNumber | "<long>" | INVALID_FIELD_LENGTH
card | accountNumber | 5555 | cardAccountData.accountNumber must be a string
card | expiryMonth | null | MISSING_EXPIRY_DATE
card | expiryMonth | "13" | must be a month from 1 to 12
card | expiryMonth | 9 | expiryMonth must be a string
card | expiryYear | "2030" | expiryYear has more than 2
card | expiryYear | "20" | the card has expired
card | securityCode | "abc" | must be three digits
whole | - | [] | must hold a JSON object
whole | - | "x" | must hold a JSON object
whole | - | {} | encryptedData.cardAccountData is required
whole | - | {"source":"NOWHERE"} | encryptedData.source must be one of
whole | - | {"accountHolderData":{"accountHolderName":"<long>"}} | accountHolderName has more than 27
whole | - | {"accountHolderData":{"accountHolderAddress":{"country":"Italy"}}} | accountHolderAddress.country has more than 3
"#;

fn envelopes(merchant: &Merchant) -> Vec<Row> {
    let with = |payload: Value| {
        let mut body = merchant.tokenize_body(MASTERCARD, "sealed");
        body["fundingAccountInfo"] = json!({ "encryptedPayload": payload });
        merchant.post(&path("tokenize"), &body)
    };
    let mut rows: Vec<_> = cells(ENVELOPES)
        .map(|cells| {
            let [what, member, value, says] = &cells[..] else {
                panic!("four cells are due in {cells:?}");
            };
            let value: Value = serde_json::from_str(value).unwrap();
            let mut card =
                json!({ "accountNumber": MASTERCARD, "expiryMonth": "09", "expiryYear": "30" });
            let payload = match what.as_str() {
                "whole" => merchant.seal(&value),
                "card" => {
                    card[member] = value;
                    merchant.seal(&json!({ "cardAccountData": card }))
                }
                _ => {
                    let mut payload = merchant.seal(&json!({}));
                    payload[member] = value;
                    payload
                }
            };
            row(&cells.join(" "), with(payload), 500, says)
        })
        .collect();
    let no_text = with(merchant.seal_bytes(&[0xff]));
    rows.push(row("no text within", no_text, 500, "is no JSON"));
    rows
}

/// Numbers that no task is opened for.
fn cards(merchant: &Merchant) -> Vec<Row> {
    let stranger = format!("5105{}", "0".repeat(11));
    let stranger = standin::domain::card::with_check_digit(&stranger);
    let rows = [
        ("a Visa card", "4111111111111111", "PAN_INELIGIBLE"),
        ("a wrong check digit", "5555555555554445", "INVALID_PAN"),
        ("nobody's number", stranger.as_str(), "--allow-pan"),
    ];
    let rows = rows.map(|(what, pan, says)| row(what, merchant.tokenize(pan, "card"), 500, says));
    rows.into()
}
