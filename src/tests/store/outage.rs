//! An engine that is away says so at every operation, and has what it had once it is back.

use standin::clock::MANUAL_START;
use standin::domain::token::CardRecord;
use standin::store::{Batch, Commit, Engine, Outage, Store, StoreError};

use super::{card, notice, task};

/// What each operation says, by its name.
async fn all(store: &Store) -> Vec<(&'static str, Result<(), StoreError>)> {
    let one = card([0, 1], 1);
    let batch = Batch::new()
        .insert(one.clone())
        .tell(notice(&one, 0))
        .plan(task(&one, 0));
    vec![
        ("commit", store.commit(batch).await.map(|_| ())),
        ("get", store.get::<CardRecord>(&one.id).await.map(|_| ())),
        ("scan", store.scan::<CardRecord>(None, 1).await.map(|_| ())),
        ("notices", store.notices().await.map(|_| ())),
        ("next_due", store.next_due().await.map(|_| ())),
        ("first_due", store.first_due(MANUAL_START).await.map(|_| ())),
        ("finish", store.finish(&task(&one, 0)).await),
        ("endpoints", store.endpoints().await.map(|_| ())),
        ("lease", store.lease(MANUAL_START).await.map(|_| ())),
        (
            "next_message_due",
            store.next_message_due().await.map(|_| ()),
        ),
        ("messages", store.messages().await.map(|_| ())),
        ("quiet_at", store.quiet_at(MANUAL_START).await),
    ]
}

#[tokio::test]
async fn every_operation_fails_and_none_leaves_a_trace() {
    let outage = Outage::default();
    let store = super::open(&Engine::Interruptible(outage.clone()));
    outage.begin_after(0);
    for (name, result) in all(&store).await {
        let why = result.expect_err(name).to_string();
        assert_eq!(
            why, "the engine that keeps the records is unavailable: its connection is cut",
            "{name:?}"
        );
    }
    outage.end();
    assert_eq!(store.next_due().await, Ok(None));
    assert_eq!(store.notices().await, Ok((Vec::new(), 0)));
    for (name, result) in all(&store).await {
        assert_eq!(result, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn so_many_operations_get_through() {
    let outage = Outage::default();
    let store = super::open(&Engine::Interruptible(outage.clone()));
    outage.begin_after(2);
    let insert = |last| Batch::new().insert(card([0, 1], last));
    assert_eq!(store.commit(insert(1)).await, Ok(Commit::Done));
    assert_eq!(store.commit(insert(1)).await, Ok(Commit::Conflict));
    assert!(store.commit(insert(2)).await.is_err());
    outage.end();
    assert_eq!(
        store.scan::<CardRecord>(None, 9).await.unwrap().rows.len(),
        1
    );
}
