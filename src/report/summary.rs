//! What a run came to, as one JSON object for a program: no exchanges, and every check in one line.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Outcome, Run};

/// Writes the summary of a run.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let opening = &run.opening;
    let tally = run.tally();
    let counts: Map<String, Value> = Outcome::ALL
        .iter()
        .map(|outcome| {
            (
                outcome.word().to_owned(),
                Value::from(tally.count(*outcome)),
            )
        })
        .collect();
    let checks = run.checks.iter().map(|check| {
        json!({
            "id": check.id,
            "check": check.check,
            "over": check.over,
            "level": check.level,
            "outcome": check.outcome,
            "reason": check.reason,
            "clauses": check.clauses.iter().map(|clause| &clause.id).collect::<Vec<_>>(),
        })
    });
    let closing = run.closing.as_ref();
    let summary = json!({
        "form": opening.form,
        "version": opening.version,
        "target": opening.target,
        "base_url": opening.base_url,
        "started_s": opening.started_s,
        "seed": opening.seed,
        "run_id": opening.run_id,
        "verdict": run.verdict(),
        "exit_code": closing.map(|it| it.exit_code),
        "interrupted": closing.is_none_or(|it| it.interrupted),
        "torn_line": run.torn,
        "counts": counts,
        "levels": closing.map(|it| &it.levels),
        "checks": checks.collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut *out, &summary)?;
    writeln!(out)
}
