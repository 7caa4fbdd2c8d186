//! `standin journal`, as somebody at a shell runs it.

use std::process::{Output, Stdio};

use serde_json::{Value, json};
use standin::operations::settings::Settings;
use standin::server::Options;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::client::{Ask, Stand, options};

fn command(stand: &Stand, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command
        .arg("journal")
        .args(arguments)
        .env("STANDIN_SERVER", stand.server.base_url())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

async fn journal(stand: &Stand, arguments: &[&str]) -> Output {
    command(stand, arguments).output().await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What is printed by a call that ends well.
async fn printed(stand: &Stand, arguments: &[&str]) -> String {
    let output = journal(stand, arguments).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout)
}

/// A card, a token that a fault rule keeps from being made, and a stranger.
async fn used() -> Stand {
    let stand = Stand::start(options()).await;
    let rule = json!({ "text": "refuse card_not_allowed on operation=provision as closed" });
    let arm = Ask::post("/_standin/faults").json(&rule);
    stand.send(arm).await.expect(201);
    let token = stand.client.token("standin-manual", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let card = stand.send(create).await.expect(201).at("/data/id");
    let provision = Ask::post(format!("/cards/{card}/network-tokens")).bearer(&token);
    stand.send(provision).await;
    stand.send(Ask::get("/cards/x")).await.expect(401);
    stand
}

#[tokio::test]
async fn a_table_says_what_happened_and_why() {
    let stand = used().await;
    let table = printed(&stand, &[]).await;
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 5, "{table}");
    let words: Vec<_> = lines[0].split_whitespace().collect();
    assert_eq!(
        words,
        ["number", "time", "method", "status", "target", "why"]
    );
    let begins = "     1  2026-01-01 00:00:00.000  POST       201  /cards";
    assert_eq!(lines[2], begins);
    assert!(lines[3].ends_with("fault: closed"), "{table}");
    let last = "     3  2026-01-01 00:00:00.000  GET        401  /cards/x ";
    assert!(lines[4].starts_with(last), "{table}");
    assert!(
        lines[4].len() > last.len() + 40,
        "the reason is missing: {table}"
    );
    let rows = [
        ("--rows 1", vec!["3"]),
        ("--from 2", vec!["2", "3"]),
        ("--match method=post --match surface=cmp", vec!["1", "2"]),
        ("--match request:/data/attributes/exp_month:=12", vec!["1"]),
        ("--match fault=closed", vec!["2"]),
        ("--match path=/cards&status=201", vec!["1"]),
    ];
    for (arguments, want) in rows {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let table = printed(&stand, &arguments).await;
        let numbers = table.lines().skip(1);
        let numbers: Vec<_> = numbers
            .filter_map(|l| l.split_whitespace().next())
            .collect();
        assert_eq!(numbers, want, "{arguments:?}: {table}");
    }
    let none = printed(&stand, &["--match", "status=5xx"]).await;
    assert_eq!(none, "no entry matches\n");
    assert_eq!(printed(&stand, &["--space", "lab"]).await, "no entry yet\n");
}

#[tokio::test]
async fn a_file_is_what_the_server_gives() {
    let stand = used().await;
    let given = async |query: &str| {
        let ask = Ask::get(format!("/_standin/journal?{query}"));
        stand.send(ask).await.expect(200)
    };
    let ndjson = printed(&stand, &["--format", "ndjson"]).await;
    assert_eq!(ndjson, given("format=ndjson").await.text());
    assert_eq!(ndjson.lines().count(), 4);
    let har: Value = serde_json::from_str(&printed(&stand, &["--format", "har"]).await).unwrap();
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 4);
    let json: Value = serde_json::from_str(&printed(&stand, &["--json"]).await).unwrap();
    assert_eq!(json, given("").await.json());
}

#[tokio::test]
async fn what_was_evicted_is_said_beside_the_table() {
    let settings = Settings::parse("[journal]\nbytes_max = 4000\n").unwrap();
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    for _ in 0..50 {
        stand.send(Ask::get("/cards/x")).await.expect(401);
    }
    let kept = stand.send(Ask::get("/_standin/journal")).await.expect(200);
    let evicted = kept.json()["evicted"].to_string();
    let output = journal(&stand, &[]).await;
    assert!(output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains(&format!("{evicted} earlier entries were evicted")),
        "{said}"
    );
}

