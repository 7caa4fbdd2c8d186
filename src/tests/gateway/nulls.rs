//! What a null says, surface by surface: nothing where clients write one for what is not set, a wrong value elsewhere. Where a
//! member must be there, a null is never in its place.

use serde_json::{Value, json};

use super::bought::{Bought, as_merchant, purchase};
use super::refused::acp::whole;
use crate::client::{Ask, JSON_API, Stand};
use crate::merchant::keyed;

/// The request with a null at this pointer of its body.
fn with_null(ask: &Ask, pointer: &str) -> Ask {
    let mut body: Value = serde_json::from_slice(&ask.body).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = Value::Null;
    let mut ask = ask.clone();
    ask.body = body.to_string().into();
    ask
}

/// Each pointer in its own request, with the status and what the answer says.
async fn try_all(stand: &Stand, ask: &Ask, rows: &[(&str, u16, &str)]) {
    for (pointer, status, says) in rows {
        let answer = stand.send(with_null(ask, pointer)).await;
        let shown = format!(
            "{} {pointer}: {} {}",
            ask.path,
            answer.status,
            answer.text()
        );
        assert_eq!(answer.status, *status, "{shown}");
        assert!(
            answer.text().contains(says),
            "{shown} does not say {says:?}"
        );
    }
}

#[tokio::test]
async fn the_gateway_refuses_a_null_and_names_it() {
    let stand = Stand::start(keyed()).await;
    let token = stand.client.token("standin-manual", None).await;
    let attributes = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&attributes);
    let card = stand.send(create.clone()).await.expect(201).at("/data/id");
    let not_null = "must not be null";
    let rows = [
        ("/data", 400, "member data"),
        ("/data/attributes", 400, "member attributes"),
        ("/data/attributes/pan", 422, "/data/attributes/pan"),
        ("/data/attributes/exp_month", 422, "missing-required-field"),
        ("/data/attributes/exp_year", 422, "missing-required-field"),
        ("/data/attributes/pan_alias", 422, not_null),
        ("/data/attributes/cvc", 422, not_null),
        ("/data/attributes/cvc_alias", 422, not_null),
        ("/data/attributes/cardholder", 422, not_null),
        ("/data/attributes/meta", 422, not_null),
        ("/data/attributes/token_type", 422, not_null),
    ];
    try_all(&stand, &create, &rows).await;
    let patch = Ask::new("PATCH", format!("/cards/{card}")).bearer(&token);
    let patch = patch.attributes(&json!({ "exp_month": 11 }));
    let rows = [
        ("/data/attributes/exp_year", 422, not_null),
        ("/data/attributes/pan", 422, "/data/attributes/pan"),
    ];
    try_all(&stand, &patch, &rows).await;
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&token);
    stand.send(provision).await.expect(200);
    let mint = Ask::post(format!("/cards/{card}/cryptogram")).bearer(&token);
    let body = json!({ "data": { "attributes": { "amount": 1, "currency_code": "USD" } } });
    let mint = mint.body(JSON_API, body.to_string());
    let rows = [
        ("/data/attributes/cryptogram_type", 422, not_null),
        ("/data/attributes/transaction_type", 422, not_null),
        ("/data/attributes/currency_code", 422, not_null),
        ("/data/attributes/amount", 422, not_null),
    ];
    try_all(&stand, &mint, &rows).await;
    let enrol = json!({ "pan_alias": "x", "exp_month": 12, "exp_year": 30 });
    let enrol = Ask::post("/network-tokens").bearer(&token).json(&enrol);
    let rows = [
        ("/pan_alias", 422, "pan_alias is required"),
        ("/exp_month", 422, "exp_month is required"),
        ("/cvv_alias", 422, "cvv_alias must not be null"),
        ("/billing_address", 422, "billing_address must not be null"),
    ];
    try_all(&stand, &enrol, &rows).await;
    let vault = json!({ "data": [{ "value": "a" }] });
    let vault = Ask::post("/aliases").bearer(&token).json(&vault);
    let rows = [
        ("/data/0/value", 400, "is required"),
        ("/data/0/alias", 400, not_null),
        ("/data/0/format", 400, not_null),
        ("/data/0/storage", 400, not_null),
    ];
    try_all(&stand, &vault, &rows).await;
}

