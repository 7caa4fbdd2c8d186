//! Runs of the conformance suite, from the folder of `serve --reports`: each file is the event log of one.

use std::cmp::Reverse;
use std::fs;
use std::io::Read as _;
use std::path::Path as File;
use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::{Extension, Path};
use axum::response::Response;
use http::{StatusCode, Uri};
use serde_json::{Value, json as object};

use super::errors::ControlError;
use super::journal::beside;
use super::{json, query};
use crate::domain::moment::Moment;
use crate::limits::{REPORT_BYTES_MAX, REPORTS_MAX};

const NO_SUCH_REPORT: ControlError = ControlError::NoSuch(
    "report_unknown",
    "no such run is in the folder of --reports; GET /_standin/reports lists them",
);
const NO_SUCH_CHECK: ControlError =
    ControlError::NoSuch("check_unknown", "the run has no check of this id");
/// What the name of an event log ends in.
const ENDING: &str = ".ndjson";

/// The folder, if there is one.
#[derive(Debug, Clone)]
pub(super) struct Reports(pub(super) Option<Arc<File>>);

/// The runs in the folder, the latest first.
pub(super) async fn list(
    Extension(Reports(folder)): Extension<Reports>,
) -> Result<Response, ControlError> {
    let Some(folder) = folder else {
        return Ok(json(&object!({ "folder": false, "reports": [] })));
    };
    beside(move || {
        let listed = logs(&folder).map_err(|error| unreadable(&folder, &error))?;
        let rows: Vec<_> = listed.iter().map(|name| row(&folder, name)).collect();
        Ok(json(&object!({ "folder": true, "reports": rows })))
    })
    .await?
}

fn unreadable(folder: &File, error: &std::io::Error) -> ControlError {
    let why = format!("--reports {}: {error}", folder.display());
    ControlError::Named(StatusCode::SERVICE_UNAVAILABLE, "reports_unreadable", why)
}

/// The names of the latest event logs: those in the folder, and those in a folder of it.
fn logs(folder: &File) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            for inside in fs::read_dir(entry.path())? {
                let inside = inside?;
                let file = inside.file_name().to_string_lossy().into_owned();
                note(&mut found, format!("{name}/{file}"), &inside);
            }
        } else {
            note(&mut found, name, &entry);
        }
    }
    found.sort();
    Ok(found
        .into_iter()
        .take(REPORTS_MAX)
        .map(|(_, name)| name)
        .collect())
}

type Found = (Reverse<SystemTime>, String);

fn note(found: &mut Vec<Found>, name: String, entry: &fs::DirEntry) {
    let changed = entry.metadata().and_then(|data| data.modified());
    if name.ends_with(ENDING)
        && let Ok(changed) = changed
    {
        found.push((Reverse(changed), name));
    }
}

/// A run as its event log tells it, perhaps not to its end. What is in an event is told as it stands there.
struct Run {
    opening: Value,
    checks: Vec<Value>,
    closing: Option<Value>,
    /// Its last line was being written when the run was killed.
    torn: bool,
}

impl Run {
    fn read(file: &File) -> Result<Self, String> {
        let bytes_max = u64::try_from(REPORT_BYTES_MAX).unwrap_or(u64::MAX);
        let mut log = Vec::new();
        let read = fs::File::open(file).and_then(|file| {
            let mut bounded = file.take(bytes_max.saturating_add(1));
            bounded.read_to_end(&mut log)
        });
        read.map_err(|error| error.to_string())?;
        if log.len() > REPORT_BYTES_MAX {
            return Err(format!("more than {REPORT_BYTES_MAX} bytes are not read"));
        }
        Self::parse(&log)
    }

    fn parse(log: &[u8]) -> Result<Self, String> {
        let mut lines = log.split_inclusive(|byte| *byte == b'\n').enumerate();
        let first = lines.next().and_then(|(_, line)| event(line).ok());
        let opening = first.filter(|event| event["event"] == "run" && event["target"].is_string());
        let none = "line 1: no run begins there; is it what --json wrote?";
        let mut run = Self {
            opening: opening.ok_or(none)?,
            checks: Vec::new(),
            closing: None,
            torn: false,
        };
        for (place, line) in lines {
            let number = place + 1;
            let event = match event(line) {
                Ok(event) => event,
                Err(_) if !line.ends_with(b"\n") => {
                    run.torn = true;
                    break;
                }
                Err(error) => return Err(format!("line {number}: {error}")),
            };
            match event["event"].as_str() {
                Some("check") if event["id"].is_string() && event["outcome"].is_string() => {
                    run.checks.push(event);
                }
                Some("end") => run.closing = Some(event),
                Some(_) | None => {
                    return Err(format!("line {number}: it is no event of a run"));
                }
            }
        }
        Ok(run)
    }

