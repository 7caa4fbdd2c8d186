//! Stripe's payment intents that are created now and confirmed later: one payment whoever confirms, as often as it takes.

use std::sync::Arc;

use serde_json::Value;

use super::shop::{Shop, VISA};
use crate::client::{Answer, Ask};
use crate::story::Story;

const KEY: &str = "sk_test_standin";
/// Its issuer answers insufficient_funds.
const POOR: &str = "4000000000009995";
const CLIENTS: usize = 32;

fn post(path: &str, members: &[(&str, &str)]) -> Ask {
    Ask::post(format!("/v1/{path}")).bearer(KEY).form(members)
}

fn read(path: &str) -> Ask {
    Ask::get(format!("/v1/{path}")).bearer(KEY)
}

fn card(number: &str) -> [(&'static str, &str); 5] {
    [
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", number),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2029"),
        ("payment_method_data[card][cvc]", "123"),
    ]
}

fn intent(more: &[(&'static str, &'static str)]) -> Ask {
    let mut members = vec![("amount", "2500"), ("currency", "usd")];
    members.extend(more);
    post("payment_intents", &members)
}

fn confirm(id: &str, number: Option<&str>) -> Ask {
    let members = number.map(card);
    let members = members.as_ref().map_or(&[][..], |members| &members[..]);
    post(&format!("payment_intents/{id}/confirm"), members)
}

fn name_in_error(answer: &Answer) -> String {
    answer.at("/error/payment_intent/id")
}

#[tokio::test]
async fn an_intent_waits_is_declined_and_paid_under_one_name() {
    let mut story = Story::begin().await;
    story.note("Without a card, to be captured later.");
    let ask = intent(&[("capture_method", "manual"), ("metadata[order]", "7")]);
    let made = story.call(ask).await.expect(200);
    let id = made.at("/id");
    let path = format!("payment_intents/{id}");
    story.note("Nothing to confirm it with, and nothing to capture.");
    story.call(confirm(&id, None)).await.expect(400);
    let capture = format!("{path}/capture");
    story.call(post(&capture, &[])).await.expect(400);
    story.note("A card whose issuer declines.");
    let declined = story.call(confirm(&id, Some(POOR))).await.expect(402);
    assert_eq!(name_in_error(&declined), id);
    story.chapter("payments", "stripe_waits_and_is_declined");
    story.note("The card that was declined is not kept.");
    story.call(confirm(&id, None)).await.expect(400);
    story.note("Another card. The same request again has the same answer.");
    let ask = confirm(&id, Some(VISA)).header("idempotency-key", "second-card");
    let paid = story.call(ask.clone()).await.expect(200);
    assert_eq!(
        (paid.at("/id"), paid.at("/created")),
        (id.clone(), made.at("/created"))
    );
    let again = story.call(ask).await.expect(200);
    assert_eq!(again.body, paid.body);
    story.chapter("payments", "stripe_pays_after_a_decline");
    story.note("It goes on like any other.");
    story.call(confirm(&id, Some(VISA))).await.expect(400);
    let captured = story.call(post(&capture, &[])).await.expect(200);
    assert_eq!(captured.at("/id"), id);
    let reason = [
        ("payment_intent", id.as_str()),
        ("amount", "500"),
        ("reason", "requested_by_customer"),
        ("metadata[ticket]", "t-1"),
    ];
    let refund = story.call(post("refunds", &reason)).await.expect(200);
    let found = story
        .call(read(&format!("refunds/{}", refund.at("/id"))))
        .await;
    assert_eq!(found.expect(200).body, refund.body);
    story
        .call(read(&format!("{path}?expand[]=latest_charge")))
        .await
        .expect(200);
    story.end("payments", "stripe_paid_later");
}

