//! The file by itself: work in it that fails is done without what is committed beside it, and it is its owner's alone.

use standin::limits::{MIB, Room, Share};
use standin::server::open_folder;
use standin::store::{Batch, Commit, Durability, StoreError};

use super::card;
use crate::cli::Folder;

const TIMES: u8 = 40;

/// A rule of the file, which somebody has added from outside, refuses every record of one space.
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_by_itself_fails_alone() {
    let folder = Folder::new("alone");
    let engine = open_folder(&folder.0, Durability::Process, "seed").unwrap();
    let open = |name| engine.open(name, Share::new(&Room::new(MIB), MIB));
    let (good, bad) = (open("good"), open("bad"));
    for (store, last) in [(&good, 100), (&bad, 100)] {
        let first = Batch::new().insert(card([0, 1], last));
        assert_eq!(store.commit(first).await, Ok(Commit::Done));
    }
    let file = rusqlite::Connection::open(folder.0.join("standin.db")).unwrap();
    let rule = "CREATE TRIGGER refuse BEFORE INSERT ON record WHEN NEW.space = 2
        BEGIN SELECT RAISE(ABORT, 'refused from outside'); END";
    file.execute_batch(rule).unwrap();
    let commits = (0..TIMES).map(|last| {
        let batch = |last| Batch::new().insert(card([0, 1], last));
        let (one, other) = (good.commit(batch(last)), bad.commit(batch(last)));
        async { futures::future::join(one, other).await }
    });
    for (one, other) in futures::future::join_all(commits).await {
        assert_eq!(one, Ok(Commit::Done));
        let Err(StoreError::Away(why)) = other else {
            panic!("{other:?}");
        };
        assert!(why.contains("refused from outside"), "{why}");
    }
    assert_eq!(engine.trouble(), None, "the file as a whole is well");
    let metrics = engine.metrics().unwrap();
    assert_eq!(metrics.errors.get(), u64::from(TIMES));
    assert!(metrics.writes.classes().iter().sum::<u64>() >= 2 * u64::from(TIMES));
    file.execute_batch("DROP TRIGGER refuse").unwrap();
    let again = Batch::new().insert(card([0, 1], 1));
    assert_eq!(bad.commit(again).await, Ok(Commit::Done));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_reads_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new("owned");
    let engine = open_folder(&folder.0, Durability::Process, "seed").unwrap();
    let store = engine.open("one", Share::new(&Room::new(MIB), MIB));
    let first = Batch::new().insert(card([0, 1], 1));
    assert_eq!(store.commit(first).await, Ok(Commit::Done));
    let files = std::fs::read_dir(&folder.0).unwrap().flatten();
    let kept = files.filter(|file| {
        let name = file.file_name();
        name.to_string_lossy().starts_with("standin.db")
    });
    let modes: Vec<_> = kept
        .map(|file| file.metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(modes.len() >= 2, "the file and what SQLite puts beside it");
    assert!(modes.iter().all(|mode| *mode == 0o600), "{modes:?}");
}
