//! Arming rules: over the control plane, at the command line, from a file.

use std::process::Output;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::client::{Ask, Stand, options};

async fn standin(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command
        .args(arguments)
        .kill_on_drop(true)
        .output()
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[tokio::test]
async fn a_rule_is_armed_listed_counted_and_taken_away() {
    let stand = Stand::start(options()).await;
    let rule = json!({ "name": "late", "match": { "surface": "oauth" },
        "when": { "first": 1 }, "fault": { "kind": "status", "status": 503 } });
    let armed = stand
        .send(Ask::post("/_standin/faults").json(&rule))
        .await
        .expect(201);
    assert_eq!(armed.json()["armed"], json!(["late"]));
    let taken = stand
        .send(Ask::post("/_standin/faults").json(&rule))
        .await
        .expect(409);
    assert_eq!(taken.at("/error/code"), "not_armed");
    let token = || Ask::token("standin-manual", None);
    assert_eq!(stand.send(token()).await.status, 503);
    stand.send(token()).await.expect(200);
    let listed = stand
        .send(Ask::get("/_standin/faults/late"))
        .await
        .expect(200);
    assert_eq!(
        (listed.at("/matched"), listed.at("/fired")),
        ("2".into(), "1".into())
    );
    let rule = listed.at("/text");
    assert_eq!(
        rule,
        "status status=503 on surface=oauth when first=1 as late"
    );
    stand
        .send(Ask::delete("/_standin/faults/late"))
        .await
        .expect(204);
    stand
        .send(Ask::delete("/_standin/faults/late"))
        .await
        .expect(404);
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_names_the_place_and_the_nearest_word() {
    let stand = Stand::start(options()).await;
    let rows: [(Value, &str, &str); 6] = [
        (
            json!({ "fault": { "kind": "rest" } }),
            "fault.kind",
            "did you mean \"reset\"?",
        ),
        (
            json!({ "mach": {}, "fault": { "kind": "reset" } }),
            "mach",
            "did you mean \"match\"?",
        ),
        (
            json!({ "match": { "surfac": "cmp" }, "fault": { "kind": "reset" } }),
            "match.surfac",
            "surface",
        ),
        (
            json!({ "match": { "operation": "provison" }, "fault": { "kind": "reset" } }),
            "match.operation",
            "provision",
        ),
        (
            json!({ "preset": "slow_fryday" }),
            "preset",
            "did you mean \"slow_friday\"?",
        ),
        (json!({}), "fault", "is missing"),
    ];
    for (rule, place, problem) in rows {
        let answer = stand
            .send(Ask::post("/_standin/faults").json(&rule))
            .await
            .expect(422);
        assert_eq!(answer.at("/error/field"), place, "{rule}");
        assert!(
            answer.at("/error/message").contains(problem),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn spaces_have_rules_of_their_own_and_a_reset_takes_them_away() {
    let stand = Stand::start(options()).await;
    let preset = json!({ "preset": "slow_friday" });
    stand
        .send(Ask::post("/~a/_standin/faults").json(&preset))
        .await
        .expect(201);
    let rules = async |prefix: &str| {
        let listed = stand
            .send(Ask::get(format!("{prefix}/_standin/faults")))
            .await;
        listed.json()["rules"].as_array().unwrap().len()
    };
    assert!(rules("/~a").await > 0);
    assert_eq!(rules("/~b").await, 0);
    stand
        .send(Ask::post("/~a/_standin/reset"))
        .await
        .expect(200);
    assert_eq!(rules("/~a").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_arms_lists_and_removes() {
    let stand = Stand::start(options()).await;
    let server = stand.server.base_url();
    let add = [
        "fault",
        "add",
        "--server",
        &server,
        "status",
        "503",
        "on",
        "surface=oauth",
        "as",
        "down",
    ];
    assert_eq!(said(&standin(&add).await), "armed down\n");
    assert_eq!(
        stand.send(Ask::token("standin-manual", None)).await.status,
        503
    );
    let listed = said(&standin(&["fault", "list", "--server", &server]).await);
    assert!(listed.contains("matched 1, fired 1"), "{listed}");
    assert_eq!(
        said(&standin(&["fault", "rm", "down", "--server", &server]).await),
        ""
    );
    stand
        .send(Ask::token("standin-manual", None))
        .await
        .expect(200);
    let wrong = standin(&["fault", "add", "--server", &server, "dely", "1s"]).await;
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        said(&wrong).contains("did you mean \"delay\"?"),
        "{}",
        said(&wrong)
    );
    let kinds = said(&standin(&["fault", "kinds"]).await);
    assert!(kinds.contains("lost_after_commit"), "{kinds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_rules_is_checked_at_the_start() {
    let path = std::env::temp_dir().join(format!("standin-rules-{}.toml", std::process::id()));
    std::fs::write(&path, "[[rule]]\nfault = { kind = \"dely\" }\n").unwrap();
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--faults",
        path.to_str().unwrap(),
    ];
    let refused = standin(&serve).await;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = said(&refused);
    assert!(
        said.contains("rule 1") && said.contains("did you mean \"delay\"?"),
        "{said}"
    );
}
