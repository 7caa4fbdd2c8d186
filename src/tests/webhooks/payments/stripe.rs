//! Stripe's events, `/v1/events` and `/v1/webhook_endpoints`.

use serde_json::{Value, json};
use standin::domain::webhook::Profile;

use super::{IS_DECLINED, PAYS, scene, told, types};
use crate::client::{Answer, Ask, Stand, options};
use crate::webhooks::receiver::{Arrived, Receiver};

pub(super) const STRIPE: &str = "sk_test_standin";

pub(super) async fn stripe(stand: &Stand, path: &str, form: &[(&str, &str)]) -> Answer {
    stand.send(Ask::post(path).bearer(STRIPE).form(form)).await
}

async fn intent(stand: &Stand, number: &str, capture: &str) -> Answer {
    let form = [
        ("amount", "2000"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("capture_method", capture),
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", number),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2034"),
        ("payment_method_data[card][cvc]", "123"),
    ];
    stripe(stand, "/v1/payment_intents", &form).await
}

/// Stripe, API reference, types of events: what each stands for.
#[tokio::test]
async fn stripe_tells_of_intent_charge_and_refund() {
    let (stand, receiver, _) = scene(Profile::Stripe).await;
    let paid = intent(&stand, PAYS, "automatic").await.expect(200);
    intent(&stand, IS_DECLINED, "automatic").await.expect(402);
    let held = intent(&stand, PAYS, "manual").await.expect(200).at("/id");
    let capture = format!("/v1/payment_intents/{held}/capture");
    stripe(&stand, &capture, &[("amount_to_capture", "1500")])
        .await
        .expect(200);
    let refund = [("payment_intent", held.as_str()), ("amount", "500")];
    stripe(&stand, "/v1/refunds", &refund).await.expect(200);
    let given_up = intent(&stand, PAYS, "manual").await.expect(200).at("/id");
    let cancel = format!("/v1/payment_intents/{given_up}/cancel");
    stripe(&stand, &cancel, &[]).await.expect(200);
    let told = told(&stand, &receiver).await;
    let about = |id: &str| -> Vec<_> {
        let own = told.iter().filter(|event| {
            let object = &event["data"]["object"];
            object["id"] == id || object["payment_intent"] == id
        });
        own.cloned().collect()
    };
    let of_paid = about(&paid.at("/id"));
    assert_eq!(
        types(&of_paid),
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded"
        ]
    );
    assert_eq!(
        of_paid[0]["data"]["object"]["status"],
        "requires_confirmation"
    );
    assert_eq!(of_paid[2]["data"]["object"], paid.json());
    let of_held = about(&held);
    assert_eq!(
        types(&of_held),
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.captured",
            "payment_intent.succeeded",
            "refund.created",
            "charge.refunded",
        ]
    );
    // Each tells of its instant, however late it is read.
    assert_eq!(of_held[1]["data"]["object"]["captured"], false);
    assert_eq!(of_held[2]["data"]["object"]["amount_capturable"], 2000);
    assert_eq!(of_held[4]["data"]["object"]["amount_received"], 1500);
    // What no capture has taken counts as well.
    assert_eq!(of_held[6]["data"]["object"]["amount_refunded"], 1000);
    assert_eq!(
        types(&about(&given_up)).last(),
        Some(&"payment_intent.canceled")
    );
    let failed: Vec<_> = told
        .iter()
        .filter(|event| event["type"] == "charge.failed")
        .collect();
    assert_eq!(failed[0]["data"]["object"]["failure_code"], "card_declined");
    let failed = told
        .iter()
        .find(|event| event["type"] == "payment_intent.payment_failed");
    let error = &failed.unwrap()["data"]["object"]["last_payment_error"];
    assert_eq!(error["decline_code"], "generic_decline");
    read_back(&stand, &told).await;
}