/// The tester finds the last payment by the intent's name, and why it was declined.
#[tokio::test]
async fn the_name_of_an_intent_leads_to_its_last_payment() {
    let shop = Shop::open().await;
    let id = shop.send(intent(&[])).await.expect(200).at("/id");
    let known = Ask::get(format!("/_standin/payments/{id}"));
    shop.send(known.clone()).await.expect(404);
    shop.send(confirm(&id, Some(POOR))).await.expect(402);
    let declined = shop.send(known.clone()).await.expect(200);
    assert_eq!(declined.at("/reason"), "insufficient_funds");
    shop.send(confirm(&id, Some(VISA))).await.expect(200);
    let paid = shop.send(known).await.expect(200);
    assert_eq!(paid.at("/state"), "captured");
    assert_ne!(paid.at("/id"), declined.at("/id"));
}

/// The same key again has the same answer, although what the intent was created with is not kept once it is paid.
#[tokio::test]
async fn a_confirmation_is_answered_again_by_its_key() {
    let shop = Shop::open().await;
    let card: Vec<_> = card(VISA).into_iter().collect();
    let id = shop.send(intent(&card)).await.expect(200).at("/id");
    let ask = confirm(&id, None).header("idempotency-key", "k");
    let paid = shop.send(ask.clone()).await.expect(200);
    assert_eq!(paid.at("/status"), "succeeded");
    assert_eq!(paid.header("idempotent-replayed"), None);
    let again = shop.send(ask).await.expect(200);
    assert_eq!(again.body, paid.body);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = confirm(&id, Some(VISA)).header("idempotency-key", "k");
    let other = shop.send(other).await.expect(400);
    assert_eq!(other.at("/error/type"), "idempotency_error");
}

#[tokio::test]
async fn what_nobody_paid_can_be_cancelled() {
    let shop = Shop::open().await;
    let waiting = shop.send(intent(&[])).await.expect(200).at("/id");
    let mut declined = vec![("confirm", "true")];
    declined.extend(card(POOR));
    let declined = shop.send(intent(&declined)).await.expect(402);
    for id in [waiting, name_in_error(&declined)] {
        let path = format!("payment_intents/{id}");
        let cancel = post(
            &format!("{path}/cancel"),
            &[("cancellation_reason", "abandoned")],
        );
        let cancel = cancel.header("idempotency-key", format!("cancel {id}"));
        let cancelled = shop.send(cancel.clone()).await.expect(200);
        assert_eq!(cancelled.at("/status"), "canceled", "{id:?}");
        assert_eq!(
            shop.send(cancel).await.expect(200).body,
            cancelled.body,
            "{id:?}"
        );
        let read = shop.send(read(&path)).await.expect(200);
        assert_eq!(read.at("/status"), "canceled", "{id:?}");
        assert_eq!(read.at("/cancellation_reason"), "abandoned", "{id:?}");
        for refused in [
            confirm(&id, Some(VISA)),
            post(&format!("{path}/cancel"), &[]),
        ] {
            let refused = shop.send(refused).await.expect(400);
            assert_eq!(refused.at("/error/code"), "payment_intent_unexpected_state");
        }
    }
}

#[tokio::test]
async fn what_was_authorized_only_is_let_go_and_says_why() {
    let shop = Shop::open().await;
    let mut authorized = vec![("confirm", "true"), ("capture_method", "manual")];
    authorized.extend(card(VISA));
    let id = shop.send(intent(&authorized)).await.expect(200).at("/id");
    let path = format!("payment_intents/{id}");
    let cancel = post(
        &format!("{path}/cancel"),
        &[("cancellation_reason", "duplicate")],
    );
    let cancelled = shop.send(cancel).await.expect(200);
    assert_eq!(cancelled.at("/status"), "canceled");
    let read = shop.send(read(&path)).await.expect(200);
    assert_eq!(read.at("/cancellation_reason"), "duplicate");
}

#[tokio::test]
async fn an_intent_that_was_declined_as_it_was_created_is_paid_with_another_card() {
    let shop = Shop::open().await;
    let mut first = vec![("confirm", "true"), ("metadata[order]", "8")];
    first.extend(card(POOR));
    let id = name_in_error(&shop.send(intent(&first)).await.expect(402));
    let read = read(&format!("payment_intents/{id}"));
    let before = shop.send(read.clone()).await.expect(200);
    assert_eq!(before.at("/status"), "requires_payment_method");
    assert_eq!(
        before.at("/last_payment_error/decline_code"),
        "insufficient_funds"
    );
    let paid = shop.send(confirm(&id, Some(VISA))).await.expect(200);
    assert_eq!(
        (paid.at("/id"), paid.at("/status")),
        (id, "succeeded".to_owned())
    );
    assert_eq!(paid.at("/metadata/order"), "8");
    assert_eq!(shop.send(read).await.expect(200).body, paid.body);
}

