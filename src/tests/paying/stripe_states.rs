//! What Stripe allows in which status, what belongs to one confirmation alone, and what can be said again afterwards.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
use super::stripe_parameters::{Members, bought, card, get, members, post};
use crate::client::Answer;

/// Its issuer answers insufficient_funds.
const POOR: &str = "4000000000009995";
/// Its customer has to be authenticated, whoever starts the payment.
const SECURE: &str = "4000002760003184";

async fn send(shop: &Shop, path: &str, form: &Members<'_>) -> Answer {
    shop.send(post(path, form)).await
}

/// An intent that was confirmed as it was created.
async fn paid(shop: &Shop, number: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = bought(&[("confirm", "true")]);
    form.extend(card(number, more));
    send(shop, "payment_intents", &form).await
}

async fn held(shop: &Shop) -> String {
    let held = paid(shop, VISA, &[("capture_method", "manual")]).await;
    held.expect(200).at("/id")
}

/// Stripe's client for Python wrote True until 2025 (https://github.com/stripe/stripe-python/pull/1499); what PHP makes of true
/// is refused (https://github.com/cartalyst/stripe/issues/218), without a code
/// (https://github.com/stripe/stripe-python/issues/487).
#[tokio::test]
async fn a_boolean_is_true_or_false() {
    let shop = Shop::open().await;
    for (given, status) in [
        ("true", "succeeded"),
        ("True", "succeeded"),
        ("False", "requires_confirmation"),
    ] {
        let mut form = bought(&[("confirm", given)]);
        form.extend(card(VISA, &[]));
        let answer = send(&shop, "payment_intents", &form).await.expect(200);
        assert_eq!(answer.at("/status"), status, "{given}");
    }
    for given in ["TRUE", "1", "0", "yes", "on"] {
        let refused = send(&shop, "payment_intents", &bought(&[("confirm", given)])).await;
        let error = refused.expect(400).json()["error"].clone();
        assert_eq!(
            error,
            json!({
                "message": format!("Invalid boolean: {given}"),
                "param": "confirm",
                "type": "invalid_request_error",
            })
        );
    }
}

/// https://docs.stripe.com/api/payment_intents/confirm: `off_session`, `error_on_requires_action` and `return_url` are said with
/// each confirmation.
#[tokio::test]
async fn how_one_confirmation_was_made_is_not_how_the_next_one_is() {
    let shop = Shop::open().await;
    let made = send(&shop, "payment_intents", &bought(&[]))
        .await
        .expect(200);
    let confirm = format!("payment_intents/{}/confirm", made.at("/id"));
    let off = [
        ("off_session", "true"),
        (
            "payment_method_options[card][mit_exemption][claim_without_transaction_id]",
            "true",
        ),
    ];
    let declined = send(&shop, &confirm, &card(SECURE, &off)).await.expect(402);
    assert_eq!(declined.at("/error/code"), "authentication_required");
    let back = [
        ("return_url", "https://shop.example/back"),
        ("expand[]", "customer"),
    ];
    let sent = send(&shop, &confirm, &card(SECURE, &back))
        .await
        .expect(200);
    assert_eq!(sent.at("/status"), "requires_action");
    assert_eq!(sent.at("/next_action/type"), "redirect_to_url");
    let sent = send(&shop, &confirm, &card(SECURE, &[])).await.expect(200);
    assert_eq!(
        sent.at("/next_action/type"),
        "use_stripe_sdk",
        "no return_url now"
    );
    let error = [("error_on_requires_action", "true")];
    send(&shop, &confirm, &card(SECURE, &error))
        .await
        .expect(402);
    let sent = send(&shop, &confirm, &card(SECURE, &[])).await.expect(200);
    assert_eq!(sent.at("/status"), "requires_action");
    // The same where the first confirmation came with the creation.
    let declined = paid(&shop, POOR, &off).await.expect(402);
    let id = declined.at("/error/payment_intent/id");
    let confirm = format!("payment_intents/{id}/confirm");
    let sent = send(&shop, &confirm, &card(SECURE, &[])).await.expect(200);
    assert_eq!(sent.at("/status"), "requires_action");
}

