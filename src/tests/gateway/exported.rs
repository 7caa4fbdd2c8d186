//! The journal as a file, read by somebody who knows nothing of standin.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};
use standin::operations::SpaceName;
use standin::operations::settings::Settings;
use standin::server::Options;

use crate::client::{Ask, SECRET, Stand, options};
use crate::gateway::document::Document;
use crate::gateway::journal::leaks;

/// A card is made and a token provisioned, with a code that must not be seen.
async fn used() -> (Stand, HashSet<String>) {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "cvc": "8317", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let path = format!("/cards/{card}/network-tokens?pan=4111111111111111");
    let provision = stand.send(Ask::post(path).bearer(&token)).await.expect(200);
    let number = provision.at("/data/attributes/network_token");
    stand
        .send(Ask::get("/cards/x?note=a%20b"))
        .await
        .expect(401);
    let secrets = ["4111111111111111", "8317", SECRET, &token, &number];
    let secrets = secrets.map(str::to_owned).into_iter().collect();
    (stand, secrets)
}

#[tokio::test]
async fn ndjson_has_an_entry_a_line() {
    let (stand, secrets) = used().await;
    let answer = stand
        .send(Ask::get("/_standin/journal?format=ndjson"))
        .await;
    let answer = answer.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let text = answer.text();
    assert_eq!(leaks(&text, &secrets), Vec::<String>::new());
    assert!(text.ends_with('\n'));
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let shown = stand.send(Ask::get("/_standin/journal")).await.expect(200);
    assert_eq!(Value::from(lines.clone()), shown.json()["entries"]);
    assert_eq!(lines.len(), 4);
    let one = Ask::get("/_standin/journal?format=ndjson&status=2xx&rows=1");
    let one = stand.send(one).await.expect(200).json();
    assert_eq!(one["number"], 2);
    let none = Ask::get("/_standin/journal?format=ndjson&status=5xx");
    assert_eq!(stand.send(none).await.expect(200).text(), "");
}

#[tokio::test]
async fn an_archive_has_what_the_format_requires() {
    let (stand, secrets) = used().await;
    let document = Document::of(&stand.client).await;
    let ask = Ask::get("/_standin/journal?format=har");
    let answer = stand.send(ask.clone()).await.expect(200);
    document.check(&ask, &answer);
    assert_eq!(leaks(&answer.text(), &secrets), Vec::<String>::new());
    let har::Spec::V1_2(log) = har::from_str(&answer.text()).unwrap().log else {
        panic!("{}", answer.text());
    };
    assert_eq!(log.creator.name, "standin");
    assert_eq!(log.entries.len(), 4);
    for entry in &log.entries {
        let url: http::Uri = entry.request.url.parse().unwrap();
        let origin = (url.scheme_str(), url.host());
        assert_eq!(origin, (Some("http"), Some("127.0.0.1")), "{entry:?}");
        assert_eq!(entry.started_date_time, "2026-01-01T00:00:00.000000Z");
        // The types allow it to be absent, and HAR 1.2 does not.
        assert_eq!(entry.response.redirect_url.as_deref(), Some(""));
    }
}

#[tokio::test]
async fn an_archive_tells_what_the_journal_knows() {
    let (stand, _) = used().await;
    let ask = Ask::get("/_standin/journal?format=har");
    let archive = stand.send(ask).await.expect(200).json();
    let entries = archive["log"]["entries"].as_array().unwrap();
    let token = &entries[0]["request"]["postData"];
    assert_eq!(token["mimeType"], "application/x-www-form-urlencoded");
    assert!(
        token["text"]
            .as_str()
            .unwrap()
            .contains("client_id=standin-manual")
    );
    let card: Value =
        serde_json::from_str(entries[1]["request"]["postData"]["text"].as_str().unwrap()).unwrap();
    assert_eq!(card["data"]["attributes"]["exp_month"], 12);
    assert_eq!(
        entries[2]["request"]["queryString"],
        json!([{ "name": "pan", "value": "411111******1111" }])
    );
    let headers = entries[1]["request"]["headers"].as_array().unwrap();
    for header in [
        json!({ "name": "authorization", "value": "Bearer ***" }),
        json!({ "name": "content-type", "value": "application/vnd.api+json" }),
    ] {
        assert!(headers.contains(&header), "{headers:?}");
    }
    assert_eq!(entries[2]["_legs"][0]["outcome"], "approved");
    let last = &entries[3];
    assert_eq!(last["response"]["statusText"], "Unauthorized");
    assert_eq!(
        last["request"]["queryString"],
        json!([{ "name": "note", "value": "a b" }])
    );
    assert!(last["request"].get("postData").is_none());
    assert!(
        last["_reason"].is_string() && last["_number"] == 3,
        "{last}"
    );
}

#[tokio::test]
async fn an_archive_says_what_is_not_in_it() {
    let settings = Settings::parse("[journal]\nbytes_max = 40000\n").unwrap();
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    for _ in 0..300 {
        stand.send(Ask::get("/cards/x")).await.expect(401);
    }
    let read = async |query: &str| {
        let ask = Ask::get(format!("/_standin/journal?{query}"));
        stand.send(ask).await.expect(200)
    };
    let kept = read("").await.json();
    let evicted = kept["evicted"].as_u64().unwrap();
    assert!(evicted > 0);
    let log = &read("format=har").await.json()["log"];
    let comment = log["comment"].as_str().unwrap();
    assert!(
        comment.starts_with(&format!("{evicted} earlier entries were evicted.")),
        "{comment}"
    );
    // A file has more than a page.
    assert_eq!(
        log["entries"].as_array().unwrap().len() as u64,
        300 - evicted
    );
    assert_eq!(
        read("format=ndjson").await.text().lines().count() as u64,
        300 - evicted
    );
    let empty = read("format=har&status=5xx").await.json();
    assert_eq!(empty["log"]["entries"], json!([]));
}

/// What a server is asked over TLS looks to it like what it is asked without.
#[tokio::test]
async fn an_archive_says_how_the_server_is_reached() {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;
    let (stand, _) = used().await;
    for scheme in ["http", "https"] {
        let router = standin::control::router(Arc::clone(stand.server.spaces()), scheme, None);
        let mut request = http::Request::get("/_standin/journal?format=har&rows=1")
            .header("host", "gateway.localhost:8443")
            .body(axum::body::Body::empty())
            .unwrap();
        request.extensions_mut().insert(SpaceName::default_space());
        let answer = router.oneshot(request).await.unwrap().into_body();
        let bytes = answer.collect().await.unwrap().to_bytes();
        let archive: Value = serde_json::from_slice(&bytes).unwrap();
        let url = format!("{scheme}://gateway.localhost:8443/cards/x?note=a%20b");
        assert_eq!(
            archive["log"]["entries"][0]["request"]["url"], url,
            "{scheme:?}"
        );
    }
}