/// What was told is read back, newest first, under the same names.
async fn read_back(stand: &Stand, told: &[Value]) {
    let events = stand
        .send(Ask::get("/v1/events?limit=100").bearer(STRIPE))
        .await
        .expect(200);
    let mut kept = events.json()["data"].as_array().unwrap().clone();
    let by_id = |one: &Value, other: &Value| one["id"].as_str().cmp(&other["id"].as_str());
    let mut sent = told.to_vec();
    sent.sort_by(by_id);
    kept.sort_by(by_id);
    assert_eq!(kept, sent);
    let one = format!("/v1/events/{}", sent[0]["id"].as_str().unwrap());
    let read = stand.send(Ask::get(one).bearer(STRIPE)).await.expect(200);
    assert_eq!(read.json(), sent[0]);
    let captured = Ask::get("/v1/events?type=charge.captured").bearer(STRIPE);
    assert_eq!(
        stand.send(captured).await.json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let others = stand
        .send(Ask::get("/v1/events").bearer("sk_test_other"))
        .await;
    assert_eq!(others.json()["data"], json!([]));
}

/// An intent keeps its name from its creation to its payment, and one that nobody captures is cancelled by itself (Stripe,
/// place a hold: `automatic`).
#[tokio::test]
async fn stripe_tells_of_intents_that_wait_and_of_holds_that_end() {
    let (stand, receiver, _) = scene(Profile::Stripe).await;
    let form = [("amount", "2000"), ("currency", "usd")];
    let waits = stripe(&stand, "/v1/payment_intents", &form)
        .await
        .expect(200)
        .at("/id");
    let confirm = format!("/v1/payment_intents/{waits}/confirm");
    let card = [
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", PAYS),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2034"),
    ];
    stripe(&stand, &confirm, &card).await.expect(200);
    let given_up = stripe(&stand, "/v1/payment_intents", &form)
        .await
        .expect(200)
        .at("/id");
    let cancel = format!("/v1/payment_intents/{given_up}/cancel");
    stripe(&stand, &cancel, &[]).await.expect(200);
    let all = told(&stand, &receiver).await;
    let mut of_waits: Vec<_> = all
        .iter()
        .filter(|event| {
            let object = &event["data"]["object"];
            object["id"] == waits || object["payment_intent"] == waits
        })
        .filter_map(|event| event["type"].as_str())
        .collect();
    of_waits.sort_unstable();
    assert_eq!(
        of_waits,
        [
            "charge.succeeded",
            "payment_intent.created",
            "payment_intent.succeeded"
        ]
    );
    let cancelled = all
        .iter()
        .find(|event| event["type"] == "payment_intent.canceled")
        .unwrap();
    assert_eq!(cancelled["data"]["object"]["id"], given_up);

    intent(&stand, PAYS, "manual").await.expect(200);
    stand.client.advance("", "P8D").await;
    let arrived = receiver.arrived();
    let late: Vec<_> = arrived[arrived.len() - 2..]
        .iter()
        .map(Arrived::json)
        .collect();
    assert_eq!(types(&late), ["charge.expired", "payment_intent.canceled"]);
    assert_eq!(
        late[1]["data"]["object"]["cancellation_reason"],
        "automatic"
    );
}

#[tokio::test]
async fn a_merchant_registers_at_stripe_what_it_wants_to_hear() {
    let stand = Stand::start(options()).await;
    let receiver = Receiver::open().await;
    let form = [
        ("url", receiver.url.as_str()),
        ("enabled_events[]", "payment_intent.succeeded"),
        ("enabled_events[]", "charge.succeeded"),
        ("enabled_events[]", "invoice.paid"),
        ("metadata[team]", "a"),
    ];
    let made = stripe(&stand, "/v1/webhook_endpoints", &form)
        .await
        .expect(200);
    assert!(made.at("/secret").starts_with("whsec_"));
    assert_eq!(made.json()["enabled_events"].as_array().unwrap().len(), 3);
    let place = format!("/v1/webhook_endpoints/{}", made.at("/id"));
    let read = stand
        .send(Ask::get(&place).bearer(STRIPE))
        .await
        .expect(200);
    assert!(read.json().get("secret").is_none());
    assert_eq!(read.at("/metadata/team"), "a");
    stand
        .send(Ask::get(&place).bearer("sk_test_other"))
        .await
        .expect(404);
    let list = stand
        .send(Ask::get("/v1/webhook_endpoints").bearer(STRIPE))
        .await;
    assert_eq!(list.json()["data"][0], read.json());

    intent(&stand, PAYS, "automatic").await.expect(200);
    // Another merchant's payment is nothing of its own.
    let others = [
        ("amount", "100"),
        ("currency", "usd"),
        ("confirm", "true"),
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", PAYS),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2034"),
    ];
    let other = Ask::post("/v1/payment_intents")
        .bearer("sk_test_other")
        .form(&others);
    stand.send(other).await.expect(200);
    assert_eq!(
        types(&told(&stand, &receiver).await),
        ["charge.succeeded", "payment_intent.succeeded"]
    );
    stand
        .send(Ask::new("DELETE", &place).bearer(STRIPE))
        .await
        .expect(200);
    stand
        .send(Ask::get(&place).bearer(STRIPE))
        .await
        .expect(404);
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_is_refused_with_the_parameter() {
    let stand = Stand::start(options()).await;
    for (form, param) in [
        (vec![("enabled_events[]", "*")], "url"),
        (vec![("url", "http://127.0.0.1:9/")], "enabled_events"),
        (vec![("url", "ftp://x"), ("enabled_events[]", "*")], "url"),
        (
            vec![
                ("url", "http://127.0.0.1:9/"),
                ("enabled_events[]", "payment.done"),
            ],
            "enabled_events",
        ),
    ] {
        let refused = stripe(&stand, "/v1/webhook_endpoints", &form)
            .await
            .expect(400);
        assert_eq!(refused.at("/error/param"), param, "{form:?}");
    }
}
