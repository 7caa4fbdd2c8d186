//! Our own server before our own judge: a private one, one that is already running, and one that is described as if it were
//! somebody else's.

use standin::clock::{MANUAL_START, Source};
use standin::conformance::{Outcome, Tally, Verdict, prepare};
use standin::domain::account::Accounts;
use standin::domain::persona::Personas;
use standin::operations::settings::Settings;
use standin::server::{self, Options, Running};

use super::{Ran, TODAY, conform, folder, options};

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
        accounts: Accounts::parse(include_str!("../../../fixtures/accounts.toml")).unwrap(),
        personas: Personas::parse(include_str!("../../../fixtures/cards.toml")).unwrap(),
        merchants: standin::domain::merchant::Merchants::parse(include_str!(
            "../../../fixtures/merchants.toml"
        ))
        .unwrap(),
        responses: standin::domain::payment::response::Responses::parse(include_str!(
            "../../../fixtures/responses.toml"
        ))
        .unwrap(),
    };
    server::start(options).await.unwrap()
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

/// Some 250 checks in over a thousand requests: the longest test of the harness, and the one that says the server is right.
#[tokio::test]
async fn a_private_standin_is_conformant() {
    let running = started().await;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let prepared = prepare(options(&["--expect", &known()]), TODAY, &mut err).unwrap();
    assert!(prepared.wants_private());
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
    assert!(ran.count(Outcome::Pass) > 240, "{}", ran.out);
    assert!(ran.tally.negative_passes() > 100, "{}", ran.out);
    // What CALM does not offer is said once a capability; nothing else is left out.
    assert_eq!(
        ran.out
            .matches("not-declared: calm does not declare")
            .count(),
        4,
        "{}",
        ran.out
    );
    assert_eq!(ran.out.matches("not-declared: ").count(), 4, "{}", ran.out);
    assert_eq!(ran.count(Outcome::NotSelected), 0);
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
        is_conformant(&conform(&args).await);
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
