//! Runs of the conformance suite, from the folder of `serve --reports`: each file is the event log of one. What is in an event is
//! told as it stands there, because an event log is masked where it is written.

use std::cmp::Reverse;
use std::fs;
use std::path::Path as File;
use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::{Extension, Path};
use axum::response::Response;
use http::{StatusCode, Uri};
use serde_json::{Value, json as object};

use super::caller::{json, query};
use super::errors::ControlError;
use super::journal::beside;
use crate::domain::moment::Moment;
use crate::limits::{REPORT_BYTES_MAX, REPORTS_MAX};
use crate::report::{CheckReport, Run};

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

fn row(folder: &File, name: &str) -> Value {
    let run = match Run::read_within(&folder.join(name), REPORT_BYTES_MAX) {
        Ok(run) => run,
        Err(problem) => return object!({ "name": name, "problem": problem }),
    };
    let mut row = head(name, &run);
    row["counts"] = object!(run.closing.map(|closing| closing.counts));
    row
}

/// What is said of a run wherever it is told of.
fn head(name: &str, run: &Run) -> Value {
    let opening = &run.opening;
    let started = opening.started_s.map(Moment::from_seconds);
    object!({
        "name": name,
        "target": opening.target,
        "base_url": opening.base_url,
        "version": opening.version,
        "profile": opening.profile,
        "started_at": started.map(|started| started.rfc3339_micros()),
        "verdict": run.verdict(),
        "torn": run.torn.is_some(),
    })
}

/// One run: what each check came to, and with `check` the whole of one.
pub(super) async fn read(
    Extension(Reports(folder)): Extension<Reports>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, ControlError> {
    let folder = folder.ok_or(NO_SUCH_REPORT)?;
    let check = query(&uri, "check")?;
    beside(move || {
        // A name that is not listed leads nowhere, whatever it would lead to.
        let listed = logs(&folder).map_err(|error| unreadable(&folder, &error))?;
        let name = listed.into_iter().find(|one| *one == name);
        let name = name.ok_or(NO_SUCH_REPORT)?;
        let run = Run::read_within(&folder.join(&name), REPORT_BYTES_MAX);
        let run = run.map_err(|problem| {
            ControlError::Named(
                StatusCode::UNPROCESSABLE_ENTITY,
                "report_unreadable",
                problem,
            )
        })?;
        let mut shown = head(&name, &run);
        shown["levels"] = object!(run.closing.as_ref().map(|closing| &closing.levels));
        shown["checks"] = run.checks.iter().map(outline).collect();
        if let Some(id) = check {
            let whole = run.checks.iter().find(|check| check.id == id);
            shown["check"] = object!(whole.ok_or(NO_SUCH_CHECK)?);
        }
        Ok(json(&shown))
    })
    .await?
}

/// A check without what takes room: its steps, exchanges and messages.
fn outline(check: &CheckReport) -> Value {
    let long = ["steps", "exchanges", "messages", "curl", "clauses"];
    let mut members = object!(check);
    if let Some(members) = members.as_object_mut() {
        members.retain(|name, _| !long.contains(&name.as_str()));
    }
    members
}
