//! What clients see when the engine that keeps the records goes away: before a request begins, and between any two steps of
//! it. Each surface says in its own words that it is unavailable, and whoever asks again once the engine is back finds
//! nothing half done.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;
use standin::domain::surface::SurfaceName;
use standin::limits::CLAIM_LEASE;
use standin::operations::SpaceName;
use standin::server::Options;
use standin::store::{Engine, Outage};

use crate::client::{Answer, Ask, Stand};
use crate::gateway::document::{Document, Operation};
use crate::gateway::fixture::Fixture;
use crate::merchant::keyed;

/// More operations of the store than any request needs.
const STEPS_MAX: u32 = 60;

/// Whether requests of the surface of this name take an idempotency key.
fn takes_keys(name: &str) -> bool {
    let mut surfaces = standin::wire::surfaces();
    surfaces.any(|surface| surface.name.word() == name && !surface.idempotency_headers.is_empty())
}

async fn stand() -> (Stand, Outage) {
    let outage = Outage::default();
    let engine = Engine::Interruptible(outage.clone());
    let mut options = Options { engine, ..keyed() };
    options.settings.journal.judge = Some("the examples".to_owned());
    (Stand::start(options).await, outage)
}

/// The operation's own example, as often as it is asked for.
async fn example(stand: &Stand, space: &Fixture, operation: &Operation) -> Ask {
    let ask = space.ask(operation);
    if operation.surface() == "hyperswitch" {
        return space.orchestrated(stand, ask).await;
    }
    ask
}

/// Why the latest request of a surface was refused, as the journal has it.
async fn reason(stand: &Stand, operation: &Operation, prefix: &str) -> String {
    let surface = operation.surface();
    let path = format!("{prefix}/_standin/journal?surface={surface}&rows=1");
    stand
        .send(Ask::get(path))
        .await
        .expect(200)
        .at("/entries/0/reason")
}

/// Adyen names every request in its answer.
fn without_reference(text: &str) -> String {
    match text.split_once(",\"pspReference\"") {
        Some((before, _)) => format!("{before},\"pspReference\":…}}"),
        None => text.to_owned(),
    }
}

fn is_done(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

/// Takes some seconds: each documented operation is cut off at each of its steps, four hundred times in all.
#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_unavailable_in_its_own_words_and_nothing_is_half_done() {
    let (stand, outage) = stand().await;
    let document = Document::of(&stand.client).await;
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut cut = 0;
    for (place, operation) in document.operations().iter().enumerate() {
        let name = format!("operation-{place}");
        let mut space = Fixture::new(&stand, &name).await;
        space.ready_for(&stand, operation).await;
        let of_a_surface = operation.surface() != "control";
        let mut steps = 0;
        loop {
            let ask = example(&stand, &space, operation).await;
            outage.begin_after(steps);
            let answer = stand.send(ask.clone()).await;
            outage.end();
            let what = format!(
                "{} {} after {steps}: {}",
                ask.method,
                ask.path,
                answer.text()
            );
            if is_done(&answer) {
                assert!(steps > 0 || !of_a_surface, "{what}");
                break;
            }
            assert_eq!(answer.status, 503, "{what}");
            cut += 1;
            if of_a_surface {
                let why = reason(&stand, operation, &space.prefix).await;
                assert!(why.starts_with("store_unavailable"), "{why} {what}");
            }
            let said = words.entry(operation.surface().to_owned()).or_default();
            said.insert(without_reference(&answer.text()));
            // What was taken by a request that did not come back is anybody's after a while.
            let is_task = operation.spec["operationId"] == "mdesTokenize";
            if is_task || takes_keys(operation.surface()) {
                space.pass(&stand, CLAIM_LEASE).await;
            }
            steps += 1;
            assert!(steps < STEPS_MAX, "{what}");
        }
    }
    assert!(cut > 300, "only {cut} requests were cut off");
    for surface in SurfaceName::ALL.iter().copied() {
        assert!(words.contains_key(surface.word()), "{}", surface.word());
    }
    let mut table = String::new();
    for (surface, said) in words {
        writeln!(table, "{surface}").unwrap();
        for text in said {
            let text = if text.is_empty() { "(no body)" } else { &text };
            writeln!(table, "  {text}").unwrap();
        }
    }
    insta::with_settings!({ snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/outage"), prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("words", table);
    });
}

/// A task stays due until it has been carried out, whoever asks, and is then carried out as of its own time and once.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_meanwhile_is_done_once_the_engine_is_back() {
    let (stand, outage) = stand().await;
    let access = stand.client.token("standin-on-create", None).await;
    let pan = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&access).attributes(&pan);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let read = Ask::get(format!("/cards/{card}")).bearer(&access);
    let tokens = Ask::get("/_standin/tokens");
    let space = stand.server.spaces().find(&SpaceName::default_space());
    outage.begin_after(0);
    space.unwrap().clock.advance(Duration::from_secs(60));
    for steps in 0..STEPS_MAX {
        outage.begin_after(steps);
        let answer = stand.send(read.clone()).await;
        outage.end();
        if is_done(&answer) {
            assert!(steps > 5, "the task was done in {steps} steps");
            break;
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
    }
    let tokens = stand.send(tokens).await.expect(200).json();
    let rows = tokens["tokens"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{tokens}");
    assert_eq!(rows[0]["created_at"], "2026-01-01T00:00:05.000000Z");
    let notices = stand.send(Ask::get("/_standin/notices")).await.json();
    assert_eq!(notices["notices"].as_array().unwrap().len(), 1, "{notices}");
}

/// However often the engine goes away while messages are on their way, each is delivered, and none twice.
#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_lost_or_sent_twice() {
    let (stand, outage) = stand().await;
    // A server of its own, whose engine does not go away.
    let receiver = Stand::start(keyed()).await;
    let sink = format!("{}/~sink/_standin/reset", receiver.server.base_url());
    let webhook = Ask::post("/_standin/webhooks").json(&json!({ "url": sink }));
    stand.send(webhook).await.expect(201);
    let access = stand.client.token("standin-manual", None).await;
    let pan = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&access).attributes(&pan);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&access);
    let token = stand.send(provision).await.expect(200).at("/data/id");
    let event = Ask::post(format!("/_standin/tokens/{token}/events"));
    for steps in 0..12 {
        let word = if steps % 2 == 0 { "suspend" } else { "resume" };
        stand
            .send(event.clone().json(&json!({ "event": word })))
            .await
            .expect(200);
        outage.begin_after(steps);
        for _ in 0..=steps {
            stand.send(Ask::get("/_standin/clock")).await;
        }
        outage.end();
    }
    stand.client.advance("", "PT0S").await;
    let messages = stand
        .send(Ask::get("/_standin/webhooks/messages"))
        .await
        .json();
    let count = |list: &str| messages[list].as_array().unwrap().len();
    let lists = ["waiting", "dead", "delivered"].map(count);
    assert_eq!(lists, [0, 0, 13], "{messages}");
    let journal = stand
        .send(Ask::get("/_standin/journal?surface=webhooks&rows=50"))
        .await;
    assert_eq!(journal.json()["entries"].as_array().unwrap().len(), 13);
}