#[tokio::test]
async fn nobody_else_finds_it() {
    let shop = Shop::open().await;
    let id = shop.send(intent(&[])).await.expect(200).at("/id");
    let path = format!("/v1/payment_intents/{id}");
    for ask in [
        Ask::get(path.clone()),
        Ask::post(format!("{path}/confirm")).form(&card(VISA)),
        Ask::post(format!("{path}/cancel")).form(&[]),
    ] {
        shop.send(ask.clone().bearer("sk_test_other"))
            .await
            .expect(404);
        shop.in_space("elsewhere")
            .send(ask.bearer(KEY))
            .await
            .expect(404);
    }
}

async fn payments(shop: &Shop) -> Vec<Value> {
    let listed = shop.send(Ask::get("/_standin/payments")).await.json();
    listed["payments"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_confirm_at_once_and_one_payment_is_made() {
    let shop = Shop::open().await;
    let id = Arc::new(shop.send(intent(&[])).await.expect(200).at("/id"));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (shop, id) = (shop.clone(), Arc::clone(&id));
        calls.spawn(async move { shop.send(confirm(&id, Some(VISA))).await.status });
    }
    let answers = calls.join_all().await;
    assert!(
        answers
            .iter()
            .all(|status| [200, 400, 503].contains(status)),
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(payments(&shop).await.len(), 1);
}

async fn arm(shop: &Shop, rule: &str) {
    let ask = Ask::post("/_standin/faults").json(&serde_json::json!({ "text": rule }));
    shop.send(ask).await.expect(201);
}

/// What is lost before it is committed has left everything as it was, the card that was given before among it.
#[tokio::test]
async fn fault_rules_are_asked_before_anything_happens() {
    let shop = Shop::open().await;
    let lost = "gateway_timeout on operation";
    arm(
        &shop,
        &format!("lost_before_commit {lost}=create_intent when first=1"),
    )
    .await;
    let card: Vec<_> = card(VISA).into_iter().collect();
    let ask = intent(&card).header("idempotency-key", "made");
    shop.send(ask.clone()).await.expect(504);
    let id = shop.send(ask.clone()).await.expect(200).at("/id");
    assert_eq!(shop.send(ask).await.expect(200).at("/id"), id);

    arm(
        &shop,
        &format!("lost_before_commit {lost}=authorize when first=1 as gone"),
    )
    .await;
    let ask = confirm(&id, None).header("idempotency-key", "paid");
    shop.send(ask.clone()).await.expect(504);
    assert!(payments(&shop).await.is_empty());
    let waiting = shop.send(read(&format!("payment_intents/{id}"))).await;
    assert_eq!(waiting.expect(200).at("/status"), "requires_confirmation");
    shop.send(ask).await.expect(200);
    assert_eq!(payments(&shop).await.len(), 1);

    let id = shop.send(intent(&card)).await.expect(200).at("/id");
    arm(
        &shop,
        &format!("lost_after_commit {lost}=authorize when first=1 as late"),
    )
    .await;
    let ask = confirm(&id, None).header("idempotency-key", "paid late");
    shop.send(ask.clone()).await.expect(504);
    assert_eq!(payments(&shop).await.len(), 2);
    shop.send(ask).await.expect(200);
    assert_eq!(payments(&shop).await.len(), 2);

    let id = shop.send(intent(&[])).await.expect(200).at("/id");
    arm(
        &shop,
        &format!("lost_before_commit {lost}=cancel when first=1 as kept"),
    )
    .await;
    let cancel = post(&format!("payment_intents/{id}/cancel"), &[]);
    shop.send(cancel.clone()).await.expect(504);
    let waiting = shop.send(read(&format!("payment_intents/{id}"))).await;
    assert_eq!(waiting.at("/status"), "requires_payment_method");
    shop.send(cancel).await.expect(200);
}
