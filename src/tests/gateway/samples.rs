//! The samples of both documents, member by member.

use serde_json::{Value, json};

use crate::client::{Ask, options_at};
use crate::story::Story;

/// Every member of the sample is there, of the same JSON type. There may be more.
pub(super) fn covers(got: &Value, sample: &Value) {
    match (got, sample) {
        (Value::Object(got), Value::Object(sample)) => {
            for (name, wanted) in sample {
                let there = got
                    .get(name)
                    .unwrap_or_else(|| panic!("{name} is missing in {got:?}"));
                covers(there, wanted);
            }
        }
        (Value::Array(got), Value::Array(sample)) => {
            assert!(
                got.len() >= sample.len(),
                "{got:?} is shorter than {sample:?}"
            );
            got.iter().zip(sample).for_each(|(g, s)| covers(g, s));
        }
        (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_)) => {}
        _ => panic!("{got} is not like {sample}"),
    }
}

#[test]
#[should_panic(expected = "b is missing")]
fn a_missing_member_is_seen() {
    covers(&json!({ "a": [{}] }), &json!({ "a": [{ "b": 1 }] }));
}

/// The request of the enrolment document, byte for byte as it is printed there.
const SAMPLE: &str = r#"{
"name": "John Doe",
"pan_alias": "557349eee1027312",
"cvv_alias": "tok_sandbox_1218782dsds",
"exp_month":12,
"exp_year":23,
"billing_address": {
"name": "John Doe",
"company": "John Doe Company",
"address1": "555 Unblock Us St",
"address2": "M13 9PL",
"city": "New York",
"region": "NY",
"country": "US",
"postal_code": 12301,
"phone": "+14842634673"
}
}"#;

async fn enrol(story: &mut Story, pan: &str) -> crate::client::Answer {
    let token = story.token("standin-manual", None).await;
    let value = json!({ "data": [{ "value": pan, "alias": "557349eee1027312" }] });
    let vault = Ask::post("/aliases").bearer(&token).json(&value);
    story.call(vault).await.expect(201);
    let enrol = Ask::post("/network-tokens")
        .bearer(&token)
        .header("accept", "*/*");
    story.call(enrol.body("application/json", SAMPLE)).await
}

#[tokio::test]
async fn the_sample_enrolment_is_answered_as_the_document_has_it() {
    let mut story = Story::begin_with(options_at("2023-05-15T12:30:45Z")).await;
    let answer = enrol(&mut story, "5555555555554444")
        .await
        .expect(200)
        .json();
    let sample = json!({
        "pan_alias": "5573491171027312",
        "network_token_last4": "2345",
        "created_at": "2023-05-15T12:30:45Z",
        "updated_at": "2023-05-15T12:30:45Z",
        "state": "ACTIVE",
        "expires_at": "2023-12",
        "card": { "last4": "7312", "bin": "557349", "expires_at": "2024-07" }
    });
    covers(&answer, &sample);
    for member in ["created_at", "updated_at", "state"] {
        assert_eq!(answer[member], sample[member]);
    }
    // What the document prints beside the request belongs to another card; what was asked for is this one's.
    assert_eq!(answer["pan_alias"], "557349eee1027312");
    assert_eq!(answer["card"]["expires_at"], "2023-12");
    let holder = json!({
        "name": "John Doe",
        "billing_address": {
            "name": "John Doe", "company": "John Doe Company", "address1": "555 Unblock Us St",
            "address2": "M13 9PL", "city": "New York", "region": "NY", "country": "US",
            "postal_code": "12301", "phone": "+14842634673",
        },
    });
    assert_eq!(answer["card"]["holder_info"], holder);
    story.end("calm", "the_sample_enrolment");
}

