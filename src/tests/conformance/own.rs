//! Our own server before our own judge: a private one, one that is already running, and one that is described as if it were
//! somebody else's.

use standin::clock::{MANUAL_START, Source};
use standin::conformance::{Credentials, VisaKeys, prepare};
use standin::domain::account::Accounts;
use standin::domain::persona::Personas;
use standin::operations::settings::Settings;
use standin::report::{Outcome, Tally, Verdict};
use standin::server::{self, Options, Running};
use standin::store::Engine;

use super::reports::every_scenario;
use super::{Ran, TODAY, conform, folder, options};
use crate::merchant::KEYS;

/// A target.toml for standin's card management API that uses nothing of the built-in binding but its words.
const AS_IF_FOREIGN: &str = include_str!("foreign.toml");

/// What the server is known to do wrong.
fn known() -> String {
    format!(
        "{}/src/tests/conformance/known.toml",
        env!("CARGO_MANIFEST_DIR")
    )
}

async fn started() -> Running {
    let options = Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        seed: "standin".to_owned(),
        clock: Source::Manual(MANUAL_START),
        settings: Settings::default(),
        accounts: Accounts::parse(include_str!("../../../fixtures/accounts.toml"))
            .unwrap()
            .into(),
        personas: Personas::parse(include_str!("../../../fixtures/cards.toml"))
            .unwrap()
            .into(),
        merchants: standin::domain::merchant::Merchants::parse(include_str!(
            "../../../fixtures/merchants.toml"
        ))
        .unwrap()
        .into(),
        responses: standin::domain::payment::responses::Responses::parse(include_str!(
            "../../../fixtures/responses.toml"
        ))
        .unwrap()
        .into(),
        keys: Some(std::sync::Arc::clone(&KEYS.networks)),
        gate: standin::server::Gate::default(),
        faults: Vec::new(),
        engine: Engine::Memory,
        tls: None,
        reports: None,
    };
    server::start(options).await.unwrap()
}

/// What the server has given its requestor at Visa.
fn keys(running: &Running) -> VisaKeys {
    let visa = &running.spaces().config().networks.visa;
    VisaKeys {
        api_key: visa.api_key().to_owned(),
        shared_secret: visa.shared_secret().to_owned(),
        encryption_api_key: visa.encryption_api_key().to_owned(),
        encryption_shared_secret: visa.encryption_shared_secret().to_owned(),
    }
}

/// What the server has given its requestors, as `standin keys` writes it.
fn all_keys() -> Credentials {
    let file = |name: &str| {
        let found = KEYS.files.get(name).cloned();
        found.ok_or_else(|| "no such file".to_owned())
    };
    let index = String::from_utf8(KEYS.files["keys.json"].clone()).unwrap();
    Credentials::from_files(&index, &file).unwrap()
}

/// A folder of keys as an integrator has it.
fn key_folder(name: &str, keys: &VisaKeys) -> String {
    let folder = folder(name);
    let index = serde_json::json!({
        "visa": {
            "api_key": keys.api_key,
            "shared_secret": keys.shared_secret,
            "encryption_api_key": keys.encryption_api_key,
            "encryption_shared_secret": keys.encryption_shared_secret,
        },
        "standin": { "anything": "not read here" },
    });
    std::fs::write(folder.join("keys.json"), index.to_string()).unwrap();
    folder.to_str().unwrap().to_owned()
}

fn is_conformant(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}", ran.out);
    for outcome in [
        Outcome::Fail,
        Outcome::Untestable,
        Outcome::Transport,
        Outcome::SuiteError,
    ] {
        assert_eq!(ran.count(outcome), 0, "{}", ran.out);
    }
}

