//! Writes down which commit a release is built from. The builds of every day do not, so that a commit compiles nothing anew.
//! `STANDIN_COMMIT` and `STANDIN_COMMIT_DATE` say it where there is no git; both come from the source and not from the machine,
//! so that the same source gives the same program.

use std::env;
use std::io::{self, Write as _};
use std::process::Command;

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "cargo::rerun-if-changed=src/build.rs")?;
    writeln!(out, "cargo::rerun-if-env-changed=STANDIN_COMMIT")?;
    writeln!(out, "cargo::rerun-if-env-changed=STANDIN_COMMIT_DATE")?;
    let version = variable("CARGO_PKG_VERSION").unwrap_or_default();
    let told = variable("STANDIN_COMMIT").zip(variable("STANDIN_COMMIT_DATE"));
    let is_release = variable("PROFILE").is_some_and(|profile| profile == "release");
    let found = told.or_else(|| is_release.then(from_git).flatten());
    let full = match found {
        Some((commit, date)) if !commit.is_empty() => format!("{version} ({commit} {date})"),
        Some(_) | None => version,
    };
    if is_release {
        for path in ["HEAD", "logs/HEAD"]
            .iter()
            .filter_map(|file| git(&["rev-parse", "--git-path", file]))
        {
            writeln!(out, "cargo::rerun-if-changed={path}")?;
        }
    }
    writeln!(out, "cargo::rustc-env=STANDIN_VERSION={full}")
}

fn variable(name: &str) -> Option<String> {
    env::var_os(name)?.into_string().ok()
}

/// The commit that is checked out, and the day of it.
fn from_git() -> Option<(String, String)> {
    // A source that lies inside somebody else's repository is not of its commits.
    git(&["ls-files", "--error-unmatch", "Cargo.toml"])?;
    let line = git(&["log", "-1", "--format=%h %cs"])?;
    let (commit, date) = line.split_once(' ')?;
    Some((commit.to_owned(), date.to_owned()))
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
