//! A run as one HTML file: it asks for nothing over the network, may do nothing that it does not bring itself (a strict policy
//! names its style and its script by hash), and is whole without its script.

mod map;

use std::io::{self, Write};

use askama::Template;
use jiff::Timestamp;

use super::sentence::{notes, sentence};
use super::{Again, CheckReport, LevelReport, Masked, Outcome, Run, StepEnd};
use crate::crypto::digest::sha256;
use crate::crypto::encoding::base64;
use map::{Group, Surface, cell, columns, groups, surfaces};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

#[derive(Template)]
#[template(path = "report/page/page.html")]
struct Page<'a> {
    run: &'a Run,
    sentence: String,
    notes: Vec<String>,
    tone: &'static str,
    started: String,
    took: String,
    counts: Vec<Count>,
    levels: Vec<&'a LevelReport>,
    failures: Vec<Failure<'a>>,
    untested: Vec<Untested>,
    columns: Vec<&'a str>,
    map: Vec<Group<'a>>,
    dots: Vec<Surface<'a>>,
    signs: Vec<Sign>,
    style: &'static str,
    script: &'static str,
    style_hash: String,
    script_hash: String,
}

/// How often something happened.
struct Count {
    word: &'static str,
    sign: &'static str,
    tone: &'static str,
    count: usize,
    should: usize,
}

/// A check that needs looking at.
struct Failure<'a> {
    check: &'a CheckReport,
    anchor: String,
    tone: &'static str,
    differences: Vec<Shown>,
}

/// A difference as a row.
struct Shown {
    pointer: String,
    wanted: String,
    got: String,
}

/// Checks that were not carried out for one reason.
struct Untested {
    word: &'static str,
    tone: &'static str,
    why: String,
    capability: String,
    ids: Vec<String>,
}

/// What a mark on the page means.
struct Sign {
    sign: &'static str,
    word: &'static str,
    tone: &'static str,
}

/// Writes the page.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let text = page(run).render().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn page(run: &Run) -> Page<'_> {
    let closing = run.closing.as_ref();
    let tally = run.tally();
    let shown = |outcome: &Outcome| {
        tally.count(*outcome) > 0 || matches!(outcome, Outcome::Pass | Outcome::Fail)
    };
    let counts = Outcome::ALL.into_iter().filter(shown).map(|outcome| Count {
        word: outcome.word(),
        sign: sign(outcome),
        tone: tone(outcome),
        count: tally.count(outcome),
        should: tally.should(outcome),
    });
    let started = run.opening.started_s;
    let started = started.and_then(|at| Timestamp::from_second(at).ok());
    Page {
        run,
        sentence: sentence(run),
        notes: notes(run),
        tone: match closing.map(|it| it.exit_code) {
            Some(0) => "good",
            Some(1) => "bad",
            Some(_) | None => "odd",
        },
        started: started.map_or_else(String::new, |at| at.to_string()),
        took: closing.map_or_else(String::new, |it| {
            format!("{:.1} s", it.elapsed.as_secs_f64())
        }),
        counts: counts.collect(),
        levels: closing.map_or_else(Vec::new, |it| it.levels.iter().collect()),
        failures: failures(run),
        untested: untested(run),
        columns: columns(run),
        map: groups(run),
        dots: surfaces(run),
        signs: Outcome::ALL
            .into_iter()
            .map(|outcome| Sign {
                sign: sign(outcome),
                word: outcome.word(),
                tone: tone(outcome),
            })
            .collect(),
        style: STYLE,
        script: SCRIPT,
        style_hash: hash(STYLE),
        script_hash: hash(SCRIPT),
    }
}

/// As a Content Security Policy names a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&sha256(text.as_bytes())))
}

/// Those that failed come first, then those that say nothing.
fn failures(run: &Run) -> Vec<Failure<'_>> {
    let mut found: Vec<Failure<'_>> = run
        .checks
        .iter()
        .filter(|check| looked_at(check))
        .map(|check| Failure {
            check,
            anchor: cell(check).anchor,
            tone: tone(check.outcome),
            differences: differences(check),
        })
        .collect();
    found.sort_by_key(|it| (it.check.outcome != Outcome::Fail, it.check.id.as_str()));
    found
}

/// It was begun and did not come to what it must, or is known not to.
fn looked_at(check: &CheckReport) -> bool {
    let known = matches!(check.outcome, Outcome::ExpectedFail | Outcome::Disputed);
    !check.steps.is_empty() && (check.outcome.is_trouble() || known)
}

fn differences(check: &CheckReport) -> Vec<Shown> {
    let mut rows = Vec::new();
    for step in &check.steps {
        for it in &step.differences {
            let text = |masked: &Masked| masked.as_str().to_owned();
            rows.push(Shown {
                pointer: text(&it.pointer),
                wanted: text(&it.wanted),
                got: text(&it.got),
            });
        }
        if step.differences.is_empty()
            && let (Some(wanted), Some(got)) = (&step.expected, &step.actual)
        {
            rows.push(Shown {
                pointer: String::new(),
                wanted: wanted.to_string(),
                got: got.to_string(),
            });
        }
    }
    rows
}

/// What was not carried out, by the reason, what most checks share first.
fn untested(run: &Run) -> Vec<Untested> {
    let mut rows: Vec<Untested> = Vec::new();
    for check in &run.checks {
        let left_out = matches!(check.outcome, Outcome::NotDeclared | Outcome::NotSelected);
        let not_begun = check.outcome.is_trouble() && check.steps.is_empty();
        if !(left_out || not_begun) {
            continue;
        }
        let (word, why) = (check.outcome.word(), check.reason.as_str());
        match rows
            .iter_mut()
            .find(|row| row.word == word && row.why == why)
        {
            Some(row) => row.ids.push(check.id.clone()),
            None => rows.push(Untested {
                word,
                tone: tone(check.outcome),
                why: why.to_owned(),
                capability: check.capability.clone().unwrap_or_default(),
                ids: vec![check.id.clone()],
            }),
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.ids.len()));
    rows
}

/// The colour of an outcome. Its sign says the same to whoever sees none.
const fn tone(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "good",
        Outcome::Fail | Outcome::SuiteError => "bad",
        Outcome::ExpectedFail
        | Outcome::Disputed
        | Outcome::UnexpectedPass
        | Outcome::Untestable
        | Outcome::Transport => "odd",
        Outcome::NotDeclared | Outcome::NotSelected => "none",
    }
}

const fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✓",
        Outcome::Fail => "✗",
        Outcome::ExpectedFail => "≈",
        Outcome::Disputed => "≠",
        Outcome::UnexpectedPass => "!",
        Outcome::Untestable => "?",
        Outcome::Transport => "…",
        Outcome::SuiteError => "⚠",
        Outcome::NotDeclared => "–",
        Outcome::NotSelected => "·",
    }
}
