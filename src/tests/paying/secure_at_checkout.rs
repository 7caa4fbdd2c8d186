//! 3-D Secure at Checkout.com: `3ds.enabled`, the page, and what a payment is before and after it, with the cards of its page
//! on test cards.

use serde_json::{Value, json};

use super::shop::Shop;
use crate::client::{Answer, Ask};

const CHECKOUT: &str = "sk_sbox_standinstandinstandinstandi";
const BACK: &str = "https://shop.example";

async fn pay(shop: &Shop, number: &str, secure: &Value) -> Answer {
    let body = json!({
        "amount": 2000, "currency": "USD", "capture": false, "reference": "ORD-1",
        "source": {
            "type": "card", "number": number, "expiry_month": 12, "expiry_year": 2034, "cvv": "100",
        },
        "3ds": secure,
        "success_url": format!("{BACK}/success?a=b"),
        "failure_url": format!("{BACK}/failure"),
    });
    let ask = Ask::post("/payments").bearer(CHECKOUT).json(&body);
    shop.send(ask).await
}

async fn read(shop: &Shop, id: &str) -> Value {
    let ask = Ask::get(format!("/payments/{id}")).bearer(CHECKOUT);
    shop.send(ask).await.expect(200).json()
}

/// Where the customer is sent, as a path.
fn page(sent: &Value) -> String {
    let url = sent["_links"]["redirect"]["href"].as_str().unwrap();
    url[url.find("/3ds/").unwrap()..].to_owned()
}

async fn go(shop: &Shop, sent: &Value, outcome: &str) -> Answer {
    let ask = Ask::post(page(sent)).form(&[("outcome", outcome)]);
    shop.send(ask).await
}

