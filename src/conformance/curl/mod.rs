//! A failure as a script of curl: what was asked up to the answer that decided, with what later requests take from earlier answers
//! taken from them again, new keys where there were new keys, and secrets from the environment. It is run once more where that is
//! possible; whether it fails still is said by its exit code.

mod pieces;
mod script;

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use super::broken::{Broken, Mismatch};
use super::conversation::Conversation;
use super::target::{Auth, Target};
use super::world::World;
use crate::report::{Again, Curl, Need, Secrets};
use pieces::Pieces;
use script::{Ending, Script};

/// So long a script may take: it asks what the check asked, which took less.
const WAIT: Duration = Duration::from_secs(20);
/// Why a script that may be tried was not.
const NOT_ASKED: &str = "It is tried when a report is written, for the first failures of a run.";

/// What cannot be tried without the judge.
const NOT_IN_ONE: &str = "What is wrong stands in no one member of an answer, so the script shows what was asked and does not judge.";

/// A variable of a script with the secret that it stands for.
#[derive(Clone, Debug)]
struct Given {
    variable: String,
    value: String,
}

/// The script of a check that failed, tried again if `may_run`. None where no request was made, or none that curl could make.
pub(crate) async fn script(
    world: &World,
    title: &str,
    broken: &Broken,
    decided: usize,
    may_run: bool,
) -> Option<Curl> {
    let talk = &world.talk;
    let asked = talk.exchanges.get(..=decided)?;
    let answer = asked.last()?.answer.as_ref().ok()?;
    let mut pieces = Pieces::new(talk);
    let whole = Script::of(asked, &mut pieces);
    let places: &[Mismatch] = match broken {
        Broken::Wrong { places, .. } => places,
        Broken::NoAnswer(_) | Broken::Unready(_) | Broken::NotDeclared(_) | Broken::Suite(_) => &[],
    };
    let secrets = &talk.secrets;
    let head = [
        title.to_owned(),
        secrets.text(&broken.to_string()).to_string(),
    ];
    let ending = script::ending(answer, places);
    let text = whole.text(&head, answer.status, &ending, secrets)?;
    let given = pieces.given();
    let (again, said) = match why_not(talk, &text) {
        Some(why) => (Again::NotRun, why.to_owned()),
        None if ending == Ending::Shown => (Again::NotRun, NOT_IN_ONE.to_owned()),
        None if !may_run => (Again::NotRun, NOT_ASKED.to_owned()),
        None => run(&text, &given, &talk.target).await,
    };
    Some(Curl {
        needs: given.iter().map(|given| need(given, secrets)).collect(),
        script: secrets.script(&text),
        again,
        said: secrets.text(&said),
    })
}

fn need(given: &Given, secrets: &Secrets) -> Need {
    Need {
        variable: given.variable.clone(),
        is: secrets.secret(&given.value),
    }
}

/// Why a script cannot be tried, if it cannot.
fn why_not(talk: &Conversation, text: &str) -> Option<&'static str> {
    let signed = |auth: &Auth| matches!(auth, Auth::Hmac(_) | Auth::Oauth1(_) | Auth::XPayToken(_));
    let target = &talk.target;
    let mut auths = std::iter::once(&target.auth).chain(&target.other);
    if auths.any(signed) || text.contains("X-Pay-Token") || text.contains("x-pay-token") {
        return Some(
            "Each request is signed for its instant, so a script of fixed requests is refused.",
        );
    }
    if target.identity.is_some() {
        return Some("The target wants a certificate, which the script does not show.");
    }
    if target.limits.requests_per_second.is_some() {
        return Some(
            "The target file declares limits.requests_per_second, to which a script does not keep.",
        );
    }
    None
}

/// Runs it in a shell of its own, in whose environment there is nothing else than what the script takes.
async fn run(text: &str, given: &[Given], target: &Target) -> (Again, String) {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(text).env_clear();
    shell.env("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin");
    for given in given {
        shell.env(&given.variable, &given.value);
    }
    if let Some(ca) = &target.ca {
        shell.env("CURL_CA_BUNDLE", ca);
    }
    shell.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(WAIT, shell.output()).await;
    let Output { status, stdout, .. } = match output {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => {
            return (
                Again::NotRun,
                format!("No shell could be started: {error}."),
            );
        }
        Err(_) => return (Again::NotRun, format!("It did not end within {WAIT:?}.")),
    };
    let told = String::from_utf8_lossy(&stdout);
    let last = told.lines().last().unwrap_or_default().to_owned();
    match status.code() {
        Some(1) => (Again::Fails, last),
        Some(0) => (Again::Differs, last),
        _ => (
            Again::NotRun,
            "It could not be run: is curl there?".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::http::Sent;
    use super::super::scripted;
    use super::*;

    const BINDING: &str = r#"
        name = "mine"
        states.active = ["LIVE"]
        operations.enrol = { accept = [201], facts = { state = ["/status"] }, requests = [{ method = "POST", path = "/tokens" }] }
    "#;
    const ANSWERS: &[scripted::Said] = &[
        (201, r#"{"id":"tok_1234567","state":"LIVE"}"#),
        (200, r#"{"note":"it's \"LIVE\"","state":"LIVE"}"#),
    ];

    /// The script asks what was asked, of a target that goes on answering so, and says that it does.
    #[tokio::test]
    async fn a_script_takes_what_it_needs_from_answers_and_environment() {
        let mut world = scripted::world(BINDING, ANSWERS).await;
        let (card, key) = ("4111111111111111", "0123456789abcdef0123456789abcdef");
        world.talk.secrets.learn(card);
        let url = world.talk.url("/tokens");
        let sent = Sent::new("POST", url)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(format!(
                r#"{{"pan":"{card}","cvc":"123","who":"it's @me"}}"#
            ));
        world.talk.send(sent).await.unwrap();
        let url = world.talk.url("/tokens/tok_1234567?x=1");
        world.talk.send(Sent::new("GET", url)).await.unwrap();
        let broken = Broken::at("/state", "\"GONE\"", "\"LIVE\"");
        let curl = script(&world, "title", &broken, 1, true).await.unwrap();
        let text = curl.script.as_str();
        assert_eq!(curl.again, Again::Fails, "{} {text}", curl.said);
        for gone in [card, key, "\"123\"", "tok_1234567"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        for there in ["SECRET_1", "KEY_1", "ID_1=$(member id 1)", "'\\''s @me"] {
            assert!(text.contains(there), "{there}: {text}");
        }
        let needs: Vec<&str> = curl.needs.iter().map(|it| it.is.as_str()).collect();
        assert_eq!(needs, ["411111******1111", "***"]);
    }
}