/// Some 1500 checks in over eight thousand requests: the longest test of the harness, and the one that says the server is right.
#[tokio::test]
async fn a_private_standin_is_conformant() {
    let running = started().await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let junit = folder("own-reports").join("run.xml");
    let args = ["--expect", &known(), "--junit", junit.to_str().unwrap()];
    let prepared = prepare(options(&args), TODAY, &mut err).unwrap();
    assert!(prepared.wants_private());
    let prepared = prepared.with_credentials(all_keys());
    let url = running.base_url();
    let run = prepared.run(Some(&url), &mut out, &mut err, std::future::pending());
    let (verdict, tally): (Verdict, Tally) = run.await;
    let out = String::from_utf8(out).unwrap();
    let ran = Ran {
        code: verdict.exit_code(),
        tally,
        out,
        err: String::new(),
    };
    is_conformant(&ran);
    every_scenario(&junit, &conform(&["--list"]).await.out);
    assert!(ran.count(Outcome::Pass) >= 1500, "{}", ran.out);
    assert!(ran.tally.negative_passes() >= 930, "{}", ran.out);
    // What a surface does not tell is said once a capability.
    for said in [
        "not-declared: calm does not declare pay-long",
        "not-declared: cmp+adyen does not declare capture",
        "visa takes no cards of another network",
        "visa names no token that it has refused, so there is none to read (1 check)",
        "mastercard does not declare store: put a card on file before a token is asked for",
        "mastercard does not declare eci: tell the indicator that goes with a cryptogram (2 checks)",
        "cmp: conformant to core 1",
        "calm: conformant to core 1",
        "visa: conformant to core 1",
        "mastercard: conformant to core 1",
        "cmp+stripe: conformant to paying 1",
        "mastercard+adyen: conformant to paying 1",
        "cmp: conformant to told 1",
        "cmp: conformant to hardened 2",
        "cmp: conformant to off-file 1",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert_eq!(ran.count(Outcome::NotSelected), 0);
}

/// With the keys in a folder, a network's own API is judged; without, each of its checks is told to be left out.
#[tokio::test]
async fn a_network_is_judged_with_the_keys_that_it_gave() {
    let running = started().await;
    let url = running.base_url();
    let folder = key_folder("keys", &keys(&running));
    let visa = |more: &[&str]| {
        let mut args = vec!["--target", &url, "--standin", "--profile", "visa"];
        args.extend(more);
        args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>()
    };
    let judged = |args: Vec<String>| async move {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        conform(&args).await
    };
    let log = format!("{folder}/run.ndjson");
    let ran = judged(visa(&["--keys", &folder, "--json", &log])).await;
    is_conformant(&ran);
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("apiKey=***"), "no key was sent");
    for secret in [&keys(&running).api_key, &keys(&running).shared_secret] {
        assert!(!log.contains(secret.as_str()) && !ran.out.contains(secret.as_str()));
    }
    assert!(ran.count(Outcome::Pass) > 70, "{}", ran.out);
    assert!(!ran.out.contains(&keys(&running).shared_secret));
    let ran = judged(visa(&[])).await;
    assert_eq!(ran.code, 3, "nothing was checked: {}", ran.out);
    assert!(
        ran.out.contains("does not declare keys.visa"),
        "{}",
        ran.out
    );
    let wrong = VisaKeys {
        shared_secret: "another".to_owned(),
        ..keys(&running)
    };
    let folder = key_folder("wrong-keys", &wrong);
    let ran = judged(visa(&["--keys", &folder])).await;
    assert_eq!(
        ran.code, 3,
        "what works with the right keys does not: {}",
        ran.out
    );
    assert_eq!(ran.count(Outcome::Pass), 0, "{}", ran.out);
}

