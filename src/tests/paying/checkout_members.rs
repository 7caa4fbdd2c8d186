//! The members of what is sent to Checkout.com: each has the type that the document says, or is refused by its name.

use serde_json::{Map, Value, json};

use super::at_checkout::{by_card, get, post, with};
use super::shop::{Shop, VISA};

const DOCUMENT: &str = include_str!("../../../fixtures/openapi/checkout_com.json");

/// Every member below a schema, with a value of another type than its own.
fn wrong_values(schema: &Value, path: &[String], found: &mut Vec<(Vec<String>, Value)>) {
    let Some(members) = schema["properties"].as_object() else {
        return;
    };
    for (name, schema) in members {
        let path = [path, std::slice::from_ref(name)].concat();
        let wrong = match schema["type"].as_str().unwrap() {
            "string" | "integer" | "boolean" => json!({ "a": "b" }),
            _ => json!("text"),
        };
        found.push((path.clone(), wrong));
        wrong_values(schema, &path, found);
    }
}

fn set(body: &mut Value, path: &[String], value: Value) {
    let place = path.iter().fold(body, |body, name| {
        if body.is_null() {
            *body = Value::Object(Map::new());
        }
        &mut body[name.as_str()]
    });
    *place = value;
}

fn schema(name: &str) -> Value {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    document["components"]["schemas"][name].clone()
}

/// What the document says of a request is what the server reads: a member of another type is refused by its name, and nothing
/// is made of it.
#[tokio::test]
async fn a_member_of_another_type_is_refused_by_its_name() {
    let shop = Shop::open().await;
    let held = with(&json!({ "capture": false }));
    let held = post(&shop, "/payments", &held).await.expect(201).at("/id");
    let captures = format!("/payments/{held}/captures");
    let rows = [
        ("CheckoutPaymentRequest", "/payments", by_card(VISA), 150),
        ("CheckoutPart", captures.as_str(), json!({}), 50),
    ];
    for (name, path, body, least) in rows {
        let mut wrong = Vec::new();
        wrong_values(&schema(name), &[], &mut wrong);
        assert!(wrong.len() > least, "{name} has {}", wrong.len());
        for (member, value) in wrong {
            let mut body = body.clone();
            set(&mut body, &member, value);
            let refused = post(&shop, path, &body).await;
            assert_eq!(refused.status, 422, "{member:?} {}", refused.text());
            assert_eq!(refused.at("/error_type"), "request_invalid");
            let codes = refused.json()["error_codes"].clone();
            let own = format!("{}_invalid", member.last().unwrap());
            let is_named = |code: &Value| code.as_str().unwrap().ends_with(&own);
            assert!(codes.as_array().unwrap().iter().any(is_named), "{codes}");
        }
    }
    let read = get(&shop, &format!("/payments/{held}")).await;
    assert_eq!(read.at("/balances/available_to_capture"), "1000");
}

/// Its Python library writes a null for what is not set.
#[tokio::test]
async fn a_member_that_is_null_is_none() {
    let shop = Shop::open().await;
    let must = [
        "currency",
        "source",
        "type",
        "number",
        "expiry_month",
        "expiry_year",
    ];
    let mut members = Vec::new();
    wrong_values(&schema("CheckoutPaymentRequest"), &[], &mut members);
    let mut body = by_card(VISA);
    for (member, _) in members {
        let needed = member
            .last()
            .is_some_and(|last| must.contains(&last.as_str()));
        let is_leaf = member.len() > 1 || !body[&member[0]].is_object();
        if is_leaf && !(needed && (member.len() == 1 || member[0] == "source")) {
            set(&mut body, &member, Value::Null);
        }
    }
    body["amount"] = 1000.into();
    post(&shop, "/payments", &body).await.expect(201);
}