#[tokio::test]
async fn our_own_payments_refuse_a_null_and_pay_nothing() {
    let stand = Stand::start(keyed()).await;
    let held = Bought::make(&stand.client, "").await.own.held;
    let count = async || {
        let payments = stand.send(Ask::get("/_standin/payments")).await.json();
        payments["payments"].as_array().unwrap().clone()
    };
    let before = count().await;
    let pay = as_merchant("payments", purchase("payments", true)).unwrap();
    let not_null = "must not be null";
    let rows = [
        ("/amount", 422, r#""pointer":"/amount""#),
        ("/currency", 422, r#""pointer":"/currency""#),
        ("/card", 422, r#""pointer":"/card""#),
        ("/card/number", 422, "is required"),
        ("/card/security_code", 422, not_null),
        ("/network_token", 422, not_null),
        ("/credential", 422, not_null),
        ("/initiator", 422, not_null),
        ("/capture", 422, not_null),
        ("/reference", 422, not_null),
        ("/network_transaction_id", 422, not_null),
        ("/transaction_link_id", 422, not_null),
    ];
    try_all(&stand, &pay, &rows).await;
    for step in ["captures", "refunds"] {
        let part = Ask::post(format!("/payments/{held}/{step}")).json(&json!({}));
        let part = as_merchant("payments", part).unwrap();
        let rows = [("/amount", 422, not_null), ("/currency", 422, not_null)];
        try_all(&stand, &part, &rows).await;
    }
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn services_whose_clients_write_nulls_take_them_for_nothing_where_nothing_may_be() {
    let stand = Stand::start(keyed()).await;
    let pay = as_merchant("adyen", purchase("adyen", true)).unwrap();
    let rows = [
        ("/mpiData", 200, "Authorised"),
        ("/additionalData", 200, "Authorised"),
        ("/shopperInteraction", 200, "Authorised"),
        ("/recurringProcessingModel", 200, "Authorised"),
        ("/captureDelayHours", 200, "Authorised"),
        ("/paymentMethod/holderName", 200, "Authorised"),
        ("/merchantAccount", 422, "merchantAccount"),
        ("/reference", 422, "reference"),
        ("/amount", 422, "amount"),
        ("/amount/value", 422, "No amount specified"),
        ("/paymentMethod", 422, "paymentMethod"),
        ("/paymentMethod/number", 422, "number"),
    ];
    try_all(&stand, &pay, &rows).await;
    let pay = as_merchant("checkout_com", purchase("checkout_com", true)).unwrap();
    let rows = [
        ("/reference", 201, "Authorized"),
        ("/processing", 201, "Authorized"),
        ("/payment_type", 201, "Authorized"),
        ("/previous_payment_id", 201, "Authorized"),
        ("/merchant_initiated", 201, "Authorized"),
        ("/source/name", 201, "Authorized"),
        ("/source", 422, "payment_source_required"),
        ("/source/type", 422, "source_type_required"),
        ("/source/number", 422, "card_number_required"),
        ("/source/expiry_year", 422, "card_expiry_year_required"),
        ("/currency", 422, "currency_required"),
    ];
    try_all(&stand, &pay, &rows).await;
    let delegate = Ask::post("/agentic_commerce/delegate_payment").json(&whole());
    let delegate = delegate
        .bearer("standin_key")
        .header("api-version", "2026-04-17");
    let rows = [
        ("/payment_method/cvc", 201, "vt_"),
        ("/payment_method/display_last4", 201, "vt_"),
        ("/billing_address", 201, "vt_"),
        ("/payment_method", 400, "payment_method"),
        ("/payment_method/number", 400, "number"),
        ("/allowance", 400, "allowance"),
        ("/allowance/expires_at", 400, "expires_at"),
        ("/risk_signals", 400, "risk_signals"),
        ("/metadata", 400, "metadata"),
    ];
    for (place, row) in rows.iter().enumerate() {
        let keyed = delegate
            .clone()
            .header("idempotency-key", format!("key-{place}"));
        try_all(&stand, &keyed, &[*row]).await;
    }
}
