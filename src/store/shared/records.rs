//! Reading records, notices and tasks.

use std::sync::atomic::Ordering;

use redis::Pipeline;

use super::bytes::{NUMBER, read_instant, read_number, read_task, task};
use super::keys::Fixed;
use super::link::unreadable;
use super::space::SharedSpace;
use crate::domain::moment::Moment;
use crate::domain::notice::Notice;
use crate::store::key::KeyBytes;
use crate::store::{Keyed, Page, StoreError, Task, Versioned};

/// Letters of a version before a record.
pub(super) const VERSION: usize = NUMBER;

fn record<T: Keyed>(value: &[u8]) -> Result<Versioned<T>, StoreError> {
    let version = read_number(value).ok_or_else(|| unreadable("a record without a version"))?;
    let record = serde_json::from_slice(&value[VERSION..]);
    Ok(Versioned {
        version,
        record: record.map_err(|error| unreadable(&format!("one of {}: {error}", T::KIND)))?,
    })
}

fn notice(text: &[u8]) -> Result<Notice, StoreError> {
    serde_json::from_slice(text).map_err(|error| unreadable(&format!("a notice: {error}")))
}

impl SharedSpace {
    pub(in crate::store) async fn get<T: Keyed>(
        &self,
        key: &T::Key,
    ) -> Result<Option<Versioned<T>>, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(None);
        };
        let mut pipe = Pipeline::new();
        pipe.cmd("HGET").arg(place.keys.records(T::KIND));
        pipe.arg(key.bytes_in_order());
        let (found,): (Option<Vec<u8>>,) = self.link.read(&pipe).await?;
        found.as_deref().map(record).transpose()
    }

    pub(in crate::store) async fn scan<T: Keyed>(
        &self,
        after: Option<&T::Key>,
        rows_max: usize,
    ) -> Result<Page<T>, StoreError> {
        let empty = Page {
            rows: Vec::new(),
            more: false,
        };
        let Some(place) = self.place().await? else {
            return Ok(empty);
        };
        let after = match after {
            Some(key) => [b"(".as_slice(), &key.bytes_in_order()].concat(),
            None => b"-".to_vec(),
        };
        let mut pipe = Pipeline::new();
        pipe.cmd("ZRANGEBYLEX").arg(place.keys.index(T::KIND));
        pipe.arg(after)
            .arg("+")
            .arg("LIMIT")
            .arg(0)
            .arg(rows_max + 1);
        let (mut keys,): (Vec<Vec<u8>>,) = self.link.read(&pipe).await?;
        let more = keys.len() > rows_max;
        keys.truncate(rows_max);
        if keys.is_empty() {
            return Ok(Page { more, ..empty });
        }
        let mut pipe = Pipeline::new();
        pipe.cmd("HMGET").arg(place.keys.records(T::KIND)).arg(keys);
        let (found,): (Vec<Option<Vec<u8>>>,) = self.link.read(&pipe).await?;
        // One that went in between is not there.
        let rows = found.iter().flatten().map(|value| record::<T>(value));
        let rows: Result<Vec<_>, _> = rows.map(|row| row.map(|row| row.record)).collect();
        Ok(Page { rows: rows?, more })
    }

    pub(in crate::store) async fn notices(&self) -> Result<(Vec<Notice>, u64), StoreError> {
        let Some(place) = self.place().await? else {
            return Ok((Vec::new(), 0));
        };
        let mut pipe = Pipeline::new();
        pipe.atomic();
        pipe.cmd("LRANGE")
            .arg(place.keys.fixed(Fixed::Told))
            .arg(0)
            .arg(-1);
        pipe.cmd("HGET")
            .arg(place.keys.fixed(Fixed::Meta))
            .arg("told");
        let (kept, told): (Vec<Vec<u8>>, Option<u64>) = self.link.read(&pipe).await?;
        let evicted = told.unwrap_or_default().saturating_sub(kept.len() as u64);
        let notices: Result<_, _> = kept.iter().map(|text| notice(text)).collect();
        Ok((notices?, evicted))
    }

    pub(in crate::store) async fn payment_notices(&self) -> Result<Vec<Notice>, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(Vec::new());
        };
        let mut pipe = Pipeline::new();
        pipe.cmd("LRANGE")
            .arg(place.keys.fixed(Fixed::Paid))
            .arg(0)
            .arg(-1);
        let (kept,): (Vec<Vec<u8>>,) = self.link.read(&pipe).await?;
        kept.iter().map(|text| notice(text)).collect()
    }

    pub(in crate::store) async fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        Ok(self.first_task().await?.map(|task| task.due))
    }

    pub(in crate::store) async fn first_due(
        &self,
        now: Moment,
    ) -> Result<Option<Task>, StoreError> {
        let first = self.first_task().await?;
        Ok(first.filter(|task| task.due <= now))
    }

    async fn first_task(&self) -> Result<Option<Task>, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(None);
        };
        let mut pipe = Pipeline::new();
        pipe.cmd("ZRANGE")
            .arg(place.keys.fixed(Fixed::Tasks))
            .arg(0)
            .arg(0);
        let (first,): (Vec<Vec<u8>>,) = self.link.read(&pipe).await?;
        let read = |text: &Vec<u8>| read_task(text).ok_or_else(|| unreadable("a task"));
        first.first().map(read).transpose()
    }

    pub(in crate::store) async fn finish(&self, done: &Task) -> Result<(), StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(());
        };
        let done = task(done).map_err(|error| unreadable(&error.to_string()))?;
        let mut pipe = Pipeline::new();
        pipe.cmd("ZREM")
            .arg(place.keys.fixed(Fixed::Tasks))
            .arg(done);
        self.link.write(&mut pipe).await.map(|_| ())
    }

    /// When the first message that nobody is delivering is due.
    pub(in crate::store) async fn next_message_due(&self) -> Result<Option<Moment>, StoreError> {
        Ok(self.traffic().await?.0)
    }

    /// The same, and how many are being delivered by any replica.
    pub(super) async fn traffic(&self) -> Result<(Option<Moment>, usize), StoreError> {
        let Some(place) = self.place().await? else {
            return Ok((None, 0));
        };
        let mut pipe = Pipeline::new();
        pipe.atomic();
        pipe.cmd("ZRANGE")
            .arg(place.keys.fixed(Fixed::Due))
            .arg(0)
            .arg(0);
        pipe.cmd("HLEN").arg(place.keys.fixed(Fixed::Out));
        pipe.cmd("HGET")
            .arg(place.keys.fixed(Fixed::Meta))
            .arg("waiting");
        type Told = (Vec<Vec<u8>>, usize, Option<usize>);
        let (first, out, waiting): Told = self.link.read(&pipe).await?;
        self.waiting
            .store(waiting.unwrap_or_default(), Ordering::Relaxed);
        let read = |text: &Vec<u8>| read_instant(text).ok_or_else(|| unreadable("a message"));
        Ok((first.first().map(read).transpose()?, out))
    }
}