    fn verdict(&self) -> &str {
        let closing = self.closing.as_ref();
        closing.map_or("broken off", |closing| {
            closing["verdict"].as_str().unwrap_or("unknown")
        })
    }

    /// What the closing says of something.
    fn closed(&self, member: &str) -> Value {
        let closing = self.closing.as_ref();
        closing.map_or(Value::Null, |closing| closing[member].clone())
    }
}

fn event(line: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(line)
}

fn row(folder: &File, name: &str) -> Value {
    let run = match Run::read(&folder.join(name)) {
        Ok(run) => run,
        Err(problem) => return object!({ "name": name, "problem": problem }),
    };
    let mut row = head(name, &run);
    row["counts"] = run.closed("counts");
    row
}

/// What is said of a run wherever it is told of.
fn head(name: &str, run: &Run) -> Value {
    let started = run.opening["started_s"].as_i64().map(Moment::from_seconds);
    object!({
        "name": name,
        "target": run.opening["target"],
        "base_url": run.opening["base_url"],
        "version": run.opening["version"],
        "profile": run.opening["profile"],
        "started_at": started.map(|started| started.rfc3339_micros()),
        "verdict": run.verdict(),
        "torn": run.torn,
    })
}

/// One run: what each check came to, and with `check` the whole of one.
pub(super) async fn read(
    Extension(Reports(folder)): Extension<Reports>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, ControlError> {
    let folder = folder.ok_or(NO_SUCH_REPORT)?;
    let check = query(&uri, "check");
    beside(move || {
        // A name that is not listed leads nowhere, whatever it would lead to.
        let listed = logs(&folder).map_err(|error| unreadable(&folder, &error))?;
        let name = listed.into_iter().find(|one| *one == name);
        let name = name.ok_or(NO_SUCH_REPORT)?;
        let run = Run::read(&folder.join(&name)).map_err(|problem| {
            let why = format!("{name}: {problem}");
            ControlError::Named(StatusCode::UNPROCESSABLE_ENTITY, "report_unreadable", why)
        })?;
        let mut shown = head(&name, &run);
        shown["levels"] = run.closed("levels");
        shown["checks"] = run.checks.iter().map(outline).collect();
        if let Some(id) = check {
            let whole = run.checks.iter().find(|check| check["id"] == id);
            shown["check"] = whole.ok_or(NO_SUCH_CHECK)?.clone();
        }
        Ok(json(&shown))
    })
    .await?
}

/// A check without what takes room: its steps, exchanges and messages.
fn outline(check: &Value) -> Value {
    let long = ["event", "steps", "exchanges", "messages", "curl", "clauses"];
    let members = check.as_object().into_iter().flatten();
    let short = members.filter(|(name, _)| !long.contains(&name.as_str()));
    short
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "{\"event\":\"run\",\"target\":\"t\"}\n{\"event\":\"check\",\"id\":\"a/x\",\"outcome\":\"fail\",\"steps\":[]}\n{\"event\":\"end\",\"verdict\":\"nonconformant\"}\n";

    #[test]
    fn a_log_is_read_as_far_as_it_goes() {
        let run = Run::parse(LOG.as_bytes()).unwrap();
        assert_eq!(
            (run.verdict(), run.checks.len(), run.torn),
            ("nonconformant", 1, false)
        );
        assert_eq!(
            outline(&run.checks[0]),
            object!({ "id": "a/x", "outcome": "fail" })
        );
        let torn = Run::parse(&LOG.as_bytes()[..LOG.len() - 9]).unwrap();
        assert_eq!(
            (torn.verdict(), torn.checks.len(), torn.torn),
            ("broken off", 1, true)
        );
    }

    #[test]
    fn what_is_no_log_says_where() {
        for (log, says) in [
            ("", "line 1: no run begins there"),
            ("<testsuites>", "line 1: no run begins there"),
            ("{\"event\":\"check\"}\n", "line 1: no run begins there"),
            (
                "{\"event\":\"run\",\"target\":\"t\"}\n{}\n",
                "line 2: it is no event",
            ),
            ("{\"event\":\"run\",\"target\":\"t\"}\n{\n", "line 2: "),
        ] {
            let problem = Run::parse(log.as_bytes()).err().unwrap();
            assert!(problem.starts_with(says), "{log}: {problem}");
        }
    }
}
