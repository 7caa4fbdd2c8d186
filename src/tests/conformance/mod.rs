//! The harness under test: what it makes of targets that misbehave, of features that are wrong, and of its own features.

mod action;
mod bluegate;
mod commands;
mod dead;
mod delegation;
mod evidence;
mod explored;
mod features;
mod interrupted;
mod job;
mod mistakes;
mod off_file;
mod own;
mod python;
mod quay;
mod receiver;
mod reports;
pub(crate) mod scripted;
mod verdicts;

use clap::Parser;
use jiff::civil::{Date, date};
use standin::conformance::{Options, prepare};
use standin::report::{Outcome, Tally, Verdict};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

/// The day on which these runs take place.
const TODAY: Date = date(2026, 1, 1);

/// What a run of `standin conform` came to.
struct Ran {
    code: u8,
    tally: Tally,
    out: String,
    err: String,
}

impl Ran {
    fn count(&self, outcome: Outcome) -> usize {
        self.tally.count(outcome)
    }
}

/// The options that a command line stands for.
fn options(args: &[&str]) -> Options {
    Line::parse_from(std::iter::once("conform").chain(args.iter().copied())).options
}

/// Runs the harness as the command line would, until it is done or `interrupt` comes.
async fn conform_until(args: &[&str], interrupt: impl Future<Output = ()>) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (verdict, tally) = match prepare(options(args), TODAY, &mut err) {
        Ok(prepared) => {
            prepared
                .with_clock(|| standin::clock::machine_now().seconds())
                .run(None, &mut out, &mut err, interrupt)
                .await
        }
        Err(verdict) => (verdict, Tally::default()),
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let verdict: Verdict = verdict;
    Ran {
        code: verdict.exit_code(),
        tally,
        out: text(out),
        err: text(err),
    }
}

/// Runs the harness to its end.
async fn conform(args: &[&str]) -> Ran {
    conform_until(args, std::future::pending()).await
}

/// A folder of this test's own below the build directory.
pub(crate) fn folder(name: &str) -> std::path::PathBuf {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}
