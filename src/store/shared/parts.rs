//! Taking a space of the engine apart, and putting one together.

use redis::Pipeline;

use super::bytes::{NUMBER, hex_of, line, name, read_line, task};
use super::endpoints::{ids, value};
use super::keys::Fixed;
use super::link::unreadable;
use super::outbox::ended;
use super::records::VERSION;
use super::registry::{self, Named};
use super::space::{Place, SharedSpace, retire};
use super::{SharedEngine, bytes};
use crate::limits::{SHARED_PIECE_COMMANDS, SPACES_MAX};
use crate::store::part::{Counts, Ended, LineCount, Part, Parts, in_order};
use crate::store::queue_change::Stand;
use crate::store::record::{KINDS, RowChange, Write};
use crate::store::{StoreError, Task};

type Texts = Vec<Vec<u8>>;
type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// A space that is to be made, with what is to be set in it besides its parts.
#[derive(Debug)]
pub(in crate::store) struct Made<'a> {
    pub(in crate::store) space: &'a SharedSpace,
    pub(in crate::store) parts: Vec<Part>,
    pub(in crate::store) settings: Vec<(String, String)>,
}

impl SharedSpace {
    /// Everything at one instant. None when the records take more than so many bytes.
    pub(in crate::store) async fn parts(
        &self,
        bytes_max: usize,
    ) -> Result<Option<Parts>, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(Some(Parts::default()));
        };
        let meta = place.keys.fixed(Fixed::Meta);
        let mut pipe = Pipeline::new();
        pipe.cmd("HGET").arg(meta).arg("bytes");
        let (bytes,): (Option<usize>,) = self.link.read(&pipe).await?;
        if bytes.is_some_and(|bytes| bytes > bytes_max) {
            return Ok(None);
        }
        let status = self.status().await?;
        let endpoints = ids(&self.link, &place.keys).await?;
        let mut pipe = Pipeline::new();
        pipe.atomic();
        for kind in KINDS {
            pipe.cmd("HVALS").arg(place.keys.records(kind));
        }
        for endpoint in &endpoints {
            pipe.cmd("HGETALL").arg(place.keys.numbers(*endpoint));
        }
        pipe.cmd("HMGET")
            .arg(meta)
            .arg("told")
            .arg("registered")
            .arg("refused");
        pipe.cmd("ZRANGE")
            .arg(place.keys.fixed(Fixed::Tasks))
            .arg(0)
            .arg(-1);
        for list in [Fixed::Told, Fixed::Paid] {
            pipe.cmd("LRANGE")
                .arg(place.keys.fixed(list))
                .arg(0)
                .arg(-1);
        }
        let said: Vec<redis::Value> = self.link.read(&pipe).await?;
        let mut parts = told(said, endpoints.len())?;
        parts.extend(self.endpoints().await?.into_iter().map(Part::Endpoint));
        let ended = |delivered| move |message| Part::Message(Ended { delivered, message });
        parts.extend(status.delivered.into_iter().map(ended(true)));
        parts.extend(status.dead.into_iter().map(ended(false)));
        Ok(Some(Parts {
            parts,
            waiting: status.waiting.len(),
        }))
    }
}

/// What was told of records, lines, counts, tasks and notices.
fn told(mut said: Vec<redis::Value>, endpoints: usize) -> Result<Vec<Part>, StoreError> {
    let mut told = said.split_off(KINDS.len() + endpoints);
    let numbers = said.split_off(KINDS.len());
    let mut last = || told.pop().unwrap_or(redis::Value::Nil);
    let [paid, others, tasks, counts] = [last(), last(), last(), last()];
    let notices = [read::<Texts>(others)?, read::<Texts>(paid)?].concat();
    type Counted = (Option<u64>, Option<u32>, Option<u64>);
    let counts: Counted = read(counts)?;
    let mut parts = vec![Part::Counts(Counts {
        told: counts.0.unwrap_or_default(),
        registered: counts.1.unwrap_or_default(),
        refused: counts.2.unwrap_or_default(),
    })];
    parts.extend(in_order(records(said)?, lines(numbers)?));
    for text in &read::<Texts>(tasks)? {
        let task: Task = bytes::read_task(text).ok_or_else(|| unreadable("a task"))?;
        parts.push(Part::Task(task));
    }
    for text in &notices {
        let notice = serde_json::from_slice(text);
        let notice = notice.map_err(|error| unreadable(&error.to_string()))?;
        parts.push(Part::Notice(notice));
    }
    Ok(parts)
}

fn read<T: redis::FromRedisValue>(value: redis::Value) -> Result<T, StoreError> {
    T::from_redis_value(value).map_err(|error| unreadable(&error.to_string()))
}

fn records(said: Vec<redis::Value>) -> Result<Vec<Write>, StoreError> {
    let mut records = Vec::new();
    for (kind, values) in KINDS.iter().zip(said) {
        for value in read::<Texts>(values)? {
            let body = value
                .get(VERSION..)
                .and_then(|body| str::from_utf8(body).ok());
            let record = body.and_then(|body| Write::read(kind, body));
            let odd = || unreadable(&format!("one of {kind}"));
            records.push(
                record
                    .ok_or_else(odd)?
                    .map_err(|error| unreadable(&error.to_string()))?,
            );
        }
    }
    Ok(records)
}

