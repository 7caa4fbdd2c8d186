//! Headers that decide something are read or refused, and never taken for absent.

use serde_json::{Value, json};

use super::gate::documented;
use crate::client::{Ask, Stand, options};
use crate::gateway::bought::{as_merchant, purchase};
use crate::merchant::keyed;

/// What a request says twice, or in bytes that are no text.
const UNREADABLE: [[Option<&str>; 2]; 3] = [
    [Some("clé"), None],
    [Some("a"), Some("b")],
    [Some("a"), Some("a")],
];

fn with(ask: Ask, name: &str, values: [Option<&str>; 2]) -> Ask {
    let mut values = values.into_iter().flatten();
    values
        .try_fold(ask, |ask, value| Some(ask.header(name, value)))
        .unwrap()
}

#[tokio::test]
async fn no_route_takes_a_header_that_it_cannot_read_for_none() {
    let stand = Stand::start(options()).await;
    for (method, path) in documented(&stand).await {
        for name in [
            "authorization",
            "content-type",
            "x-api-key",
            "x-pay-token",
            "api-version",
            "stripe-version",
            "stripe-account",
        ] {
            for values in UNREADABLE {
                let ask = with(Ask::new(&method, &path), name, values);
                let answer = stand.send(ask).await;
                assert_eq!(
                    answer.status,
                    400,
                    "{method} {path} {name}: {}",
                    answer.text()
                );
                // Checkout.com answers what is no matter of members without a body.
                let said = answer.body.is_empty() || answer.text().contains(name);
                assert!(said, "{method} {path}: {}", answer.text());
            }
        }
    }
}

#[tokio::test]
async fn every_route_refuses_a_compressed_body_for_its_encoding() {
    let stand = Stand::start(options()).await;
    let mut refused = 0;
    for (method, path) in documented(&stand).await {
        if method == "GET" {
            continue;
        }
        for (coding, status) in [("gzip", 415), ("deflate", 415), ("br", 415)] {
            let ask = Ask::new(&method, &path)
                .json(&json!({}))
                .header("content-encoding", coding);
            let answer = stand.send(ask).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
            assert_eq!(answer.header("accept-encoding"), Some("identity"), "{path}");
            let said = answer.body.is_empty() || answer.text().contains("content-encoding");
            assert!(said, "{method} {path}: {}", answer.text());
            refused += 1;
        }
        let ask = Ask::new(&method, &path)
            .json(&json!({}))
            .header("content-encoding", "identity");
        let answer = stand.send(ask).await;
        assert_eq!(answer.header("accept-encoding"), None, "{path}");
    }
    assert!(refused > 100, "{refused}");
}

#[tokio::test]
async fn a_key_that_cannot_be_read_makes_no_payment() {
    let stand = Stand::start(keyed()).await;
    for (service, header, status) in [
        ("payments", "idempotency-key", 400),
        ("stripe", "idempotency-key", 400),
        ("adyen", "idempotency-key", 422),
        ("checkout_com", "cko-idempotency-key", 422),
    ] {
        for values in UNREADABLE {
            let ask = as_merchant(service, purchase(service, false)).unwrap();
            let answer = stand.send(with(ask, header, values)).await;
            assert_eq!(answer.status, status, "{service}: {}", answer.text());
        }
    }
    let made = stand.send(Ask::get("/_standin/payments")).await.expect(200);
    assert_eq!(made.json()["payments"], Value::Array(Vec::new()));
}
