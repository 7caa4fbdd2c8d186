//! Messages on their way to endpoints. A message is delivered by whoever holds its lease; when that replica is gone,
//! another one takes its leases over, and what the first one still says about them counts no more.

use std::time::Duration;

use redis::Pipeline;

use super::bytes::{self, INSTANT, NUMBER, hex_of, instant, read_instant, read_name, read_number};
use super::endpoints::read_endpoint;
use super::keys::Fixed;
use super::link::unreadable;
use super::script::{LATER, LEASE, LEAVE, REPLAY, Script};
use super::space::SharedSpace;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::domain::webhook::{Endpoint, EndpointId, Handling, Message, MessageKey, Replay};
use crate::limits::{MESSAGES_KEPT_MAX, MESSAGES_WAITING_MAX, SHARED_DONE_KEPT, SHARED_QUIET_WAIT};
use crate::store::queue_change::Stand;
use crate::store::{QueueStatus, StoreError};

fn body(message: &Message) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(message).map_err(|error| unreadable(&error.to_string()))
}

/// What a message says that is new. Its number is the engine's to give, and is read from its name.
pub(super) fn fresh(endpoint: EndpointId, notice: &Notice) -> Result<Vec<u8>, StoreError> {
    body(&Message {
        key: MessageKey {
            endpoint,
            about: notice.subject,
            ordinal: 0,
        },
        notice: notice.clone(),
        due: notice.at,
        tries: 0,
        body: None,
        last: None,
        handling: None,
    })
}

/// Where a message stands, and what it is. What is beside its text is newer than what the text says of it.
pub(super) fn read_message(name: &[u8], value: &[u8]) -> Result<(Stand, Message), StoreError> {
    let odd = || unreadable("a message");
    let key = read_name(name).ok_or_else(odd)?;
    let due = read_instant(value).ok_or_else(odd)?;
    let past = value
        .get(INSTANT + 1..)
        .and_then(read_number)
        .ok_or_else(odd)?;
    let stand = match value[INSTANT] {
        b'l' => Stand::InLine,
        b'a' => Stand::Aside(past),
        b'd' => Stand::Delivered,
        b'x' => Stand::Dead,
        _ => return Err(odd()),
    };
    let body = &value[INSTANT + 1 + NUMBER..];
    let message: Message =
        serde_json::from_slice(body).map_err(|error| unreadable(&format!("a message: {error}")))?;
    Ok((
        stand,
        Message {
            key,
            due,
            ..message
        },
    ))
}

/// How a message stands in the engine that is delivered or dead.
pub(super) fn ended(stand: Stand, message: &Message) -> Result<Vec<u8>, StoreError> {
    let mark = if stand == Stand::Delivered { 'd' } else { 'x' };
    let mut value = format!("{}{mark}{}", instant(message.due), hex_of(0)).into_bytes();
    value.extend(body(message)?);
    Ok(value)
}

impl SharedSpace {
    pub(in crate::store) async fn lease(
        &self,
        now: Moment,
    ) -> Result<Option<(Message, Endpoint)>, StoreError> {
        // Most of the time nothing is due, and asking that costs the others less.
        if self.traffic().await?.0.is_none_or(|due| due > now) {
            return Ok(None);
        }
        let Some(place) = self.place().await? else {
            return Ok(None);
        };
        let lease = self.replica.next_id();
        let kept = SHARED_DONE_KEPT.as_millis().to_string();
        let args = [instant(now), lease.clone(), kept].map(String::into_bytes);
        let keys = place.keys.all_for_script(&lease);
        type Leased = (Vec<u8>, Vec<u8>, Vec<u8>);
        let leased: Result<Option<Leased>, _> = self.link.run(&LEASE, &keys, &args).await;
        if leased.is_err() {
            self.lost.lock().push(lease.clone());
        }
        let Some((name, value, endpoint)) = leased? else {
            return Ok(None);
        };
        let (_, message) = read_message(&name, &value)?;
        self.leases.lock().insert(message.key, lease);
        Ok(Some((message, read_endpoint(&endpoint)?)))
    }

    pub(in crate::store) async fn done(&self, message: Message) -> Result<(), StoreError> {
        self.leave(&message, "d").await
    }

    pub(in crate::store) async fn dead_letter(&self, message: Message) -> Result<(), StoreError> {
        self.leave(&message, "x").await
    }

    pub(in crate::store) async fn forget(&self, message: Message) -> Result<(), StoreError> {
        self.leave(&message, "f").await
    }

    async fn leave(&self, message: &Message, how: &str) -> Result<(), StoreError> {
        let kept = MESSAGES_KEPT_MAX.to_string();
        let args = [how.to_owned(), instant(message.due)].map(String::into_bytes);
        let args = [args.as_slice(), &[body(message)?, kept.into_bytes()]].concat();
        self.under_lease(&LEAVE, &message.key, args).await
    }

