//! Checkout.com's events.

use serde_json::{Value, json};
use standin::crypto::encoding::hex;
use standin::crypto::mac::{HmacKey, hmac_sha256};
use standin::domain::webhook::Profile;

use super::{IS_DECLINED, PAYS, scene, told, types};
use crate::client::Ask;

const CHECKOUT: &str = "sk_sbox_standinstandinstandinstandi";

/// What comes of a payment that waited is told when it has come, under the name that it had from the start.
#[tokio::test]
async fn checkout_com_tells_once_the_customer_has_come_back_or_not() {
    let (stand, receiver, _) = scene(Profile::Checkout).await;
    let body = json!({
        "amount": 2000, "currency": "USD", "3ds": { "enabled": true },
        "source": {
            "type": "card", "number": PAYS, "expiry_month": 12, "expiry_year": 2034, "cvv": "123",
        },
    });
    for (outcome, want, code) in [
        (Some("succeeded"), "payment_approved", "10000"),
        (Some("failed"), "payment_declined", "20151"),
        (None, "payment_declined", "20152"),
    ] {
        let before = told(&stand, &receiver).await.len();
        let ask = Ask::post("/payments").bearer(CHECKOUT).json(&body);
        let sent = stand.send(ask).await.expect(202).json();
        assert_eq!(
            told(&stand, &receiver).await.len(),
            before,
            "nothing has come of it yet"
        );
        let url = sent["_links"]["redirect"]["href"].as_str().unwrap();
        let page = &url[url.find("/3ds/").unwrap()..];
        match outcome {
            Some(outcome) => {
                let ask = Ask::post(page).form(&[("outcome", outcome)]);
                stand.send(ask).await.expect(200);
            }
            None => stand.client.advance("", "PT15M").await,
        }
        let told = told(&stand, &receiver).await;
        let event = &told[before];
        assert_eq!(
            (&event["type"], &event["data"]["id"]),
            (&json!(want), &sent["id"])
        );
        assert_eq!(event["data"]["response_code"], code);
    }
}

#[tokio::test]
async fn checkout_com_tells_of_each_step() {
    let (stand, receiver, secret) = scene(Profile::Checkout).await;
    let pay = async |number: &str, capture: bool, amount: u32| {
        let body = json!({
            "amount": amount, "currency": "USD", "capture": capture, "reference": "ORD-1",
            "metadata": { "a": "b" },
            "source": {
                "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2034, "cvv": "123",
            },
        });
        let ask = Ask::post("/payments").bearer(CHECKOUT).json(&body);
        stand.send(ask).await.expect(201).at("/id")
    };
    let step = async |id: &str, what: &str, body: Value| {
        let ask = Ask::post(format!("/payments/{id}/{what}"))
            .bearer(CHECKOUT)
            .json(&body);
        stand.send(ask).await.expect(202).at("/action_id")
    };
    let paid = pay(PAYS, true, 2000).await;
    let refunded = step(&paid, "refunds", json!({ "amount": 500 })).await;
    let declined = pay(IS_DECLINED, true, 2000).await;
    let held = pay(PAYS, false, 2000).await;
    step(&held, "captures", json!({})).await;
    let voided = pay(PAYS, false, 2000).await;
    step(&voided, "voids", json!({})).await;
    let verified = pay(PAYS, true, 0).await;
    let told = told(&stand, &receiver).await;
    let of = |id: &str| -> Vec<_> {
        let own = told.iter().filter(|event| event["data"]["id"] == id);
        own.cloned().collect()
    };
    assert_eq!(
        types(&of(&paid)),
        ["payment_approved", "payment_captured", "payment_refunded"]
    );
    assert_eq!(types(&of(&declined)), ["payment_declined"]);
    assert_eq!(types(&of(&held)), ["payment_approved", "payment_captured"]);
    assert_eq!(types(&of(&voided)), ["payment_approved", "payment_voided"]);
    assert_eq!(types(&of(&verified)), ["card_verified"]);
    let approved = &of(&paid)[0]["data"];
    assert_eq!(
        [
            &approved["reference"],
            &approved["response_code"],
            &approved["metadata"]["a"]
        ],
        ["ORD-1", "10000", "b"]
    );
    assert_eq!(of(&declined)[0]["data"]["response_code"], "20005");
    let refund = &of(&paid)[2]["data"];
    assert_eq!(
        (&refund["amount"], &refund["action_id"]),
        (&json!(500), &json!(refunded))
    );
    for arrived in receiver.arrived() {
        let key = HmacKey::new(secret.as_bytes());
        let want = hex(&hmac_sha256(&key, &[&arrived.body]));
        assert_eq!(arrived.header("cko-signature"), want);
    }
}

/// An action is named in what is told of it as in the list of actions, and a link leads to what can be done then.
#[tokio::test]
async fn checkout_com_names_actions_and_links_what_can_be_done() {
    let (stand, receiver, _) = scene(Profile::Checkout).await;
    let pay = async |capture: bool| {
        let body = json!({
            "amount": 2000, "currency": "USD", "capture": capture,
            "source": {
                "type": "card", "number": PAYS, "expiry_month": 12, "expiry_year": 2034, "cvv": "123",
            },
        });
        let ask = Ask::post("/payments").bearer(CHECKOUT).json(&body);
        stand.send(ask).await.expect(201).at("/id")
    };
    let paid = pay(true).await;
    let held = pay(false).await;
    let void = json!({ "reference": "void-1" });
    let void = Ask::post(format!("/payments/{held}/voids")).json(&void);
    stand.send(void.bearer(CHECKOUT)).await.expect(202);
    let told = told(&stand, &receiver).await;
    let of = |id: &str, kind: &str| {
        let mut told = told.iter();
        told.find(|event| event["data"]["id"] == id && event["type"] == kind)
            .unwrap()
    };
    let (approved, captured) = (of(&paid, "payment_approved"), of(&paid, "payment_captured"));
    let (authorized, voided) = (of(&held, "payment_approved"), of(&held, "payment_voided"));
    let actions = Ask::get(format!("/payments/{paid}/actions")).bearer(CHECKOUT);
    let actions = stand.send(actions).await.expect(200);
    for (event, at) in [(captured, "/0/id"), (approved, "/1/id")] {
        assert_eq!(event["data"]["action_id"], actions.at(at));
    }
    assert_eq!(voided["data"]["reference"], "void-1");
    let href = |event: &Value, name: &str| event["_links"][name]["href"].clone();
    let at = |rest: &str| json!(format!("https://api.sandbox.checkout.com/payments/{rest}"));
    assert_eq!(href(approved, "payment"), at(&paid));
    let of_actions = at(&format!("{paid}/actions"));
    assert_eq!(href(approved, "payment_actions"), of_actions);
    assert_eq!(href(captured, "refund"), at(&format!("{paid}/refunds")));
    let capture = at(&format!("{held}/captures"));
    assert_eq!(href(authorized, "capture"), capture);
    assert_eq!(href(authorized, "void"), at(&format!("{held}/voids")));
    assert_eq!(href(voided, "void"), Value::Null);
}