fn lines(numbers: Vec<redis::Value>) -> Result<Vec<LineCount>, StoreError> {
    let mut lines = Vec::new();
    for values in numbers {
        for (line, written) in read::<Pairs>(values)? {
            let odd = || unreadable("how many messages a line has had");
            let (endpoint, about) = read_line(&line).ok_or_else(odd)?;
            let written = str::from_utf8(&written)
                .ok()
                .and_then(|text| text.parse().ok());
            lines.push(LineCount {
                endpoint,
                about,
                written: written.ok_or_else(odd)?,
            });
        }
    }
    Ok(lines)
}

impl SharedEngine {
    /// See [`crate::store::Engine::put_together`]. Spaces are written where nobody looks, and then all names are given at once.
    pub(in crate::store) async fn put_together(
        &self,
        made: Vec<Made<'_>>,
        gone: &[&SharedSpace],
    ) -> Result<(), StoreError> {
        if made.len() > SPACES_MAX {
            return Err(StoreError::Full("spaces"));
        }
        let mut put = Vec::new();
        for one in made {
            let place = Place::of(registry::next_id(&self.link).await?);
            let space = one.space;
            let written = self.write(&place, one).await;
            put.push((space, place));
            if let Err(why) = written {
                for (_, place) in &put {
                    retire(&self.link, place).await?;
                }
                return Err(why);
            }
        }
        let named = |name: &'_ str, id: &'_ str| (name.to_owned(), id.to_owned());
        let gone = gone
            .iter()
            .filter_map(|space| Some(named(&space.name, space.id()?)));
        let gone: Vec<_> = gone.collect();
        fn names(all: &[(String, String)]) -> Vec<Named<'_>> {
            all.iter().map(|(name, id)| Named { name, id }).collect()
        }
        let new: Vec<_> = put
            .iter()
            .map(|(space, place)| named(&space.name, &place.id))
            .collect();
        let left = registry::switch(&self.link, &names(&gone), &names(&new)).await?;
        for (space, place) in put {
            space.put(place.id);
        }
        for id in left {
            retire(&self.link, &Place::of(id)).await?;
        }
        Ok(())
    }

    async fn write(&self, place: &Place, made: Made<'_>) -> Result<(), StoreError> {
        let fixed = |which| place.keys.fixed(which);
        let mut bytes = 0;
        let mut pipe = Pipeline::new();
        for part in made.parts {
            bytes += add(&mut pipe, place, &part)?;
            if pipe.len() >= SHARED_PIECE_COMMANDS {
                self.link.write(&mut pipe).await?;
                pipe.clear();
            }
        }
        for (name, value) in &made.settings {
            pipe.cmd("HSET")
                .arg(fixed(Fixed::Settings))
                .arg(name)
                .arg(value);
        }
        pipe.cmd("HSET")
            .arg(fixed(Fixed::Meta))
            .arg("state")
            .arg("open");
        pipe.arg("bytes").arg(bytes).arg("revision").arg(1);
        self.link.write(&mut pipe).await?;
        Ok(())
    }
}

/// Adds what writes one part, and says what of it counts as records.
fn add(pipe: &mut Pipeline, place: &Place, part: &Part) -> Result<usize, StoreError> {
    let fixed = |which| place.keys.fixed(which);
    let json = |error: serde_json::Error| unreadable(&error.to_string());
    match part {
        Part::Record(record) => {
            let row = record.row().map_err(json)?;
            let (RowChange::Insert(body) | RowChange::Replace(body, _)) = row.change else {
                return Ok(0);
            };
            let value = hex_of(0) + &body;
            let bytes = row.key.len() + value.len();
            pipe.cmd("HSET").arg(place.keys.records(row.kind));
            pipe.arg(&row.key).arg(value);
            pipe.cmd("ZADD")
                .arg(place.keys.index(row.kind))
                .arg(0)
                .arg(&row.key);
            return Ok(bytes);
        }
        Part::Task(planned) => {
            let planned = task(planned).map_err(json)?;
            pipe.cmd("ZADD")
                .arg(fixed(Fixed::Tasks))
                .arg(0)
                .arg(planned);
        }
        Part::Notice(notice) => {
            let list = match notice.payment_then {
                Some(_) => Fixed::Paid,
                None => Fixed::Told,
            };
            let body = serde_json::to_vec(notice).map_err(json)?;
            pipe.cmd("RPUSH").arg(fixed(list)).arg(body);
        }
        Part::Endpoint(endpoint) => {
            let id = hex_of(endpoint.id.0);
            pipe.cmd("HSET").arg(fixed(Fixed::Endpoints)).arg(id);
            pipe.arg(value(endpoint)?);
        }
        Part::Message(one) => {
            let list = match one.stand() {
                Stand::Delivered => Fixed::Delivered,
                Stand::InLine | Stand::Aside(_) | Stand::Dead => Fixed::Dead,
            };
            let name = name(&one.message.key);
            pipe.cmd("RPUSH").arg(fixed(list)).arg(&name);
            pipe.cmd("HSET").arg(fixed(Fixed::Messages)).arg(name);
            pipe.arg(ended(one.stand(), &one.message)?);
        }
        Part::Line(one) => {
            pipe.cmd("HSET").arg(place.keys.numbers(one.endpoint));
            pipe.arg(line(one.endpoint, one.about)).arg(one.written);
        }
        Part::Counts(counts) => {
            pipe.cmd("HSET").arg(fixed(Fixed::Meta));
            pipe.arg("told").arg(counts.told);
            pipe.arg("registered").arg(counts.registered);
            pipe.arg("refused").arg(counts.refused);
        }
    }
    Ok(0)
}

const _: () = assert!(VERSION == NUMBER, "a version is a number before the record");
