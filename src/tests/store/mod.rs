//! What every engine of the store promises. Each test runs against all of them; a new engine joins in [`engines`].

mod alone;
mod messages;
mod outage;
mod room;
mod same;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use standin::clock::MANUAL_START;
use standin::domain::card::{Expiry, Network, Pan};
use standin::domain::id::{CardId, Owner, TokenReference};
use standin::domain::notice::{Event, Notice, Subject};
use standin::domain::token::CardRecord;
use standin::domain::webhook::{Endpoint, EndpointId, Profile};
use standin::limits::{MIB, NOTICES_KEPT_MAX, Room, Share};
use standin::server::open_folder;
use standin::store::{Batch, Commit, Durability, Engine, Outage, Store, Task, TaskKind};

use crate::cli::Folder;
use crate::shared::EngineServer;

/// A store, and the folder or the server in which it may be.
struct Fresh {
    store: Store,
    _folder: Option<Folder>,
    _server: Option<EngineServer>,
}

impl Deref for Fresh {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// A fresh store of every engine, and what it is called.
async fn engines() -> Vec<(&'static str, Fresh)> {
    let fresh = |name, engine: Engine, folder| {
        let store = open(&engine);
        let (_folder, _server) = (folder, None);
        (
            name,
            Fresh {
                store,
                _folder,
                _server,
            },
        )
    };
    let in_folder = |name, durability| {
        let folder = Folder::new("store");
        let engine = open_folder(&folder.0, durability, "seed").unwrap();
        fresh(name, engine, Some(folder))
    };
    let mut engines = vec![
        fresh("memory", Engine::Memory, None),
        fresh(
            "interruptible",
            Engine::Interruptible(Outage::default()),
            None,
        ),
        in_folder("file that outlives the process", Durability::Process),
        in_folder("file that outlives a loss of power", Durability::Power),
    ];
    if let Some(server) = EngineServer::start() {
        let (name, mut one) = fresh("shared", server.engine("seed").await, None);
        one._server = Some(server);
        engines.push((name, one));
    }
    engines
}

/// With room for everything that is not about room.
pub(crate) fn open(engine: &Engine) -> Store {
    engine.open("space", Share::new(&Room::new(64 * MIB), 64 * MIB))
}

/// A card whose id begins with these two bytes, which are its partition.
pub(crate) fn card(partition: [u8; 2], last: u8) -> CardRecord {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&partition);
    id[15] = last;
    CardRecord {
        id: CardId::from_bytes(id),
        owner: Owner(0),
        pan: Pan::parse("4111111111111111").unwrap(),
        expiry: Expiry::new(12, 30).unwrap(),
        has_cvc: false,
        created: MANUAL_START,
        updated: MANUAL_START,
        token: None,
        tokens_asked: 0,
        more: None,
    }
}

fn asked(card: &CardRecord, tokens_asked: u32) -> CardRecord {
    CardRecord {
        tokens_asked,
        ..card.clone()
    }
}

fn notice(card: &CardRecord, seconds: u64) -> Notice {
    Notice {
        event: Event::Provisioned,
        subject: Subject::Token(TokenReference::from_bytes([1; 16])),
        card: Some(card.id),
        owner: Some(card.owner),
        network: Some(Network::Visa),
        at: MANUAL_START.plus(Duration::from_secs(seconds)),
        change: None,
        token_then: None,
        card_then: Some(std::sync::Arc::new(card.clone())),
        payment_then: None,
        cause: None,
    }
}

/// An endpoint that wants everything.
fn endpoint(id: EndpointId) -> Endpoint {
    Endpoint {
        id,
        url: "http://127.0.0.1:9/".to_owned(),
        profile: Profile::Standard,
        secret: "whsec_x".to_owned(),
        events: None,
        owner: None,
        merchant: None,
        note: None,
        disabled: None,
    }
}

fn task(card: &CardRecord, seconds: u64) -> Task {
    Task {
        due: MANUAL_START.plus(Duration::from_secs(seconds)),
        kind: TaskKind::Provision(card.id),
    }
}

