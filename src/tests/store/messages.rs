//! Endpoints, and messages on their way to them.

use serde_json::json;
use standin::clock::MANUAL_START;
use standin::domain::token::CardRecord;
use standin::domain::webhook::{Endpoint, Message, Replay};
use standin::limits::MESSAGES_WAITING_MAX;
use standin::operations::SpaceName;
use standin::store::{Batch, Commit, Store, StoreError};

use super::{card, endpoint, engines, notice, task};
use crate::client::{Ask, Stand, options};

async fn registered(store: &Store) -> Endpoint {
    store.register(endpoint).await.unwrap()
}

/// Tells of a card at each of these seconds, of so many at once as an engine takes within a second on a slow machine.
async fn tell(store: &Store, seconds: &[u64]) {
    for seconds in seconds.chunks(500) {
        let told = seconds
            .iter()
            .map(|second| notice(&card([0, 1], 1), *second));
        let batch = told.fold(Batch::new(), Batch::tell);
        store.commit(batch).await.unwrap();
    }
}

fn at(seconds: u64) -> standin::domain::moment::Moment {
    MANUAL_START.plus(std::time::Duration::from_secs(seconds))
}

async fn lease(store: &Store, seconds: u64) -> Option<Message> {
    let leased = store.lease(at(seconds)).await.unwrap();
    leased.map(|(message, _)| message)
}

#[tokio::test]
async fn endpoints_are_registered_disabled_and_removed() {
    for (name, store) in engines().await {
        let (one, two) = (registered(&store).await, registered(&store).await);
        assert_ne!(one.id, two.id, "{name}");
        store.disable_endpoint(one.id, "gone").await.unwrap();
        assert!(store.remove_endpoint(two.id).await.unwrap(), "{name}");
        assert!(!store.remove_endpoint(two.id).await.unwrap(), "{name}");
        let left = store.endpoints().await.unwrap();
        assert_eq!(left.len(), 1, "{name}");
        assert_eq!(
            (left[0].id, left[0].disabled.clone()),
            (one.id, Some("gone".into())),
            "{name:?}"
        );
        assert!(
            registered(&store).await.id > two.id,
            "{name}: an id is taken once"
        );
    }
}

/// The second message about a token waits until the first has been delivered, is dead or is forgotten.
#[tokio::test]
async fn messages_of_a_line_go_one_after_another() {
    for (name, store) in engines().await {
        registered(&store).await;
        tell(&store, &[1, 2, 3, 4]).await;
        assert_eq!(
            store.next_message_due().await.unwrap(),
            Some(at(1)),
            "{name}"
        );
        assert!(lease(&store, 0).await.is_none(), "{name}");
        let first = lease(&store, 9).await.unwrap();
        assert_eq!(first.notice.at, at(1), "{name}");
        assert!(lease(&store, 9).await.is_none(), "{name}: it is on its way");
        store
            .later(Message {
                due: at(20),
                ..first
            })
            .await
            .unwrap();
        assert!(
            lease(&store, 19).await.is_none(),
            "{name}: it waits for its time"
        );
        let first = lease(&store, 20).await.unwrap();
        assert_eq!(first.notice.at, at(1), "{name}");
        store.delivered(first.clone()).await.unwrap();
        let second = lease(&store, 20).await.unwrap();
        assert_eq!(second.notice.at, at(2), "{name}");
        store.dead_letter(second.clone()).await.unwrap();
        let third = lease(&store, 20).await.unwrap();
        store.forget(third).await.unwrap();
        let fourth = lease(&store, 20).await.unwrap();
        // Nobody waits for what is held back.
        let held = Message {
            due: at(60),
            ..fourth
        };
        store.held_back(held, 1).await.unwrap();
        store.quiet_at(at(20)).await.unwrap();
        let status = store.messages().await.unwrap();
        let keys = |messages: &[Message]| messages.iter().map(|m| m.key).collect::<Vec<_>>();
        assert_eq!(keys(&status.delivered), [first.key], "{name}");
        assert_eq!(keys(&status.dead), [second.key], "{name}");
        assert_eq!(status.waiting.len(), 1, "{name}");
    }
}

/// One message that was delivered, and one that is dead.
async fn ended(store: &Store) -> [Message; 2] {
    registered(store).await;
    tell(store, &[1, 2]).await;
    let delivered = lease(store, 9).await.unwrap();
    store.delivered(delivered.clone()).await.unwrap();
    let dead = lease(store, 9).await.unwrap();
    store.dead_letter(dead.clone()).await.unwrap();
    [delivered, dead]
}

