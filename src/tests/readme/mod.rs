//! What the README and the pages tell to type, run as it stands there, from top to bottom on one server.

mod doors;
mod help;
mod pages;
mod recording;
mod told;

use std::path::Path;
use std::process::Output;

use crate::cli::Folder;

const README: &str = include_str!("../../../README.md");
/// Where pages say that the server is.
const ADDRESS: &str = "127.0.0.1:4111";
/// Begins a line that says what is in the output of the command above it.
const PROMISE: &str = "#=> ";

/// The blocks of code of one language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let blocks = page.split(&fence).skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

/// The shell blocks of a page as one script, which stops at the first command that fails and at the first output without what
/// is promised of it. `address` stands in the place of the one in the page.
fn script(page: &str, address: &str) -> String {
    let mut script = String::from(
        "set -euo pipefail
trap 'code=$?; [ $code = 0 ] || cat \"$SAID\"; kill $(jobs -p) 2>/dev/null || true; exit $code' EXIT
",
    );
    let mut commands = String::new();
    for line in blocks(page, "sh").into_iter().flat_map(str::lines) {
        let Some(promised) = line.strip_prefix(PROMISE) else {
            commands.push_str(line);
            commands.push('\n');
            continue;
        };
        if !commands.is_empty() {
            script.push_str(&format!("{{\n{commands}}} > \"$SAID\" 2>&1\n"));
            commands.clear();
        }
        assert!(!promised.contains('\''), "{promised}");
        script.push_str(&format!(
            "grep -qF -- '{promised}' \"$SAID\" || {{ echo 'promised: {promised}'; exit 1; }}\n"
        ));
    }
    if !commands.is_empty() {
        script.push_str(&format!("{{\n{commands}}} > \"$SAID\" 2>&1\n"));
    }
    script.replace(ADDRESS, address)
}

/// A program in a folder, where `standin` is this program and asks the server at this address.
fn program(name: &str, address: &str, folder: &Folder) -> tokio::process::Command {
    let standin = Path::new(env!("CARGO_BIN_EXE_standin")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(standin.to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut program = tokio::process::Command::new(name);
    program
        .current_dir(&folder.0)
        .env("PATH", path.unwrap())
        .env("SAID", folder.0.join(".said"))
        .env("STANDIN_SERVER", format!("http://{address}"))
        .stdin(std::process::Stdio::null());
    program
}

/// Runs the shell blocks of a page in the folder.
async fn run_shell(page: &str, address: &str, folder: &Folder) {
    let mut bash = program("bash", address, folder);
    let output = bash.arg("-c").arg(script(page, address)).output().await;
    well(&output.unwrap());
}

fn well(output: &Output) {
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
