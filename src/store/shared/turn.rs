//! Whose turn it is to do what is due in a space: one replica at a time, or the same task would be done by several at once. Whoever
//! holds the turn says so again and again; when it stops, another one goes on within seconds.

use std::sync::Arc;
use std::time::Duration;

use redis::Value;

use super::link::Link;
use super::script::HOLD;
use super::space::SharedSpace;
use crate::limits::{SHARED_QUIET_WAIT, SHARED_TURN};
use crate::store::StoreError;

/// See the module.
#[derive(Debug)]
pub struct Turn {
    link: Arc<Link>,
    key: String,
    id: String,
}

impl SharedSpace {
    /// Waits for the turn. None of a space that nobody else can see.
    pub(in crate::store) async fn take_turn(&self) -> Result<Option<Turn>, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(None);
        };
        let turn = Turn {
            link: Arc::clone(&self.link),
            key: place.keys.turn(),
            id: self.replica.next_id(),
        };
        let mut wait = Duration::from_millis(1);
        loop {
            let mut pipe = redis::pipe();
            pipe.cmd("SET").arg(&turn.key).arg(&turn.id).arg("NX");
            pipe.arg("PX").arg(millis()).arg("GET");
            let said = self.link.write(&mut pipe).await?.into_iter().next();
            // What a client library has sent twice was taken by the first of them.
            match said {
                None | Some(Value::Nil) => return Ok(Some(turn)),
                Some(Value::BulkString(holder)) if holder == turn.id.as_bytes() => {
                    return Ok(Some(turn));
                }
                Some(_) => {}
            }
            tokio::time::sleep(wait).await;
            wait = (2 * wait).min(SHARED_QUIET_WAIT);
        }
    }
}

impl Turn {
    /// Goes on. False when another replica has taken the turn meanwhile.
    pub async fn hold(&self) -> Result<bool, StoreError> {
        self.say(millis().to_string()).await
    }

    /// The next one may.
    pub async fn end(self) -> Result<(), StoreError> {
        self.say(String::new()).await.map(|_| ())
    }

    async fn say(&self, how_long: String) -> Result<bool, StoreError> {
        let args = [self.id.clone(), how_long].map(String::into_bytes);
        let keys = [self.key.clone()];
        let held: i64 = self.link.run(&HOLD, &keys, &args).await?;
        Ok(held == 1)
    }
}

fn millis() -> u64 {
    u64::try_from(SHARED_TURN.as_millis()).unwrap_or(u64::MAX)
}
