//! The JUnit file: one case per check that was selected, `classname` the feature and `name` the check's id, so that a
//! dashboard can follow a check through renamed scenarios and moved lines. Written whole, at the end or when interrupted.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::super::verdict::Outcome;
use super::{CheckReport, Closing, Opening, Reporter};
use crate::conformance::transcript;

/// Collects cases and writes the file.
pub(crate) struct Junit<W> {
    out: W,
    opening: Option<Opening>,
    suites: BTreeMap<String, TestSuite>,
    not_selected: usize,
}

impl<W: Write> Junit<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            opening: None,
            suites: BTreeMap::new(),
            not_selected: 0,
        }
    }
}

impl<W: Write> Reporter for Junit<W> {
    fn opened(&mut self, opening: &Opening) -> io::Result<()> {
        self.opening = Some(opening.clone());
        Ok(())
    }

    fn checked(&mut self, check: &CheckReport) -> io::Result<()> {
        if check.outcome == Outcome::NotSelected {
            self.not_selected += 1;
            return Ok(());
        }
        let suite = self
            .suites
            .entry(check.feature.clone())
            .or_insert_with(|| suite(&check.feature, self.opening.as_ref()));
        let before = suite.time.unwrap_or_default();
        suite.set_time(before + check.elapsed);
        suite.add_test_case(case(check));
        Ok(())
    }

    fn closed(&mut self, closing: &Closing) -> io::Result<()> {
        let mut report = Report::new("standin conform");
        report.set_time(closing.elapsed);
        report.add_test_suites(std::mem::take(&mut self.suites).into_values());
        // A dashboard shows green when there is no failure in the file; a verdict that is not green must be in it too.
        if closing.verdict.exit_code() != 0 && report.failures + report.errors == 0 {
            let verdict = closing.verdict.word();
            let message = format!("{verdict}; {} checks not selected", self.not_selected);
            let mut run = TestCase::new("run", error("verdict", &message));
            run.set_classname("verdict");
            let mut suite = TestSuite::new("verdict");
            suite.add_test_case(run);
            report.add_test_suite(suite);
        }
        report.serialize(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}

fn suite(feature: &str, opening: Option<&Opening>) -> TestSuite {
    let mut suite = TestSuite::new(feature);
    if let Some(opening) = opening {
        suite.add_property(("target", opening.target.as_str()));
        suite.add_property(("seed", opening.seed.as_str()));
    }
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
