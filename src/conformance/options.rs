//! The command line of `standin conform`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::files::Named;

/// Standard output, where a file could be named.
const STDOUT: &str = "-";
/// How many checks run at once when nothing is said.
const CONCURRENCY: &str = "8";

/// Judge a server: does it do what a network-token gateway must do?
///
/// Without --target a private standin is started and judged. With the address of another server, or with a target.toml that
/// says how to speak to it, that server is.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = "\
Examples:
  standin conform                                         judge a private standin
  standin conform --target http://127.0.0.1:4111 --standin
                                                          judge a standin that is running
  standin conform --target gateway.toml --junit out.xml   judge your own gateway
  standin conform --tags '@behaviour and not @negative' --list

Exit codes:
  0  every required check ran and passed
  1  at least one check failed
  2  the command line, the target file or a feature is wrong; nothing was sent
  3  inconclusive: nothing checked, no answer, or a required check could not be tried
  4  conformant, but the expectation file is stale
  5  the harness itself failed")]
pub struct Options {
    /// The server to judge: a base URL, or a target.toml that describes it.
    #[arg(long, value_name = "URL|FILE")]
    pub target: Option<String>,
    /// The server at the URL is a standin: use its spaces and its control plane.
    #[arg(long, requires = "target")]
    pub standin: bool,
    /// A folder with the keys that a network has given the judge, and an index keys.json, as `standin keys` writes it.
    #[arg(long, value_name = "DIR", requires = "target")]
    pub keys: Option<PathBuf>,
    /// Bindings and surfaces to judge, separated by commas; the target's own claim when not given.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub profile: Vec<String>,
    /// A folder of further features, beside the ones in the binary.
    #[arg(long, value_name = "DIR")]
    pub features: Option<PathBuf>,
    /// Only checks whose tags satisfy this, such as '@behaviour and not @negative'; an id is a tag too, as '@id:paying.long'.
    #[arg(long, value_name = "EXPR")]
    pub tags: Option<String>,
    /// Levels that the target must reach, separated by commas: core, paying, told, hardened, off-file.
    #[arg(long, value_name = "LEVELS", value_delimiter = ',')]
    pub require: Vec<String>,
    /// Only the checks that failed or could not be tried in an earlier run: the file that --json wrote.
    #[arg(long, value_name = "RUN")]
    pub rerun_failed: Option<PathBuf>,
    /// Stop at the first failure that decides and is not expected; what has not been begun by then is left out.
    #[arg(long)]
    pub fail_fast: bool,
    /// List the checks and send nothing.
    #[arg(long)]
    pub list: bool,
    /// Decides the order of the checks and the names of their spaces.
    #[arg(long, value_name = "TEXT", default_value = "standin")]
    pub seed: String,
    /// Tells the run's customers, orders and idempotency keys from those of earlier runs at the same server; a new one when not
    /// given. With the same seed and the same id a run says the same again.
    #[arg(long, value_name = "TEXT")]
    pub run_id: Option<String>,
    /// How many checks run at once.
    #[arg(long, value_name = "COUNT", default_value = CONCURRENCY)]
    pub concurrency: NonZeroUsize,
    /// Print JSON: the event log, one object a line. With a file the log is written there, and the lines for people stay.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = STDOUT)]
    pub json: Option<PathBuf>,
    /// Write a page for people: one HTML file that needs nothing else.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write a report as Markdown.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Write a JUnit report.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// What is known to fail: a file of `[[expected]]` entries with `check`, `reason`, and perhaps `link` and `expires`.
    #[arg(long, value_name = "FILE")]
    pub expect: Option<PathBuf>,
    /// How long one step may take.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = parse_duration)]
    pub step_timeout: Duration,
    /// How long one request may take.
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub request_timeout: Option<Duration>,
    /// Authorities that an https target may be signed by, beside those of browsers, as PEM.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Leave out the lines of checks that passed.
    #[arg(long, short)]
    pub quiet: bool,
}

impl Options {
    /// Whether the event log goes to standard output, in the place of the lines for people.
    pub(crate) fn prints_json(&self) -> bool {
        self.json.as_deref() == Some(Path::new(STDOUT))
    }

    /// The files that reports go to.
    pub(crate) fn named(&self) -> Named<'_> {
        let json = self.json.as_deref();
        Named {
            json: json.filter(|_| !self.prints_json()),
            html: self.html.as_deref(),
            junit: self.junit.as_deref(),
            markdown: self.markdown.as_deref(),
        }
    }
}

/// The options as a command line.
#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

impl Options {
    /// The options that these words of a command line stand for.
    ///
    /// # Errors
    /// A text for the caller.
    pub fn of(words: &[String]) -> Result<Self, String> {
        let all = std::iter::once("conform").chain(words.iter().map(String::as_str));
        let line = <Line as clap::Parser>::try_parse_from(all);
        line.map(|line| line.options)
            .map_err(|error| error.to_string())
    }
}

/// A duration as `500ms`, `20s` or `2m`.
///
/// # Errors
/// A text for the caller.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let signed: jiff::SignedDuration = text
        .parse()
        .map_err(|_| format!("{text:?} is not a time such as 500ms, 20s or 2m"))?;
    let duration = Duration::try_from(signed).map_err(|_| format!("{text:?} is negative"))?;
    if duration.is_zero() {
        return Err("no time at all would fail everything".to_owned());
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "5", "soon", "0s", "-1s"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
