//! `standin run --record` and `--replay`, as a user runs them, with programs that know nothing of it and a small upstream.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::run::{Ran, ran};
use super::upstream::Upstream;
use crate::cli::Folder;
use crate::clients::python::python;
use crate::program::require_program;

/// What is asked of the upstream, by curl. Everything secret in it is a number with `7777` in it, or begins with `hush`.
pub(super) const ASKED: &str = r#"
set -eu
pay() {
  curl -sS http://api.test/v1/pay?idempotency=a\&currency=eur -H 'content-type: application/json' \
    -H 'authorization: Bearer hush-token' -H 'cookie: session=hush-cookie' -d "$1"
}
pay '{"amount":10,"card":{"number":"4111111111111111","cvc":"7777"},"password":"hush-password"}'
pay '{"amount":12,"card":{"number":"5555555555554444","cvc":"7777"},"password":"hush-password"}'
for try in 1 2 3; do curl -sS http://api.test/v1/job; done
curl -sS http://api.test/logo.png | od -An -tx1
curl -sS --compressed -F note=x -F file=@/dev/null http://api.test/upload
"#;

pub(super) fn answers(asked: &str, before: usize) -> Vec<u8> {
    let json = |text: &str| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nset-cookie: session=hush-session; Path=/\r\nx-api-key: hush-key\r\ncontent-length: {}\r\n\r\n{text}",
            text.len()
        )
        .into_bytes()
    };
    match asked.split(' ').nth(1).unwrap().split('?').next().unwrap() {
        "/v1/pay" if asked.replace(' ', "").contains("\"amount\":10") => {
            json(r#"{"state":"paid","access_token":"hush-answer","pan":"4111111111111111"}"#)
        }
        "/v1/pay" => json(r#"{"state":"declined"}"#),
        "/v1/job" => json(&format!(r#"{{"job":{}}}"#, before - 1)),
        "/logo.png" => b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n4\r\n\x89PN\xff\r\n0\r\n\r\n".to_vec(),
        "/upload" => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        "/large" => format!("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n{}", "x".repeat(5 << 20)).into_bytes(),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
    }
}

/// A folder with settings by which `api.test` is the upstream.
pub(super) fn listed(upstream: &Upstream) -> (Folder, String, String) {
    let folder = Folder::new("recorded");
    let settings = folder.0.join("own.toml");
    let text = format!(
        "[proxy.upstreams]\n\"api.test\" = \"{}\"\n",
        upstream.address
    );
    std::fs::write(&settings, text).unwrap();
    let file = folder.0.join("calls.har");
    let [settings, file] = [settings, file].map(|path| path.to_str().unwrap().to_owned());
    (folder, settings, file)
}

pub(super) fn recorded(settings: &str, file: &str, script: &str) -> Ran {
    ran(&[
        "--config", settings, "--record", file, "--", "bash", "-c", script,
    ])
}

pub(super) fn replayed(file: &str, more: &[&str], script: &str) -> Ran {
    ran(&[&["--replay", file][..], more, &["--", "bash", "-c", script]].concat())
}

fn read(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn tells_who_how_much_and_how_long(entries: &Value) {
    let first = &entries[0];
    assert_eq!(first["serverIPAddress"], "127.0.0.1");
    // As it was sent, and not as it is shown.
    let sent = r#"{"amount":10,"card":{"number":"4111111111111111","cvc":"7777"},"password":"hush-password"}"#;
    assert_eq!(first["request"]["bodySize"], sent.len());
    let heard = r#"{"state":"paid","access_token":"hush-answer","pan":"4111111111111111"}"#;
    assert_eq!(first["response"]["bodySize"], heard.len());
    assert_eq!(first["response"]["content"]["size"], heard.len());
    let milliseconds = |name: &str| first["timings"][name].as_f64().unwrap();
    let whole = milliseconds("wait") + milliseconds("receive");
    assert!(milliseconds("wait") > 0.0, "{first}");
    assert_eq!(first["time"].as_f64().unwrap(), whole);
    let picture = &entries[5];
    assert_eq!(picture["response"]["bodySize"], 4, "{picture}");
}

#[test]
fn what_was_recorded_is_replayed_and_nobody_is_asked() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (_folder, settings, file) = listed(&upstream);
    let live = recorded(&settings, &file, ASKED);
    assert_eq!(live.code, Some(0), "{}{}", live.out, live.err);
    let said =
        format!("standin: recorded 7 exchanges to {file}\nstandin: passed on to api.test (7)\n");
    assert!(live.err.ends_with(&said), "{}", live.err);
    let text = std::fs::read_to_string(&file).unwrap();
    for secret in ["hush", "7777", "4111111111111111", "5555555555554444"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let har::Spec::V1_2(log) = har::from_str(&text).unwrap().log else {
        panic!("{text}");
    };
    assert_eq!(log.entries.len(), 7);
    let first = &read(&file)["log"]["entries"][0];
    assert_eq!(
        first["request"]["url"],
        "http://api.test/v1/pay?idempotency=a&currency=eur"
    );
    assert_eq!(first["request"]["httpVersion"], "HTTP/1.1");
    tells_who_how_much_and_how_long(&read(&file)["log"]["entries"]);
    assert_eq!(first["response"]["content"]["mimeType"], "application/json");
    assert!(
        first["response"]["headers"]
            .as_array()
            .unwrap()
            .contains(&json!({ "name": "set-cookie", "value": "***" })),
        "{first}"
    );
    let before = upstream.said().len();
    let again = replayed(&file, &[], ASKED);
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
    // What was masked stays it, and nothing else is another.
    let masked = live
        .out
        .replace("hush-answer", "***")
        .replace("4111111111111111", "411111******1111");
    assert_eq!(again.out, masked);
    assert_eq!(
        again.err.lines().last(),
        Some("standin: replayed api.test (7)")
    );
    assert_eq!(upstream.said().len(), before);
    // As long as a recording knows a host its listed upstream is not asked; a flag lets it be.
    let both = replayed(
        &file,
        &["--config", &settings],
        "curl -sS http://api.test/v1/job",
    );
    assert_eq!(
        (both.code, both.out.as_str()),
        (Some(0), r#"{"job":2}"#),
        "{}",
        both.err
    );
    assert!(both.err.contains("6 of 7 exchanges in "), "{}", both.err);
    let allowed = ["--config", &settings, "--allow", "api.test"];
    let allowed = replayed(&file, &allowed, "curl -sS http://api.test/v1/job");
    assert_eq!(allowed.out, r#"{"job":7}"#);
}

/// Takes seconds where python's clients have to be installed.
#[test]
fn what_python_asks_by_tls_is_recorded_and_replayed() {
    let Some(python) = python() else {
        return;
    };
    let upstream = Upstream::secured("api.test", answers);
    let (folder, settings, file) = listed(&upstream);
    let authority = folder.0.join("authority.pem");
    std::fs::write(&authority, upstream.authority()).unwrap();
    let script = "import requests; s = requests.Session(); print([s.post('https://api.test/v1/pay', json={'amount': n, 'token': 'x'}, timeout=30).json() for n in (10, 12)]); print(s.get('https://api.test/logo.png').content)";
    let run = |arguments: &[&str]| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_standin"));
        run.env("SSL_CERT_FILE", &authority)
            .arg("run")
            .args(arguments);
        let output = run
            .arg("--")
            .arg(python)
            .args(["-c", script])
            .output()
            .unwrap();
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        assert!(output.status.success(), "{out}{err}");
        out
    };
    let live = run(&["--config", &settings, "--record", &file]);
    let kept = read(&file);
    assert_eq!(
        kept["log"]["entries"][0]["request"]["url"],
        "https://api.test/v1/pay"
    );
    drop(upstream);
    let again = run(&["--replay", &file]);
    assert_eq!(
        again,
        live.replace("hush-answer", "***")
            .replace("4111111111111111", "411111******1111")
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_a_file_that_can_be_replayed() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (_folder, settings, file) = listed(&upstream);
    // It ends by itself, because nobody is left to end it.
    let script = "curl -sS http://api.test/v1/job; sleep 10";
    let mut run = Command::new(env!("CARGO_BIN_EXE_standin"));
    run.args([
        "run", "--config", &settings, "--record", &file, "--", "bash", "-c", script,
    ]);
    let mut run = run
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !Path::new(&file).exists() || read(&file)["log"]["entries"] == json!([]) {
        std::thread::sleep(Duration::from_millis(20));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let again = replayed(&file, &[], "curl -sS http://api.test/v1/job");
    assert_eq!(
        (again.code, again.out.as_str()),
        (Some(0), r#"{"job":0}"#),
        "{}",
        again.err
    );
}

#[test]
fn what_standin_answers_is_kept_too_and_marked_and_what_is_too_large_is_left_out_and_told() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let upstream = Upstream::that(answers);
    let (_folder, settings, file) = listed(&upstream);
    let script = "curl -s https://api.stripe.com/v1/charges -o /dev/null; curl -sS http://api.test/large | wc -c; printf '\\377\\376x' | curl -sS http://api.test/raw --data-binary @-";
    let live = recorded(&settings, &file, script);
    assert_eq!(
        (live.code, live.out.trim()),
        (Some(0), "5242880"),
        "{}",
        live.err
    );
    let said = format!(
        "standin: recorded 3 exchanges to {file}; left out 2 bodies, each with its reason beside it\n"
    );
    assert!(live.err.contains(&said), "{}", live.err);
    let kept = read(&file);
    let [stripe, large, raw] = [0, 1, 2].map(|place| &kept["log"]["entries"][place]);
    assert_eq!(
        (&stripe["_surface"], &stripe["response"]["status"]),
        (&json!("stripe"), &json!(401))
    );
    assert_eq!(
        stripe["request"]["url"],
        "https://api.stripe.com/v1/charges"
    );
    assert_eq!(large["_surface"], "proxy");
    assert_eq!(
        large["response"]["content"]["_left_out"],
        "it is longer than what is kept of a body"
    );
    assert!(raw["request"]["postData"]["_left_out"].is_string(), "{raw}");
    let comment = kept["log"]["comment"].as_str().unwrap();
    assert!(comment.contains("left out 2 bodies"), "{comment}");
    // A request may have been anything, an answer may not.
    let again = replayed(
        &file,
        &[],
        "curl -sSf http://api.test/large; curl -sS http://api.test/raw -d x -H content-type:application/x-www-form-urlencoded",
    );
    assert_eq!(again.code, Some(1), "{}{}", again.out, again.err);
    assert!(
        again.err.contains("log.entries[1] of ") && again.err.contains("it is longer than"),
        "{}",
        again.err
    );
    assert!(
        again.err.contains("1 entry of ")
            && again
                .err
                .contains("replayed api.test (1); refused api.test (1)"),
        "{}",
        again.err
    );
}
