//! `standin run` and `standin env`, as a user runs them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::cli::{Folder, standin};
use crate::program::{require, require_program};

/// How a run ended and what was printed.
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

/// Runs `standin run` with these arguments.
pub(super) fn ran(arguments: &[&str]) -> Ran {
    let output = standin(&[&["run"], arguments].concat());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

/// What a run has reported.
pub(super) fn report(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

pub(super) const TOKEN: &str = "curl -sS -o /dev/null -w '%{http_code}' https://auth.verygoodsecurity.com/auth/realms/vgs/protocol/openid-connect/token -d grant_type=client_credentials -d client_id=standin-manual -d client_secret=standin-secret";

/// The enrolment document's sample request, as it is printed there: only its placeholders are filled in.
const SAMPLE: &str = r#"
curl --location -X POST https://calm.<ENVIRONMENT>.verygoodsecurity.app/network-tokens \
-H "Authorization: Bearer ${VGS_ACCESS_TOKEN}" \
-H "Content-Type: application/json" \
-x https://<CREDENTIALS>@<VAULT_ID>.<ENVIRONMENT>.verygoodproxy.com:8443 \
--data-raw '{
"name": "John Doe",
"pan_alias": "557349eee1027312",
"cvv_alias": "tok_sandbox_1218782dsds",
"exp_month":12,
"exp_year":23,
"billing_address": {
"name": "John Doe",
"company": "John Doe Company",
"address1": "555 Unblock Us St",
"address2": "M13 9PL",
"city": "New York",
"region": "NY",
"country": "US",
"postal_code": 12301,
"phone": "+14842634673"
}
}'
"#;

/// What a vault has before: an access token, and the two aliases.
const BEFORE: &str = r#"
set -eu
VGS_ACCESS_TOKEN=$(curl -s https://auth.verygoodsecurity.com/auth/realms/vgs/protocol/openid-connect/token \
  -d grant_type=client_credentials -d client_id=standin-manual -d client_secret=standin-secret \
  | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -s -o /dev/null https://api.sandbox.verygoodvault.com/aliases -H "Authorization: Bearer $VGS_ACCESS_TOKEN" \
  -H 'Content-Type: application/json' -d '{"data":[{"value":"5573490000077312","alias":"557349eee1027312"},
  {"value":"123","alias":"tok_sandbox_1218782dsds","storage":"VOLATILE"}]}'
"#;

#[test]
fn the_enrolment_document_s_own_command_works_as_it_is_printed() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let filled = SAMPLE
        .replace("<CREDENTIALS>", "USstandin:standin-secret")
        .replace("<VAULT_ID>", "tntstandin")
        .replace("<ENVIRONMENT>", "sandbox");
    let folder = Folder::new("sample");
    let journal = folder.0.join("journal.json");
    let program = env!("CARGO_BIN_EXE_standin");
    let script = format!(
        "{BEFORE}{filled}\n{program} journal --json > {}\n",
        journal.display()
    );
    let clock = "manual=2023-05-15T12:30:45Z";
    let done = ran(&["--clock", clock, "--", "bash", "-c", &script]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let answer: Value =
        serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{}{}", done.out, done.err));
    let members: Vec<_> = answer
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members,
        [
            "pan_alias",
            "network_token_last4",
            "created_at",
            "updated_at",
            "state",
            "expires_at",
            "card"
        ]
    );
    assert_eq!(answer["pan_alias"], "557349eee1027312");
    assert_eq!(
        (&answer["state"], &answer["created_at"]),
        (&"ACTIVE".into(), &"2023-05-15T12:30:45Z".into())
    );
    let card = &answer["card"];
    assert_eq!(
        (&card["last4"], &card["bin"]),
        (&"7312".into(), &"557349".into())
    );
    assert_eq!(
        card["holder_info"]["billing_address"]["postal_code"],
        "12301"
    );
    check_journal(&std::fs::read_to_string(journal).unwrap());
}

/// The alias, the number behind it masked, and the enrolment.
fn check_journal(shown: &str) {
    assert!(!shown.contains("5573490000077312"), "{shown}");
    let shown: Value = serde_json::from_str(shown).unwrap();
    let entry = |surface: &str| {
        let entries = shown["entries"].as_array().unwrap().iter();
        let mut found = entries.filter(|entry| entry["surface"] == surface);
        found.next().unwrap().clone()
    };
    let proxy = entry("proxy");
    assert!(
        proxy["reason"]
            .as_str()
            .unwrap()
            .starts_with("revealed 557349eee1027312 at "),
        "{proxy}"
    );
    let calm = entry("calm");
    assert!(
        calm["request"]
            .as_str()
            .unwrap()
            .contains("\"pan_alias\":\"557349******7312\""),
        "{calm}"
    );
    assert_eq!(
        (&calm["operation"], &calm["status"]),
        (&"provision".into(), &200.into())
    );
}