/// Lines as they are printed by one who follows.
struct Followed {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Followed {
    fn new(stand: &Stand, arguments: &[&str]) -> Self {
        let mut command = command(stand, arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.arg("--follow").spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    async fn line(&mut self) -> String {
        self.lines.next_line().await.unwrap().unwrap()
    }

    /// Exit code, and what was said beside the lines.
    async fn ended(mut self) -> (Option<i32>, String) {
        assert_eq!(self.lines.next_line().await.unwrap(), None);
        let output = self.process.wait_with_output().await.unwrap();
        (output.status.code(), text(&output.stderr))
    }
}

#[tokio::test]
async fn who_follows_sees_what_was_and_what_comes() {
    let stand = used().await;
    let mut table = Followed::new(&stand, &["--match", "status=401", "--match", "status=404"]);
    assert!(table.line().await.starts_with("number  time"));
    assert!(table.line().await.starts_with("     3  "));
    let mut lines = Followed::new(&stand, &["--format", "ndjson"]);
    for number in 0..4 {
        let entry: Value = serde_json::from_str(&lines.line().await).unwrap();
        assert_eq!(entry["number"], number);
    }
    stand.send(Ask::get("/cards/y")).await.expect(401);
    assert!(table.line().await.contains("  401  /cards/y "));
    let entry: Value = serde_json::from_str(&lines.line().await).unwrap();
    assert_eq!(entry["target"], "/cards/y");
    stand.send(Ask::post("/_standin/reset")).await.expect(200);
    stand.send(Ask::get("/cards/z")).await.expect(401);
    assert!(table.line().await.starts_with("     0  "));
    let entry: Value = serde_json::from_str(&lines.line().await).unwrap();
    assert_eq!(entry["number"], 0);
    stand.server.stop().await;
    let said = "standin: the space begins again, and so do the numbers\nstandin: the server has been stopped\n";
    assert_eq!(table.ended().await, (Some(0), said.to_owned()));
    assert_eq!(lines.ended().await, (Some(0), said.to_owned()));
}

#[tokio::test]
async fn who_follows_is_told_what_it_missed_and_when_its_space_goes() {
    let settings = Settings::parse("[journal]\nbytes_max = 4000\n").unwrap();
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    stand.client.token("standin-manual@lab", None).await;
    for _ in 1..50 {
        stand.send(Ask::get("/~lab/cards/x")).await.expect(401);
    }
    let mut lines = Followed::new(&stand, &["--space", "lab", "--json"]);
    let entry: Value = serde_json::from_str(&lines.line().await).unwrap();
    let evicted = entry["number"].as_u64().unwrap();
    assert!(evicted > 10);
    for _ in evicted + 1..50 {
        lines.line().await;
    }
    let remove = Ask::delete("/~lab/_standin/space");
    stand.send(remove).await.expect(204);
    let (code, said) = lines.ended().await;
    let missed = format!("{evicted} entries from number 0 on were evicted");
    assert!(
        said.contains(&missed) && said.ends_with("the space is gone\n"),
        "{said}"
    );
    assert_eq!(code, Some(0));
}

/// As under `| head -1`: what nobody reads is no error.
#[tokio::test]
async fn who_reads_no_further_hears_no_complaint() {
    let stand = used().await;
    let mut table = Followed::new(&stand, &[]);
    table.line().await;
    let Followed { process, lines } = table;
    drop(lines);
    for _ in 0..3 {
        stand.send(Ask::get("/cards/y")).await.expect(401);
    }
    let output = process.wait_with_output().await.unwrap();
    assert_eq!(
        (output.status.code(), text(&output.stderr)),
        (Some(0), String::new())
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_with_a_way_out() {
    let stand = Stand::start(options()).await;
    for (arguments, words) in [
        ("--match status", "must be FIELD=VALUE"),
        ("--match stats=200", "did you mean \"status\"?"),
        ("--match requst:/a=1", "did you mean \"request\"?"),
        ("--match request:/a:={", "is no JSON"),
        ("--match request:/a=1&request:/a=2", "is given twice"),
        ("--format hra", "har"),
        ("--format har --follow", "an archive has an end"),
        ("--json --format har", "cannot be used with"),
        ("--space a:b", "1 to 64"),
        (
            "--server http://127.0.0.1:1",
            "nobody answers at http://127.0.0.1:1; start a server with `standin serve`",
        ),
        (
            "--follow --server http://127.0.0.1:1",
            "nobody answers at http://127.0.0.1:1",
        ),
    ] {
        let given: Vec<_> = arguments.split(' ').collect();
        let output = journal(&stand, &given).await;
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        let said = text(&output.stderr);
        assert!(said.contains(words), "{arguments}: {said}");
    }
}
