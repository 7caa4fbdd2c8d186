//! `/_standin/metrics`: what was asked is counted where it belongs, in the form that Prometheus reads.

use std::collections::BTreeMap;

use serde_json::json;
use standin::server::Options;
use standin::store::Durability;

use crate::cli::Folder;
use crate::client::{Ask, Stand, options};
use crate::webhooks::receiver::Receiver;

/// Values by name and labels. Panics where a line is neither a comment nor a value.
async fn scraped(stand: &Stand) -> BTreeMap<String, f64> {
    let answer = stand.send(Ask::get("/_standin/metrics")).await.expect(200);
    let kind = answer.header("content-type").unwrap();
    assert!(
        kind.starts_with("application/openmetrics-text; version=1.0.0"),
        "{kind}"
    );
    let text = answer.text();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let values = text.lines().filter(|line| !line.starts_with('#'));
    let value = |line: &str| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    values.map(value).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_is_counted_where_it_belongs() {
    let folder = Folder::new("metrics");
    let engine = folder.engine("standin", Durability::Process).await;
    let stand = Stand::start(Options {
        engine,
        ..options()
    })
    .await;
    let receiver = Receiver::open().await;
    let hook = json!({ "url": receiver.url });
    stand
        .send(Ask::post("/_standin/webhooks").json(&hook))
        .await
        .expect(201);
    let access = stand.client.token("standin-manual", None).await;
    let pan = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&access).attributes(&pan);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let fault = json!({ "match": { "operation": "read_card" },
        "fault": { "kind": "status", "status": 503 }, "cap": 2 });
    stand
        .send(Ask::post("/_standin/faults").json(&fault))
        .await
        .expect(201);
    let read = Ask::get(format!("/cards/{card}")).bearer(&access);
    for status in [503, 503, 200] {
        stand.send(read.clone()).await.expect(status);
    }
    stand.send(Ask::get("/cards/no/such/path")).await;
    stand.send(Ask::get("/nowhere")).await.expect(404);
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&access);
    stand.send(provision).await.expect(200);
    // Delivers what is due.
    stand.client.advance("", "PT0S").await;
    let all = scraped(&stand).await;
    of_requests(&all);
    of_the_rest(&all);
}

fn of_requests(all: &BTreeMap<String, f64>) {
    let requests = |surface: &str, operation: &str, status: &str| {
        let labels = format!("surface=\"{surface}\",operation=\"{operation}\",status=\"{status}\"");
        all.get(&format!("standin_requests_total{{{labels}}}"))
            .copied()
    };
    assert_eq!(requests("oauth", "issue_access_token", "2xx"), Some(1.0));
    assert_eq!(requests("cmp", "create_card", "2xx"), Some(1.0));
    assert_eq!(requests("cmp", "read_card", "5xx"), Some(2.0));
    assert_eq!(requests("cmp", "read_card", "2xx"), Some(1.0));
    assert_eq!(requests("cmp", "read_card", "4xx"), None);
    assert_eq!(requests("none", "none", "4xx"), Some(1.0));
    assert!(requests("control", "none", "2xx") >= Some(3.0), "{all:#?}");
}

fn of_the_rest(all: &BTreeMap<String, f64>) {
    let of = |name: &str| {
        all.get(name)
            .copied()
            .unwrap_or_else(|| panic!("{name} in {all:#?}"))
    };
    let labels = "surface=\"cmp\",operation=\"read_card\"";
    assert_eq!(
        of(&format!(
            "standin_request_duration_seconds_count{{{labels}}}"
        )),
        3.0
    );
    assert!(of(&format!("standin_request_duration_seconds_sum{{{labels}}}")) > 0.0);
    let last = format!("standin_request_duration_seconds_bucket{{le=\"+Inf\",{labels}}}");
    assert_eq!(of(&last), 3.0);
    assert_eq!(of("standin_faults_fired_total"), 2.0);
    assert_eq!(of("standin_webhook_messages_waiting"), 0.0);
    assert!(of("standin_webhook_messages_delivered_total") >= 1.0);
    assert_eq!(of("standin_webhook_messages_dead_total"), 0.0);
    for operation in ["read", "write"] {
        let labels = format!("engine=\"file\",operation=\"{operation}\"");
        assert!(of(&format!("standin_store_duration_seconds_count{{{labels}}}")) > 0.0);
    }
    assert_eq!(of("standin_store_errors_total{engine=\"file\"}"), 0.0);
    assert_eq!(of("standin_spaces"), 1.0);
    assert!(of("standin_journal_bytes") > 0.0);
    assert_eq!(of("standin_journal_evictions_total"), 0.0);
    assert_eq!(of("standin_records_bytes"), 0.0, "records are in the file");
    assert!(of("process_resident_memory_bytes") > 1e6);
    assert!(
        all.keys()
            .any(|name| name.starts_with("standin_build_info{version="))
    );
}

/// What clients say never becomes a label.
#[tokio::test]
async fn labels_are_as_many_as_the_lists_have() {
    let stand = Stand::start(options()).await;
    for number in 0..50 {
        stand
            .send(Ask::get(format!("/~space-{number}/cards/{number}")))
            .await;
        stand.send(Ask::new("BREW", format!("/pot-{number}"))).await;
    }
    let all = scraped(&stand).await;
    let counted = all
        .keys()
        .filter(|name| name.starts_with("standin_requests_total"));
    let counted: Vec<_> = counted.collect();
    assert!(counted.len() <= 4, "{counted:?}");
    assert!(all.contains_key("standin_store_errors_total{engine=\"memory\"}"));
}
