//! Payments at Checkout.com as its API reference has them: what was done with a payment, lists, sources, and links.

use serde_json::{Value, json};

use super::shop::{MASTERCARD, Shop, VISA};
use crate::client::{Answer, Ask};

const KEY: &str = "sk_sbox_standinstandinstandinstandi";

pub(super) fn by_card(number: &str) -> Value {
    json!({
        "amount": 1000, "currency": "USD", "reference": "order-1",
        "source": {
            "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2029, "cvv": "123",
        },
    })
}

/// The purchase with other members.
pub(super) fn with(more: &Value) -> Value {
    let mut body = by_card(VISA);
    let members = body.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    body
}

pub(super) async fn post(shop: &Shop, path: &str, body: &Value) -> Answer {
    shop.send(Ask::post(path).bearer(KEY).json(body)).await
}

pub(super) async fn get(shop: &Shop, path: &str) -> Answer {
    shop.send(Ask::get(path).bearer(KEY)).await
}

/// Types, order and members are those of its reference, get payment actions; a capture that comes with the authorization is an
/// action of its own.
#[tokio::test]
async fn each_thing_that_was_done_is_an_action() {
    let shop = Shop::open().await;
    let kinds = async |id: &str| {
        let actions = get(&shop, &format!("/payments/{id}/actions")).await;
        actions.expect(200).json()
    };
    let of = |actions: &Value, name: &str| -> Vec<Value> {
        let actions = actions.as_array().unwrap().iter();
        actions.map(|action| action[name].clone()).collect()
    };
    let paid = post(
        &shop,
        "/payments",
        &with(&json!({ "metadata": { "a": "b" } })),
    )
    .await;
    let paid = paid.expect(201);
    let id = paid.at("/id");
    let refund = json!({ "amount": 400, "reference": "refund-1", "metadata": { "c": "d" } });
    let refunded = post(&shop, &format!("/payments/{id}/refunds"), &refund).await;
    let refunded = refunded.expect(202);
    let actions = kinds(&id).await;
    assert_eq!(of(&actions, "type"), ["Refund", "Capture", "Authorization"]);
    assert_eq!(of(&actions, "amount"), [400, 1000, 1000]);
    assert_eq!(
        of(&actions, "reference"),
        ["refund-1", "order-1", "order-1"]
    );
    assert_eq!(
        of(&actions, "metadata"),
        [
            json!({ "c": "d" }),
            json!({ "a": "b" }),
            json!({ "a": "b" })
        ]
    );
    let ids = of(&actions, "id");
    assert_eq!(ids[0], refunded.at("/action_id"));
    assert_eq!(ids[2], paid.at("/action_id"));
    assert!(ids[1] != ids[0] && ids[1] != ids[2]);
    assert_eq!(actions[2]["auth_code"], paid.at("/auth_code"));
    let held = post(&shop, "/payments", &with(&json!({ "capture": false }))).await;
    let held = held.expect(201).at("/id");
    let part = post(
        &shop,
        &format!("/payments/{held}/voids"),
        &json!({ "amount": 1 }),
    )
    .await;
    assert_eq!(part.expect(422).at("/error_codes/0"), "amount_invalid");
    let whole = json!({ "amount": 1000, "reference": "void-1" });
    post(&shop, &format!("/payments/{held}/voids"), &whole)
        .await
        .expect(202);
    let actions = kinds(&held).await;
    assert_eq!(of(&actions, "type"), ["Void", "Authorization"]);
    assert_eq!(of(&actions, "reference"), ["void-1", "order-1"]);
    let verified = post(&shop, "/payments", &with(&json!({ "amount": 0 }))).await;
    let actions = kinds(&verified.expect(201).at("/id")).await;
    assert_eq!(of(&actions, "type"), ["Card Verification"]);
    let declined = post(&shop, "/payments", &with(&json!({ "amount": 12_305 }))).await;
    let actions = kinds(&declined.expect(201).at("/id")).await;
    assert_eq!(
        (of(&actions, "type"), of(&actions, "approved")),
        (vec![json!("Authorization")], vec![json!(false)])
    );
    assert_eq!(of(&actions, "response_code"), ["20005"]);
}

