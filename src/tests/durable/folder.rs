//! Folders that cannot be used: the command says so in one sentence, with what to do.

use std::process::Stdio;

use super::{Serving, arguments};
use crate::cli::{Folder, standin};

/// What `standin serve` says of a folder before it ends.
fn refused(folder: &Folder, more: &[&str]) -> String {
    let (other, data) = (Folder::new("refused"), folder.0.join("data"));
    let mut given = arguments(&other.0, &data);
    given.extend(more.iter().map(|one| (*one).to_owned()));
    let given: Vec<_> = given.iter().map(String::as_str).collect();
    let output = standin(&given);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    said.replace(&data.display().to_string(), "DIR")
}

#[tokio::test]
async fn a_folder_in_use_is_refused_until_its_process_ends() {
    let folder = Folder::new("locked");
    let mut serving = Serving::in_folder(&folder.0).await;
    let process = serving.process.id().unwrap();
    let said = refused(&folder, &[]);
    let wanted = format!(
        "--data DIR: another standin (process {process}) is using it; stop that one, or name another folder"
    );
    assert!(said.contains(&wanted), "{said}");
    serving.process.start_kill().unwrap();
    serving.process.wait().await.unwrap();
    Serving::in_folder(&folder.0).await;
}

#[tokio::test]
async fn a_folder_of_another_seed_form_or_program_is_refused() {
    let folder = Folder::new("other");
    let mut serving = Serving::in_folder(&folder.0).await;
    serving.process.start_kill().unwrap();
    serving.process.wait().await.unwrap();
    let said = refused(&folder, &["--seed", "another"]);
    assert!(
        said.contains("--data DIR: it was made with another --seed"),
        "{said}"
    );
    let path = folder.0.join("data/standin.db");
    let change = |pragma: &str| {
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute_batch(pragma).unwrap();
    };
    change("PRAGMA user_version = 2");
    let said = refused(&folder, &[]);
    let wanted = "--data DIR: its standin.db has form 2, and this release reads and writes form 1; use the release that wrote it";
    assert!(said.contains(wanted), "{said}");
    change("PRAGMA user_version = 1; PRAGMA application_id = 7");
    let said = refused(&folder, &[]);
    assert!(
        said.contains("DIR: its standin.db is a file of another program"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_torn_and_a_folder_that_cannot_be_are_refused() {
    let folder = Folder::new("torn");
    let data = folder.0.join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("standin.db"), [7; 8192]).unwrap();
    let said = refused(&folder, &[]);
    assert!(
        said.contains("--data DIR: the file is damaged; begin with another folder"),
        "{said}"
    );
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::write(&data, "a file").unwrap();
    let said = refused(&folder, &[]);
    assert!(said.contains("--data DIR: "), "{said}");
}

/// Told to stop, it ends well, and the folder is anybody's again.
#[tokio::test]
async fn told_to_stop_it_lets_go() {
    let folder = Folder::new("stopped");
    let mut serving = Serving::in_folder(&folder.0).await;
    serving.client.advance("", "PT1H").await;
    let process = serving.process.id().unwrap().to_string();
    let mut kill = std::process::Command::new("kill");
    kill.args(["-TERM", &process]).stdin(Stdio::null());
    assert!(kill.status().unwrap().success());
    assert_eq!(serving.process.wait().await.unwrap().code(), Some(0));
    let serving = Serving::in_folder(&folder.0).await;
    let clock = serving
        .client
        .send(crate::client::Ask::get("/_standin/clock"))
        .await;
    assert_eq!(clock.at("/now"), "2026-01-01T01:00:00.000000Z");
}
