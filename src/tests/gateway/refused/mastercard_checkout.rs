//! What Checkout Solutions refuses.

use serde_json::{Value, json};

use super::{Row, Scene, deep, huge, row};
use crate::client::{Ask, JSON};
use crate::gateway::mastercard_checkout::{BASE, CLIENT, checkout_body, enrol_body};
use crate::merchant::{Form, MASTERCARD, Merchant};

/// A card id of the right shape that nobody was given.
const UNKNOWN: &str = "AAAAAAAAAAAAAAAAAAAAAA000000000000US";

pub(super) async fn rows(scene: &Scene) -> Vec<Row> {
    // Nonces of its own, because another requestor with the same keys has used the first ones.
    let merchant = Merchant::of(&scene.stand, "default", Form::Jwe);
    merchant
        .nonces
        .store(1_000_000, std::sync::atomic::Ordering::Relaxed);
    let enrol = merchant.post(&format!("{BASE}/cards"), &enrol_body(&merchant, MASTERCARD));
    let made = scene.stand.send(enrol).await.expect(200);
    let card = made.at("/maskedCard/srcDigitalCardId");
    let mut rows = outside(&merchant, &card);
    rows.extend(queries(&merchant, &card));
    rows.extend(bodies(&merchant, &card));
    rows.extend(cards(&merchant));
    rows
}