/// API reference, `capture_on`: the payment is captured by itself then, whatever `capture` says.
#[tokio::test]
async fn a_payment_is_captured_when_it_was_to_be() {
    let shop = Shop::open().await;
    let at = |at: &str| with(&json!({ "capture": false, "capture_on": at }));
    let paid = post(&shop, "/payments", &at("2026-01-03T00:00:00Z")).await;
    let path = format!("/payments/{}", paid.expect(201).at("/id"));
    shop.advance("P1DT23H").await;
    assert_eq!(get(&shop, &path).await.at("/status"), "Authorized");
    shop.advance("PT1H").await;
    assert_eq!(get(&shop, &path).await.at("/status"), "Captured");
    for wrong in ["2026-01-02T00:00:00Z", "2026-01-20T00:00:00Z", "tomorrow"] {
        let refused = post(&shop, "/payments", &at(wrong)).await.expect(422);
        assert_eq!(
            refused.at("/error_codes/0"),
            "capture_on_invalid",
            "{wrong}"
        );
    }
    let voided = post(&shop, "/payments", &at("2026-01-04T00:00:00Z")).await;
    let path = format!("/payments/{}", voided.expect(201).at("/id"));
    post(&shop, &format!("{path}/voids"), &json!({}))
        .await
        .expect(202);
    shop.advance("P3D").await;
    assert_eq!(get(&shop, &path).await.at("/status"), "Voided");
}

/// What active_merchant has recorded of the sandbox (its checkout_v2_test.rb): the authorization is called as its payment, the
/// source repeats who it is, and a customer has an id.
#[tokio::test]
async fn an_answer_repeats_who_paid() {
    let shop = Shop::open().await;
    let mut body = by_card(VISA);
    let address = json!({ "address_line1": "456 My Street", "city": "Ottawa", "zip": "K1C2N6", "country": "CA" });
    body["source"]["name"] = "Longbob Longsen".into();
    body["source"]["billing_address"] = address.clone();
    body["customer"] = json!({ "email": "longbob.longsen@example.com", "name": "Longbob Longsen" });
    let paid = post(&shop, "/payments", &body).await.expect(201);
    assert_eq!(paid.at("/id")[4..], paid.at("/action_id")[4..]);
    let read = get(&shop, &format!("/payments/{}", paid.at("/id"))).await;
    for answer in [&paid, &read] {
        assert_eq!(answer.at("/source/name"), "Longbob Longsen");
        assert_eq!(answer.json()["source"]["billing_address"], address);
        assert_eq!(answer.at("/source/cvv_check"), "Y");
        assert_eq!(answer.at("/customer/name"), "Longbob Longsen");
        assert!(answer.at("/customer/id").starts_with("cus_"));
    }
    assert_eq!(read.at("/payment_type"), "Regular");
    let actions = read.json()["actions"].as_array().unwrap().len();
    assert_eq!(
        (actions, read.at("/actions/1/id")),
        (2, paid.at("/action_id"))
    );
    let again = post(&shop, "/payments", &body).await.expect(201);
    assert_eq!(again.at("/customer/id"), paid.at("/customer/id"));
    body["customer"] = json!({ "id": "cus_1" });
    let known = post(&shop, "/payments", &body).await.expect(201);
    assert_eq!(known.at("/customer/id"), "cus_1");
    body["source"]["cvv"].take();
    let without = post(&shop, "/payments", &body).await.expect(201);
    assert!(without.json()["source"]["cvv_check"].is_null());
}

