//! A run as Markdown, for a comment or the summary of a CI job: the verdict, the levels, the ten worst failures and what was not
//! tested. What a target said is text in it and never markup.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::sentence::{notes, sentence};
use super::{CheckReport, Outcome, Run, transcript};

/// GitHub shows no more of a summary than a mebibyte, and nobody reads as much.
const FAILURES_MAX: usize = 10;
const TRANSCRIPT_BYTES_MAX: usize = 16 * 1024;

/// Writes the run as Markdown.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", plain(&sentence(run)))?;
    for note in notes(run) {
        writeln!(out, "{}  ", plain(&note))?;
    }
    let opening = &run.opening;
    let (base, seed, version) = (&opening.base_url, &opening.seed, &opening.version);
    let run_id = match opening.run_id.as_str() {
        "" => String::new(),
        run_id => format!(", run {}", code(run_id)),
    };
    writeln!(
        out,
        "\nAt {}, seed {}{run_id}, standin {}.\n",
        code(base),
        code(seed),
        plain(version)
    )?;
    let tally = run.tally();
    writeln!(out, "| outcome | checks |\n|---|---:|")?;
    for outcome in Outcome::ALL {
        let count = tally.count(outcome);
        if count > 0 {
            writeln!(out, "| {} | {count} |", outcome.word())?;
        }
    }
    let levels = run.closing.iter().flat_map(|closing| &closing.levels);
    let levels: Vec<_> = levels.collect();
    if !levels.is_empty() {
        writeln!(out, "\n### Levels\n")?;
        for level in levels {
            writeln!(out, "- {}", plain(&level.to_string()))?;
        }
    }
    let mut failures: Vec<&CheckReport> = run
        .checks
        .iter()
        .filter(|check| check.outcome.is_trouble() && !check.steps.is_empty())
        .collect();
    failures.sort_by_key(|check| (check.outcome != Outcome::Fail, check.id.as_str()));
    if !failures.is_empty() {
        writeln!(out, "\n### {} to look at\n", failures.len())?;
    }
    for check in failures.iter().take(FAILURES_MAX) {
        failure(check, out)?;
    }
    if failures.len() > FAILURES_MAX {
        writeln!(out, "…and {} more.\n", failures.len() - FAILURES_MAX)?;
    }
    untested(run, out)
}

fn failure(check: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let word = check.outcome.word();
    writeln!(
        out,
        "#### {word} {}: {}\n",
        code(&check.id),
        plain(&check.name)
    )?;
    for clause in &check.clauses {
        writeln!(out, "> {} ({})\n", plain(&clause.text), code(&clause.id))?;
    }
    writeln!(out, "{}\n", plain(check.reason.as_str()))?;
    let differences: Vec<_> = check.steps.iter().flat_map(|it| &it.differences).collect();
    if !differences.is_empty() {
        writeln!(out, "| where | wanted | got |\n|---|---|---|")?;
        for it in differences {
            let cell = |text: &super::Masked| code(text.as_str());
            let (place, wanted, got) = (cell(&it.pointer), cell(&it.wanted), cell(&it.got));
            writeln!(out, "| {place} | {wanted} | {got} |")?;
        }
        writeln!(out)?;
    }
    let mut told = transcript::whole(check);
    if told.len() > TRANSCRIPT_BYTES_MAX {
        let end = told.floor_char_boundary(TRANSCRIPT_BYTES_MAX);
        told.truncate(end);
        told.push_str("\n…");
    }
    fold("Transcript", &told, out)?;
    if let Some(curl) = &check.curl {
        fold("curl", curl.script.as_str(), out)?;
    }
    Ok(())
}

/// A text that is folded away, in a fence that is longer than any in it.
fn fold(title: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
    let text = text.trim_end();
    writeln!(
        out,
        "<details><summary>{title}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"
    )
}

fn untested(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: BTreeMap<(Outcome, &str), usize> = BTreeMap::new();
    for check in &run.checks {
        let left_out = matches!(check.outcome, Outcome::NotDeclared | Outcome::NotSelected);
        if left_out || check.outcome.is_trouble() && check.steps.is_empty() {
            let reason = (check.outcome, check.reason.as_str());
            *reasons.entry(reason).or_default() += 1;
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n<details><summary>What was not tested, and why</summary>\n"
    )?;
    writeln!(out, "| outcome | why | checks |\n|---|---|---:|")?;
    for ((outcome, why), count) in reasons {
        writeln!(out, "| {} | {} | {count} |", outcome.word(), plain(why))?;
    }
    writeln!(out, "\n</details>")
}

/// A text in one line in which nothing is markup.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A name is nobody who is to be told, and a number no issue.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    // A bare address would become a link.
    out.replace("://", ":&#47;&#47;")
        .replace("www.", "www&#46;")
}

/// A text in one line, as code in a table too.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    let ticks = "`".repeat(longest.unwrap_or_default() + 1);
    let text = text.replace('|', "\\|");
    // A space keeps what begins or ends with a tick apart from those around it.
    if ticks.len() > 1 || text.trim() != text {
        return format!("{ticks} {text} {ticks}");
    }
    format!("{ticks}{text}{ticks}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_target_says_is_no_markup() {
        let rows = [
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("![a](http://x)", "\\!\\[a\\](http:&#47;&#47;x)"),
            ("@you #7 a|b\n`c`", "&#64;you &#35;7 a\\|b \\`c\\`"),
        ];
        for (text, shown) in rows {
            assert_eq!(plain(text), shown);
        }
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`|b"), "`` a`\\|b ``");
        let mut out = Vec::new();
        fold("t", "a\n```\nb", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("\n````text\na\n```\nb\n````\n"), "{text}");
    }
}