/// In a network that has nothing but this machine in it: what works there has sent nothing anywhere.
#[test]
fn nothing_leaves_this_machine() {
    if !require_program("unshare") || !require_program("curl") {
        return;
    }
    let program = env!("CARGO_BIN_EXE_standin");
    let script = format!(
        "{BEFORE}{TOKEN}; curl -s https://canary.example/ -o /dev/null || true; cat /proc/net/dev | tail -n +3"
    );
    let alone = ["--map-root-user", "--net", "bash", "-c"];
    let up = format!("{LOOPBACK_UP} && exec {program} run -- bash -c \"$0\"");
    let output = Command::new("unshare")
        .args(alone)
        .arg(&up)
        .arg(&script)
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    if !require(
        "a network of its own",
        !err.contains("unshare failed") && !err.contains("no loopback"),
        &err,
    ) {
        return;
    }
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    let (status, devices) = out.split_at(3);
    assert_eq!(status, "200", "{out}{err}");
    let mut devices = devices.lines().filter(|line| line.contains(':'));
    let used = |line: &str| line.split_whitespace().nth(2).unwrap() != "0";
    assert!(
        devices.all(|line| line.trim().starts_with("lo:") || !used(line)),
        "{out}"
    );
    assert!(err.contains("refused canary.example (1)"), "{err}");
}

/// A new network has its loopback switched off.
const LOOPBACK_UP: &str = "{ ip link set lo up || python3 -c 'import fcntl, socket, struct; s = socket.socket(); r = struct.pack(\"16sh14x\", b\"lo\", 0x41); fcntl.ioctl(s, 0x8914, r)' || { echo no loopback >&2; exit 3; }; } 2>/dev/null";

#[test]
fn the_code_of_the_command_is_passed_and_a_refused_host_fails_it() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let folder = Folder::new("run-report");
    let file = folder.0.join("report.json");
    for (script, code, says) in [
        ("exit 0", 0, "nothing was asked of any host"),
        ("exit 7", 7, "nothing was asked of any host"),
        (TOKEN, 0, "answered for auth.verygoodsecurity.com (1)"),
        (
            "curl -s https://canary.example/; exit 0",
            1,
            "refused canary.example (1)",
        ),
        (
            "curl -s https://canary.example/; exit 9",
            9,
            "refused canary.example (1)",
        ),
        (
            "curl -s http://canary.example/; exit 0",
            1,
            "refused canary.example (1)",
        ),
        ("kill -KILL $$", 137, "nothing was asked"),
    ] {
        let done = ran(&[
            "--report",
            file.to_str().unwrap(),
            "--",
            "bash",
            "-c",
            script,
        ]);
        assert_eq!(done.code, Some(code), "{script}: {}{}", done.out, done.err);
        let line = done.err.lines().last().unwrap();
        assert!(
            line.starts_with("standin: ") && line.contains(says),
            "{script}: {}",
            done.err
        );
        assert_eq!(report(&file)["exit_code"], code, "{script}");
    }
    let none = ran(&["--", "a-program-that-nobody-has"]);
    assert_eq!(none.code, Some(127), "{}", none.err);
    let usage = ran(&[]);
    assert_eq!(usage.code, Some(2), "{}", usage.err);
}

#[cfg(unix)]
#[test]
fn what_the_run_is_told_the_command_is_told() {
    if !require_program("bash") {
        return;
    }
    let folder = Folder::new("run-signal");
    let ready = folder.0.join("ready");
    for (signal, code) in [("TERM", 41), ("INT", 42), ("HUP", 43)] {
        let script = format!(
            "trap 'exit {code}' {signal}; touch {}; while :; do sleep 0.05; done",
            ready.display()
        );
        let mut run = Command::new(env!("CARGO_BIN_EXE_standin"));
        run.args(["run", "--"]);
        if cfg!(target_os = "linux") {
            // No shell can trap what was ignored when it began, as it is below nohup or in the background.
            run.args(["env", "--default-signal=HUP,INT"]);
        }
        run.args(["bash", "-c", &script])
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let mut process = run.spawn().unwrap();
        while !ready.exists() {
            std::thread::sleep(Duration::from_millis(20));
        }
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &process.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(process.wait().unwrap().code(), Some(code), "{signal}");
        std::fs::remove_file(&ready).unwrap();
    }
}

#[test]
fn nothing_is_left_behind_and_the_variables_are_set() {
    if !require_program("bash") {
        return;
    }
    let done = ran(&[
        "--",
        "bash",
        "-c",
        "echo $CURL_HOME; cat $SSL_CERT_FILE | head -1; env",
    ]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let mut lines = done.out.lines();
    assert!(!Path::new(lines.next().unwrap()).exists());
    assert_eq!(lines.next(), Some("-----BEGIN CERTIFICATE-----"));
    for name in [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "NO_PROXY",
        "no_proxy",
        "SSL_CERT_FILE",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "AWS_CA_BUNDLE",
        "GIT_SSL_CAINFO",
        "JAVA_TOOL_OPTIONS",
        "PYTHONPATH",
        "STANDIN_AUTHORITY",
        "NODE_USE_ENV_PROXY",
        "NODE_OPTIONS",
        "CURL_HOME",
        "STANDIN_SERVER",
    ] {
        let start = format!("{name}=");
        assert!(
            done.out.lines().any(|line| line.starts_with(&start)),
            "{name}: {}",
            done.out
        );
    }
}
