//! Judging an implementation.

use clap::{Args as _, Command, FromArgMatches as _};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, json};
use tokio::sync::oneshot;

use super::super::conform::{Judged, judge};
use super::door::{Door, Files};
use super::tools::{Effect, Row, Told};
use crate::conformance::{Job, Looks, Options};
use crate::report::Outcome;

/// Of the report an agent gets so many characters at most, from its end, where the summary is.
const REPORT_CHARACTERS_MAX: usize = 20_000;

pub(super) fn rows() -> Vec<Row> {
    vec![Row::new(
        "run_conform",
        "Judge an implementation by the features that come with standin, and tell which checks failed and why. `target` is the \
         base URL of a server or the path of a target.toml that describes one; without it a private standin is judged. The \
         whole suite takes some seconds; `tags` picks a part.",
        Effect::Adds,
        run,
    )]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A base URL, or the path of a target.toml.
    target: Option<String>,
    /// The server at the URL is a standin, whose spaces and control plane may be used.
    standin: Option<bool>,
    /// Only checks whose tags satisfy this, such as "@behaviour and not @negative".
    tags: Option<String>,
    /// Bindings and surfaces to judge, separated by commas, such as "cmp,stripe".
    profile: Option<String>,
    /// List the checks and send nothing.
    list: Option<bool>,
}

async fn run(door: Door, wanted: Wanted) -> Told {
    let is_file = wanted
        .target
        .as_deref()
        .is_some_and(|target| !target.contains("://"));
    if is_file && door.files == Files::AreClosed {
        return Err(
            "target: a file is read over standard input and output only; give a URL".to_owned(),
        );
    }
    let options = options(&wanted)?;
    // Whoever gives up waiting drops this, and the run ends early.
    let (waits, gave_up) = oneshot::channel::<()>();
    let thread = tokio::task::spawn_blocking(move || {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let interrupt = || async {
            let _dropped = gave_up.await;
        };
        let (looks, job) = (Looks::default(), Job::default());
        let judged = judge(options, looks, job, &mut out, &mut err, interrupt);
        (judged, out, err)
    });
    let (judged, out, err) = thread.await.map_err(|error| error.to_string())?;
    drop(waits);
    let Judged { verdict, tally } = judged;
    let counts: Map<_, _> = Outcome::ALL
        .into_iter()
        .map(|outcome| (outcome.word().to_owned(), json!(tally.count(outcome))))
        .collect();
    Ok(json!({
        "verdict": format!("{verdict:?}"),
        "exit_code": verdict.exit_code(),
        "counts": counts,
        "report": end_of(&String::from_utf8_lossy(&out)),
        "errors": end_of(&String::from_utf8_lossy(&err)),
    }))
}

/// The options of the command line, because these know their defaults and what goes with what.
fn options(wanted: &Wanted) -> Result<Options, String> {
    let mut arguments = vec!["conform".to_owned(), "--quiet".to_owned()];
    for (name, value) in [
        ("target", &wanted.target),
        ("tags", &wanted.tags),
        ("profile", &wanted.profile),
    ] {
        arguments.extend(value.iter().map(|value| format!("--{name}={value}")));
    }
    for (name, given) in [("standin", wanted.standin), ("list", wanted.list)] {
        arguments.extend(given.unwrap_or_default().then(|| format!("--{name}")));
    }
    let matches = Options::augment_args(Command::new("conform")).try_get_matches_from(arguments);
    let options = matches.and_then(|matches| Options::from_arg_matches(&matches));
    options.map_err(|error| error.render().to_string())
}

fn end_of(text: &str) -> String {
    let length = text.chars().count();
    text.chars()
        .skip(length.saturating_sub(REPORT_CHARACTERS_MAX))
        .collect()
}