/// The document's aliases are there from the start, so that its request can be sent as it is printed.
#[tokio::test]
async fn the_aliases_of_the_document_exist_from_the_start() {
    let story = Story::begin_with(options_at("2023-05-15T12:30:45Z")).await;
    let token = story.token("standin-manual", None).await;
    let enrol = Ask::post("/network-tokens")
        .bearer(&token)
        .header("accept", "*/*")
        .body("application/json", SAMPLE);
    let answer = story.stand.send(enrol).await.expect(200);
    assert_eq!(answer.at("/pan_alias"), "557349eee1027312");
    assert_eq!(answer.at("/card/bin"), "557349");
    assert_eq!(answer.at("/card/last4"), "7312");
    let by_other = json!({ "pan_alias": "5573491171027312", "exp_month": 12, "exp_year": 23 });
    let by_other = Ask::post("/network-tokens").bearer(&token).json(&by_other);
    let same = story.stand.send(by_other).await.expect(200);
    assert_eq!(same.at("/card/last4"), "7312");
    let reveal = |alias: &str| Ask::get(format!("/aliases/{alias}")).bearer(&token);
    for alias in [
        "557349eee1027312",
        "5573491171027312",
        "tok_sandbox_1218782dsds",
    ] {
        story.stand.send(reveal(alias)).await.expect(200);
    }
    // They can be given to another number, and are that one's then.
    let other = json!({ "data": [{ "value": "5555555555554444", "alias": "557349eee1027312" }] });
    let vault = Ask::post("/aliases").bearer(&token).json(&other);
    story.stand.send(vault).await.expect(201);
    let taken = json!({ "data": [{ "value": "4111111111111111", "alias": "557349eee1027312" }] });
    let vault = Ask::post("/aliases").bearer(&token).json(&taken);
    let refused = story.stand.send(vault).await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
}

#[tokio::test]
async fn the_failure_sample_is_answered_as_the_document_has_it() {
    let mut story = Story::begin_with(options_at("2023-05-15T12:30:45Z")).await;
    let answer = enrol(&mut story, "4000000000000036")
        .await
        .expect(400)
        .json();
    let mut sample = json!({
        "pan_alias": "5573491171027312",
        "created_at": "2023-05-15T12:30:45Z",
        "updated_at": "2023-05-15T12:30:45Z",
        "state": "FAILED",
        "error_code": "card_not_allowed",
        "description": "The requested action is not allowed for a given PAN. This card is valid but cannot be used for tokenization.",
        "additional_info": "Network: Visa. Error: cardNotEligible"
    });
    sample["pan_alias"] = "557349eee1027312".into();
    assert_eq!(answer, sample);
    story.end("calm", "the_sample_failure");
}

/// The failure table of the document, row by row.
#[tokio::test]
async fn every_row_of_the_failure_table_has_a_card() {
    let mut story = Story::begin().await;
    let token = story.token("standin-manual", None).await;
    let cards = story.stand.send(Ask::get("/_standin/cards")).await.json();
    let rows = [
        (
            "4000000000000036",
            400,
            "card_not_allowed",
            "The requested action is not allowed for a given PAN. This card is valid but cannot be used for tokenization.",
        ),
        (
            "4000000000000051",
            400,
            "declined",
            "This card is not eligible for tokenization at this moment.",
        ),
        (
            "4000000000000028",
            400,
            "card_enrollment_failed",
            "Invalid payment instrument or data associated with the payment instrument.",
        ),
        (
            "4000210000770112",
            500,
            "internal_server_error",
            "Something went wrong while processing the request",
        ),
        (
            "5100260000009207",
            400,
            "declined",
            "This card is not eligible for tokenization at this moment.",
        ),
    ];
    for (pan, status, code, description) in rows {
        let listed = cards["cards"].as_array().unwrap();
        let card = listed.iter().find(|card| card["pan"] == pan).unwrap();
        let body = json!({ "pan_alias": card["alias"], "exp_month": 12, "exp_year": 30 });
        let enrol = Ask::post("/network-tokens").bearer(&token).json(&body);
        let answer = story.call(enrol).await.expect(status);
        assert_eq!(answer.at("/error_code"), code);
        assert_eq!(answer.at("/description"), description);
        let path = format!("/network-tokens/{}", card["alias"].as_str().unwrap());
        let read = story.call(Ask::get(path).bearer(&token)).await.expect(200);
        assert_eq!(read.json(), answer.json(), "{pan:?}");
    }
    story.end("calm", "the_failure_table");
}