    pub(in crate::store) async fn later(&self, message: Message) -> Result<(), StoreError> {
        let args = vec![
            instant(message.due).into_bytes(),
            body(&message)?,
            Vec::new(),
        ];
        self.under_lease(&LATER, &message.key, args).await
    }

    pub(in crate::store) async fn step_aside(
        &self,
        message: Message,
        past: u32,
    ) -> Result<(), StoreError> {
        let past = past.to_string().into_bytes();
        let args = vec![instant(message.due).into_bytes(), body(&message)?, past];
        self.under_lease(&LATER, &message.key, args).await
    }

    /// Says what became of a message, if this process still holds its lease.
    async fn under_lease(
        &self,
        script: &Script,
        key: &MessageKey,
        args: Vec<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(());
        };
        let lease = self.leases.lock().get(key).cloned();
        let Some(lease) = lease else {
            return Ok(());
        };
        let keys = place.keys.all_for_script(&lease);
        let named = [bytes::name(key).into_bytes(), lease.clone().into_bytes()];
        let args = [named.as_slice(), &args].concat();
        let counted: i64 = self.link.run(script, &keys, &args).await?;
        if counted == 0 {
            tracing::debug!(message = key.text(), "its lease was taken over meanwhile");
        }
        let mut leases = self.leases.lock();
        if leases.get(key) == Some(&lease) {
            leases.remove(key);
        }
        drop(leases);
        self.wake.notify_one();
        Ok(())
    }

    pub(in crate::store) async fn replay(
        &self,
        key: MessageKey,
        now: Moment,
        handling: Option<Box<Handling>>,
    ) -> Result<Replay, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(Replay::NotKept);
        };
        let name = bytes::name(&key);
        let mut pipe = Pipeline::new();
        pipe.cmd("HGET")
            .arg(place.keys.fixed(Fixed::Messages))
            .arg(&name);
        let (found,): (Option<Vec<u8>>,) = self.link.read(&pipe).await?;
        let again = match found {
            None => Vec::new(),
            Some(value) => {
                let (_, message) = read_message(name.as_bytes(), &value)?;
                body(&Message {
                    tries: 0,
                    last: None,
                    handling,
                    ..message
                })?
            }
        };
        let most = MESSAGES_WAITING_MAX.to_string().into_bytes();
        let args = [name.into_bytes(), instant(now).into_bytes(), again, most];
        let keys = place.keys.all_for_script(&self.replica.next_id());
        let said: String = self.link.run(&REPLAY, &keys, &args).await?;
        self.wake.notify_one();
        Ok(match said.as_str() {
            "waits" => Replay::Waits,
            "disabled" => Replay::Disabled,
            "full" => Replay::Full,
            _ => Replay::NotKept,
        })
    }

    /// Nobody rings when another replica is done, so this looks again and again.
    pub(in crate::store) async fn quiet_at(&self, now: Moment) -> Result<(), StoreError> {
        let mut wait = Duration::from_millis(1);
        loop {
            let (due, out) = self.traffic().await?;
            if out == 0 && due.is_none_or(|due| due > now) {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
            wait = (2 * wait).min(SHARED_QUIET_WAIT);
        }
    }

    pub(in crate::store) async fn status(&self) -> Result<QueueStatus, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(self.own.lock().status());
        };
        let mut pipe = Pipeline::new();
        pipe.atomic();
        pipe.cmd("HGETALL").arg(place.keys.fixed(Fixed::Messages));
        for list in [Fixed::Delivered, Fixed::Dead] {
            pipe.cmd("LRANGE")
                .arg(place.keys.fixed(list))
                .arg(0)
                .arg(-1);
        }
        pipe.cmd("HGET")
            .arg(place.keys.fixed(Fixed::Meta))
            .arg("refused");
        type Texts = Vec<Vec<u8>>;
        type Told = (Vec<(Vec<u8>, Vec<u8>)>, Texts, Texts, Option<u64>);
        let (all, delivered, dead, refused): Told = self.link.read(&pipe).await?;
        let mut known = std::collections::HashMap::new();
        let mut waiting = Vec::new();
        for (name, value) in all {
            let (stand, message) = read_message(&name, &value)?;
            match stand {
                Stand::InLine | Stand::Aside(_) => waiting.push(message),
                Stand::Delivered | Stand::Dead => {
                    known.insert(name, message);
                }
            }
        }
        waiting.sort_by_key(|message| (message.due, message.key));
        let mut in_order =
            |names: &Texts| names.iter().filter_map(|name| known.remove(name)).collect();
        Ok(QueueStatus {
            waiting,
            delivered: in_order(&delivered),
            dead: in_order(&dead),
            refused: refused.unwrap_or_default(),
        })
    }
}