#[tokio::test]
async fn a_record_is_there_once_it_is_committed() {
    for (name, store) in engines().await {
        let one = card([0, 1], 1);
        assert!(
            store.get::<CardRecord>(&one.id).await.unwrap().is_none(),
            "{name}"
        );
        assert_eq!(
            store
                .commit(Batch::new().insert(one.clone()))
                .await
                .unwrap(),
            Commit::Done
        );
        let found = store.get::<CardRecord>(&one.id).await.unwrap().unwrap();
        assert_eq!(found.record.id, one.id, "{name:?}");
        let next = Batch::new().replace(asked(&one, 7), found.version);
        assert_eq!(store.commit(next).await.unwrap(), Commit::Done, "{name}");
        let found = store.get::<CardRecord>(&one.id).await.unwrap().unwrap();
        assert_eq!(found.record.tokens_asked, 7, "{name:?}");
        let gone = Batch::new().remove::<CardRecord>(one.id, found.version);
        assert_eq!(store.commit(gone).await.unwrap(), Commit::Done, "{name}");
        assert!(
            store.get::<CardRecord>(&one.id).await.unwrap().is_none(),
            "{name:?}"
        );
        assert_eq!(
            store.commit(Batch::new().insert(one)).await.unwrap(),
            Commit::Done,
            "{name}"
        );
    }
}

#[tokio::test]
async fn whoever_read_too_early_writes_nothing() {
    for (name, store) in engines().await {
        let one = card([0, 1], 1);
        store
            .commit(Batch::new().insert(one.clone()))
            .await
            .unwrap();
        let read = store
            .get::<CardRecord>(&one.id)
            .await
            .unwrap()
            .unwrap()
            .version;
        let first = Batch::new().replace(asked(&one, 1), read);
        assert_eq!(store.commit(first).await.unwrap(), Commit::Done);
        let stale = [
            Batch::new().insert(one.clone()),
            Batch::new().put(one.clone(), None),
            Batch::new().replace(asked(&one, 2), read),
            Batch::new().put(asked(&one, 2), Some(read)),
            Batch::new().remove::<CardRecord>(one.id, read),
            Batch::new().replace(card([0, 1], 2), 0),
            Batch::new().remove::<CardRecord>(card([0, 1], 3).id, 0),
        ];
        for (place, batch) in stale.into_iter().enumerate() {
            assert_eq!(
                store.commit(batch).await.unwrap(),
                Commit::Conflict,
                "{name} {place}"
            );
        }
        let found = store.get::<CardRecord>(&one.id).await.unwrap().unwrap();
        assert_eq!(found.record.tokens_asked, 1, "{name}");
    }
}

