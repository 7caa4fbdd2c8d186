//! What Stripe's parameters do. A known one does what it says, shows where Stripe shows it, or is refused by its name.

use serde_json::{Value, json};

use super::shop::{Shop, VISA};
use crate::client::{Answer, Ask};

const KEY: &str = "sk_test_standin";
/// Its issuer answers insufficient_funds.
const POOR: &str = "4000000000009995";

pub(super) type Members<'a> = Vec<(String, &'a str)>;

pub(super) fn members<'a>(rows: &[(&str, &'a str)]) -> Members<'a> {
    let rows = rows.iter();
    rows.map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

pub(super) fn bought<'a>(more: &[(&str, &'a str)]) -> Members<'a> {
    let mut all = members(&[("amount", "1000"), ("currency", "usd")]);
    all.extend(members(more));
    all
}

pub(super) fn card<'a>(number: &'a str, more: &[(&str, &'a str)]) -> Members<'a> {
    let mut all = members(&[
        ("payment_method_data[type]", "card"),
        ("payment_method_data[card][number]", number),
        ("payment_method_data[card][exp_month]", "12"),
        ("payment_method_data[card][exp_year]", "2029"),
        ("payment_method_data[card][cvc]", "123"),
    ]);
    all.extend(members(more));
    all
}

pub(super) fn post(path: &str, members: &Members<'_>) -> Ask {
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    Ask::post(format!("/v1/{path}")).bearer(KEY).form(&members)
}

pub(super) fn get(path: &str) -> Ask {
    Ask::get(format!("/v1/{path}")).bearer(KEY)
}

async fn paid(shop: &Shop, more: &[(&str, &str)]) -> Answer {
    let mut all = bought(&[("confirm", "true")]);
    all.extend(card(VISA, more));
    shop.send(post("payment_intents", &all)).await
}

/// https://docs.stripe.com/api/payment_intents/create, `payment_method_options.card.capture_method`: it overrides that of the
/// intent, and `manual` is the only word.
#[tokio::test]
async fn the_cards_own_capture_method_counts_before_the_intents() {
    let shop = Shop::open().await;
    let own = "payment_method_options[card][capture_method]";
    for (of_intent, of_card, status) in [
        ("automatic", "", "succeeded"),
        ("automatic", "manual", "requires_capture"),
        ("manual", "", "requires_capture"),
        ("manual", "manual", "requires_capture"),
    ] {
        let answer = paid(&shop, &[("capture_method", of_intent), (own, of_card)]).await;
        assert_eq!(
            answer.expect(200).at("/status"),
            status,
            "{of_intent} {of_card}"
        );
    }
    for word in ["sometimes", "automatic", "automatic_async"] {
        let refused = paid(&shop, &[(own, word)]).await.expect(400);
        assert_eq!(refused.at("/error/param"), own);
    }
    // It stays when the intent is confirmed later, also after a decline.
    let made = shop
        .send(post("payment_intents", &bought(&[(own, "manual")])))
        .await;
    let confirm = format!("payment_intents/{}/confirm", made.expect(200).at("/id"));
    shop.send(post(&confirm, &card(POOR, &[])))
        .await
        .expect(402);
    let confirmed = shop
        .send(post(&confirm, &card(VISA, &[])))
        .await
        .expect(200);
    assert_eq!(confirmed.at("/status"), "requires_capture");
}

/// What is said beside the money.
const SAID: [(&str, &str); 23] = [
    ("shipping[name]", "Zoë Ōta"),
    ("shipping[address][city]", "Köln"),
    ("shipping[carrier]", "DHL"),
    ("receipt_email", "a@shop.example"),
    ("metadata[ключ]", "値"),
    ("transfer_group", "G1"),
    ("transfer_data[destination]", "acct_1"),
    ("application_fee_amount", "10"),
    ("on_behalf_of", "acct_2"),
    ("description", "a thing"),
    ("statement_descriptor_suffix", "THING"),
    ("setup_future_usage", "off_session"),
    ("confirmation_method", "manual"),
    ("automatic_payment_methods[enabled]", "true"),
    ("payment_method_data[billing_details][name]", "Zoë Ōta"),
    (
        "payment_method_data[billing_details][address][country]",
        "DE",
    ),
    ("payment_method_data[metadata][k]", "v"),
    ("payment_method_data[allow_redisplay]", "always"),
    ("radar_options[session]", "rse_1"),
    (
        "payment_method_options[card][setup_future_usage]",
        "on_session",
    ),
    (
        "payment_method_options[card][request_multicapture]",
        "if_available",
    ),
    ("expand[]", "latest_charge"),
    ("expand[]", "payment_method"),
];

/// And where it comes back; the first are in an intent that waits, too.
const SHOWN: [(&str, &str); 24] = [
    ("/shipping/name", "Zoë Ōta"),
    ("/shipping/address/city", "Köln"),
    ("/shipping/address/country", "null"),
    ("/shipping/carrier", "DHL"),
    ("/receipt_email", "a@shop.example"),
    ("/metadata/ключ", "値"),
    ("/transfer_group", "G1"),
    ("/transfer_data/destination", "acct_1"),
    ("/application_fee_amount", "10"),
    ("/on_behalf_of", "acct_2"),
    ("/statement_descriptor_suffix", "THING"),
    ("/setup_future_usage", "off_session"),
    ("/confirmation_method", "manual"),
    ("/automatic_payment_methods/enabled", "true"),
    (
        "/payment_method_options/card/setup_future_usage",
        "on_session",
    ),
    ("/latest_charge/shipping/name", "Zoë Ōta"),
    ("/latest_charge/billing_details/name", "Zoë Ōta"),
    ("/latest_charge/billing_details/address/country", "DE"),
    ("/latest_charge/receipt_email", "a@shop.example"),
    ("/latest_charge/transfer_group", "G1"),
    ("/latest_charge/radar_options/session", "rse_1"),
    ("/payment_method/billing_details/name", "Zoë Ōta"),
    ("/payment_method/metadata/k", "v"),
    ("/payment_method/allow_redisplay", "always"),
];

/// What was sent is in the answer, as Stripe's API reference lists it for intent, charge and payment method.
#[tokio::test]
async fn what_is_said_beside_the_money_comes_back() {
    let shop = Shop::open().await;
    let intent = paid(&shop, &SAID).await.expect(200);
    let card = "/latest_charge/payment_method_details/card";
    for (place, want) in SHOWN {
        assert_eq!(intent.at(place), want, "{place}");
    }
    assert_eq!(
        intent.at(&format!("{card}/multicapture/status")),
        "available"
    );
    // An intent that waits shows it too.
    let mut all = bought(&[]);
    all.extend(members(&SAID[..14]));
    let waiting = shop.send(post("payment_intents", &all)).await.expect(200);
    for (place, want) in &SHOWN[..14] {
        assert_eq!(waiting.at(place), *want, "{place}");
    }
}

/// https://docs.stripe.com/api/payment_intents/capture: what is given then changes the intent.
#[tokio::test]
async fn a_capture_changes_what_it_says() {
    let shop = Shop::open().await;
    let held = paid(&shop, &[("capture_method", "manual"), ("metadata[a]", "1")]).await;
    let path = format!("payment_intents/{}/capture", held.expect(200).at("/id"));
    let change = members(&[
        ("metadata[b]", "2"),
        ("statement_descriptor_suffix", "LATER"),
        ("application_fee_amount", "7"),
    ]);
    let captured = shop.send(post(&path, &change)).await.expect(200);
    let places = [
        "/metadata/a",
        "/metadata/b",
        "/statement_descriptor_suffix",
        "/application_fee_amount",
    ];
    assert_eq!(
        places.map(|place| captured.at(place)),
        ["1", "2", "LATER", "7"]
    );
}

/// https://docs.stripe.com/api/metadata: an empty value takes a pair away, and is none to begin with.
#[tokio::test]
async fn an_empty_pair_of_metadata_is_taken_away() {
    let shop = Shop::open().await;
    let kept = [
        ("capture_method", "manual"),
        ("metadata[a]", "1"),
        ("metadata[b]", "2"),
        ("metadata[c]", ""),
    ];
    let held = paid(&shop, &kept).await.expect(200);
    assert_eq!(held.json()["metadata"], json!({ "a": "1", "b": "2" }));
    let path = format!("payment_intents/{}/capture", held.at("/id"));
    let change = members(&[("metadata[a]", ""), ("metadata[none]", "")]);
    let captured = shop.send(post(&path, &change)).await.expect(200);
    assert_eq!(captured.json()["metadata"], json!({ "b": "2" }));
}

/// https://docs.stripe.com/api/payment_intents/retrieve: the secret begins with the id and names this intent only.
#[tokio::test]
async fn an_intent_has_a_secret_that_names_it() {
    let shop = Shop::open().await;
    let made = shop
        .send(post("payment_intents", &bought(&[])))
        .await
        .expect(200);
    let (id, secret) = (made.at("/id"), made.at("/client_secret"));
    assert!(secret.starts_with(&format!("{id}_secret_")), "{secret}");
    let read = |secret: &str| get(&format!("payment_intents/{id}?client_secret={secret}"));
    let found = shop.send(read(&secret)).await.expect(200);
    assert_eq!(found.at("/client_secret"), secret);
    let confirm = post(&format!("payment_intents/{id}/confirm"), &card(VISA, &[]));
    let confirmed = shop.send(confirm).await.expect(200);
    assert_eq!(confirmed.at("/client_secret"), secret, "it stays");
    let refused = shop.send(read(&format!("{id}_secret_x"))).await.expect(400);
    assert_eq!(refused.at("/error/param"), "client_secret");
    let other = shop
        .send(post("payment_intents", &bought(&[])))
        .await
        .expect(200);
    assert_ne!(other.at("/client_secret"), secret);
    let again = Shop::open().await;
    let again = again.send(post("payment_intents", &bought(&[]))).await;
    assert_eq!(
        again.expect(200).at("/client_secret"),
        secret,
        "it is the seed's"
    );
}

/// https://docs.stripe.com/api/versioning: the answer says which version it is of, and what is none is refused. Before 2022-11-15
/// an intent listed its charges.
#[tokio::test]
async fn a_version_is_honoured_or_refused() {
    let shop = Shop::open().await;
    let made = paid(&shop, &[]).await.expect(200);
    assert_eq!(made.header("stripe-version"), Some("2026-10-28.endive"));
    let path = format!("payment_intents/{}", made.at("/id"));
    for (version, charges) in [
        ("2020-08-27", 1),
        ("2022-11-15", 0),
        ("2025-03-31.basil", 0),
    ] {
        let read = shop
            .send(get(&path).header("stripe-version", version))
            .await;
        let read = read.expect(200);
        assert_eq!(read.header("stripe-version"), Some(version));
        let listed = read.json()["charges"]["data"]
            .as_array()
            .map_or(0, Vec::len);
        assert_eq!(listed, charges, "{version}");
    }
    // Stripe's changelog, 2024-04-10: without a word of it an intent captures asynchronously.
    for (version, capture) in [
        ("2023-10-16", "automatic"),
        ("2024-04-10", "automatic_async"),
    ] {
        let ask = post("payment_intents", &bought(&[])).header("stripe-version", version);
        let made = shop.send(ask).await.expect(200);
        assert_eq!(made.at("/capture_method"), capture, "{version}");
    }
    for version in ["2099", "latest", "2020-08-32", "2026-10-28"] {
        let refused = shop
            .send(get(&path).header("stripe-version", version))
            .await;
        let refused = refused.expect(400);
        let want = format!("Invalid Stripe API version: {version}");
        assert_eq!(refused.at("/error/message"), want);
    }
}

/// Each is for the call that confirms (Stripe's API reference), so that a client which sends it too early learns of it.
#[tokio::test]
async fn how_to_confirm_is_said_with_the_confirmation() {
    let shop = Shop::open().await;
    for (name, value) in [
        ("off_session", "true"),
        ("error_on_requires_action", "true"),
        ("return_url", "https://shop.example/back"),
    ] {
        let early = shop
            .send(post("payment_intents", &bought(&[(name, value)])))
            .await;
        assert_eq!(early.expect(400).at("/error/param"), name);
    }
    let made = shop
        .send(post("payment_intents", &bought(&[])))
        .await
        .expect(200);
    let confirm = format!("payment_intents/{}/confirm", made.at("/id"));
    let more = [
        ("error_on_requires_action", "true"),
        ("return_url", "https://shop.example/back"),
    ];
    shop.send(post(&confirm, &card(VISA, &more)))
        .await
        .expect(200);
}

/// A refusal of the form's takes no money, and what was refused is named.
#[tokio::test]
async fn what_cannot_be_done_is_refused_by_its_name() {
    let shop = Shop::open().await;
    for (name, value) in [
        (
            "payment_method_options[card][request_three_d_secure]",
            "any",
        ),
        ("payment_method_options[card][network]", "mastercard"),
        ("payment_method_types[]", "sepa_debit"),
        ("excluded_payment_method_types[]", "card"),
        ("shipping[address][city]", "Köln"),
        ("customer", "7"),
        ("customer", "cus_1"),
        ("application_fee_amount", "1001"),
        ("statement_descriptor_suffix", "12345"),
    ] {
        let refused = paid(&shop, &[(name, value)]).await.expect(400);
        let param = refused.at("/error/param");
        let known = name.trim_end_matches("[]");
        assert!(
            known == param || (known.starts_with("shipping") && param == "shipping[name]"),
            "{name} {param}"
        );
    }
    let payments = shop
        .send(Ask::get("/_standin/payments"))
        .await
        .expect(200)
        .json();
    assert_eq!(payments["payments"], json!([]));
    let Value::Object(_) = payments else { panic!() };
}
