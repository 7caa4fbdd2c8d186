//! Runs of the conformance suite: the verdict by level, which check came to what over which binding, and each failure whole.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::Value;

use super::Asked;
use super::ask::Refusal;
use super::exchange::pretty;
use super::exchanges::encoded;
use super::frame::{Head, page};

#[derive(Debug, Template)]
#[template(path = "conformance.html", config = "src/pages/askama.toml")]
struct Conformance {
    head: Head,
    /// None where the server was given no folder.
    folder: bool,
    runs: Vec<Listed>,
    run: Option<Matrix>,
    detail: Option<Check>,
    kept: String,
}

#[derive(Debug, Deserialize)]
struct Runs {
    folder: bool,
    reports: Vec<Listed>,
}

/// A run in the list of them.
#[derive(Debug, Deserialize)]
struct Listed {
    name: String,
    target: Option<String>,
    base_url: Option<String>,
    version: Option<String>,
    started_at: Option<String>,
    verdict: Option<String>,
    counts: Option<BTreeMap<String, u64>>,
    /// Why it cannot be read.
    problem: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Run {
    target: String,
    verdict: String,
    levels: Option<Vec<Level>>,
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct Level {
    level: String,
    version: u32,
    text: String,
    binding: Option<String>,
    reached: bool,
    passed: u64,
    ran: u64,
    not_declared: u64,
}

/// What an older standin did not write is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Check {
    id: String,
    /// The id without the binding.
    check: String,
    over: String,
    name: String,
    feature: String,
    source: String,
    level: String,
    outcome: String,
    reason: String,
    capability: Option<String>,
    clauses: Vec<Clause>,
    steps: Vec<Step>,
    exchanges: Vec<Asking>,
    curl: Option<Curl>,
}

#[derive(Debug, Deserialize)]
struct Clause {
    id: String,
    text: String,
    source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Step {
    text: String,
    end: String,
    expected: Option<String>,
    actual: Option<String>,
    why: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asking {
    decided: bool,
    /// Method and URL in one, as an older standin wrote them.
    request: String,
    method: String,
    url: String,
    request_headers: Vec<(String, String)>,
    request_body: String,
    status: Option<u16>,
    answer_headers: Vec<(String, String)>,
    answer_body: String,
    no_answer: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Curl {
    script: String,
}

/// A run as a table: a row for each check, a column for each binding.
#[derive(Debug)]
struct Matrix {
    name: String,
    target: String,
    verdict: String,
    levels: Vec<Level>,
    bindings: Vec<String>,
    rows: Vec<Line>,
    /// What the target does not say that it can, and the checks that wait for it.
    not_declared: Vec<Missing>,
}

#[derive(Debug)]
struct Line {
    check: String,
    name: String,
    level: String,
    cells: Vec<Option<Cell>>,
}

#[derive(Debug)]
struct Cell {
    id: String,
    outcome: String,
}

#[derive(Debug)]
struct Missing {
    capability: String,
    checks: usize,
}

impl Matrix {
    fn of(name: &str, run: Run) -> Self {
        let checks: Vec<_> = run.checks.into_iter().map(Check::named).collect();
        let bindings: BTreeSet<String> = checks.iter().map(|one| one.over.clone()).collect();
        let bindings: Vec<_> = bindings.into_iter().collect();
        let mut missing: BTreeMap<String, usize> = BTreeMap::new();
        let mut rows: Vec<Line> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for check in checks {
            if let Some(capability) = &check.capability {
                *missing.entry(capability.clone()).or_default() += 1;
            }
            let place = *places.entry(check.check.clone()).or_insert_with(|| {
                rows.push(Line {
                    check: check.check.clone(),
                    name: check.name.clone(),
                    level: check.level.clone(),
                    cells: bindings.iter().map(|_| None).collect(),
                });
                rows.len() - 1
            });
            let column = bindings.iter().position(|binding| *binding == check.over);
            if let (Some(line), Some(column)) = (rows.get_mut(place), column) {
                line.cells[column] = Some(Cell {
                    id: encoded(&check.id),
                    outcome: check.outcome,
                });
            }
        }
        // What needs a person first.
        rows.sort_by_key(|line| {
            let cells = line.cells.iter().flatten();
            cells.map(|cell| order(&cell.outcome)).min().unwrap_or(9)
        });
        Self {
            name: encoded(name),
            target: run.target,
            verdict: run.verdict,
            levels: run.levels.unwrap_or_default(),
            bindings,
            rows,
            not_declared: missing
                .into_iter()
                .map(|(capability, checks)| Missing { capability, checks })
                .collect(),
        }
    }
}

/// How soon somebody should look at it.
fn order(outcome: &str) -> u8 {
    match outcome {
        "fail" => 0,
        "suite-error" | "transport" => 1,
        "unexpected-pass" | "untestable" => 2,
        "disputed" | "expected-fail" => 3,
        "not-declared" => 4,
        "pass" => 5,
        _ => 6,
    }
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let Runs { folder, reports } = asked.api.get("reports").await?;
    let chosen = asked.member("run").map(str::to_owned);
    let readable = || reports.iter().find(|run| run.problem.is_none());
    let chosen = chosen.or_else(|| readable().map(|run| run.name.clone()));
    let (run, detail) = match &chosen {
        None => (None, None),
        Some(name) => {
            let target = format!("reports/{}", encoded(name));
            let run = asked.api.get(&target).await?;
            let detail = match asked.member("open") {
                None => None,
                Some(id) => {
                    let target = format!("{target}?check={}", encoded(id));
                    let value: Value = asked.api.at(&target, "/check").await?;
                    Some(Check::of(value)?)
                }
            };
            (Some(Matrix::of(name, run)), detail)
        }
    };
    page(&Conformance {
        head: Head::of(asked).await?,
        folder,
        runs: reports,
        kept: chosen.map_or_else(String::new, |name| format!("&run={}", encoded(&name))),
        run,
        detail,
    })
}

impl Check {
    /// With both parts of its id.
    fn named(mut self) -> Self {
        if self.check.is_empty() {
            let (check, over) = self.id.rsplit_once('/').unwrap_or((&self.id, ""));
            (self.check, self.over) = (check.to_owned(), over.to_owned());
        }
        self
    }

    fn of(value: Value) -> Result<Self, Refusal> {
        let mut check: Self =
            serde_json::from_value(value).map_err(|error| Refusal::failed(&error))?;
        for one in &mut check.exchanges {
            one.request_body = pretty(&one.request_body);
            one.answer_body = pretty(&one.answer_body);
        }
        Ok(check)
    }
}
