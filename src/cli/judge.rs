//! `standin judge report`: what a running server has seen its clients do wrong.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::Value;

use super::judge_report::{junit, markdown, text};
use super::out::{Failed, notice, print};
use super::remote::Remote;

/// Writes the report in one form.
type Write = fn(&Value) -> Result<String, String>;

/// The arguments of `standin judge`.
#[derive(Debug, Args)]
pub(super) struct Judge {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tell what clients have done wrong, with the exchanges that decide it. Needs a server that was started with --judge.
    Report(Report),
}

/// Tell what clients have done wrong, with the exchanges that decide it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  something was asked, and no defect was seen
  1  a defect was seen
  2  the command line is wrong, or the server cannot be asked or has no judge
  3  nothing was asked, so nothing can be said")]
struct Report {
    #[command(flatten)]
    server: Remote,
    /// Write the report to this file as the server gives it.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a JUnit report: a case for every defect that was looked for.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the report as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

impl Judge {
    pub(super) fn run(self) -> ExitCode {
        let What::Report(report) = self.what;
        match report.run() {
            Ok(code) => code,
            Err(Failed::Unread) => ExitCode::SUCCESS,
            Err(Failed::Told(message)) => {
                notice(format_args!("standin judge: {message}"));
                ExitCode::from(2)
            }
        }
    }
}

impl Report {
    fn run(self) -> Result<ExitCode, Failed> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| format!("the runtime: {error}"))?;
        let report = runtime.block_on(self.server.ask(Method::GET, "judge", None))?;
        // In this order: a word that is not known must not pass for a clean one.
        let code = match report["verdict"].as_str() {
            Some("clean") => 0,
            Some("defective") => 1,
            Some("nothing_asked") => 3,
            Some(_) | None => {
                return Err(
                    "the server answered with no verdict; is it the right --server?".into(),
                );
            }
        };
        let files: [(&Option<PathBuf>, Write); 3] = [
            (&self.json, |report| Ok(format!("{report:#}\n"))),
            (&self.junit, junit),
            (&self.markdown, |report| Ok(markdown(report))),
        ];
        for (path, write) in files {
            if let Some(path) = path {
                std::fs::write(path, write(&report)?)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
        match print(text(&report).as_bytes()) {
            Ok(()) | Err(Failed::Unread) => Ok(ExitCode::from(code)),
            Err(told) => Err(told),
        }
    }
}