/// What became of the security code is told where one was sent, and a wrong one is wrong at both networks. The code of a token is
/// its short cryptogram.
#[tokio::test]
async fn the_check_of_a_security_code_is_told_where_there_was_one() {
    let shop = Shop::open().await;
    let check = async |source: &Value, minor: u64| {
        let body = with(&json!({ "source": source, "amount": minor }));
        let paid = post(&shop, "/payments", &body).await.expect(201);
        let check = paid.json()["source"]["cvv_check"].clone();
        (paid.at("/approved") == "true", check)
    };
    for number in [VISA, MASTERCARD] {
        let token = shop.token(number).await;
        let kind = if number == VISA { "vts" } else { "mdes" };
        let month = |source: Value| {
            let mut source = source;
            source["expiry_month"] = token.month.into();
            source["expiry_year"] = token.year.into();
            source
        };
        let long = shop.cryptogram(&token, "TAVV").await;
        let short = shop.cryptogram(&token, "DTVV").await;
        let by_token = month(json!({
            "type": "network_token", "token": token.number, "token_type": kind, "cryptogram": long,
        }));
        let by_code = month(json!({ "type": "card", "number": token.number, "cvv": short }));
        let card = by_card(number)["source"].clone();
        let mut bare = card.clone();
        bare.as_object_mut().unwrap().remove("cvv");
        for (source, minor, wanted) in [
            (&by_token, 1_000, (true, Value::Null)),
            // The cryptogram is spent.
            (&by_token, 1_000, (false, Value::Null)),
            (&by_code, 1_000, (true, json!("Y"))),
            (&by_code, 1_000, (false, json!("N"))),
            (&card, 1_000, (true, json!("Y"))),
            (&card, 12_305, (false, json!("Y"))),
            (&bare, 12_305, (false, Value::Null)),
        ] {
            assert_eq!(check(source, minor).await, wanted, "{source} for {minor}");
        }
    }
}

/// The first six digits, and a name for the number that it has with every payment.
#[tokio::test]
async fn a_source_tells_its_card_apart() {
    let shop = Shop::open().await;
    let source = async |number: &str| {
        let paid = post(&shop, "/payments", &by_card(number)).await.expect(201);
        let path = format!("/payments/{}", paid.at("/id"));
        let read = get(&shop, &path).await.at("/source/fingerprint");
        assert_eq!(paid.at("/source/fingerprint"), read);
        (paid.at("/source/bin"), read)
    };
    let (bin, first) = source(VISA).await;
    assert_eq!(bin, "411111");
    assert_eq!(source(VISA).await.1, first);
    let (bin, other) = source(MASTERCARD).await;
    assert_eq!(bin, "555555");
    assert_ne!(first, other);
    assert!(first.len() == 64 && !first.contains(VISA));
}

/// API reference, source of type `id`: a card that has paid pays again by the id that it was given, at the same merchant's alone.
#[tokio::test]
async fn a_card_pays_again_by_its_id() {
    let shop = Shop::open().await;
    let paid = post(&shop, "/payments", &by_card(VISA)).await.expect(201);
    let id = paid.at("/source/id");
    let again = |source: Value| with(&json!({ "source": source, "amount": 700 }));
    let by_id = again(json!({ "type": "id", "id": id, "cvv": "123" }));
    let later = post(&shop, "/payments", &by_id).await.expect(201);
    for name in [
        "id",
        "last4",
        "fingerprint",
        "expiry_month",
        "expiry_year",
        "type",
    ] {
        let at = format!("/source/{name}");
        assert_eq!(later.at(&at), paid.at(&at), "{name}");
    }
    let mut by_merchant = again(json!({ "type": "id", "id": id }));
    by_merchant["merchant_initiated"] = true.into();
    by_merchant["payment_type"] = "Recurring".into();
    by_merchant["previous_payment_id"] = paid.at("/id").into();
    let later = post(&shop, "/payments", &by_merchant).await.expect(201);
    assert_eq!(later.at("/approved"), "true");
    for (source, code) in [
        (json!({ "type": "id" }), "source_id_required"),
        (json!({ "type": "id", "id": 1 }), "source_id_invalid"),
        (
            json!({ "type": "id", "id": "src_none" }),
            "source_id_unknown",
        ),
    ] {
        let refused = post(&shop, "/payments", &again(source)).await.expect(422);
        assert_eq!(refused.at("/error_codes/0"), code);
    }
    let stranger = Ask::post("/payments").bearer("sk_sbox_otherotherotherotherotherot");
    let refused = shop.send(stranger.json(&by_id)).await.expect(422);
    assert_eq!(refused.at("/error_codes/0"), "source_id_unknown");
}