/// The same over Mastercard, with the folder that `standin keys` writes, and with a signing key that is another one.
#[tokio::test]
async fn mastercard_is_judged_with_the_folder_of_keys() {
    let running = started().await;
    let url = running.base_url();
    let folder = folder("mastercard-keys");
    for (name, bytes) in &KEYS.files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let args = |more: &[&str]| {
        let mut args = vec!["--target", &url, "--standin", "--profile", "mastercard"];
        args.extend(more);
        args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>()
    };
    let judged = |args: Vec<String>| async move {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        conform(&args).await
    };
    let keys = folder.to_str().unwrap();
    let ran = judged(args(&["--keys", keys])).await;
    is_conformant(&ran);
    assert!(ran.count(Outcome::Pass) > 65, "{}", ran.out);
    let ran = judged(args(&[])).await;
    assert_eq!(ran.code, 3, "nothing was checked: {}", ran.out);
    assert!(
        ran.out.contains("does not declare keys.mastercard"),
        "{}",
        ran.out
    );
    let other = &KEYS.files["mastercard-response-decryption-key.pem"];
    std::fs::write(folder.join("mastercard-signing-key.pem"), other).unwrap();
    let ran = judged(args(&["--keys", keys])).await;
    assert_eq!(ran.count(Outcome::Pass), 0, "{}", ran.out);
    assert_eq!(ran.code, 3, "{}", ran.out);
}

#[tokio::test]
async fn keys_that_cannot_be_read_are_misuse() {
    let folder = folder("no-keys");
    for (index, complaint) in [
        (None, "keys.json"),
        (Some("{"), "EOF"),
        (Some(r#"{"visa":{"api_key":"a"}}"#), "shared_secret"),
        (
            Some(r#"{"mastercard":{"consumer_key":"a"}}"#),
            "request_encryption_certificate",
        ),
        (
            Some(
                r#"{"mastercard":{"consumer_key":"a","signing_key_pem":"a.pem","request_encryption_certificate":"b.pem","response_decryption_key":"c.pem"}}"#,
            ),
            "mastercard.signing_key_pem: a.pem",
        ),
    ] {
        if let Some(text) = index {
            std::fs::write(folder.join("keys.json"), text).unwrap();
        }
        let folder = folder.to_str().unwrap();
        let ran = conform(&["--target", "http://127.0.0.1:9", "--keys", folder]).await;
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains(complaint), "{}", ran.err);
    }
}

#[tokio::test]
async fn a_standin_that_is_running_can_be_judged_again_and_again() {
    let running = started().await;
    let url = running.base_url();
    for _ in 0..2 {
        let args = [
            "--target",
            &url,
            "--standin",
            "--tags",
            "@behaviour and not @negative",
        ];
        let ran = conform(&args).await;
        is_conformant(&ran);
        assert!(!ran.out.contains("conformant to"), "a part: {}", ran.out);
    }
    assert_eq!(
        running.spaces().all().len(),
        1,
        "the harness leaves no space behind"
    );
}

#[tokio::test]
async fn an_api_described_by_a_file_is_judged_without_rust() {
    let running = started().await;
    let file = folder("foreign").join("target.toml");
    std::fs::write(
        &file,
        AS_IF_FOREIGN.replace("{address}", &running.base_url()),
    )
    .unwrap();
    let ran = conform(&["--target", file.to_str().unwrap(), "--expect", &known()]).await;
    is_conformant(&ran);
    assert!(ran.out.contains("enrolment.visa/house"), "{}", ran.out);
    assert!(!ran.out.contains("enrolment.visa/cmp"), "{}", ran.out);
    assert!(
        ran.out.contains("declares itself without cryptogram-short"),
        "{}",
        ran.out
    );
    assert!(ran.count(Outcome::Pass) > 20, "{}", ran.out);
}

/// Without spaces the scenarios share one world, so each must clean up behind itself.
#[tokio::test]
async fn a_target_without_spaces_is_judged_one_scenario_after_the_other() {
    let running = started().await;
    let url = running.base_url();
    for _ in 0..2 {
        let args = [
            "--target",
            &url,
            "--expect",
            &known(),
            "--concurrency",
            "1",
            "--profile",
            "cmp",
            "--tags",
            "@behaviour",
        ];
        let ran = conform(&args).await;
        is_conformant(&ran);
    }
}
