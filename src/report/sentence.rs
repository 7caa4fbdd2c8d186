//! The verdict as a person would say it.

use std::collections::BTreeMap;

use super::{Outcome, Run, Verdict};

/// The verdict in one sentence.
pub(super) fn sentence(run: &Run) -> String {
    let (target, tally) = (&run.opening.target, run.tally());
    let (ran, failed) = (tally.executed(), tally.count(Outcome::Fail));
    let checks = |count: usize| if count == 1 { "check" } else { "checks" };
    let Some(closing) = &run.closing else {
        let done = run
            .checks
            .iter()
            .filter(|check| !matches!(check.outcome, Outcome::NotDeclared | Outcome::NotSelected));
        let (done, to_run) = (done.count(), run.opening.to_run);
        return format!(
            "The run against {target} was broken off after {done} of {to_run} checks, of which {failed} failed"
        );
    };
    match closing.verdict {
        Verdict::Conformant => {
            format!(
                "{target} conforms: {ran} {} ran and none failed",
                checks(ran)
            )
        }
        Verdict::Nonconformant if failed > 0 => {
            format!(
                "{target} does not conform: {failed} of {ran} {} failed",
                checks(ran)
            )
        }
        Verdict::Nonconformant => {
            format!(
                "{target} does not reach a level that was required, though none of {ran} {} failed",
                checks(ran)
            )
        }
        Verdict::Inconclusive if ran == 0 => {
            format!("Nothing can be said of {target}: no check could be carried out")
        }
        Verdict::Inconclusive => {
            let open = tally.count(Outcome::Untestable) + tally.count(Outcome::Transport);
            format!(
                "It cannot be said whether {target} conforms: {open} {} could not be tried",
                checks(open)
            )
        }
        Verdict::StaleExpectations => {
            format!("{target} conforms, but the file of expectations says otherwise")
        }
        Verdict::HarnessFailed => format!("The harness failed, so nothing is said of {target}"),
        Verdict::Misused => format!("{target} was not judged"),
    }
}

/// What has to be known beside the sentence.
pub(super) fn notes(run: &Run) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(closing) = &run.closing else {
        notes.push(
            "The event log has no end: the run was killed, and what it had not told is missing."
                .to_owned(),
        );
        if let Some(line) = run.torn {
            notes.push(format!(
                "Line {line} of the log was being written then and cannot be read."
            ));
        }
        return notes;
    };
    let mut reached: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for level in closing.levels.iter().filter(|level| level.reached) {
        if let Some(binding) = &level.binding {
            reached.entry(binding).or_default().push(&level.level);
        }
    }
    for (binding, levels) in reached {
        notes.push(format!("{binding} reaches {}.", levels.join(", ")));
    }
    if closing.interrupted {
        notes.push("It was interrupted; what had not run counts as untestable.".to_owned());
    }
    if run.opening.picked {
        notes.push(
            "Only a part of the checks was picked, so nothing is said of the levels.".to_owned(),
        );
    }
    if closing.below_core {
        notes.push(
            "A binding has not shown what core demands, so nothing is called conformant."
                .to_owned(),
        );
    }
    let known = run.tally().count(Outcome::ExpectedFail);
    if known > 0 {
        notes.push(format!("{known} failures were expected."));
    }
    notes
}
