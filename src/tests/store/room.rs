//! What records take of the room that there is for them, and give back.

use standin::domain::token::{CardDetails, CardRecord};
use standin::limits::{MIB, Room, Share};
use standin::store::{Batch, Commit, Engine, StoreError};

use super::{asked, card, endpoint, notice, task};

/// What is taken is given back to the byte, whatever has become of it.
#[tokio::test]
async fn records_take_their_room_and_give_it_back() {
    let room = Room::new(MIB);
    let store = Engine::Memory.open("space", Share::new(&room, MIB));
    let full = Err(StoreError::Full("records and tasks"));
    let numbered = |number: u16| {
        let [high, low] = number.to_be_bytes();
        let mut one = card([0, high], low);
        one.tokens_asked = 1;
        one
    };
    let mut made = 0;
    loop {
        let one = numbered(made);
        let batch = Batch::new()
            .insert(one.clone())
            .plan(task(&one, u64::from(made)));
        match store.commit(batch).await {
            Ok(Commit::Done) => made += 1,
            refused => {
                assert_eq!(refused, full);
                break;
            }
        }
    }
    assert!((1_000..10_000).contains(&made), "{made}");
    let last = store.get::<CardRecord>(&numbered(made).id).await.unwrap();
    assert!(last.is_none(), "nothing of it is there");
    // What takes no more than before can still be changed.
    let first = store
        .get::<CardRecord>(&numbered(0).id)
        .await
        .unwrap()
        .unwrap();
    let same = Batch::new().replace(asked(&first.record, 9), first.version);
    assert_eq!(store.commit(same).await, Ok(Commit::Done));
    for number in 0..made {
        let one = numbered(number);
        let version = store
            .get::<CardRecord>(&one.id)
            .await
            .unwrap()
            .unwrap()
            .version;
        let gone = Batch::new().remove::<CardRecord>(one.id, version);
        assert_eq!(store.commit(gone).await, Ok(Commit::Done));
        store.finish(&task(&one, u64::from(number))).await.unwrap();
    }
    assert_eq!(room.taken(), 0);
    let again = Batch::new()
        .insert(numbered(0))
        .tell(notice(&numbered(0), 0));
    assert_eq!(store.commit(again).await, Ok(Commit::Done));
    assert!(room.taken() > 0);
    drop(store);
    assert_eq!(room.taken(), 0);
}

/// What is told of a change counts with the texts that clients gave, in the notice and in each message.
#[tokio::test]
async fn notices_and_messages_take_room_for_the_texts_that_they_tell() {
    let room = Room::new(MIB);
    let store = Engine::Memory.open("space", Share::new(&room, MIB));
    store.register(endpoint).await.unwrap();
    let mut one = card([0, 1], 1);
    let text = "x".repeat(16 * 1024);
    one.more = Some(Box::new(CardDetails {
        metadata: Some(text.clone()),
        ..CardDetails::default()
    }));
    let mut told = 0;
    let refused = loop {
        match store
            .commit(Batch::new().tell(notice(&one, told as u64)))
            .await
        {
            Ok(Commit::Done) => told += 1,
            refused => break refused,
        }
    };
    assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
    // A notice has the text once; a message has it in its notice and in what its receiver is sent.
    assert_eq!(told, MIB / (3 * (text.len() + 768)), "{}", room.taken());
    let now = notice(&one, told as u64).at;
    while let Some((message, _)) = store.lease(now).await.unwrap() {
        store.forget(message).await.unwrap();
    }
    assert!(room.taken() < told * 2 * text.len(), "{}", room.taken());
    drop(store);
    assert_eq!(room.taken(), 0);
}
