//! What no surface has seen is in the journal all the same: a journal without it would say that nothing was sent.

use serde_json::{Value, json};

use super::limits::{said, server};
use crate::client::{Ask, Client, Stand, options};

async fn latest(client: &Client, path: &str) -> Value {
    let journal = client.send(Ask::get(format!("{path}?rows=1"))).await;
    journal.expect(200).json()["entries"][0].clone()
}

#[tokio::test]
async fn what_is_refused_before_any_surface_is_written_down() {
    let stand = Stand::start(options()).await;
    for (ask, status, reason) in [
        (Ask::get("/v9/nowhere"), 404, "nothing answers at this path"),
        (
            Ask::post("/v9/nowhere").form(&[("a", "b")]),
            404,
            "nothing answers at this path",
        ),
        (
            Ask::get("/cards").header("host", "evil.example"),
            421,
            "evil.example",
        ),
        (Ask::get("/~%20/cards"), 404, "space"),
    ] {
        let target = ask.path.clone();
        stand.send(ask).await.expect(status);
        let entry = latest(&stand.client, "/_standin/journal").await;
        assert_eq!(entry["surface"], "server", "{entry}");
        assert_eq!(entry["status"], status, "{entry}");
        assert_eq!(entry["target"], json!(target));
        assert!(entry["headers"]["host"].is_string(), "{entry}");
        let told = entry["reason"].as_str().unwrap();
        assert!(told.contains(reason), "{entry}");
    }
    let verify = stand
        .send(Ask::post("/_standin/verify").json(&json!({"match": {"path": "/v9/nowhere"}})))
        .await;
    assert_eq!(verify.expect(200).json()["verdict"], "yes");
}

#[tokio::test]
async fn it_is_written_down_in_the_space_that_the_path_names_if_that_is_there() {
    let stand = Stand::start(options()).await;
    stand.send(Ask::get("/~lab/v9/nowhere")).await.expect(404);
    let entry = latest(&stand.client, "/_standin/journal").await;
    assert_eq!(entry["target"], "/~lab/v9/nowhere");
    let spaces = stand.send(Ask::get("/_standin/spaces")).await.json();
    assert_eq!(spaces["spaces"], json!(["default"]), "nobody was let in");
    stand
        .send(Ask::post("/~lab/_standin/reset"))
        .await
        .expect(200);
    stand.send(Ask::get("/~lab/v9/elsewhere")).await.expect(404);
    let entry = latest(&stand.client, "/~lab/_standin/journal").await;
    assert_eq!(entry["target"], "/~lab/v9/elsewhere");
}

#[tokio::test]
async fn a_page_of_another_origin_writes_nothing_down() {
    let stand = Stand::start(options()).await;
    for path in ["/cards", "/v9/nowhere", "/_standin/clock"] {
        let ask = Ask::get(path).header("origin", "http://evil.example");
        stand.send(ask).await.expect(403);
    }
    // A link in it leads to no surface either, and does not write down that it was tried.
    for (path, status) in [("/cards/x", 403), ("/~a/cards/x", 403), ("/v9", 403)] {
        let led = Ask::get(path).header("sec-fetch-site", "cross-site");
        let led = led.header("sec-fetch-mode", "navigate");
        stand.send(led).await.expect(status);
    }
    let journal = stand.send(Ask::get("/_standin/journal")).await.json();
    assert_eq!(journal["entries"], json!([]));
}

#[tokio::test]
async fn a_head_that_cannot_be_read_is_written_down_as_far_as_it_is_known() {
    let running = server("head_bytes_max = 8192").await;
    let client = Client::new(&running.base_url());
    let long = format!(
        "GET /cards HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n",
        "x".repeat(9_000)
    );
    for (request, status) in [
        (long.as_bytes(), 431),
        (
            &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
            400,
        ),
    ] {
        let (text, _) = said(&running, request).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{text}");
        let entry = loop {
            let entry = latest(&client, "/_standin/journal").await;
            if entry["status"] == status {
                break entry;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!(entry["method"], "UNREAD");
        assert_eq!(entry["surface"], "server");
    }
}
