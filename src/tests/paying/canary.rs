//! What must never be seen outside the answers themselves: numbers, security codes, cryptograms and keys, however they were
//! sent to a payment service.

use std::collections::HashSet;

use serde_json::json;

use super::psp::{Psp, Purchase};
use super::shop::{MASTERCARD, Shop, VISA};
use crate::client::{Ask, FORM};
use crate::gateway::journal::leaks;

/// Codes that are in no other number here.
const CODE: &str = "8317";

/// Pays in every way there is, and returns what is secret.
async fn spend_secrets(shop: &Shop) -> HashSet<String> {
    let mut secrets: HashSet<_> = [VISA, MASTERCARD, CODE].map(str::to_owned).into();
    for psp in Psp::ALL {
        for pan in [VISA, MASTERCARD] {
            let token = shop.token(pan).await;
            let long = shop.cryptogram(&token, "TAVV").await;
            let paid = shop.pay(psp, &Purchase::long(&token, &long)).await;
            assert!(paid.approved, "{psp:?} {}", paid.line);
            let card = Purchase {
                number: pan.to_owned(),
                ..Purchase::short(&token, CODE)
            };
            shop.pay(psp, &card).await;
            let unknown = Purchase {
                currency: "XXXX",
                ..card
            };
            let ask = psp.ask("standin", &unknown);
            assert!(
                (400..=422).contains(&shop.send(ask.clone()).await.status),
                "{pan:?}"
            );
            secrets.extend([token.number.clone(), long]);
            // Cut off, of another type, and without a key.
            let half = ask.body.slice(..ask.body.len() * 9 / 10);
            shop.send(Ask {
                body: half,
                ..ask.clone()
            })
            .await;
            let wrong = ask.clone().header("content-type", "text/plain");
            shop.send(wrong).await;
            let bare = Ask {
                headers: vec![("content-type".to_owned(), FORM.to_owned())],
                ..ask
            };
            shop.send(bare).await;
            misplace(shop, &token.number).await;
            secrets.extend(grouped(&token.number));
            let form = [
                ("number", grouped(&token.number).unwrap()),
                ("expiry", "1/30".to_owned()),
                ("cvc", CODE.to_owned()),
            ];
            let form: Vec<_> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
            shop.send(Ask::post("/checkout").form(&form))
                .await
                .expect(402);
        }
    }
    provision(shop, &mut secrets).await;
    secrets
}

/// Sends a number and a code where neither belongs.
async fn misplace(shop: &Shop, number: &str) {
    let encoded: String = number.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let path = format!("/payments/{encoded}?note={encoded}&card%5Bcvc%5D={CODE}");
    shop.send(Ask::get(path)).await;
    let odd = json!({
        number: { "cvc": [CODE], "security_code": { "is": 8317 } },
        "note": json!({ "cvv": CODE, "dashed": number }).to_string(),
        "link": format!("https://shop.test/?cvc={CODE}#{number}"),
    });
    shop.send(Ask::post("/payments").json(&odd)).await;
    let part =
        format!("--b\r\nContent-Disposition: form-data; name=\"cvc\"\r\n\r\n{CODE}\r\n--b--\r\n");
    for body in [part, format!("<card><cvc>{CODE}</cvc>{number}</card>")] {
        let ask = Ask::post("/payments").header("content-type", "text/plain");
        shop.send(Ask {
            body: body.into(),
            ..ask
        })
        .await;
    }
}

/// A number as people write it.
fn grouped(number: &str) -> Option<String> {
    let groups = number.as_bytes().chunks(4).map(std::str::from_utf8);
    Some(groups.collect::<Result<Vec<_>, _>>().ok()?.join(" "))
}

/// Checkout.com shows tokens and cryptograms, and its access tokens are secret.
async fn provision(shop: &Shop, secrets: &mut HashSet<String>) {
    let key = "sk_sbox_standinstandinstandinstandi";
    let source = json!({ "type": "card", "number": VISA, "expiry_month": 12, "expiry_year": 2029, "cvv": CODE });
    let ask = Ask::post("/network-tokens").bearer(key);
    let made = shop
        .send(ask.json(&json!({ "source": source })))
        .await
        .expect(201);
    let path = format!(
        "/network-tokens/{}/cryptograms",
        made.at("/network_token/id")
    );
    let mint = Ask::post(path)
        .bearer(key)
        .json(&json!({ "transaction_type": "ecom" }));
    let minted = shop.send(mint).await.expect(201);
    let connect = Ask::post("/connect/token").form(&[
        ("grant_type", "client_credentials"),
        ("client_id", "ack_standin"),
        ("client_secret", "standin-secret"),
    ]);
    let access = shop.send(connect).await.expect(200);
    secrets.extend([
        made.at("/network_token/number"),
        minted.at("/cryptogram"),
        access.at("/access_token"),
        "standin-secret".to_owned(),
    ]);
    secrets.extend(["standin_key", "sk_test_standin", key].map(str::to_owned));
}

#[tokio::test]
async fn no_secret_of_a_payment_shows_in_journal_payments_or_debug_output() {
    let shop = Shop::open().await;
    let secrets = spend_secrets(&shop).await;
    for path in [
        "/_standin/journal?rows=1000",
        "/_standin/payments",
        "/_standin/notices",
        "/_standin/settings",
    ] {
        let text = shop.send(Ask::get(path)).await.expect(200).text();
        assert!(text.len() > 100, "{path}: {text}");
        let found = leaks(&text, &secrets);
        assert_eq!(found, Vec::<String>::new(), "{path}: {text}");
    }
    let name = standin::operations::SpaceName::default_space();
    let space = shop.stand.server.spaces().open(&name).await.unwrap();
    let text = format!("{:?} {:?}", space.store, space.config.merchants);
    assert!(text.contains("Payment") && text.contains("standin-merchant"));
    assert_eq!(leaks(&text, &secrets), Vec::<String>::new());
}
