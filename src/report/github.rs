//! What GitHub shows of a run: an annotation for each of the worst failures, and the summary of the job.

use std::io::{self, Write};

use super::sentence::sentence;
use super::{CheckReport, Outcome, Run};

/// GitHub shows ten annotations of a kind for a step, and the first of ours is the verdict.
const ANNOTATIONS_MAX: usize = 10;

/// Writes annotations: one for the verdict when it is not green, and one for each of the first failures.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn annotate(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let green = run.closing.as_ref().is_some_and(|it| it.exit_code == 0);
    if green {
        return Ok(());
    }
    command(out, "standin conform", &sentence(run))?;
    let mut failures: Vec<&CheckReport> = run
        .checks
        .iter()
        .filter(|check| check.outcome.is_trouble() && !check.steps.is_empty())
        .collect();
    failures.sort_by_key(|check| (check.outcome != Outcome::Fail, check.id.as_str()));
    for check in failures.iter().take(ANNOTATIONS_MAX - 1) {
        let title = format!("{} {}", check.outcome.word(), check.id);
        let clause = check.clauses.first();
        let clause = clause.map_or(String::new(), |it| format!("\n{} ({})", it.text, it.id));
        command(
            out,
            &title,
            &format!("{}\n{}{clause}", check.name, check.reason),
        )?;
    }
    out.flush()
}

/// One command to GitHub, in which nothing that was said is one.
fn command(out: &mut dyn Write, title: &str, message: &str) -> io::Result<()> {
    let (title, message) = (property(title), value(message));
    writeln!(out, "::error title={title}::{message}")
}

/// As GitHub's own toolkit escapes a message. The older kind of commands is looked for anywhere in a line.
fn value(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace("##[", "##\\u005b")
}

/// As it escapes a property.
fn property(text: &str) -> String {
    value(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_said_is_a_command() {
        let mut out = Vec::new();
        command(&mut out, "a,b::c=%", "100%\n::stop-commands::x\r\n##[end]").unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "::error title=a%2Cb%3A%3Ac=%25::100%25%0A::stop-commands::x%0D%0A##\\u005bend]\n"
        );
    }
}
