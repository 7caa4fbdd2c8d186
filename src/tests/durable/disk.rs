//! A disk that is full: what clients see, and that nothing which was answered is lost. The disk is a small one in memory that
//! only the server sees.

use std::io::Write as _;
use std::path::Path;

use tokio::process::Command;

use super::{Serving, arguments, create, seen_by};
use crate::cli::Folder;
use crate::client::Ask;
use crate::program::require;

/// Whether this user may mount a disk that only a process of theirs sees.
fn can_mount() -> bool {
    let mount = "mount -t tmpfs -o size=1m tmpfs /mnt";
    let mut try_it = std::process::Command::new("unshare");
    try_it.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount]);
    try_it.output().is_ok_and(|output| output.status.success())
}

/// A server whose folder is on a disk of four megabytes.
async fn on_small_disk(folder: &Folder) -> Serving {
    let disk = folder.0.join("disk");
    std::fs::create_dir(&disk).unwrap();
    let mut program = Command::new("unshare");
    program.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
    program.arg("mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"");
    program.arg(&disk).arg(env!("CARGO_BIN_EXE_standin"));
    program.args(arguments(&folder.0, &disk.join("data")));
    Serving::start(program, &folder.0).await
}

fn fill(ballast: &Path) {
    let mut ballast = std::fs::File::create(ballast).unwrap();
    while ballast.write_all(&[0; 512]).is_ok() {}
}

/// Whether the server can write, and what it says when it cannot.
async fn health(serving: &Serving) -> (u16, String) {
    let health = serving.client.send(Ask::get("/_standin/health")).await;
    let reason = health.json()["reason"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (health.status, reason)
}

/// Waits until the server has found out by itself that it can write.
async fn is_well_again(serving: &Serving) {
    while health(serving).await.0 != 200 {
        tokio::task::yield_now().await;
    }
}

/// Takes some seconds, because the server asks its disk once a second whether it writes again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_outlives_a_disk_that_is_full_for_a_while() {
    if !require(
        "a disk in memory",
        can_mount(),
        "unshare and mount are not allowed here",
    ) {
        return;
    }
    let folder = Folder::new("disk");
    let serving = on_small_disk(&folder).await;
    let process = serving.process.id().unwrap();
    let client = &serving.client;
    let access = client.token("standin-manual", None).await;
    let mut cards = Vec::new();
    for number in 0..20 {
        cards.push(
            client
                .send(create(&access, number))
                .await
                .expect(201)
                .at("/data/id"),
        );
    }

    let ballast = seen_by(process, &folder.0.join("disk/ballast"));
    fill(&ballast);
    let mut refused = None;
    for number in 100..1_000 {
        let answer = client.send(create(&access, number)).await;
        if answer.status == 201 {
            // What was left of a page that was there already.
            cards.push(answer.at("/data/id"));
        } else {
            refused = Some(answer.expect(503));
            break;
        }
    }
    assert!(refused.unwrap().text().contains("errors"));
    let (status, reason) = health(&serving).await;
    assert_eq!(status, 503);
    assert!(
        reason.contains("the disk is full; make room and it goes on by itself"),
        "{reason}"
    );
    let read = |card: &str| Ask::get(format!("/cards/{card}")).bearer(&access);
    for card in &cards {
        client.send(read(card)).await.expect(200);
    }
    std::fs::remove_file(&ballast).unwrap();
    is_well_again(&serving).await;
    cards.push(
        client
            .send(create(&access, 2_000))
            .await
            .expect(201)
            .at("/data/id"),
    );
    for card in &cards {
        client.send(read(card)).await.expect(200);
    }
}
