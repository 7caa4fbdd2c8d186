//! Network tokens on the way out: what a payment service hears, by the table of the guide.

use serde_json::{Value, json};

use super::{CREDENTIALS, Elsewhere, Proxied, reasons};
use crate::client::Ask;

const VISA: &str = "4111111111111111";
const MASTERCARD: &str = "5555555555554444";

/// Vaults a card and enrols it.
async fn enrolled(proxied: &Proxied, pan: &str, alias: &str) {
    let access = proxied.client().token("standin-manual", None).await;
    let body = json!({ "data": [{ "value": pan, "alias": alias }] });
    let ask = Ask::post("/aliases").bearer(&access).json(&body);
    proxied.client().send(ask).await.expect(201);
    let body = json!({ "pan_alias": alias, "exp_month": 12, "exp_year": 40 });
    let ask = Ask::post("/network-tokens").bearer(&access).json(&body);
    let enrolled = proxied.client().send(ask).await.expect(200);
    assert_eq!(enrolled.at("/state"), "ACTIVE");
}

/// A payment to a host, by the proxy.
async fn pay(proxied: &Proxied, url: &str, headers: &str, body: &str) -> String {
    let host = url.trim_start_matches("http://").split('/').next().unwrap();
    let length = body.len();
    proxied
        .said(&format!(
            "POST {url} HTTP/1.1\r\nhost: {host}\r\nproxy-authorization: {CREDENTIALS}\r\n{headers}content-length: {length}\r\n\r\n{body}"
        ))
        .await
}

fn body(said: &str) -> Value {
    let (_, body) = said.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {said}"))
}

const TOKEN: &str = "VGS-Network-Token: YES\r\nvgs-cryptogram-txn-type: ECOM\r\n";
const STRIPE: &str =
    "content-type: application/x-www-form-urlencoded\r\nauthorization: Bearer sk_test_standin\r\n";

