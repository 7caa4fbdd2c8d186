//! One row for each kind of fault on the wire, over HTTP/1.1, HTTP/2 and TLS. The client is curl, and what is expected is
//! what curl says: its exit code, the status, the bytes of the body that it got.

use std::fmt::Write as _;
use std::sync::Arc;

use rustls::pki_types::PrivatePkcs8KeyDer;
use standin::clock::Source;
use standin::server::{Options, Running, start};
use tokio::process::Command;

use crate::client::{Ask, Client, options};
use crate::program::require_program;

fn tls() -> Arc<rustls::ServerConfig> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.into()
}

/// Rules may come with requests, so that rows cannot disturb each other.
async fn server(secure: bool) -> Running {
    let mut options = Options {
        clock: Source::Machine,
        tls: secure.then(tls),
        ..options()
    };
    options.settings.faults.header = true;
    start(options).await.unwrap()
}

const ROWS: [&str; 27] = [
    "status 503 retry_after=2s",
    "status 429",
    "wrong_content_type text/html",
    "missing_field /keys",
    "extra_field /more value=1",
    "wrong_value /keys value=1",
    "delay 30ms",
    "latency p50=5ms p99=20ms max=30ms",
    "stall at=before_headers ms=200ms",
    "stall at=after_headers ms=200ms",
    "drip bytes=200 every=5ms",
    "reset",
    "reset at=after_headers",
    "reset at=after_bytes bytes=40",
    "reset at=after_bytes bytes=40 scope=connection",
    "empty_reply",
    "truncate 10",
    "malformed_chunk",
    "garbage 100",
    "silence 200ms",
    "stream_reset refused_stream",
    "stream_reset enhance_your_calm at=after_bytes bytes=5",
    "goaway",
    "goaway enhance_your_calm",
    "outage 1h with empty_reply",
    "recover 1 with reset",
    "stages 1 truncate 10 then 1 ok",
];

/// What curl saw of one request that brings this rule.
async fn curl(base: &str, arguments: &[&str], rule: &str) -> String {
    let url = format!("{base}/auth/realms/vgs/protocol/openid-connect/certs");
    let told = Command::new("curl")
        .args(["-sk", "--max-time", "5", "--retry", "0", "-o", "/dev/null"])
        .args(["-w", "%{http_code} %{size_download} %{content_type}"])
        .args(["-H", &format!("standin-fault: {rule}")])
        .args(arguments)
        .arg(url)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&told.stdout);
    format!("exit {} {said}", told.status.code().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_curl_sees_of_every_kind_over_every_protocol() {
    if !require_program("curl") {
        return;
    }
    let (plain, secure) = (server(false).await, server(true).await);
    let at = |running: &Running| running.base_url();
    let protocols: [(&str, String, &[&str]); 4] = [
        ("HTTP/1.1", at(&plain), &["--http1.1"]),
        ("HTTP/2", at(&plain), &["--http2-prior-knowledge"]),
        ("HTTP/1.1 TLS", at(&secure), &["--http1.1"]),
        ("HTTP/2 TLS", at(&secure), &["--http2"]),
    ];
    let mut table = String::new();
    for rule in ROWS {
        writeln!(table, "{rule}").unwrap();
        for (name, base, arguments) in &protocols {
            let seen = curl(base, arguments, rule).await;
            writeln!(table, "  {name:<13} {seen}").unwrap();
        }
    }
    println!("{table}");
    insta::with_settings!({ snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/injection"), prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("kinds_by_protocol", table);
    });
}

/// A closed listener hits everybody, so it has a server of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_lets_nobody_in_for_a_while() {
    if !require_program("curl") {
        return;
    }
    let running = server(false).await;
    let base = running.base_url();
    let first = curl(&base, &["--http1.1"], "refuse_connection 700ms").await;
    assert!(
        first.starts_with("exit 56 ") || first.starts_with("exit 52 "),
        "{first}"
    );
    let second = curl(&base, &["--http1.1"], "delay 1ms").await;
    assert!(second.starts_with("exit 7 "), "{second}");
    let again = Command::new("curl")
        .args([
            "-s",
            "--retry",
            "20",
            "--retry-delay",
            "1",
            "--retry-connrefused",
        ])
        .arg(format!("{base}/_standin/health"))
        .output()
        .await
        .unwrap();
    assert!(again.status.success());
}

#[tokio::test]
async fn a_rule_that_cannot_be_read_is_told_to_who_sent_it() {
    let running = server(false).await;
    let client = Client::new(&running.base_url());
    let path = "/auth/realms/vgs/protocol/openid-connect/certs";
    let ask = || Ask::get(path).header("standin-fault", "status 503");
    for (ask, says) in [
        (
            Ask::get(path).header("standin-fault", "dely 3"),
            "did you mean \\\"delay\\\"?",
        ),
        (Ask::get(path).header("standin-fault", "status 503 ö"), "ö"),
        (ask().header("standin-fault", "delay 3"), "more than once"),
    ] {
        let answer = client.send(ask).await;
        assert_eq!(answer.status, 400, "{says}");
        assert!(answer.text().contains(says), "{}", answer.text());
    }
}