/// docs.checkout.com, 3D Secure with the hosted page; API reference, get payment details.
#[tokio::test]
async fn a_payment_waits_for_its_customer_and_goes_on() {
    let shop = Shop::open().await;
    let sent = pay(&shop, "4242424242424242", &json!({ "enabled": true })).await;
    let sent = sent.expect(202).json();
    assert_eq!(
        (&sent["status"], &sent["reference"]),
        (&json!("Pending"), &json!("ORD-1"))
    );
    assert_eq!(sent["3ds"], json!({ "downgraded": false, "enrolled": "Y" }));
    let id = sent["id"].as_str().unwrap();
    let waits = read(&shop, id).await;
    assert_eq!(
        (&waits["id"], &waits["status"], &waits["approved"]),
        (&json!(id), &json!("Pending"), &json!(false))
    );
    let actions = Ask::get(format!("/payments/{id}/actions")).bearer(CHECKOUT);
    let actions = shop.send(actions).await.expect(200).json();
    assert_eq!(actions, json!([]));
    let capture = Ask::post(format!("/payments/{id}/captures")).bearer(CHECKOUT);
    shop.send(capture).await.expect(403);

    let shown = shop.send(Ask::get(page(&sent))).await.expect(200);
    assert!(shown.text().contains("Fail authentication"));
    // What is no outcome is none, and the payment waits on.
    let wrong = go(&shop, &sent, "Succeeded").await.expect(422);
    assert_eq!(wrong.json()["error_codes"], json!(["outcome_invalid"]));
    let nothing = Ask::post(page(&sent)).form(&[]);
    let missing = shop.send(nothing).await.expect(422);
    assert_eq!(missing.json()["error_codes"], json!(["outcome_required"]));
    let back = go(&shop, &sent, "succeeded").await.expect(303);
    let location = back.header("location").unwrap();
    let start = format!("{BACK}/success?a=b&cko-session-id=");
    let session = location.strip_prefix(&start).unwrap();
    assert!(
        session.starts_with("sid_") && session.len() == 30,
        "{session}"
    );
    // The session and the payment lead to the same, under the name that it had from the start.
    let paid = read(&shop, session).await;
    assert_eq!(
        (&paid["id"], &paid["status"]),
        (&json!(id), &json!("Authorized"))
    );
    assert_eq!(paid["3ds"]["authentication_response"], "Y");
    assert_eq!(
        paid["_links"]["self"]["href"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next(),
        Some(id)
    );
    assert_eq!(read(&shop, id).await, paid);
    let capture = Ask::post(format!("/payments/{id}/captures")).bearer(CHECKOUT);
    shop.send(capture).await.expect(202);
    assert_eq!(read(&shop, id).await["status"], "Captured");
    let control = Ask::get(format!("/_standin/payments/{id}"));
    assert_eq!(
        shop.send(control).await.expect(200).at("/state"),
        "captured"
    );
    let over = go(&shop, &sent, "failed").await.expect(200);
    assert!(over.text().contains("nothing to authenticate"));
}

/// Number, what is said at the page (`-` where nothing is asked), status, response code and the letter of the protocol.
const CARDS: &str = "\
4485040371536584 -         Authorized 10000 Y
5588686116426417 -         Authorized 10000 Y
345678901234564  -         Authorized 10000 Y
4539628347117863 -         Declined   20151 N
371064645462927  -         Declined   20151 N
343397288296672  -         Declined   20151 R
4275765574319271 -         Declined   20151 R
372688581899681  succeeded Authorized 10000 Y
5385308360135181 succeeded Authorized 10000 Y
4010061700000021 succeeded Authorized 10000 Y
4010061700000021 failed    Declined   20151 N
4152868552773614 succeeded Authorized 10000 A
346126139326850  succeeded Authorized 10000 A
375982239796002  succeeded Declined   20151 R
4150561000000019 succeeded Declined   20151 R
4243754271700719 succeeded Declined   20151 N
5258901507741160 succeeded Declined   20151 N
4500622868341387 succeeded Authorized 10000 Y
4544249167673670 succeeded Declined   20051 Y
";

/// Checkout.com's page on test cards: what a card does without asking its customer, and what it does when it asks. The codes
/// are those of its list of response codes. The last but one wants its customer authenticated and pays then; the last is
/// authenticated, and poor.
#[tokio::test]
async fn what_comes_of_it_is_what_the_card_is_published_for() {
    let shop = Shop::open().await;
    for row in CARDS.lines() {
        let words: Vec<_> = row.split_whitespace().collect();
        let [number, said, status, code, response] = words[..] else {
            panic!("{row}");
        };
        let sent = pay(&shop, number, &json!({ "enabled": true })).await;
        let sent = sent.expect(202).json();
        let shown = shop.send(Ask::get(page(&sent))).await.expect(200).text();
        assert_eq!(shown.contains("Fail authentication"), said != "-", "{row}");
        let back = go(&shop, &sent, said).await.expect(303);
        let to = if status == "Declined" {
            "failure"
        } else {
            "success"
        };
        let location = back.header("location").unwrap();
        assert!(location.starts_with(&format!("{BACK}/{to}")), "{row}");
        let id = sent["id"].as_str().unwrap();
        let paid = read(&shop, id).await;
        assert_eq!(paid["status"], status, "{row}");
        assert_eq!(paid["3ds"]["authentication_response"], response, "{row}");
        let actions = Ask::get(format!("/payments/{id}/actions")).bearer(CHECKOUT);
        let actions = shop.send(actions).await.expect(200);
        assert_eq!(actions.at("/0/response_code"), code, "{row}");
    }
}

/// A card that takes no part is declined with 20150 (the same page), unless the merchant would rather pay without.
#[tokio::test]
async fn a_card_that_takes_no_part_is_declined_or_downgraded() {
    let shop = Shop::open().await;
    for number in [
        "4484070000035519",
        "378282246310005",
        "5352151570003404",
        "4532432452900131",
    ] {
        let declined = pay(&shop, number, &json!({ "enabled": true }))
            .await
            .expect(201);
        assert_eq!(
            (declined.at("/status"), declined.at("/response_code")),
            ("Declined".to_owned(), "20150".to_owned()),
            "{number}"
        );
        let rather = json!({ "enabled": true, "attempt_n3d": true });
        let paid = pay(&shop, number, &rather).await.expect(201).json();
        assert_eq!(paid["status"], "Authorized");
        assert_eq!(paid["3ds"], json!({ "downgraded": true, "enrolled": "N" }));
    }
    // Nobody is sent away who does not want to be, or was authenticated elsewhere.
    for secure in [
        json!({ "enabled": false }),
        json!({ "enabled": true, "eci": "05", "cryptogram": "AgAAAAAAAIR8CQrXcIhbQAAAAAA=", "xid": "x" }),
    ] {
        let paid = pay(&shop, "4010061700000021", &secure).await.expect(201);
        assert_eq!(paid.at("/status"), "Authorized", "{secure}");
    }
    let wants = pay(&shop, "4500622868341387", &json!({ "enabled": false })).await;
    assert_eq!(wants.expect(201).at("/response_code"), "20154");
}

/// 20152 in its list of response codes: the customer has fifteen minutes.
#[tokio::test]
async fn who_does_not_come_back_in_time_is_declined() {
    let shop = Shop::open().await;
    let sent = pay(&shop, "4010061700000021", &json!({ "enabled": true })).await;
    let sent = sent.expect(202).json();
    let id = sent["id"].as_str().unwrap();
    shop.advance("PT14M59S").await;
    assert_eq!(read(&shop, id).await["status"], "Pending");
    shop.advance("PT1S").await;
    assert_eq!(read(&shop, id).await["status"], "Declined");
    let actions = Ask::get(format!("/payments/{id}/actions")).bearer(CHECKOUT);
    let actions = shop.send(actions).await.expect(200);
    assert_eq!(actions.at("/0/response_code"), "20152");
    go(&shop, &sent, "succeeded").await.expect(200);
    assert_eq!(read(&shop, id).await["status"], "Declined");
    // One that came back in time is not touched.
    let sent = pay(&shop, "4010061700000021", &json!({ "enabled": true })).await;
    let sent = sent.expect(202).json();
    go(&shop, &sent, "succeeded").await.expect(303);
    shop.advance("PT1H").await;
    assert_eq!(
        read(&shop, sent["id"].as_str().unwrap()).await["status"],
        "Authorized"
    );
}

/// The same request under the same key is the same payment.
#[tokio::test]
async fn a_payment_that_waits_is_made_once_for_its_key() {
    let shop = Shop::open().await;
    let body = json!({
        "amount": 2000, "currency": "USD", "3ds": { "enabled": true },
        "source": { "type": "card", "number": "4010061700000021", "expiry_month": 12, "expiry_year": 2034 },
    });
    let ask = || {
        let ask = Ask::post("/payments").bearer(CHECKOUT);
        ask.header("cko-idempotency-key", "k-1").json(&body)
    };
    let first = shop.send(ask()).await.expect(202).json();
    assert_eq!(shop.send(ask()).await.expect(202).json(), first);
    // Without an address to come back to the page says how it ended.
    let ended = go(&shop, &first, "succeeded").await.expect(200);
    assert!(ended.text().contains("Authentication has succeeded."));
    for text in ["no address", "https://shop.example/\n"] {
        let mut wrong = body.clone();
        wrong["success_url"] = text.into();
        let ask = Ask::post("/payments").bearer(CHECKOUT).json(&wrong);
        let refused = shop.send(ask).await.expect(422);
        assert_eq!(refused.at("/error_codes/0"), "success_url_invalid");
    }
}