/// Stripe, error codes: `payment_intent_unexpected_state`; the intent is in the error
/// (https://github.com/stripe-archive/stripe-payments-demo/issues/133), the sentences are those of
/// https://github.com/exercism/website/issues/7062 and others.
#[tokio::test]
async fn an_error_about_the_status_carries_the_intent() {
    let shop = Shop::open().await;
    let done = paid(&shop, VISA, &[]).await.expect(200).at("/id");
    let open = send(&shop, "payment_intents", &bought(&[]))
        .await
        .expect(200)
        .at("/id");
    let given_up = held(&shop).await;
    send(
        &shop,
        &format!("payment_intents/{given_up}/cancel"),
        &bought(&[])[..0].to_vec(),
    )
    .await
    .expect(200);
    let none: Members<'_> = Vec::new();
    let rows = [
        (
            &done,
            "confirm",
            "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
        ),
        (
            &done,
            "cancel",
            "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action, requires_capture, processing.",
        ),
        (
            &done,
            "capture",
            "This PaymentIntent could not be captured because it has a status of succeeded. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
        ),
        (
            &open,
            "capture",
            "This PaymentIntent could not be captured because it has a status of requires_payment_method.",
        ),
        (
            &open,
            "confirm",
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
        ),
        (
            &given_up,
            "cancel",
            "You cannot cancel this PaymentIntent because it has a status of canceled.",
        ),
        (
            &given_up,
            "capture",
            "This PaymentIntent could not be captured because it has a status of canceled.",
        ),
        (
            &given_up,
            "confirm",
            "You cannot confirm this PaymentIntent because it has a status of canceled.",
        ),
    ];
    for (id, step, want) in rows {
        let refused = send(&shop, &format!("payment_intents/{id}/{step}"), &none).await;
        let error = refused.expect(400).json()["error"].clone();
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(want), "{step}: {message}");
        assert_eq!(error["code"], "payment_intent_unexpected_state", "{step}");
        let read = shop
            .send(get(&format!("payment_intents/{id}")))
            .await
            .expect(200);
        assert_eq!(error["payment_intent"], read.json(), "{step}");
    }
    let setup = send(&shop, "setup_intents", &none)
        .await
        .expect(200)
        .at("/id");
    let path = format!("setup_intents/{setup}/confirm");
    let refused = send(&shop, &path, &none).await.expect(400);
    assert_eq!(refused.at("/error/code"), "setup_intent_unexpected_state");
    assert_eq!(refused.at("/error/setup_intent/id"), setup);
}

/// https://docs.stripe.com/api/payment_intents/update and https://docs.stripe.com/api/metadata: pairs are added, changed and
/// taken away whatever the status is; the charge has its own.
#[tokio::test]
async fn what_is_kept_with_a_payment_can_be_said_again() {
    let shop = Shop::open().await;
    let said = [
        ("metadata[order]", "1"),
        ("metadata[gone]", "x"),
        ("description", "first"),
    ];
    let done = paid(&shop, VISA, &said).await.expect(200);
    let (id, charge) = (done.at("/id"), done.at("/latest_charge"));
    let path = format!("payment_intents/{id}");
    let again = members(&[
        ("metadata[order]", "2"),
        ("metadata[gone]", ""),
        ("metadata[more]", "y"),
        ("description", "second"),
        ("receipt_email", "a@shop.example"),
    ]);
    let answered = send(&shop, &path, &again).await.expect(200);
    let read = shop.send(get(&path)).await.expect(200);
    assert_eq!(read.json(), answered.json());
    assert_eq!(
        read.json()["metadata"],
        json!({ "order": "2", "more": "y" })
    );
    assert_eq!(read.at("/description"), "second");
    assert_eq!(read.at("/receipt_email"), "a@shop.example");
    assert_eq!(read.at("/status"), "succeeded");
    let own = format!("charges/{charge}");
    let shown = shop.send(get(&own)).await.expect(200);
    assert_eq!(
        shown.at("/description"),
        "first",
        "the charge is as it was made"
    );
    assert_eq!(
        shown.json()["metadata"],
        json!({ "order": "1", "gone": "x" })
    );
    let again = members(&[("metadata[order]", "3"), ("description", "of the charge")]);
    let shown = send(&shop, &own, &again).await.expect(200);
    assert_eq!(shown.at("/metadata/order"), "3");
    let read = shop.send(get(&path)).await.expect(200);
    assert_eq!(
        (read.at("/metadata/order"), read.at("/description")),
        ("2".to_owned(), "second".to_owned())
    );
    let emptied = send(
        &shop,
        &path,
        &members(&[("metadata", ""), ("description", "")]),
    )
    .await;
    assert_eq!(emptied.expect(200).json()["metadata"], json!({}));
    for (name, value) in [
        ("amount", "2000"),
        ("currency", "eur"),
        ("payment_method", "pm_card_visa"),
    ] {
        let refused = send(&shop, &path, &members(&[(name, value)]))
            .await
            .expect(400);
        assert_eq!(
            refused.at("/error/code"),
            "payment_intent_unexpected_state",
            "{name}"
        );
        assert_eq!(refused.at("/error/payment_intent/id"), id, "{name}");
    }
    // A refund, too.
    let refund = send(&shop, "refunds", &members(&[("payment_intent", &id)]))
        .await
        .expect(200);
    let path = format!("refunds/{}", refund.at("/id"));
    let said = send(&shop, &path, &members(&[("metadata[why]", "late")]))
        .await
        .expect(200);
    assert_eq!(said.at("/metadata/why"), "late");
    assert_eq!(
        shop.send(get(&path)).await.json()["metadata"],
        json!({ "why": "late" })
    );
}

