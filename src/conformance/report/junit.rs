//! The JUnit file: one case per check that was selected, `classname` the feature and `name` the check's id, so that a
//! dashboard can follow a check through renamed scenarios and moved lines. Written whole, at the end or when interrupted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::verdict::Outcome;
use super::{CheckReport, Closing, Opening, Reporter};
use crate::conformance::transcript;

/// Collects cases and writes the file.
pub(crate) struct Junit<W> {
    out: W,
    opening: Option<Opening>,
    suites: BTreeMap<String, Suite>,
    not_selected: usize,
}

#[derive(Default)]
struct Suite {
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    seconds: f64,
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
        self.suites
            .entry(check.feature.clone())
            .or_default()
            .add(check);
        Ok(())
    }

    fn closed(&mut self, closing: &Closing) -> io::Result<()> {
        let total = |count: fn(&Suite) -> usize| self.suites.values().map(count).sum::<usize>();
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let (tests, failures) = (total(|suite| suite.tests), total(|suite| suite.failures));
        let (errors, skipped) = (total(|suite| suite.errors), total(|suite| suite.skipped));
        let seconds = closing.elapsed.as_secs_f64();
        let counts = format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
        );
        text.push_str(&format!(
            "<testsuites name=\"standin conform\" {counts} time=\"{seconds:.3}\">\n"
        ));
        for (name, suite) in &self.suites {
            suite.write(name, self.opening.as_ref(), &mut text);
        }
        // A dashboard shows green when there is no failure in the file; a verdict that is not green must be in it too.
        if closing.verdict.exit_code() != 0 && failures + errors == 0 {
            let verdict = escaped(closing.verdict.word());
            text.push_str("  <testsuite name=\"verdict\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n");
            text.push_str("    <testcase classname=\"verdict\" name=\"run\" time=\"0\">\n");
            let _ = writeln!(
                text,
                "      <error type=\"verdict\" message=\"{verdict}; {} checks not selected\"/>",
                self.not_selected
            );
            text.push_str("    </testcase>\n  </testsuite>\n");
        }
        text.push_str("</testsuites>\n");
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

impl Suite {
    fn add(&mut self, check: &CheckReport) {
        let seconds = check.elapsed.as_secs_f64();
        self.tests += 1;
        self.seconds += seconds;
        let (class, name) = (escaped(&check.feature), escaped(&check.id));
        let out = &mut self.cases;
        let _ = writeln!(
            out,
            "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{}\" time=\"{seconds:.3}\">",
            escaped(&check.location)
        );
        let _ = writeln!(out, "      <properties>");
        for (key, value) in [
            ("outcome", check.outcome.word()),
            ("source", &check.source),
            ("title", &check.name),
        ] {
            let _ = writeln!(
                out,
                "        <property name=\"{key}\" value=\"{}\"/>",
                escaped(value)
            );
        }
        let _ = writeln!(out, "      </properties>");
        let (kind, message) = (check.outcome.word(), escaped(check.reason.as_str()));
        match check.outcome {
            Outcome::Pass => {}
            Outcome::Fail | Outcome::UnexpectedPass => {
                self.failures += 1;
                let text = escaped(&transcript::whole(check));
                let _ = writeln!(
                    out,
                    "      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>"
                );
            }
            Outcome::Untestable | Outcome::Transport | Outcome::SuiteError => {
                self.errors += 1;
                let text = escaped(&transcript::whole(check));
                let _ = writeln!(
                    out,
                    "      <error type=\"{kind}\" message=\"{message}\">{text}</error>"
                );
            }
            Outcome::ExpectedFail | Outcome::NotDeclared | Outcome::NotSelected => {
                self.skipped += 1;
                let _ = writeln!(
                    out,
                    "      <skipped type=\"{kind}\" message=\"{message}\"/>"
                );
            }
        }
        let _ = writeln!(out, "    </testcase>");
    }

    fn write(&self, name: &str, opening: Option<&Opening>, text: &mut String) {
        let (tests, failures, errors) = (self.tests, self.failures, self.errors);
        let counts = format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{}\"",
            self.skipped
        );
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" {counts} time=\"{:.3}\">",
            escaped(name),
            self.seconds
        );
        if let Some(opening) = opening {
            let _ = writeln!(text, "    <properties>");
            for (key, value) in [("target", &opening.target), ("seed", &opening.seed)] {
                let _ = writeln!(
                    text,
                    "      <property name=\"{key}\" value=\"{}\"/>",
                    escaped(value)
                );
            }
            let _ = writeln!(text, "    </properties>");
        }
        text.push_str(&self.cases);
        text.push_str("  </testsuite>\n");
    }
}

/// Text as XML takes it, in attributes too. Characters that XML cannot hold at all become question marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(letter),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                out.push('?')
            }
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn xml_can_hold_whatever_a_target_says() {
        assert_eq!(
            escaped("<a b=\"&\">\u{0}\u{1b}[31m\u{ffff}ü\n"),
            "&lt;a b=&quot;&amp;&quot;&gt;??[31m?ü\n"
        );
    }
}
