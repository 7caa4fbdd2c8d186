//! The commands around a verdict, through the program as a user runs it: a run that is broken off, tried again, expected,
//! compared; the schema of target files; and a certificate of the judge's own.

use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::folder;
use super::scripted::{Script, start};
use crate::cli;

const LEAST: &str = include_str!("least.toml");
const BLUEGATE: &str = include_str!("../../../fixtures/targets/bluegate/target.toml");
const JSON: &str = "application/json";
/// What a liar answers to everything: a token that is always the same and never gone.
const LIE: &str = r#"{"id":"t1","status":"LIVE","expiry":"12/31"}"#;

/// Runs the program while the target goes on answering.
async fn standin(args: &[&str]) -> Output {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let running = tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        cli::standin(&args)
    });
    running.await.unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .concat()
}

/// One liar, and where its runs are kept.
struct Liar {
    folder: PathBuf,
    target: String,
}

impl Liar {
    fn new(name: &str, url: &str) -> Self {
        let folder = folder(&format!("commands-{name}"));
        let target = folder.join("target.toml");
        std::fs::write(&target, LEAST.replace("{address}", url)).unwrap();
        let target = target.to_str().unwrap().to_owned();
        Self { folder, target }
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    /// Judges it, and gives back the exit code and the ids of its checks by outcome.
    async fn judged(&self, log: &str, more: &[&str]) -> (i32, Vec<(String, String)>) {
        let log = self.file(log);
        let args = ["conform", "--target", &self.target, "--json", &log];
        let ran = standin(&[&args[..], more].concat()).await;
        let text = std::fs::read_to_string(&log).unwrap_or_else(|_| panic!("{}", said(&ran)));
        let events = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let checks = events.filter(|event: &Value| event["event"] == "check");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let checks = checks.map(|check| (text(&check["outcome"]), text(&check["id"])));
        (ran.status.code().unwrap(), checks.collect())
    }
}

fn of<'a>(checks: &'a [(String, String)], outcome: &str) -> Vec<&'a str> {
    let is_it = |check: &&(String, String)| check.0 == outcome;
    let found = checks.iter().filter(is_it);
    found.map(|(_, id)| id.as_str()).collect()
}

#[tokio::test]
async fn a_run_is_broken_off_tried_again_expected_and_compared() {
    let target = start(Script::Always(201, JSON, LIE)).await;
    let liar = Liar::new("liar", &target.url);
    let (code, whole) = liar.judged("whole.ndjson", &[]).await;
    let failed = of(&whole, "fail");
    assert_eq!(code, 1);
    assert!(failed.len() > 1, "{whole:?}");

    let fast = ["--fail-fast", "--concurrency", "1"];
    let (code, broken_off) = liar.judged("fast.ndjson", &fast).await;
    assert_eq!((code, of(&broken_off, "fail").len()), (1, 1));

    let log = liar.file("whole.ndjson");
    let (code, again) = liar.judged("again.ndjson", &["--rerun-failed", &log]).await;
    assert_eq!(code, 1);
    let mut tried = of(&again, "fail");
    tried.sort_unstable();
    let mut before = failed.clone();
    before.sort_unstable();
    assert_eq!(tried, before);
    assert!(of(&again, "pass").is_empty(), "what passed is left out");

    let drafted = standin(&["expect", &log]).await;
    assert!(drafted.status.success(), "{}", said(&drafted));
    let drafted = String::from_utf8(drafted.stdout).unwrap();
    let expected = liar.file("expected.toml");
    std::fs::write(&expected, &drafted).unwrap();
    let args = ["conform", "--target", &liar.target, "--expect", &expected];
    let unfilled = standin(&args).await;
    assert_eq!(unfilled.status.code(), Some(2), "{}", said(&unfilled));
    assert!(said(&unfilled).contains("reason"), "{}", said(&unfilled));
    let filled = drafted.replace("reason = \"\"", "reason = \"it lies\"");
    std::fs::write(&expected, filled).unwrap();
    let (_, excused) = liar
        .judged("excused.ndjson", &["--expect", &expected])
        .await;
    assert!(of(&excused, "fail").is_empty(), "{excused:?}");
    assert_eq!(of(&excused, "expected-fail").len(), failed.len());

    let other = start(Script::Always(500, JSON, "{}")).await;
    let worse = Liar::new("worse", &other.url);
    worse.judged("run.ndjson", &[]).await;
    let told = standin(&["diff", &log, &worse.file("run.ndjson")]).await;
    assert!(told.status.success(), "{}", said(&told));
    let told = said(&told);
    assert!(told.starts_with("# least before and after"), "{told}");
    assert!(told.contains("| check | before | after | why |"), "{told}");
    let same = said(&standin(&["diff", &log, &log]).await);
    assert!(same.contains("Every check came to the same."), "{same}");
}

#[tokio::test]
async fn the_schema_that_is_printed_knows_a_right_file_from_a_wrong_one() {
    let printed = cli::printed(&["target", "schema"]);
    let schema: Value = serde_json::from_str(&printed).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let is_valid = |text: &str| {
        let file: toml::Table = toml::from_str(text).unwrap();
        validator.is_valid(&serde_json::to_value(file).unwrap())
    };
    assert!(is_valid(BLUEGATE));
    assert!(!is_valid(&BLUEGATE.replacen("base_url", "base_uri", 1)));
}

/// A gateway by https that wants to see the certificate of whoever asks. Gives back its address.
async fn wants_a_certificate(
    own: &rcgen::CertifiedKey<rcgen::KeyPair>,
    theirs: &rcgen::Certificate,
) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(theirs.der().clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let key = PrivatePkcs8KeyDer::from(own.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![own.cert.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut bytes = [0; 4096];
                let _asked = stream.read(&mut bytes).await;
                let length = LIE.len();
                let answer = format!(
                    "HTTP/1.1 201 Created\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{LIE}"
                );
                let _written = stream.write_all(answer.as_bytes()).await;
                let _closed = stream.shutdown().await;
            });
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn a_gateway_that_wants_a_certificate_sees_the_one_of_the_file() {
    let named = |name: &str| rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let (own, judge, stranger) = (named("localhost"), named("judge"), named("stranger"));
    let url = wants_a_certificate(&own, &judge.cert).await;
    let folder = folder("commands-identity");
    let write = |name: &str, text: String| {
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let ca = write("ca.pem", own.cert.pem());
    let least = LEAST.replace("{address}", &url);
    let mut codes = Vec::new();
    for (name, shown) in [
        ("judge", Some(&judge)),
        ("stranger", Some(&stranger)),
        ("nobody", None),
    ] {
        let identity = shown.map_or_else(String::new, |shown| {
            let certificate = write(&format!("{name}.pem"), shown.cert.pem());
            let key = write(&format!("{name}.key"), shown.signing_key.serialize_pem());
            format!("[identity]\ncertificate = {certificate:?}\nkey = {key:?}\n")
        });
        let file = least.replace("[auth]", &format!("ca = {ca:?}\n{identity}[auth]"));
        let file = write(&format!("{name}.toml"), file);
        let args = ["conform", "--target", &file, "--request-timeout", "5s"];
        let ran = standin(&args).await;
        assert_eq!(
            said(&ran).contains("does not answer"),
            name != "judge",
            "{name}: {}",
            said(&ran)
        );
        codes.push(ran.status.code());
    }
    assert_eq!(
        codes,
        [Some(1), Some(3), Some(3)],
        "judged, and not reached twice"
    );
}
