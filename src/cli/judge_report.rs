//! The report of the judge of clients, for people, for CI and for a pull request. What is written is what the server told, which
//! has masked it; what of it could move a terminal's cursor or end a line is written out.

use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::Value;

use crate::masking::visible;

/// A text of the report, on one line.
fn told(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    };
    let shown = visible(&text);
    shown.replace('\n', "\\n").replace('\t', "\\t")
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The verdict in a sentence.
fn headline(report: &Value) -> String {
    let (name, space) = (told(&report["judge"]), told(&report["space"]));
    let count = rows(&report["defects"]).len();
    let requests = &report["requests"];
    let asked = format!("{requests} requests in the space {space}");
    let mut line = match report["verdict"].as_str() {
        Some("clean") => format!("{name}: no defect seen in {asked}"),
        Some("nothing_asked") => format!("{name}: nothing was asked, so nothing can be said"),
        _ => format!("{name}: {count} kinds of defects seen in {asked}"),
    };
    if let Some(forgotten) = report["forgotten"].as_u64().filter(|count| *count > 0) {
        let _ = write!(
            line,
            " ({forgotten} things had to be forgotten, so more may have gone unseen)"
        );
    }
    line
}

/// One exchange on one line.
fn exchange(cited: &Value) -> String {
    let mut line = format!(
        "#{} {} {} {} {} -> {}",
        cited["number"],
        told(&cited["at"]),
        told(&cited["surface"]),
        told(&cited["method"]),
        told(&cited["target"]),
        cited["status"],
    );
    if let Some(reason) = cited.get("reason") {
        let _ = write!(line, " ({})", told(reason));
    }
    line
}

/// The times that are shown, each with its exchanges.
fn times(verdict: &Value) -> Vec<Vec<String>> {
    let times = rows(&verdict["decided_by"]).iter();
    times
        .map(|time| rows(time).iter().map(exchange).collect())
        .collect()
}

/// For people.
pub(super) fn text(report: &Value) -> String {
    let mut text = String::new();
    for verdict in rows(&report["defects"]) {
        let (defect, times_seen) = (told(&verdict["defect"]), &verdict["times"]);
        let _ = writeln!(text, "{defect}, {times_seen} times");
        let _ = writeln!(text, "  {}", told(&verdict["sentence"]));
        let _ = writeln!(text, "  {}", told(&verdict["clause"]));
        for time in times(verdict) {
            let _ = writeln!(text, "  - {}", time.join("\n    "));
        }
        text.push('\n');
    }
    text + &headline(report) + "\n"
}

/// For a pull request.
pub(super) fn markdown(report: &Value) -> String {
    let plain = |text: String| text.replace('|', "\\|").replace('<', "&lt;");
    let mut text = format!("# {}\n", plain(headline(report)));
    for verdict in rows(&report["defects"]) {
        let _ = writeln!(
            text,
            "\n## `{}`, {} times\n\n{} {}.\n",
            told(&verdict["defect"]),
            verdict["times"],
            told(&verdict["sentence"]),
            plain(told(&verdict["clause"])),
        );
        for time in times(verdict) {
            let lines: Vec<_> = time
                .into_iter()
                .map(|line| line.replace('`', "'"))
                .collect();
            let _ = writeln!(text, "- `{}`", lines.join("`, then `"));
        }
    }
    text
}

/// For CI: a case for every defect that was looked for.
pub(super) fn junit(report: &Value) -> Result<String, String> {
    let name = format!("judge of {}", told(&report["judge"]));
    let mut suite = TestSuite::new(name.clone());
    let asked = report["verdict"] != "nothing_asked";
    for word in rows(&report["looked_for"]) {
        let found = rows(&report["defects"]).iter();
        let found = found.clone().find(|verdict| verdict["defect"] == *word);
        let status = match found {
            Some(verdict) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(told(&verdict["sentence"]));
                let lines: Vec<_> = times(verdict).concat();
                status.set_description(format!(
                    "{}\n{}",
                    told(&verdict["clause"]),
                    lines.join("\n")
                ));
                status
            }
            None if asked => TestCaseStatus::success(),
            None => {
                let mut status = TestCaseStatus::skipped();
                status.set_message("nothing was asked");
                status
            }
        };
        let mut case = TestCase::new(told(word), status);
        case.set_classname("client");
        suite.add_test_case(case);
    }
    let mut whole = Report::new(name);
    whole.add_test_suite(suite);
    whole
        .to_string()
        .map_err(|error| format!("--junit: {error}"))
}
