//! The Postman collection, by newman: every request is sent, and each status is one that the document has.

use serde_json::Value;

use super::{STANDIN, node};
use crate::cli::Folder;
use crate::client::{Stand, options};

/// Takes seconds: newman is read and sends every documented request.
#[tokio::test]
async fn newman_sends_every_request() {
    let Some(node) = node() else {
        return;
    };
    let stand = Stand::start(options()).await;
    let folder = Folder::new("postman");
    let base = stand.server.base_url();
    let mut program = tokio::process::Command::new(STANDIN);
    let printed = program
        .args(["postman", "--server", &base])
        .output()
        .await
        .unwrap();
    assert!(printed.status.success(), "{printed:?}");
    let file = folder.0.join("collection.json");
    std::fs::write(&file, &printed.stdout).unwrap();
    let collection: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let folders = collection["item"].as_array().unwrap();
    let requests: usize = folders
        .iter()
        .map(|one| one["item"].as_array().unwrap().len())
        .sum();
    assert!(requests > 130, "{requests}");
    let report = folder.0.join("report.json");
    let mut newman = tokio::process::Command::new("node");
    newman
        .arg("node_modules/newman/bin/newman.js")
        .arg("run")
        .arg(&file);
    newman.args(["--env-var", &format!("base={base}/~postman")]);
    newman.args([
        "--timeout-request",
        "20000",
        "--reporters",
        "json",
        "--reporter-json-export",
    ]);
    newman.arg(&report).current_dir(node).kill_on_drop(true);
    let done = newman.output().await.unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let run = &report["run"];
    assert!(done.status.success(), "{:#}", run["failures"]);
    assert_eq!(run["stats"]["requests"]["total"], requests);
    assert_eq!(run["stats"]["requests"]["failed"], 0);
    assert_eq!(run["stats"]["assertions"]["total"], requests);
    // Those that need nothing made before were let in, so the keys are the right ones.
    let answered = run["executions"].as_array().unwrap().iter();
    let well = answered.filter(|one| {
        one["response"]["code"]
            .as_u64()
            .is_some_and(|code| code < 300)
    });
    let well = well.count();
    assert!(well > 50, "{well} of {requests}");
}