fn outside(merchant: &Merchant, card: &str) -> Vec<Row> {
    let cards = || Ask::post(format!("{BASE}/cards")).json(&json!({}));
    let signed = merchant.sign(cards());
    let tampered = Ask {
        body: "{ }".into(),
        ..signed
    };
    let late = Merchant {
        now_s: merchant.now_s - 301,
        ..Merchant::of_keys(Form::Jwe)
    };
    let raw = |kind: &str, body: Vec<u8>| {
        merchant.sign(Ask::post(format!("{BASE}/cards")).body(kind, body))
    };
    let json_of = |text: &str| raw(JSON, text.as_bytes().to_vec());
    vec![
        row("no signature", cards(), 401, "\"Source\":\"Gateway\""),
        row("a tampered body", tampered, 400, "INVALID_BODY_HASH"),
        row(
            "a stale timestamp",
            late.sign(cards()),
            401,
            "behind the clock",
        ),
        row(
            "no such path",
            merchant.get(&format!("{BASE}/wallets")),
            404,
            "NOT_FOUND",
        ),
        row("no such resource", merchant.get("/src/x"), 404, "NOT_FOUND"),
        row(
            "a wrong method",
            merchant.get(&format!("{BASE}/cards")),
            405,
            "METHOD_NOT_ALLOWED",
        ),
        row(
            "keys that are written",
            Ask::post("/keys"),
            405,
            "METHOD_NOT_ALLOWED",
        ),
        row(
            "a wrong method for a card",
            merchant.sign(Ask::post(format!("{BASE}/cards/{card}"))),
            405,
            "METHOD_NOT_ALLOWED",
        ),
        row(
            "another media type",
            raw("text/plain", b"{}".to_vec()),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        row("no body", json_of(""), 400, "not JSON"),
        row("broken JSON", json_of("{"), 400, "INVALID_FORMAT"),
        row("a list", json_of("[]"), 400, "must be a JSON object"),
        row("deep JSON", json_of(&deep()), 400, "not JSON"),
        row("a huge body", json_of(&huge()), 413, "1 MiB"),
    ]
}

/// What is asked for below `/cards/`, how it is refused, and what the answer says. `<card>` is the card that there is,
/// `<unknown>` one that there is not, `<right>` the query that every request has.
const QUERIES: &str = r#"
GET <card>?serviceId=SCOF | 400 | "srcClientId"
GET <card>?srcClientId=x&serviceId=SCOF | 400 | INVALID_FORMAT
GET <card>?srcClientId=<client> | 400 | "serviceId"
GET <unknown>?<right> | 404 | There is no such card
GET x?<right> | 404 | "cardId"
GET %ff?<right> | 404 | NOT_FOUND
GET <card>?<right>&srcCorrelationId=x | 400 | "srcCorrelationId"
GET <card>?<right>&tokenRequested=perhaps | 400 | "tokenRequested"
DELETE <card>?<right>&reason=BORED | 400 | "reason"
DELETE <card>?<right>&requestor=NOBODY | 400 | "requestor"
DELETE <unknown>?<right> | 404 | NOT_FOUND
GET <card>/transactions?<right>&transactionsFromTimestamp=soon | 400 | "transactionsFromTimestamp"
GET <unknown>/transactions?<right> | 404 | NOT_FOUND
"#;

fn queries(merchant: &Merchant, card: &str) -> Vec<Row> {
    let lines = QUERIES.lines().filter(|line| !line.is_empty());
    let rows = lines.map(|line| {
        let filled = line
            .replace("<right>", "srcClientId=<client>&serviceId=SCOF")
            .replace("<client>", CLIENT)
            .replace("<card>", card)
            .replace("<unknown>", UNKNOWN);
        let cells: Vec<_> = filled.split(" | ").collect();
        let [asked, status, says] = cells[..] else {
            panic!("three cells are due in {line}");
        };
        let (method, rest) = asked.split_once(' ').unwrap();
        let ask = merchant.sign(Ask::new(method, format!("{BASE}/cards/{rest}")));
        row(line, ask, status.parse().unwrap(), says)
    });
    rows.collect()
}

/// One member of a right body changed, by its pointer.
const BODIES: &str = r#"
cards | /srcClientId | null | CANNOT_BE_NULL | "srcClientId"
cards | /srcClientId | "x" | must be a UUID | "srcClientId"
cards | /serviceId | null | CANNOT_BE_NULL | "serviceId"
cards | /srcCorrelationId | "x" | INVALID_FORMAT | "srcCorrelationId"
cards | /cardSource | null | CANNOT_BE_NULL | "cardSource"
cards | /cardSource | "STREET" | must be one of | "cardSource"
cards | /consumer | null | CANNOT_BE_NULL | "consumer"
cards | /consumer | [] | must be an object | "consumer"
cards | /consumer/consumerIdentity | null | CANNOT_BE_NULL | "consumer.consumerIdentity"
cards | /consumer/consumerIdentity/identityType | "SHOE_SIZE" | must be one of | "consumer.consumerIdentity.identityType"
cards | /consumer/consumerIdentity/identityValue | 5 | must be a string | "consumer.consumerIdentity.identityValue"
cards | /encryptedCard | null | CANNOT_BE_NULL | "encryptedCard"
cards | /encryptedCard | 5 | must be a string | "encryptedCard"
cards | /encryptedCard | "a.b.c.d.e" | cannot be decrypted | "encryptedCard"
cards | /enrolmentReferenceData | {"enrolmentReferenceId":"x","enrolmentReferenceType":"TOKEN_UNIQUE_REFERENCE"} | must not come with | "enrolmentReferenceData"
credentials | /srcClientId | null | CANNOT_BE_NULL | "srcClientId"
credentials | /srcDigitalCardId | null | CANNOT_BE_NULL | "srcDigitalCardId"
credentials | /srcDigitalCardId | "AAAAAAAAAAAAAAAAAAAAAA000000000000US" | INVALID_ARGUMENT | "srcDigitalCardId"
credentials | /dpaTransactionOptions | [] | must be an object | "dpaTransactionOptions"
credentials | /dpaTransactionOptions/paymentOptions | {} | must be a list | "dpaTransactionOptions.paymentOptions"
credentials | /dpaTransactionOptions/paymentOptions | [{"dynamicDataType":"DTVV"}] | must have a dynamicDataType | "dpaTransactionOptions.paymentOptions"
cards | /srcCorrelationId | null | CANNOT_BE_NULL | "srcCorrelationId"
credentials | /dpaTransactionOptions | null | CANNOT_BE_NULL | "dpaTransactionOptions"
credentials | /dpaTransactionOptions/paymentOptions | null | CANNOT_BE_NULL | "dpaTransactionOptions.paymentOptions"
credentials | /dpaTransactionOptions/paymentOptions | [null] | must hold objects | "dpaTransactionOptions.paymentOptions"
credentials | /srciTransactionId | [] | must be a string | "srciTransactionId"
"#;

fn bodies(merchant: &Merchant, card: &str) -> Vec<Row> {
    let lines = BODIES.lines().filter(|line| !line.is_empty());
    let mut rows = Vec::new();
    for line in lines {
        let cells: Vec<_> = line.split(" | ").collect();
        let [target, pointer, value, says, place] = cells[..] else {
            panic!("five cells are due in {line}");
        };
        let (path, mut body) = match target {
            "cards" => (format!("{BASE}/cards"), enrol_body(merchant, MASTERCARD)),
            _ => {
                let body = checkout_body(card, "CARD_APPLICATION_CRYPTOGRAM_SHORT_FORM");
                (format!("{BASE}/transaction/credentials"), body)
            }
        };
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = serde_json::from_str(value).unwrap();
        for said in [says, place] {
            rows.push(row(line, merchant.post(&path, &body), 400, said));
        }
    }
    let mut by_reference = enrol_body(merchant, MASTERCARD);
    by_reference
        .as_object_mut()
        .unwrap()
        .remove("encryptedCard");
    by_reference["enrolmentReferenceData"] =
        json!({ "enrolmentReferenceId": UNKNOWN, "enrolmentReferenceType": "SRC_DIGITAL_CARD_ID" });
    let ask = merchant.post(&format!("{BASE}/cards"), &by_reference);
    rows.push(row(
        "an unknown reference",
        ask,
        400,
        "The reference is unknown",
    ));
    rows
}

/// What is wrong inside an envelope, and cards that are not enrolled.
fn cards(merchant: &Merchant) -> Vec<Row> {
    let enrol = |name: &str, value: Value| {
        let mut card = json!({
            "primaryAccountNumber": MASTERCARD,
            "panExpirationMonth": "09",
            "panExpirationYear": "2030",
        });
        card[name] = value;
        let mut body = enrol_body(merchant, MASTERCARD);
        body["encryptedCard"] = merchant.seal(&card)["encryptedData"].clone();
        merchant.post(&format!("{BASE}/cards"), &body)
    };
    let pan = |pan: &str| enrol("primaryAccountNumber", json!(pan));
    vec![
        row(
            "no number",
            enrol("primaryAccountNumber", Value::Null),
            400,
            "encryptedCard.primaryAccountNumber",
        ),
        row("letters", pan("abc"), 400, "must consist of digits only"),
        row(
            "month thirteen",
            enrol("panExpirationMonth", json!("13")),
            400,
            "encryptedCard.panExpirationMonth",
        ),
        row(
            "a year of two digits",
            enrol("panExpirationYear", json!("30")),
            400,
            "must be 4 digits",
        ),
        row(
            "an expiry that has passed",
            enrol("panExpirationYear", json!("2020")),
            400,
            "the card has expired",
        ),
        row(
            "a code of letters",
            enrol("cardSecurityCode", json!("abc")),
            400,
            "three to six digits",
        ),
        row(
            "a wrong check digit",
            pan("5555555555554445"),
            400,
            "INVALID_PAN",
        ),
        row(
            "a Visa card",
            pan("4111111111111111"),
            400,
            "PAN_INELIGIBLE",
        ),
    ]
}
