//! Receivers of webhooks are judged: good ones of every profile and of different replies pass, each defect is found by its check,
//! and a URL at which nobody answers is no receiver that fails.

mod server;

use std::collections::BTreeSet;
use std::time::Duration;

use clap::Parser;
use futures::future::join_all;
use serde_json::Value;
use standin::conformance::{Job, ReceiverOptions, judge_receiver};
use standin::crypto::webhook::Scheme;
use standin::report::{Outcome, Tally};
use tokio::net::TcpListener;

use super::folder;
use server::{Defect, KEY, PLAIN, Receiver, Reply, Ways, secret};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: ReceiverOptions,
}

/// What a run came to, with the ids of the checks by their outcome.
struct Ran {
    code: u8,
    tally: Tally,
    out: String,
    err: String,
    checks: Vec<(String, String)>,
}

impl Ran {
    fn that(&self, outcome: &str) -> BTreeSet<&str> {
        let found = self.checks.iter().filter(|(_, word)| word == outcome);
        found.map(|(id, _)| id.as_str()).collect()
    }
}

async fn judge(name: &str, arguments: &[&str]) -> Ran {
    let events = folder(&format!("receiver-{name}")).join("run.ndjson");
    let mut line = vec!["receiver"];
    line.extend(arguments);
    let file = events.to_str().unwrap();
    line.extend(["--json", file]);
    let options = Line::parse_from(line).options;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let now = || standin::clock::machine_now().seconds();
    let (verdict, tally) = judge_receiver(&options, Job::default(), now, &mut out, &mut err).await;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let log = std::fs::read_to_string(events).unwrap_or_default();
    let events = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let checks = events
        .filter(|event| event["event"] == "check")
        .map(|event| {
            let word = |member: &str| event[member].as_str().unwrap().to_owned();
            (word("id"), word("outcome"))
        });
    Ran {
        code: verdict.exit_code(),
        tally,
        out: text(out),
        err: text(err),
        checks: checks.collect(),
    }
}

const PROFILES: [(&str, Scheme); 6] = [
    ("standard", Scheme::Standard),
    ("stripe", Scheme::Stripe),
    ("vgs", Scheme::Vgs),
    ("checkout", Scheme::Checkout),
    ("adyen", Scheme::AdyenItem),
    ("adyen-payload", Scheme::AdyenPayload),
];

/// Messages trickle in for seconds, in all of them at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_receivers_pass_in_every_profile_and_whatever_their_manner() {
    let replies = [
        PLAIN,
        Reply {
            status: 202,
            body: "[accepted]",
            ..PLAIN
        },
        Reply {
            status: 204,
            ..PLAIN
        },
        Reply {
            wait: Duration::from_millis(300),
            ..PLAIN
        },
    ];
    let mut runs = Vec::new();
    for (place, (name, scheme)) in PROFILES.into_iter().enumerate() {
        for (at, reply) in replies.into_iter().enumerate() {
            // Every reply for the first one, and each of the others in one.
            if place > 0 && at != place % replies.len() {
                continue;
            }
            runs.push(Box::pin(async move {
                let ways = Ways {
                    scheme: Some(scheme),
                    defect: Defect::None,
                    reply,
                };
                let receiver = Receiver::open(ways).await;
                let secret = secret(scheme);
                let url = format!("{}/hooks", receiver.url);
                let arguments = ["--url", &url, "--profile", name, "--secret", &secret];
                let ran = judge(&format!("good-{name}-{at}"), &arguments).await;
                assert_eq!(ran.code, 0, "{name} {reply:?}: {}{}", ran.out, ran.err);
                assert_eq!(ran.tally.count(Outcome::Fail), 0, "{name}: {}", ran.out);
                assert!(ran.tally.count(Outcome::Pass) >= 13, "{name}: {}", ran.out);
                assert!(ran.tally.negative_passes() >= 3, "{name}");
                assert!(!ran.out.contains(&secret), "the secret is shown");
                // What cannot be seen from outside is told.
                assert!(ran.that("not-declared").contains("receiver.once"));
                assert!(ran.out.contains("--count-url"), "{}", ran.out);
                assert!(receiver.state.lock().acted > 0);
            }));
        }
    }
    join_all(runs).await;
}

const UNCHECKED: &[&str] = &[
    "receiver.unsigned",
    "receiver.other-secret",
    "receiver.changed",
    "receiver.stale",
    "receiver.early",
    "receiver.no-effect",
    "receiver.plainly",
];

