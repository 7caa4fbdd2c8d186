//! Work in the file that fails by itself: what is committed with it is done without it.

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