fn stripe(number: &str) -> String {
    format!(
        "amount=2500&currency=usd&confirm=true&expand[]=latest_charge&payment_method_data[type]=card&payment_method_data[card][number]={number}&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2040&payment_method_data[card][cvc]=123"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_takes_cryptograms_gets_a_long_one_with_the_token() {
    let proxied = Proxied::with("").await;
    for (pan, alias) in [(VISA, "tok_visa"), (MASTERCARD, "tok_mastercard")] {
        enrolled(&proxied, pan, alias).await;
        let url = "http://api.stripe.com/v1/payment_intents";
        let said = pay(&proxied, url, &format!("{STRIPE}{TOKEN}"), &stripe(alias)).await;
        let paid = body(&said);
        assert_eq!(paid["status"], "succeeded", "{said}");
        let details = &paid["latest_charge"]["payment_method_details"]["card"];
        assert_eq!(details["network_token"]["used"], true, "{said}");
        // Without the header, or with another word in it, the card is sent.
        for header in ["", "vgs-network-token: no\r\n"] {
            let said = pay(&proxied, url, &format!("{STRIPE}{header}"), &stripe(alias)).await;
            let used = &body(&said)["latest_charge"]["payment_method_details"]["card"]["network_token"]
                ["used"];
            assert_ne!(*used, true, "{header}: {said}");
        }
        let adyen = json!({
            "merchantAccount": "StandinMerchant", "reference": "order-1", "returnUrl": "https://example.com/back",
            "amount": { "currency": "USD", "value": 2500 }, "shopperInteraction": "Ecommerce",
            "paymentMethod": { "type": "scheme", "number": alias, "expiryMonth": "12", "expiryYear": "2040", "cvc": "123" },
        });
        let headers =
            format!("content-type: application/json\r\nx-api-key: standin-adyen\r\n{TOKEN}");
        let said = pay(
            &proxied,
            "http://checkout-test.adyen.com/v72/payments",
            &headers,
            &adyen.to_string(),
        )
        .await;
        assert_eq!(body(&said)["resultCode"], "Authorised", "{said}");
    }
    let reasons = reasons(proxied.client(), "").await;
    let tokens = reasons
        .iter()
        .filter(|reason| reason.contains("the network token and a long cryptogram are sent"));
    assert_eq!(tokens.count(), 4, "{reasons:?}");
}

const CARD: &str = r#"
[[proxy.route]]
host = 'own\.test'
[proxy.route.card]
number = "$.card.number"
cvc = "$.card.cvc"
exp_month = "$.card.month"
exp_year = "$.card.year"
[[proxy.route.rule]]
action = "reveal"
phase = "request"
json = ["$.card.number"]
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_other_gets_a_short_one_in_place_of_the_code_or_the_card() {
    let elsewhere = Elsewhere::that("HTTP/1.1 204 No Content\r\n\r\n").await;
    let settings = format!(
        "[proxy.upstreams]\n\"own.test\" = \"{}\"\n{CARD}",
        elsewhere.address
    );
    let proxied = Proxied::with(&settings).await;
    enrolled(&proxied, VISA, "tok_visa").await;
    enrolled(&proxied, MASTERCARD, "tok_mastercard").await;
    let sent = async |number: &str, headers: &str| {
        let card = json!({ "amount": 1.50, "card": { "number": number, "cvc": "123", "month": 1, "year": "41" } });
        let headers = format!("content-type: application/json\r\n{headers}");
        let said = pay(&proxied, "http://own.test/pay", &headers, &card.to_string()).await;
        assert!(said.starts_with("HTTP/1.1 204"), "{said}");
        let heard = elsewhere.said().pop().unwrap();
        assert!(!heard.to_lowercase().contains("vgs-"), "{heard}");
        body(&heard)["card"].clone()
    };
    let token = sent("tok_visa", TOKEN).await;
    let number = token["number"].as_str().unwrap();
    assert!(
        number != VISA && number.starts_with('4') && number.len() == 16,
        "{token}"
    );
    let (code, year) = (
        token["cvc"].as_str().unwrap(),
        token["year"].as_str().unwrap(),
    );
    assert_eq!((code.len(), year.len()), (3, 2), "{token}");
    assert!(token["month"].is_number(), "{token}");
    // Each has its own.
    assert_ne!(sent("tok_visa", TOKEN).await["cvc"], token["cvc"]);
    for (alias, pan, headers) in [
        ("tok_mastercard", MASTERCARD, TOKEN),
        ("tok_visa", VISA, ""),
        ("tok_visa", VISA, "vgs-network-token: maybe\r\n"),
        // A number that came as it is stands for no alias.
        (VISA, VISA, TOKEN),
    ] {
        let card = sent(alias, headers).await;
        assert_eq!(
            (&card["number"], &card["cvc"], &card["month"]),
            (&pan.into(), &"123".into(), &1.into()),
            "{alias} {headers}"
        );
    }
    // A token that is suspended is not sent.
    let tokens = proxied
        .client()
        .send(Ask::get("/_standin/tokens"))
        .await
        .expect(200)
        .json();
    for token in tokens["tokens"].as_array().unwrap() {
        let path = format!(
            "/_standin/tokens/{}/events",
            token["reference"].as_str().unwrap()
        );
        let suspend = Ask::post(path).json(&json!({ "event": "suspend" }));
        let done = proxied.client().send(suspend).await;
        assert!(done.status < 300, "{}", done.text());
    }
    assert_eq!(sent("tok_visa", TOKEN).await["number"], VISA);
    let wrong = pay(
        &proxied,
        "http://own.test/pay",
        "vgs-cryptogram-txn-type: LATER\r\n",
        "{}",
    )
    .await;
    assert!(
        wrong.starts_with("HTTP/1.1 400 ") && wrong.contains("ECOM, POS, RECURRING, AFT"),
        "{wrong}"
    );
}
