//! The program as a user runs it: started, asked, told to stop.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use standin::server::open_folder;
use standin::store::{Durability, Engine};

use crate::client::{Ask, Client};

pub(crate) fn standin(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_standin"));
    program.args(arguments).stdin(Stdio::null());
    program.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs to a good end and returns what was printed.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = standin(arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// A folder for one test, gone with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("standin-{name}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The engine that keeps its file there, once nobody else has it.
    pub(crate) async fn engine(&self, seed: &str, durability: Durability) -> Engine {
        loop {
            match open_folder(&self.0, durability, seed) {
                Ok(engine) => return engine,
                // A server that has stopped lets go of its folder with its last task.
                Err(why) if why.contains("is using it") => tokio::task::yield_now().await,
                Err(why) => panic!("{why}"),
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// What the ready file says, once it is written.
pub(crate) async fn base_url(ready: &Path) -> String {
    loop {
        let text = std::fs::read_to_string(ready).unwrap_or_default();
        if let Some(url) = text.strip_suffix('\n') {
            return url.to_owned();
        }
        tokio::task::yield_now().await;
    }
}

/// A server of its own, as a process.
pub(crate) struct Served {
    process: tokio::process::Child,
    pub(crate) client: Client,
    pub(crate) base: String,
    _folder: Folder,
}

impl Served {
    pub(crate) async fn new(name: &str, arguments: &[&str]) -> Self {
        Self::within(Folder::new(name), arguments).await
    }

    /// Started in this folder, which goes with it.
    pub(crate) async fn within(folder: Folder, arguments: &[&str]) -> Self {
        let ready = folder.0.join("ready");
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_standin"));
        program.current_dir(&folder.0);
        program
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-file"])
            .arg(&ready);
        program.args(arguments).kill_on_drop(true);
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let process = program.spawn().unwrap();
        let base = base_url(&ready).await;
        Self {
            process,
            client: Client::new(&base),
            base,
            _folder: folder,
        }
    }

    /// What the process holds in memory, in KiB. None where the system does not tell.
    pub(crate) fn resident_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()?));
        let status = status.ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Sends SIGTERM and waits for the end: exit code, standard output, standard error.
    pub(crate) async fn terminate(self) -> (Option<i32>, String, String) {
        let id = self.process.id().unwrap().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(told.success());
        let output = self.process.wait_with_output().await.unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }
}

/// Takes a second, because a process starts and makes a key.
#[tokio::test]
async fn serve_says_where_it_is_answers_and_stops_when_told() {
    let served = Served::new(
        "serve",
        &["--seed", "x", "--clock", "manual=2023-05-15T12:30:45Z"],
    )
    .await;
    let clock = served
        .client
        .send(Ask::get("/_standin/clock"))
        .await
        .expect(200);
    assert_eq!(clock.at("/now"), "2023-05-15T12:30:45.000000Z");
    served.client.token("standin-manual", None).await;
    let base = served.base.clone();
    let (code, banner, errors) = served.terminate().await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    for wanted in [
        &format!("answers at {base}"),
        &format!("{base}/auth/realms/vgs/protocol/openid-connect/token"),
        &format!("{base}/cards"),
        &format!("{base}/network-tokens"),
        &format!("{base}/aliases"),
        &format!("{base}/_standin/health"),
        "curl -s",
        "client_id=standin-manual",
        "standin-on-create",
        "standin-secret",
    ] {
        assert!(banner.contains(wanted), "{wanted} is not in {banner}");
    }
}

/// A request whose body is still on its way when the server is told to stop gets its answer.
#[tokio::test]
async fn an_open_request_is_finished() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let served = Served::new("drain", &["--quiet"]).await;
    let address = served.base.strip_prefix("http://").unwrap().to_owned();
    let mut open = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = "POST /_standin/clock HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 18\r\nexpect: 100-continue\r\n\r\n";
    open.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body, so it has begun to answer.
    let mut answer = vec![0; 1024];
    let read = open.read(&mut answer).await.unwrap();
    assert!(
        text(&answer[..read]).starts_with("HTTP/1.1 100"),
        "{}",
        text(&answer[..read])
    );
    let stopping = tokio::spawn(served.terminate());
    // Once nobody new is let in, the stop has begun.
    while tokio::net::TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    open.write_all(br#"{"advance":"PT0S"}"#).await.unwrap();
    let mut rest = String::new();
    open.read_to_string(&mut rest).await.unwrap();
    assert!(rest.starts_with("HTTP/1.1 200"), "{rest}");
    let (code, printed, errors) = stopping.await.unwrap();
    assert_eq!((code, printed.as_str(), errors.as_str()), (Some(0), "", ""));
}

/// Takes a second, because a process starts and makes a key.
#[tokio::test]
async fn a_cryptogram_computed_offline_is_the_servers() {
    let served = Served::new(
        "cryptogram",
        &["--quiet", "--seed", "s", "--clock", "manual"],
    )
    .await;
    let client = &served.client;
    let token = client.token("standin-manual@lab", None).await;
    let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let path = format!(
        "/cards/{}",
        client.send(create).await.expect(201).at("/data/id")
    );
    let provision = Ask::post(format!("{path}/network-tokens")).bearer(&token);
    let reference = client.send(provision).await.expect(200).at("/data/id");
    let offline = |counter: &str, more: &[&str]| {
        let mut arguments = vec!["cryptogram", "--seed", "s", "--space", "lab"];
        arguments.extend(["--token", &reference, "--counter", counter]);
        arguments.extend(more);
        printed(&arguments).trim_end().to_owned()
    };
    let at = ["--at", "2026-01-01T00:00:00Z"];
    let limit = [
        "--at",
        "2026-01-01T00:00:00Z",
        "--amount",
        "100.5",
        "--currency",
        "USD",
    ];
    let rows: [(Value, &[&str]); 3] = [
        (json!({}), &at),
        (json!({ "amount": 100.5, "currency_code": "USD" }), &limit),
        (json!({ "cryptogram_type": "DTVV" }), &["--form", "short"]),
    ];
    for (counter, (attributes, more)) in rows.iter().enumerate() {
        let ask = Ask::post(format!("{path}/cryptogram")).bearer(&token);
        let minted = client.send(ask.attributes(attributes)).await.expect(200);
        let value = minted.at("/data/attributes/cryptogram/value");
        assert_eq!(offline(&counter.to_string(), more), value, "{attributes}");
    }
}

#[test]
fn cards_are_listed() {
    let all = printed(&["cards"]);
    assert!(
        all.contains("4111111111111111") && all.contains("source: "),
        "{all}"
    );
    let few = printed(&["cards", "--network", "amex", "ACTIVATED"]);
    assert!(few.lines().count() < all.lines().count());
    assert!(!few.contains("  visa  "), "{few}");
    let rows: Value = serde_json::from_str(&printed(&["cards", "--json"])).unwrap();
    let rows = rows.as_array().unwrap();
    assert!(all.ends_with(&format!("{0} of {0} test cards\n", rows.len())));
    for row in rows {
        assert!(
            row["does"].is_string() && row["source"].is_string(),
            "{row}"
        );
        assert_eq!(row["pan"].is_string(), row["alias"].is_string(), "{row}");
    }
    let none = printed(&["cards", "nobody has this"]);
    assert!(none.starts_with("0 of "), "{none}");
}

#[test]
fn help_shows_examples() {
    let help = printed(&["--help"]);
    assert!(
        help.contains("Examples:") && help.contains("standin serve"),
        "{help}"
    );
    assert!(printed(&["--version"]).starts_with("standin "));
    assert!(printed(&["serve", "--help"]).contains("--ready-file"));
}

#[test]
fn bad_arguments_are_named() {
    let folder = Folder::new("arguments");
    let file = |name: &str, text: &str| {
        let path = folder.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let settings = file("settings.toml", "[gateway]\nspeed = 1\n");
    let accounts = file("accounts.toml", "[[account]]\nclient_id = \"a b\"\n");
    let token = "--token NTK1111111111111111111111 --counter";
    let rows = [
        ("dance".to_owned(), "dance"),
        ("serve --listen here".to_owned(), "--listen"),
        (
            "serve --clock fast".to_owned(),
            "it can be real, manual, manual=INSTANT",
        ),
        ("serve --clock manual=soon".to_owned(), "is not an instant"),
        ("serve --log standin=loud".to_owned(), "--log"),
        ("serve --config /no/such/file".to_owned(), "/no/such/file"),
        (format!("serve --config {settings}"), "speed"),
        (format!("serve --accounts {accounts}"), "accounts.toml"),
        ("serve --allow-pan 12".to_owned(), "--allow-pan"),
        (
            "cards --network diners".to_owned(),
            "visa, mastercard, amex, discover",
        ),
        ("completions tcl".to_owned(), "tcl"),
        (
            "cryptogram --token x --counter 0 --at 2026-01-01T00:00:00Z".to_owned(),
            "--token",
        ),
        (format!("cryptogram {token} 0"), "--at"),
        (format!("cryptogram {token} 0 --at now"), "--at"),
        (
            format!("cryptogram {token} 0 --at 2026-01-01T00:00:00Z --amount 1"),
            "--currency",
        ),
        (
            format!("cryptogram {token} 99999999 --form short"),
            "--counter",
        ),
    ];
    for (line, says) in rows {
        let output = standin(&line.split(' ').collect::<Vec<_>>());
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {errors}");
        assert!(
            errors.contains(says),
            "{line} does not say {says}: {errors}"
        );
        assert!(!errors.contains("panicked"), "{errors}");
    }
    let nothing = standin(&[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("Usage"));
}

#[test]
fn a_server_that_others_can_reach_needs_a_token() {
    let output = standin(&["serve", "--listen", "0.0.0.0:0"]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("--control-token"), "{errors}");
}

#[test]
fn a_control_token_that_keeps_nobody_out_is_refused_at_the_start() {
    for (token, why) in [
        ("", "0 characters and needs 16"),
        ("s3cret", "6 characters and needs 16"),
        ("fifteen-letters", "15 characters and needs 16"),
        ("sixteen letters!", "without spaces"),
        ("clé-clé-clé-clé-clé", "printable ASCII"),
    ] {
        let output = standin(&["serve", "--listen", "127.0.0.1:0", "--control-token", token]);
        assert_eq!(output.status.code(), Some(2), "{token}");
        let errors = text(&output.stderr);
        assert!(errors.contains(why), "{token}: {errors}");
    }
}

#[test]
fn a_port_in_use_is_named_with_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = standin(&["serve", "--listen", &address]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains(&address) && errors.contains("--listen"),
        "{errors}"
    );
}