/// One write that does not fit takes the others, the notices and the tasks with it.
#[tokio::test]
async fn a_batch_happens_whole_or_not_at_all() {
    for (name, store) in engines().await {
        let (one, two) = (card([0, 1], 1), card([0, 1], 2));
        store
            .commit(Batch::new().insert(two.clone()))
            .await
            .unwrap();
        let both = || {
            Batch::new()
                .insert(one.clone())
                .tell(notice(&one, 1))
                .plan(task(&one, 1))
        };
        assert_eq!(
            store.commit(both().insert(two.clone())).await.unwrap(),
            Commit::Conflict
        );
        assert!(
            store.get::<CardRecord>(&one.id).await.unwrap().is_none(),
            "{name}"
        );
        assert_eq!(store.notices().await.unwrap(), (Vec::new(), 0), "{name}");
        assert_eq!(store.next_due().await.unwrap(), None, "{name}");
        assert_eq!(store.commit(both()).await.unwrap(), Commit::Done);
        assert_eq!(
            store.notices().await.unwrap().0,
            [notice(&one, 1)],
            "{name}"
        );
        assert_eq!(
            store.next_due().await.unwrap(),
            Some(task(&one, 1).due),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_list_is_in_the_order_of_its_keys_page_by_page() {
    for (name, store) in engines().await {
        let mut want = Vec::new();
        for partition in [[0xff, 0xff], [0, 0], [0x7f, 1], [4, 0], [0, 2]] {
            for last in [9, 3, 200] {
                let one = card(partition, last);
                want.push(one.id);
                store.commit(Batch::new().insert(one)).await.unwrap();
            }
        }
        want.sort();
        let ids = |rows: &[CardRecord]| rows.iter().map(|card| card.id).collect::<Vec<_>>();
        for size in [1, 2, 5, 15, 100] {
            let (mut got, mut after) = (Vec::new(), None);
            loop {
                let page = store
                    .scan::<CardRecord>(after.as_ref(), size)
                    .await
                    .unwrap();
                assert!(page.rows.len() <= size, "{name}");
                got.extend(ids(&page.rows));
                after = page.rows.last().map(|card| card.id);
                if !page.more {
                    break;
                }
            }
            assert_eq!(got, want, "{name}, pages of {size}");
        }
        let behind = store.scan::<CardRecord>(want.last(), 10).await.unwrap();
        assert!(behind.rows.is_empty() && !behind.more, "{name}");
        let nothing = store.scan::<CardRecord>(None, 0).await.unwrap();
        assert!(nothing.rows.is_empty() && nothing.more, "{name}");
    }
}

#[tokio::test]
async fn tasks_come_in_the_order_of_their_time_and_once() {
    for (name, store) in engines().await {
        let cards = [card([0, 1], 1), card([0, 1], 2), card([0, 1], 3)];
        for (card, seconds) in cards.iter().zip([30, 10, 20]) {
            store
                .commit(Batch::new().plan(task(card, seconds)))
                .await
                .unwrap();
        }
        // The same twice is one.
        store
            .commit(Batch::new().plan(task(&cards[1], 10)))
            .await
            .unwrap();
        let at = |seconds| MANUAL_START.plus(Duration::from_secs(seconds));
        let next = async || store.next_due().await.unwrap();
        let first = async |now| store.first_due(now).await.unwrap();
        assert_eq!(next().await, Some(at(10)), "{name}");
        assert_eq!(first(at(9)).await, None, "{name}");
        for (card, seconds, then) in [(1, 10, Some(20)), (2, 20, Some(30)), (0, 30, None)] {
            let task = task(&cards[card], seconds);
            // It stays the first one until it is finished, so that nobody overtakes whoever is carrying it out.
            for _ in 0..2 {
                assert_eq!(first(at(seconds)).await.as_ref(), Some(&task), "{name}");
                assert_eq!(next().await, Some(at(seconds)), "{name}");
            }
            store.finish(&task).await.unwrap();
            assert_eq!(first(at(seconds)).await, None, "{name}");
            assert_eq!(next().await, then.map(at), "{name}");
        }
    }
}

#[tokio::test]
async fn notices_are_kept_in_order_and_bounded() {
    for (name, store) in engines().await {
        let one = card([0, 1], 1);
        for first in (0..NOTICES_KEPT_MAX as u64 + 5).step_by(15) {
            let told = (first..first + 15).map(|seconds| notice(&one, seconds));
            store
                .commit(told.fold(Batch::new(), Batch::tell))
                .await
                .unwrap();
        }
        let (notices, evicted) = store.notices().await.unwrap();
        assert_eq!((notices.len(), evicted), (NOTICES_KEPT_MAX, 5), "{name}");
        assert_eq!(notices[0], notice(&one, 5), "{name}");
        assert!(notices.is_sorted_by_key(|notice| notice.at), "{name}");
    }
}

/// Many add to one record at once; nobody's addition is lost.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_each_counts() {
    for (name, store) in engines().await {
        let store = Arc::new(store);
        let one = card([0, 1], 1);
        store
            .commit(Batch::new().insert(one.clone()))
            .await
            .unwrap();
        let add = |store: Arc<Fresh>, id: CardId| async move {
            for _ in 0..200 {
                loop {
                    let found = store.get::<CardRecord>(&id).await.unwrap().unwrap();
                    let next = asked(&found.record, found.record.tokens_asked + 1);
                    let told = notice(&next, 0);
                    let batch = Batch::new().replace(next, found.version).tell(told);
                    if store.commit(batch).await.unwrap() == Commit::Done {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
        };
        let adding: Vec<_> = (0..4)
            .map(|_| tokio::spawn(add(Arc::clone(&store), one.id)))
            .collect();
        for done in adding {
            done.await.unwrap();
        }
        let found = store.get::<CardRecord>(&one.id).await.unwrap().unwrap();
        assert_eq!(found.record.tokens_asked, 800, "{name}");
        assert_eq!(store.notices().await.unwrap().0.len(), 800, "{name}");
    }
}
