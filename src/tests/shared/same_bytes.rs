//! One seed and the same calls give the same bytes, whichever engine keeps the records and however many servers answer.

use std::collections::BTreeMap;

use serde_json::json;
use standin::server::start;
use standin::store::{Durability, Engine};

use super::replicas::Replicas;
use super::{EngineServer, times};
use crate::cli::Folder;
use crate::client::{Answer, Ask, Client, Stand, options};
use crate::durable::{create, pay};

const CLIENTS: u64 = 32;
/// Calls of each client for one card.
const CALLS: usize = 9;

/// What was answered, by client, card and call.
type Bodies = BTreeMap<[u64; 3], String>;

/// One client, which goes from one server to the next with every call.
struct Caller {
    servers: Vec<Client>,
    client: u64,
    made: usize,
    bodies: Bodies,
}

impl Caller {
    async fn send(&mut self, card: u64, ask: Ask) -> Answer {
        let turn = usize::try_from(self.client).unwrap() + self.made;
        self.made += 1;
        let answer = self.servers[turn % self.servers.len()].send(ask).await;
        let said = format!("{} {}", answer.status, answer.text());
        let place = [self.client, card, u64::try_from(self.made).unwrap()];
        self.bodies.insert(place, said);
        answer
    }

    async fn call(mut self, cards: u64) -> Bodies {
        let access = self.servers[0].token("standin-manual", None).await;
        for card in 0..cards {
            let number = self.client * 1_000 + card;
            let made = self.send(card, create(&access, number)).await.expect(201);
            let id = made.at("/data/id");
            let post = |path: &str| Ask::post(format!("/cards/{id}/{path}")).bearer(&access);
            let token = self.send(card, post("network-tokens")).await.expect(200);
            let cryptogram = self.send(card, post("cryptogram")).await.expect(200);
            let key = format!("order-{number}");
            self.send(card, pay(&token, &cryptogram, &key))
                .await
                .expect(201);
            // The same key, and the same cryptogram under another one.
            self.send(card, pay(&token, &cryptogram, &key))
                .await
                .expect(201);
            self.send(card, pay(&token, &cryptogram, &format!("other-{number}")))
                .await;
            let events = format!("/_standin/tokens/{}/events", token.at("/data/id"));
            let suspend = Ask::post(events).json(&json!({ "event": "suspend", "by": "issuer" }));
            self.send(card, suspend).await.expect(200);
            self.send(card, post("cryptogram")).await;
            self.send(card, Ask::get(format!("/cards/{id}")).bearer(&access))
                .await
                .expect(200);
        }
        assert_eq!(self.made, usize::try_from(cards).unwrap() * CALLS);
        self.bodies
    }
}

async fn all(servers: Vec<Client>, cards: u64) -> Bodies {
    let calling = (0..CLIENTS).map(|client| {
        let caller = Caller {
            servers: servers.clone(),
            client,
            made: 0,
            bodies: Bodies::new(),
        };
        tokio::spawn(caller.call(cards))
    });
    let mut bodies = Bodies::new();
    for one in calling.collect::<Vec<_>>() {
        bodies.extend(one.await.unwrap());
    }
    bodies
}

async fn alone(engine: Engine, cards: u64) -> Bodies {
    let server = start(standin::server::Options {
        engine,
        ..options()
    })
    .await
    .unwrap();
    let client = Client::new(&server.base_url());
    let stand = Stand { server, client };
    all(vec![stand.client.clone()], cards).await
}

/// Some six hundred calls, or as many as the variable `STANDIN_SAME_CALLS` says.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_calls_give_the_same_bytes_on_every_engine() {
    let Some(engine) = EngineServer::start() else {
        return;
    };
    let calls = times("STANDIN_SAME_CALLS", 600);
    let cards = calls.div_ceil(CLIENTS * 9).max(1);
    let memory = alone(Engine::Memory, cards).await;
    let folder = Folder::new("same-bytes");
    let file = folder.engine("standin", Durability::Process).await;
    let file = alone(file, cards).await;
    let replicas = Replicas::on(engine, 3).await;
    let clients = replicas.servers.iter().map(|server| server.client.clone());
    let shared = all(clients.collect(), cards).await;
    for (place, body) in &memory {
        assert_eq!(Some(body), file.get(place), "file, {place:?}");
        assert_eq!(Some(body), shared.get(place), "three servers, {place:?}");
    }
    assert_eq!((memory.len(), memory.len()), (file.len(), shared.len()));
}
