//! Who is let through, as somebody outside sees it.

use serde_json::json;
use standin::server::{Gate, Options};

use crate::client::{Ask, Stand, options};

#[tokio::test]
async fn every_surface_refuses_a_foreign_host_before_it_looks_at_anything() {
    let stand = Stand::start(options()).await;
    for path in [
        "/cards",
        "/network-tokens/x",
        "/vts/provisionedTokens",
        "/v1/payment_intents",
        "/nowhere",
        "/_standin/health",
    ] {
        let ask = Ask::get(path).header("host", "evil.example");
        let answer = stand.client.send(ask).await;
        assert_eq!(answer.status, 421, "{path}");
        assert!(
            answer.text().contains("--allow-host evil.example"),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_page_of_another_origin_changes_nothing_on_any_surface() {
    let stand = Stand::start(options()).await;
    for path in [
        "/_standin/reset",
        "/_standin/clock",
        "/cards",
        "/aliases",
        "/payments",
        "/checkout",
    ] {
        let ask = Ask::post(path)
            .header("origin", "http://evil.example")
            .json(&json!({}));
        let error = stand.client.send(ask).await.expect(403).json();
        assert_eq!(error["error"]["code"], "origin_foreign", "{path}");
    }
    let health = stand
        .client
        .send(Ask::get("/_standin/health"))
        .await
        .expect(200);
    let names = health.headers.iter().map(|(name, _)| name);
    assert_eq!(
        names
            .filter(|name| name.starts_with("access-control"))
            .count(),
        0
    );
}

#[tokio::test]
async fn a_control_plane_with_a_token_asks_for_it_and_the_surfaces_do_not() {
    let gate = Gate {
        hosts: Vec::new(),
        control_token: Some("s3cret".to_owned()),
    };
    let stand = Stand::start(Options { gate, ..options() }).await;
    for path in [
        "/_standin/clock",
        "/_standin/journal",
        "/~x/_standin/tokens",
    ] {
        stand.client.send(Ask::get(path)).await.expect(401);
        stand
            .client
            .send(Ask::get(path).bearer("wrong"))
            .await
            .expect(401);
        stand
            .client
            .send(Ask::get(path).bearer("s3cret"))
            .await
            .expect(200);
    }
    stand
        .client
        .send(Ask::token("standin-manual", None))
        .await
        .expect(200);
}