/// Of the links only those are there that can be followed with success.
#[tokio::test]
async fn links_say_what_can_be_done_with_a_payment() {
    let shop = Shop::open().await;
    let links = async |path: &str| {
        let read = get(&shop, path).await.expect(200).json();
        let links = read["_links"].as_object().unwrap().keys();
        let mut links: Vec<_> = links.cloned().collect();
        links.sort();
        links.join(" ")
    };
    let held = post(&shop, "/payments", &with(&json!({ "capture": false }))).await;
    let held = held.expect(201);
    assert!(held.at("/_links/void/href").ends_with("/voids"));
    let path = format!("/payments/{}", held.at("/id"));
    assert_eq!(links(&path).await, "actions capture self void");
    let part = json!({ "amount": 400, "capture_type": "NonFinal" });
    post(&shop, &format!("{path}/captures"), &part)
        .await
        .expect(202);
    assert_eq!(links(&path).await, "actions capture refund self");
    post(&shop, &format!("{path}/captures"), &json!({}))
        .await
        .expect(202);
    assert_eq!(links(&path).await, "actions refund self");
    post(&shop, &format!("{path}/refunds"), &json!({}))
        .await
        .expect(202);
    assert_eq!(links(&path).await, "actions self");
    let declined = post(&shop, "/payments", &with(&json!({ "amount": 12_305 }))).await;
    let path = format!("/payments/{}", declined.expect(201).at("/id"));
    assert_eq!(links(&path).await, "actions self");
}

/// API reference, get payment list: those of one reference, the newest first, ten at a time.
#[tokio::test]
async fn payments_are_found_by_their_reference() {
    let shop = Shop::open().await;
    let mut made = Vec::new();
    for amount in 1..=12 {
        let body = with(&json!({ "amount": amount, "reference": "order-2" }));
        made.push(post(&shop, "/payments", &body).await.expect(201).at("/id"));
        shop.advance("PT1S").await;
    }
    post(&shop, "/payments", &by_card(VISA)).await.expect(201);
    let away = with(&json!({ "reference": "order-2", "3ds": { "enabled": true } }));
    made.push(post(&shop, "/payments", &away).await.expect(202).at("/id"));
    made.reverse();
    for (query, from, to) in [
        ("", 0, 10),
        ("&limit=2", 0, 2),
        ("&limit=3&skip=1", 1, 4),
        ("&skip=12", 12, 13),
        ("&skip=20", 13, 13),
    ] {
        let list = get(&shop, &format!("/payments?reference=order-2{query}")).await;
        let list = list.expect(200).json();
        assert_eq!(list["total_count"], 13);
        let found = list["data"].as_array().unwrap().iter();
        let found: Vec<_> = found.map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(found, made[from..to], "{query}");
    }
    let list = get(&shop, "/payments?reference=order-2").await;
    assert_eq!(list.at("/data/0/status"), "Pending");
    let none = get(&shop, "/payments?reference=nothing").await.expect(200);
    assert_eq!(
        (none.at("/total_count"), none.at("/limit")),
        ("0".to_owned(), "10".to_owned())
    );
    for (query, code) in [
        ("", "reference_required"),
        ("?reference=a&limit=0", "paging_limit_invalid"),
        ("?reference=a&limit=x", "paging_limit_invalid"),
        ("?reference=a&skip=-1", "paging_skip_invalid"),
    ] {
        let refused = get(&shop, &format!("/payments{query}")).await.expect(422);
        assert_eq!(refused.at("/error_codes/0"), code, "{query}");
    }
}
