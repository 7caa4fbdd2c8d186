//! The JUnit file: one case per check that was selected, `classname` the feature and `name` the check's id, so that a
//! dashboard can follow a check through renamed scenarios and moved lines.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{CheckReport, Outcome, Run, transcript};

/// Writes a run as a JUnit file.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(run: &Run, mut out: impl Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    let mut not_selected = 0;
    for check in &run.checks {
        if check.outcome == Outcome::NotSelected {
            not_selected += 1;
            continue;
        }
        let suite = suites.entry(&check.feature);
        let suite = suite.or_insert_with(|| suite_of(&check.feature, run));
        let before = suite.time.unwrap_or_default();
        suite.set_time(before + check.elapsed);
        suite.add_test_case(case(check));
    }
    let mut report = Report::new("standin conform");
    if let Some(closing) = &run.closing {
        report.set_time(closing.elapsed);
    }
    report.add_test_suites(suites.into_values());
    // A dashboard shows green when there is no failure in the file; a verdict that is not green must be in it too.
    let green = run.closing.as_ref().is_some_and(|it| it.exit_code == 0);
    if !green && report.failures + report.errors == 0 {
        let verdict = run.verdict();
        let message = format!("{verdict}; {not_selected} checks not selected");
        let mut case = TestCase::new("run", error("verdict", &message));
        case.set_classname("verdict");
        let mut suite = TestSuite::new("verdict");
        suite.add_test_case(case);
        report.add_test_suite(suite);
    }
    report.serialize(&mut out).map_err(io::Error::other)?;
    out.flush()
}

fn suite_of(feature: &str, run: &Run) -> TestSuite {
    let mut suite = TestSuite::new(feature);
    suite.add_property(("target", run.opening.target.as_str()));
    suite.add_property(("seed", run.opening.seed.as_str()));
    suite
}

fn case(check: &CheckReport) -> TestCase {
    let mut case = TestCase::new(check.id.as_str(), status(check));
    case.set_classname(check.feature.as_str());
    case.set_time(check.elapsed);
    case.extra
        .insert("file".into(), check.location.as_str().into());
    case.add_property(("outcome", check.outcome.word()));
    case.add_property(("source", check.source.as_str()));
    case.add_property(("title", check.name.as_str()));
    for clause in &check.clauses {
        case.add_property((format!("clause {}", clause.id), clause.text.clone()));
    }
    case
}

fn status(check: &CheckReport) -> TestCaseStatus {
    let (word, reason) = (check.outcome.word(), check.reason.as_str());
    match check.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail | Outcome::UnexpectedPass => {
            let mut status = failed(NonSuccessKind::Failure, word, reason);
            status.set_description(clean(&transcript::whole(check)));
            status
        }
        Outcome::Untestable | Outcome::Transport | Outcome::SuiteError => {
            let mut status = error(word, reason);
            status.set_description(clean(&transcript::whole(check)));
            status
        }
        Outcome::ExpectedFail | Outcome::Disputed | Outcome::NotDeclared | Outcome::NotSelected => {
            let mut status = TestCaseStatus::skipped();
            status.set_type(word).set_message(clean(reason));
            status
        }
    }
}

fn error(word: &str, message: &str) -> TestCaseStatus {
    failed(NonSuccessKind::Error, word, message)
}

fn failed(kind: NonSuccessKind, word: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(word).set_message(clean(message));
    status
}

/// What a target said, without the two characters that XML cannot hold and the library lets through.
fn clean(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_can_hold_whatever_a_target_says() {
        let said = "<a b=\"&\">\u{0}\u{1b}[31m\u{ffff}ü\n]]>";
        let mut status = error("transport", said);
        status.set_description(clean(said));
        let mut suite = TestSuite::new("a");
        suite.add_test_case(TestCase::new("b", status));
        let mut report = Report::new("c");
        report.add_test_suite(suite);

        let xml = report.to_string().unwrap();
        let read = Report::deserialize_from_str(&xml).unwrap();
        let TestCaseStatus::NonSuccess {
            message,
            description,
            ..
        } = &read.test_suites[0].test_cases[0].status
        else {
            panic!("{xml}");
        };
        let want = "<a b=\"&\">?ü\n]]>";
        assert_eq!(message.as_ref().unwrap().as_str(), want);
        assert_eq!(description.as_ref().unwrap().as_str(), want);
    }
}