#[tokio::test]
async fn a_message_that_is_sent_again_stands_in_one_place() {
    for (name, store) in engines().await {
        for message in ended(&store).await {
            let key = message.key;
            for _ in 0..2 {
                let replay = store.replay(&key, at(21), None).await.unwrap();
                assert_eq!(replay, Replay::Waits, "{name}");
            }
            let again = lease(&store, 21).await.unwrap();
            assert_eq!((again.key, again.tries), (key, 0), "{name}");
            // While it is being delivered, and while it has stepped aside, it waits as well.
            let replay = store.replay(&key, at(21), None).await.unwrap();
            assert_eq!(replay, Replay::Waits, "{name}");
            store.held_back(again, 1).await.unwrap();
            let replay = store.replay(&key, at(21), None).await.unwrap();
            assert_eq!(replay, Replay::Waits, "{name}");
            let again = lease(&store, 21).await.unwrap();
            store.delivered(again).await.unwrap();
            assert!(lease(&store, 99).await.is_none(), "{name}");
            let status = store.messages().await.unwrap();
            assert!(status.waiting.is_empty(), "{name}");
            let all = status.delivered.iter().chain(&status.dead);
            assert_eq!(all.filter(|m| m.key == key).count(), 1, "{name}");
        }
    }
}

#[tokio::test]
async fn nothing_is_sent_again_where_nothing_is_sent_or_nothing_has_room() {
    for (name, store) in engines().await {
        let [delivered, dead] = ended(&store).await;
        let replay =
            async |message: &Message| store.replay(&message.key, at(21), None).await.unwrap();
        let seconds: Vec<u64> = (100..).take(MESSAGES_WAITING_MAX).collect();
        tell(&store, &seconds).await;
        assert_eq!(replay(&dead).await, Replay::Full, "{name}");
        let endpoint = dead.key.endpoint;
        store.disable_endpoint(endpoint, "gone").await.unwrap();
        assert_eq!(replay(&delivered).await, Replay::Disabled, "{name}");
        assert!(store.messages().await.unwrap().waiting.is_empty(), "{name}");
        store.remove_endpoint(endpoint).await.unwrap();
        assert_eq!(replay(&delivered).await, Replay::NotKept, "{name}");
    }
}

#[tokio::test]
async fn a_change_whose_message_cannot_be_kept_does_not_happen() {
    for (name, store) in engines().await {
        registered(&store).await;
        let seconds: Vec<u64> = (0..).take(MESSAGES_WAITING_MAX - 1).collect();
        tell(&store, &seconds).await;
        let one = card([0, 1], 9);
        let change = |notices: u64| {
            let batch = Batch::new().insert(one.clone()).plan(task(&one, 5));
            (0..notices).fold(batch, |batch, at| batch.tell(notice(&one, at)))
        };
        let full = Err(StoreError::Full("webhook messages"));
        // Two messages, and room for one: neither is written.
        assert_eq!(store.commit(change(2)).await, full, "{name}");
        let found = store.get::<CardRecord>(&one.id).await.unwrap();
        assert!(found.is_none(), "{name}");
        assert_eq!(store.next_due().await, Ok(None), "{name}");
        assert_eq!(store.commit(change(1)).await, Ok(Commit::Done), "{name}");
        let status = store.messages().await.unwrap();
        assert_eq!(status.waiting.len(), MESSAGES_WAITING_MAX, "{name}");
        assert_eq!(status.refused, 2, "{name}");
    }
}

/// What is due finds no room for its message and stays due, until somebody gives room back.
#[tokio::test]
async fn an_endpoint_that_takes_all_the_room_can_be_seen_and_deleted() {
    let stand = Stand::start(options()).await;
    let token = stand.client.token("standin-manual", None).await;
    // Its token is suspended after two seconds.
    let card = json!({ "pan": "5100260000029221", "exp_month": 12, "exp_year": 30 });
    let create = Ask::post("/cards").bearer(&token).attributes(&card);
    let id = stand.send(create).await.expect(201).at("/data/id");
    let provision = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&token);
    stand.send(provision).await.expect(200);
    let name = SpaceName::default_space();
    let space = stand.server.spaces().open(&name).await.unwrap();
    registered(&space.store).await;
    // All of them are due later.
    let seconds: Vec<u64> = (100..).take(MESSAGES_WAITING_MAX).collect();
    tell(&space.store, &seconds).await;
    let advance = Ask::post("/_standin/clock").json(&json!({ "advance": "PT5S" }));
    stand.send(advance).await.expect(507);
    let tokens = || stand.send(Ask::get("/_standin/tokens"));
    tokens().await.expect(507);
    let waiting = stand.send(Ask::get("/_standin/webhooks/messages")).await;
    let waiting = waiting.expect(200).json();
    assert_eq!(
        waiting["waiting"].as_array().unwrap().len(),
        MESSAGES_WAITING_MAX
    );
    let listed = stand.send(Ask::get("/_standin/webhooks")).await;
    let path = format!(
        "/_standin/webhooks/{}",
        listed.expect(200).at("/webhooks/0/id")
    );
    stand.send(Ask::delete(path)).await.expect(204);
    let text = tokens().await.expect(200).text().to_lowercase();
    assert!(text.contains("suspended"), "{text}");
}
