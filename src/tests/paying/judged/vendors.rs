//! The vendors' own clients are judged while they do what their scripts say. The story without its probes raises no alarm. Of the
//! scripts that ask for trouble on purpose, the judge names the trouble that they ask for, and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;
use standin::server::Options;

use super::{defects, judging};
use crate::client::{Ask, Stand};
use crate::clients::visa;
use crate::clients::{installed, run_against};

/// Runs a script against a server that judges, and gives back its report.
async fn judged(script: &str, more: &[&str], steps: u64, options: Options) -> Option<Value> {
    installed()?;
    let stand = Stand::start(options).await;
    let base = stand.server.base_url();
    let arguments: Vec<_> = std::iter::once(base.as_str())
        .chain(more.iter().copied())
        .collect();
    run_against(script, &arguments, steps).await;
    let report = stand.send(Ask::get("/_standin/judge")).await;
    Some(report.expect(200).json())
}

/// Takes seconds: npm installs the clients the first time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vendors_clients_raise_no_alarm_in_the_story() {
    let Some(report) = judged("story.mjs", &["rightly"], 6, judging()).await else {
        return;
    };
    assert_eq!(report["verdict"], "clean", "{report:#}");
    assert!(report["requests"].as_u64() > Some(50));
    assert!(report["messages"].as_u64() > Some(10));
}

/// Takes seconds, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_scripts_do_wrong_on_purpose_is_named_and_nothing_else() {
    if visa::ready().is_none() {
        return;
    }
    let rows: [(&str, u64, &[&str]); 6] = [
        (
            "story.mjs",
            6,
            &[
                "cryptogram_reused",
                "series_without_reference",
                "token_used_while_suspended",
            ],
        ),
        // It hands a card over whose token it has.
        (
            "services.mjs",
            7,
            &[
                "card_number_for_token",
                "cryptogram_reused",
                "key_other_body",
            ],
        ),
        // It counts a message that is signed wrongly, and answers 200 all the same.
        ("payment_webhooks.mjs", 9, &["bad_signature_accepted"]),
        ("on_file.mjs", 6, &[]),
        ("visa.mjs", visa::STEPS, &[]),
        ("webhooks.mjs", 3, &[]),
    ];
    let mut wrong = Vec::new();
    for (script, steps, wanted) in rows {
        let Some(report) = judged(script, &[], steps, judging()).await else {
            return;
        };
        let wanted: BTreeSet<_> = wanted.iter().map(|word| (*word).to_owned()).collect();
        if defects(&report) != wanted {
            wrong.push(format!(
                "{script}: {:?}: {}",
                defects(&report),
                report["defects"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
