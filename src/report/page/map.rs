//! The heat map: each clause with its checks in rows and the bindings in columns, and for each surface a mark a check.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{CheckReport, Outcome, Run, Suite};
use super::{looked_at, sign, tone};

/// A clause and its checks.
pub(super) struct Group<'a> {
    pub(super) id: &'a str,
    pub(super) text: &'a str,
    pub(super) rows: Vec<Row<'a>>,
}

/// A check over every binding.
pub(super) struct Row<'a> {
    pub(super) check: &'a str,
    pub(super) name: &'a str,
    /// In the order of the columns; none where the check does not concern the binding.
    pub(super) cells: Vec<Option<Cell>>,
}

/// What a check came to.
#[derive(Clone)]
pub(super) struct Cell {
    pub(super) word: &'static str,
    pub(super) sign: &'static str,
    pub(super) tone: &'static str,
    /// Where more is told of it; empty where nothing is.
    pub(super) anchor: String,
}

/// The checks of one surface.
pub(super) struct Surface<'a> {
    pub(super) name: &'a str,
    pub(super) told: String,
    pub(super) dots: Vec<Dot<'a>>,
}

/// A check of a surface.
pub(super) struct Dot<'a> {
    pub(super) id: &'a str,
    pub(super) cell: Cell,
}

pub(super) fn cell(check: &CheckReport) -> Cell {
    Cell {
        word: check.outcome.word(),
        sign: sign(check.outcome),
        tone: tone(check.outcome),
        anchor: if looked_at(check) {
            anchor(&check.id)
        } else {
            String::new()
        },
    }
}

/// An id as the address of a part of the page: what no address may hold is its number.
fn anchor(id: &str) -> String {
    let mut out = "check-".to_owned();
    for letter in id.chars() {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' => out.push(letter),
            other => out.push_str(&format!("_{:x}_", u32::from(other))),
        }
    }
    out
}

/// Those that were selected. A binding of which nothing was is no column.
fn behaviour(run: &Run) -> impl Iterator<Item = &CheckReport> {
    let selected = columns(run);
    let checks = run.checks.iter();
    checks.filter(move |check| {
        check.suite == Suite::Behaviour && selected.contains(&check.over.as_str())
    })
}

/// The bindings of which anything was selected.
pub(super) fn columns(run: &Run) -> Vec<&str> {
    let checks = run
        .checks
        .iter()
        .filter(|check| check.suite == Suite::Behaviour && check.outcome != Outcome::NotSelected);
    let names: BTreeSet<&str> = checks.map(|check| check.over.as_str()).collect();
    names.into_iter().collect()
}

/// The clauses, in the order of their ids, and at the end what is under none.
pub(super) fn groups(run: &Run) -> Vec<Group<'_>> {
    let columns = columns(run);
    let mut clauses: BTreeMap<(bool, &str), Group<'_>> = BTreeMap::new();
    let mut rows: BTreeMap<(&str, &str), Vec<Option<Cell>>> = BTreeMap::new();
    let mut of: BTreeMap<&str, &CheckReport> = BTreeMap::new();
    for check in behaviour(run) {
        let clause = check.clauses.first();
        let id = clause.map_or("", |clause| clause.id.as_str());
        let row = rows
            .entry((id, check.check.as_str()))
            .or_insert_with(|| vec![None; columns.len()]);
        let place = columns.iter().position(|name| *name == check.over);
        if let Some(slot) = place.and_then(|place| row.get_mut(place)) {
            *slot = Some(cell(check));
        }
        of.insert(&check.check, check);
    }
    for ((id, name), cells) in rows {
        let Some(check) = of.get(name) else { continue };
        let text = check
            .clauses
            .first()
            .map_or("Under no clause", |it| it.text.as_str());
        let group = clauses.entry((id.is_empty(), id));
        let group = group.or_insert_with(|| Group {
            id,
            text,
            rows: Vec::new(),
        });
        group.rows.push(Row {
            check: name,
            name: &check.name,
            cells,
        });
    }
    clauses.into_values().collect()
}

/// The surfaces of which anything was selected.
pub(super) fn surfaces(run: &Run) -> Vec<Surface<'_>> {
    let mut surfaces: BTreeMap<&str, Vec<&CheckReport>> = BTreeMap::new();
    for check in &run.checks {
        if check.suite == Suite::Wire && check.outcome != Outcome::NotSelected {
            surfaces.entry(&check.over).or_default().push(check);
        }
    }
    let mut found = Vec::new();
    for (name, mut checks) in surfaces {
        checks.sort_by_key(|check| check.id.as_str());
        let passed = checks.iter().filter(|it| it.outcome == Outcome::Pass);
        let told = format!("{} of {} passed", passed.count(), checks.len());
        let dots = checks.iter().map(|check| Dot {
            id: &check.id,
            cell: cell(check),
        });
        found.push(Surface {
            name,
            told,
            dots: dots.collect(),
        });
    }
    found
}
