//! The same seed and the same calls: the same requests fail, however many clients call at once and whatever else is armed.

use std::collections::BTreeMap;

use serde_json::json;
use tokio::task::JoinSet;

use crate::client::{Ask, Stand, options};

const CLIENTS: usize = 32;
const CALLS: usize = 6;
const RULES: [&str; 3] = [
    "status 503 on operation=create_card when probability=0.3 as one",
    "status 500 on operation=create_card method=POST path=/cards when probability=0.3 as two",
    "extra_field /odd on operation=create_card surface=cmp when probability=0.3 as three",
];
const FOURTH: &str =
    "extra_field /even on operation=create_card surface=cmp when probability=0.3 as four";

/// Which of the first three rules fired for each call of each client.
async fn fired(more: &[&str]) -> BTreeMap<(usize, usize), Vec<String>> {
    let mut options = options();
    options.settings.faults.tell = true;
    let stand = Stand::start(options).await;
    let access = stand.client.token("standin-manual", None).await;
    for rule in RULES.iter().chain(more) {
        let ask = Ask::post("/_standin/faults").json(&json!({ "text": rule }));
        stand.send(ask).await.expect(201);
    }
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (sender, access) = (stand.client.clone(), access.clone());
        clients.spawn(async move {
            let mut seen = Vec::new();
            for call in 0..CALLS {
                // Each client has a card of its own: what fails depends on the card and on how often it was asked for.
                let pan = standin::domain::card::with_check_digit(&format!("4000215{client:08}"));
                let card = json!({ "pan": pan, "exp_month": 12, "exp_year": 30 });
                let ask = Ask::post("/cards").bearer(&access).attributes(&card);
                let ask = ask.header("idempotency-key", format!("{client}-{call}"));
                let answer = sender.send(ask).await;
                let names = answer.header("standin-fault-fired").unwrap_or_default();
                let names = names
                    .split(", ")
                    .filter(|name| !name.is_empty() && *name != "four");
                seen.push(names.map(str::to_owned).collect::<Vec<_>>());
            }
            (client, seen)
        });
    }
    let mut all = BTreeMap::new();
    while let Some(done) = clients.join_next().await {
        let (client, seen) = done.unwrap();
        for (call, names) in seen.into_iter().enumerate() {
            all.insert((client, call), names);
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_requests_fail_in_two_runs() {
    let first = fired(&[]).await;
    let second = fired(&[]).await;
    let operation_rule = |all: &BTreeMap<(usize, usize), Vec<String>>| -> Vec<bool> {
        all.values()
            .map(|names| names.iter().any(|name| name == "one"))
            .collect()
    };
    let hits = operation_rule(&first).iter().filter(|hit| **hit).count();
    assert!((20..=100).contains(&hits), "{hits} of {}", CLIENTS * CALLS);
    assert_eq!(first, second);
    assert_eq!(first, fired(&[FOURTH]).await);
}