/// After a decline an intent is open again: what is changed then is what it shows, beside the error.
#[tokio::test]
async fn a_declined_intent_shows_what_it_asks_for_now() {
    let shop = Shop::open().await;
    let declined = paid(&shop, POOR, &[]).await.expect(402);
    let id = declined.at("/error/payment_intent/id");
    let path = format!("payment_intents/{id}");
    let changed = send(&shop, &path, &members(&[("amount", "2000")]))
        .await
        .expect(200);
    for shown in [changed, shop.send(get(&path)).await.expect(200)] {
        assert_eq!(shown.at("/amount"), "2000");
        assert_eq!(shown.at("/status"), "requires_payment_method");
        assert_eq!(
            shown.at("/last_payment_error/decline_code"),
            "insufficient_funds"
        );
        assert!(shown.at("/latest_charge").starts_with("ch_"));
    }
    let listed = shop.send(get("payment_intents")).await.expect(200);
    assert_eq!(listed.at("/data/0/amount"), "2000");
}

/// Stripe, error codes, and refunds: the sentences as in https://github.com/medusajs/medusa/issues/6554.
#[tokio::test]
async fn what_cannot_go_back_is_told_of_the_charge() {
    let shop = Shop::open().await;
    let open = send(&shop, "payment_intents", &bought(&[]))
        .await
        .expect(200)
        .at("/id");
    let waits = held(&shop).await;
    let done = paid(&shop, VISA, &[]).await.expect(200);
    let (id, charge) = (done.at("/id"), done.at("/latest_charge"));
    for id in [&open, &waits] {
        let refused = send(&shop, "refunds", &members(&[("payment_intent", id)]))
            .await
            .expect(400);
        let want =
            format!("This PaymentIntent ({id}) does not have a successful charge to refund.");
        assert_eq!(refused.at("/error/message"), want);
    }
    let too_much = members(&[("payment_intent", id.as_str()), ("amount", "150000")]);
    let refused = send(&shop, "refunds", &too_much).await.expect(400).json();
    assert_eq!(
        refused["error"],
        json!({
            "message": "Refund amount ($1,500.00) is greater than unrefunded amount on charge ($10.00)",
            "param": "amount",
            "type": "invalid_request_error",
        })
    );
    let whole = members(&[("charge", charge.as_str())]);
    send(&shop, "refunds", &whole).await.expect(200);
    let refused = send(&shop, "refunds", &whole).await.expect(400);
    assert_eq!(refused.at("/error/code"), "charge_already_refunded");
    assert_eq!(
        refused.at("/error/message"),
        format!("Charge {charge} has already been refunded.")
    );
}

/// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
#[tokio::test]
async fn an_amount_is_within_what_stripe_takes() {
    let shop = Shop::open().await;
    for (amount, currency, code) in [
        ("49", "usd", "amount_too_small"),
        ("29", "gbp", "amount_too_small"),
        ("50", "usd", ""),
        ("99999999", "usd", ""),
        ("100000000", "usd", "amount_too_large"),
        ("0", "usd", "parameter_invalid_integer"),
    ] {
        let form = members(&[("amount", amount), ("currency", currency)]);
        let answer = send(&shop, "payment_intents", &form).await.json();
        let told = answer.pointer("/error/code").and_then(Value::as_str);
        assert_eq!(told.unwrap_or_default(), code, "{amount} {currency}");
        if !code.is_empty() {
            assert_eq!(answer["error"]["param"], "amount");
        }
    }
}

/// https://docs.stripe.com/api/metadata
#[tokio::test]
async fn metadata_has_limits_wherever_it_is_kept() {
    let shop = Shop::open().await;
    let key = format!("metadata[{}]", "k".repeat(41));
    let value = "v".repeat(501);
    let many: Vec<_> = (0..51).map(|place| format!("metadata[{place}]")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), "1")).collect();
    let done = paid(&shop, VISA, &many[..50]).await.expect(200);
    let id = done.at("/id");
    for path in ["payment_intents", "customers", "setup_intents", "refunds"] {
        for wrong in [
            vec![(key.as_str(), "1")],
            vec![("metadata[a]", value.as_str())],
            many.clone(),
        ] {
            let mut form = members(&wrong);
            match path {
                "payment_intents" => form.extend(bought(&[])),
                "refunds" => form.extend(members(&[("payment_intent", id.as_str())])),
                _ => {}
            }
            let refused = send(&shop, path, &form).await.expect(400);
            assert_eq!(refused.at("/error/param"), "metadata", "{path}");
        }
    }
    let path = format!("payment_intents/{id}");
    let one_more = send(&shop, &path, &members(&[("metadata[50]", "1")]))
        .await
        .expect(400);
    let want = "Metadata can have up to 50 keys, but you've set 51.";
    assert_eq!(one_more.at("/error/message"), want);
    let instead = members(&[("metadata[50]", "1"), ("metadata[0]", "")]);
    send(&shop, &path, &instead).await.expect(200);
}
