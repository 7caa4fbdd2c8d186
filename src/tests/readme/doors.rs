//! The README's three doors, as a newcomer goes through them: one server, each block as it stands.

use std::process::Output;
use std::time::Duration;

use super::{ADDRESS, README, blocks, program, run_shell, well};
use crate::cli::Folder;
use crate::client::{Stand, options};
use crate::program::require_program;

/// Lines of code behind a door.
const LINES_MAX: usize = 8;
/// So long may a door take before a newcomer wonders.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the README says is printed: the text block behind the code block.
fn printed(language: &str) -> &'static str {
    let (_, after) = README.split_once(&format!("```{language}\n")).unwrap();
    blocks(after, "text")[0]
}

/// The one block of a language, which is as short as it is said to be.
fn door(language: &str) -> &'static str {
    let blocks = blocks(README, language);
    assert_eq!(blocks.len(), 1, "{language}");
    let count = blocks[0].lines().count();
    assert!(count <= LINES_MAX, "{language}: {count} lines");
    blocks[0]
}

async fn run(language: &str, name: &str, arguments: &[&str]) {
    if !require_program(name) {
        return;
    }
    let stand = Stand::start(options()).await;
    let address = stand.server.base_url().replace("http://", "");
    let folder = Folder::new(language);
    let mut program = program(name, &address, &folder);
    program
        .args(arguments)
        .arg(door(language).replace(ADDRESS, &address));
    let output: Output = program.output().await.unwrap();
    well(&output);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), printed(language));
    stand.server.stop().await;
}

#[tokio::test]
async fn the_developer_s_door_pays_with_a_network_token() {
    run("js", "node", &["--input-type=module", "--eval"]).await;
}

#[tokio::test]
async fn the_tester_s_door_sees_a_payment_fail_and_why() {
    run("python", "python3", &["-c"]).await;
}

/// Takes some seconds, because a gateway is judged.
#[tokio::test]
async fn the_door_for_ci_counts_a_payment_and_judges_a_gateway() {
    if !require_program("curl") || !require_program("bash") {
        return;
    }
    door("sh");
    let stand = Stand::start(options()).await;
    let address = stand.server.base_url().replace("http://", "");
    let folder = Folder::new("ci");
    let done = tokio::time::timeout(PATIENCE, run_shell(README, &address, &folder));
    done.await.unwrap();
    let report = std::fs::read_to_string(folder.0.join("report.xml")).unwrap();
    assert!(report.contains("<testsuite"), "{report}");
    stand.server.stop().await;
}
