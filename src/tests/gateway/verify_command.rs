//! `standin verify`, as a shell or CI runs it.

use std::process::{Output, Stdio};

use serde_json::{Value, json};
use standin::operations::settings::Settings;
use tokio::process::Command;

use crate::client::{Ask, Stand, options};

async fn verify(stand: &Stand, arguments: &[&str]) -> Output {
    let server = stand.server.base_url();
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command
        .arg("verify")
        .args(arguments)
        .args(["--server", &server]);
    command.stdin(Stdio::null()).output().await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr].concat()).unwrap()
}

async fn card(stand: &Stand) {
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    stand.send(create).await.expect(201);
}

/// A row per call: its words, its exit code, and what is said.
const VERDICTS: [(&str, i32, &str); 9] = [
    (
        "--match operation=create_card&status=201 --exactly 1",
        0,
        "yes: 1 found, exactly 1 wanted (entries 1)\n",
    ),
    (
        "--match request:/data/attributes/pan=4111111111111111 --match path=/cards",
        0,
        "yes: 1 found, at least 1 wanted",
    ),
    (
        "--match request:/data/attributes/pan=5555555555554444 --match path=/cards",
        1,
        "near: entry 1: request:/data/attributes/pan is \"411111******1111\", not \"555555******4444\"",
    ),
    ("--match request:/data/attributes/exp_month:=12", 0, "yes"),
    (
        "--match status=2xx --at-most 1",
        1,
        "no: 2 found, at most 1 wanted (entries 0, 1)",
    ),
    (
        "--in-order --match surface=oauth --match surface=cmp",
        0,
        "yes: all 2 steps",
    ),
    ("--match oparation=x", 2, "did you mean \"operation\"?"),
    ("--match status", 2, "must be FIELD=VALUE"),
    ("--exactly 1", 2, "--match"),
];

#[tokio::test]
async fn each_verdict_has_its_exit_code_and_its_sentence() {
    let stand = Stand::start(options()).await;
    card(&stand).await;
    for (arguments, code, words) in VERDICTS {
        let words_given: Vec<_> = arguments.split(' ').collect();
        let output = verify(&stand, &words_given).await;
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {said}");
        assert!(said.contains(words), "{arguments}: {said}");
        assert!(!said.contains("4111111111111111"), "{said}");
    }
}

#[tokio::test]
async fn what_was_evicted_is_no_proof_of_a_no() {
    let settings = Settings::parse("[journal]\nbytes_max = 4000\n").unwrap();
    let stand = Stand::start(standin::server::Options {
        settings,
        ..options()
    })
    .await;
    card(&stand).await;
    for _ in 0..50 {
        stand.send(Ask::get("/cards/x")).await.expect(401);
    }
    let output = verify(&stand, &["--match", "operation=create_card"]).await;
    let said = said(&output);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.starts_with("cannot say: 0 found"), "{said}");
    stand.server.stop().await;
}

#[tokio::test]
async fn a_question_can_come_from_a_file_and_the_answer_as_json() {
    let stand = Stand::start(options()).await;
    card(&stand).await;
    let folder = crate::cli::Folder::new("verify");
    let file = folder.0.join("question.json");
    let question = json!({ "in_order": [{ "surface": "cmp" }, { "surface": "oauth" }] });
    std::fs::write(&file, question.to_string()).unwrap();
    let output = verify(&stand, &["--json", "--question", file.to_str().unwrap()]).await;
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&answer["verdict"], &answer["entries"]),
        (&json!("no"), &json!([1]))
    );
    let missing = verify(&stand, &["--question", "/nowhere/question.json"]).await;
    assert_eq!(missing.status.code(), Some(2));
    assert!(said(&missing).contains("/nowhere/question.json"));
}