/// A defect, the checks that find it, and the exit code.
const ROWS: [(Defect, &[&str], u8); 19] = [
    (Defect::None, &[], 0),
    (Defect::RefusesAll, &["receiver.takes"], 1),
    (Defect::ChecksNothing, UNCHECKED, 1),
    (
        Defect::RefusesDuplicates,
        &["receiver.duplicate", "receiver.once"],
        1,
    ),
    (Defect::ActsTwice, &["receiver.once"], 1),
    (Defect::RefusesLate, &["receiver.late"], 1),
    (
        Defect::RefusesEarlierEvents,
        &["receiver.out-of-order", "receiver.late"],
        1,
    ),
    (Defect::LooksAtOneSignature, &["receiver.rotated"], 1),
    (
        Defect::IgnoresTime,
        &["receiver.stale", "receiver.early"],
        1,
    ),
    (Defect::TakesFuture, &["receiver.early"], 1),
    (
        Defect::ActsBeforeItChecks,
        &["receiver.once", "receiver.no-effect"],
        1,
    ),
    (Defect::FailsOnRefusal, &["receiver.plainly"], 0),
    (Defect::RefusesUnknown, &["receiver.unknown-type"], 0),
    (Defect::FailsOnHuge, &["receiver.huge"], 1),
    (Defect::TiresOfSlow, &["receiver.trickled"], 1),
    (Defect::FailsOnOtherType, &["receiver.content-type"], 1),
    (Defect::FailsOnNoJson, &["receiver.no-json"], 1),
    (Defect::TakesGet, &["receiver.get"], 0),
    (Defect::Hangs, &["receiver.takes"], 1),
];

/// Two of the receivers are slow, and all are judged at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_defect_is_found_by_its_check_and_by_no_other() {
    let mut runs = Vec::new();
    for (defect, wanted, code) in ROWS {
        let wanted: Vec<_> = wanted.iter().map(|id| (*id).to_owned()).collect();
        runs.push(Box::pin(async move {
            let scheme = Some(Scheme::Standard);
            let ways = Ways {
                scheme,
                defect,
                reply: PLAIN,
            };
            let receiver = Receiver::open(ways).await;
            let (url, count) = (
                format!("{}/hooks", receiver.url),
                format!("{}/count", receiver.url),
            );
            let secret = secret(Scheme::Standard);
            let within = if defect == Defect::Hangs { "1s" } else { "15s" };
            let arguments = [
                "--url",
                &url,
                "--profile",
                "standard",
                "--secret",
                &secret,
                "--count-url",
                &count,
                "--within",
                within,
            ];
            let ran = judge(&format!("bad-{defect:?}"), &arguments).await;
            let wanted: BTreeSet<_> = wanted.iter().map(String::as_str).collect();
            (
                defect,
                ran.that("fail") == wanted && ran.code == code,
                ran.out,
            )
        }));
    }
    let mut wrong = Vec::new();
    for (defect, right, out) in join_all(runs).await {
        if !right {
            wrong.push(format!("{defect:?}: {out}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_receiver_that_dies_of_a_huge_message_is_found_out() {
    let ways = Ways {
        scheme: Some(Scheme::Stripe),
        defect: Defect::DiesOfHuge,
        reply: PLAIN,
    };
    let receiver = Receiver::open(ways).await;
    let url = receiver.url.clone();
    let ran = judge(
        "dies",
        &["--url", &url, "--profile", "stripe", "--secret", KEY],
    )
    .await;
    assert_eq!(ran.code, 1);
    assert!(ran.that("fail").contains("receiver.alive"), "{}", ran.out);
}

/// Nobody is there: that says nothing of a receiver. The same of a private key that nobody has told.
#[tokio::test]
async fn a_dead_url_is_an_error_and_no_failure() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", free.local_addr().unwrap());
    drop(free);
    let ran = judge(
        "dead",
        &["--url", &url, "--profile", "stripe", "--secret", KEY],
    )
    .await;
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert_eq!(ran.tally.count(Outcome::Fail), 0);
    assert_eq!(ran.tally.count(Outcome::Pass), 0);
    assert_eq!(ran.that("transport").len(), ran.checks.len());
}

#[tokio::test]
async fn what_is_wrong_with_the_command_line_is_told_before_anything_is_sent() {
    let url = "http://127.0.0.1:9/hooks";
    let rows: [(&[&str], &str); 5] = [
        (
            &["--url", url, "--profile", "strpie"],
            "did you mean \"stripe\"?",
        ),
        (
            &["--url", url, "--profile", "stripe"],
            "--secret: the secret",
        ),
        (
            &["--url", url, "--profile", "standard", "--secret", "whsec_?"],
            "--secret: the secret",
        ),
        (
            &["--url", "localhost", "--profile", "stripe", "--secret", KEY],
            "--url localhost",
        ),
        (&["--url", url, "--profile", "mastercard"], "--certificate"),
    ];
    for (arguments, wanted) in rows {
        let ran = judge("misused", arguments).await;
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(wanted), "{arguments:?}: {}", ran.err);
        assert!(ran.checks.is_empty());
    }
}

/// Mastercard's are sealed and not signed, so that little is judged, and the rest is told as not judged.
#[tokio::test]
async fn a_receiver_of_mastercards_is_judged_by_what_can_be_seen() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/vectors/crypto/mastercard_test_certificate.pem"
    );
    let ways = Ways {
        scheme: None,
        defect: Defect::None,
        reply: PLAIN,
    };
    let receiver = Receiver::open(ways).await;
    let url = receiver.url.clone();
    let arguments = [
        "--url",
        &url,
        "--profile",
        "mastercard",
        "--certificate",
        file,
    ];
    let ran = judge("mastercard", &arguments).await;
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.that("not-declared").contains("receiver.unsigned"));
    assert!(ran.out.contains("mutual TLS"), "{}", ran.out);
    assert!(
        receiver.state.lock().seen.len() < 2,
        "the messages name no event in the clear"
    );
}
