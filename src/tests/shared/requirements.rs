//! Which engines are refused when a server starts, and in which words.

use standin::server::open_shared;
use standin::store::Durability;

use super::EngineServer;

async fn refused(engine: &EngineServer, seed: &str) -> String {
    let opened = open_shared(&engine.url(), Durability::Process, seed).await;
    opened.err().unwrap_or_else(|| "it was taken".to_owned())
}

#[tokio::test]
async fn an_engine_that_drops_what_it_has_is_refused() {
    let Some(engine) = EngineServer::start_with(&["--maxmemory-policy", "volatile-lru"]) else {
        return;
    };
    let why = refused(&engine, "seed").await;
    assert!(why.contains("set maxmemory-policy noeviction"), "{why}");
    engine.ask(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    engine.engine("seed").await;
    let why = refused(&engine, "other").await;
    assert!(why.contains("with another --seed"), "{why}");
    engine.ask(&["HSET", "standin:{standin}:facts", "form", "7"]);
    let why = refused(&engine, "seed").await;
    assert!(why.contains("has form 7, and this release reads"), "{why}");
}

#[tokio::test]
async fn an_engine_without_memory_is_full_and_says_so() {
    use crate::store::{card, open};
    use standin::store::{Batch, Commit, StoreError};
    let Some(server) = EngineServer::start() else {
        return;
    };
    let engine = server.engine("seed").await;
    let store = open(&engine);
    let insert = |last| Batch::new().insert(card([0, 1], last));
    assert_eq!(store.commit(insert(1)).await, Ok(Commit::Done));
    server.ask(&["CONFIG", "SET", "maxmemory", "1mb"]);
    let full = store.commit(insert(2)).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    assert_eq!(engine.trouble(), None, "it can be read and told to forget");
    server.ask(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(store.commit(insert(2)).await, Ok(Commit::Done));
}
