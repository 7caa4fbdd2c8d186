//! The README's tour, run as it stands there.

use std::process::Command;

use standin::clock::{MANUAL_START, Source};
use standin::domain::account::Accounts;
use standin::domain::persona::Personas;
use standin::operations::settings::Settings;
use standin::server::{self, Options};

use crate::program::require_program;

const README: &str = include_str!("../../README.md");

/// The shell blocks between the two marks, with the address of this test's own server.
fn tour(base: &str) -> String {
    let (_, after) = README.split_once("<!-- tour -->").unwrap();
    let (tour, _) = after.split_once("<!-- end of tour -->").unwrap();
    let mut script = String::from("set -euo pipefail\n");
    for block in tour.split("```sh\n").skip(1) {
        script.push_str(block.split("```").next().unwrap());
        script.push_str("echo\n");
    }
    assert!(
        script.contains("http://127.0.0.1:4111"),
        "the tour must name the default address"
    );
    script.replace("http://127.0.0.1:4111", base)
}

/// As `serve --clock manual` has them.
fn options() -> Options {
    Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        seed: "standin".to_owned(),
        clock: Source::Manual(MANUAL_START),
        settings: Settings::default(),
        accounts: Accounts::parse(include_str!("../../fixtures/accounts.toml")).unwrap(),
        personas: Personas::parse(include_str!("../../fixtures/cards.toml")).unwrap(),
        merchants: standin::domain::merchant::Merchants::parse(include_str!(
            "../../fixtures/merchants.toml"
        ))
        .unwrap(),
        responses: standin::domain::payment::response::Responses::parse(include_str!(
            "../../fixtures/responses.toml"
        ))
        .unwrap(),
        keys: None,
        gate: Default::default(),
        faults: Vec::new(),
        tls: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_the_tour_does_what_it_says() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let running = server::start(options()).await.unwrap();
    let script = tour(&running.base_url());
    let run = move || Command::new("bash").arg("-c").arg(script).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for wanted in [
        r#""state":"active""#,
        r#""type":"DTVV""#,
        r#""state":"ACTIVE""#,
        r#""suspended_by":["issuer"]"#,
        "failed-dependency",
        r#""now":"2026-01-02T00:00:00.000000Z""#,
        r#""reason":"token_suspended""#,
        r#""reset":"default""#,
    ] {
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
    assert_eq!(
        said.matches("failed-dependency").count(),
        2,
        "once answered, once in the journal"
    );
    running.stop().await;
}

/// What the tour has made before a recipe begins: address, access token and card.
fn beginning(base: &str) -> String {
    let tour = tour(base);
    let (beginning, _) = tour
        .split_once("curl -s -X POST $BASE/cards/$CARD/network-tokens")
        .unwrap();
    beginning.to_owned()
}

/// A recipe as a script that stops at the first output without what is promised behind `#=>`.
fn script(recipe: &str) -> String {
    let mut script = String::new();
    let mut commands = String::new();
    for line in recipe.lines() {
        let Some(promised) = line.strip_prefix("#=> ") else {
            commands.push_str(line);
            commands.push('\n');
            continue;
        };
        if !commands.is_empty() {
            script.push_str(&format!("{{\n{commands}}} > \"$SAID\" 2>&1 || true\n"));
            commands.clear();
        }
        script.push_str(&format!(
            "grep -qF -- '{promised}' \"$SAID\" || {{ echo 'promised: {promised}'; cat \"$SAID\"; exit 1; }}\n"
        ));
    }
    assert!(commands.is_empty(), "nothing is promised of\n{commands}");
    script
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recipe_does_what_it_promises() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    let (_, after) = README.split_once("<!-- recipes -->").unwrap();
    let (recipes, _) = after.split_once("<!-- end of recipes -->").unwrap();
    let recipes: Vec<_> = recipes.split("```sh\n").skip(1).collect();
    assert_eq!(recipes.len(), 10);
    let folder = crate::cli::Folder::new("recipes");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_standin"), folder.0.join("standin")).unwrap();
    let path = format!("export PATH={}:$PATH\n", folder.0.display());
    for (place, recipe) in recipes.iter().enumerate() {
        let mut options = options();
        options.settings.faults.header = true;
        let running = server::start(options).await.unwrap();
        let base = running.base_url();
        let recipe = script(recipe.split("```").next().unwrap());
        let mut bash = tokio::process::Command::new("bash");
        bash.arg("-c")
            .arg(path.clone() + &beginning(&base) + &recipe);
        bash.env("STANDIN_SERVER", &base);
        bash.env("SAID", folder.0.join("said"));
        let output = bash.output().await.unwrap();
        assert!(
            output.status.success(),
            "recipe {}: {}{}",
            place + 1,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        running.stop().await;
    }
}
