//! What a space keeps besides its records, and what of it a request looks at when it begins: other replicas move its clock, arm
//! fault rules, and let it go.

use std::sync::atomic::Ordering;

use redis::Pipeline;

use super::bytes::{read_instant, read_task};
use super::keys::Fixed;
use super::link::unreadable;
use super::script::SET;
use super::space::SharedSpace;
use crate::domain::moment::Moment;
use crate::limits::SHARED_DONE_KEPT;
use crate::store::{Settings, StoreError};

/// What a request sees of the others when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looked {
    /// Another replica has put the space back to its beginning, or dropped it.
    pub gone: bool,
    /// The settings are others than those that this process goes by.
    pub moved: bool,
    /// How many aliases have gone.
    pub names: u32,
    /// When the earliest task is due.
    pub next_due: Option<Moment>,
    /// When the first message that nobody is delivering is due.
    pub next_message_due: Option<Moment>,
}

impl Looked {
    /// When something is due, if ever.
    pub fn first(&self) -> Option<Moment> {
        [self.next_due, self.next_message_due]
            .into_iter()
            .flatten()
            .min()
    }
}

impl SharedSpace {
    pub(in crate::store) async fn look(&self) -> Result<Looked, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(Looked::default());
        };
        if !self.lost.lock().is_empty() {
            self.give_back_lost(place).await?;
        }
        let mut pipe = Pipeline::new();
        pipe.cmd("HMGET").arg(place.keys.fixed(Fixed::Meta));
        pipe.arg("state")
            .arg("revision")
            .arg("names")
            .arg("waiting");
        pipe.cmd("ZRANGE")
            .arg(place.keys.fixed(Fixed::Tasks))
            .arg(0)
            .arg(0);
        pipe.cmd("ZRANGE")
            .arg(place.keys.fixed(Fixed::Due))
            .arg(0)
            .arg(0);
        type Told = (
            (Option<String>, Option<u64>, Option<u32>, Option<usize>),
            Vec<Vec<u8>>,
            Vec<Vec<u8>>,
        );
        let ((state, revision, names, waiting), first, message): Told =
            self.link.read(&pipe).await?;
        self.waiting
            .store(waiting.unwrap_or_default(), Ordering::Relaxed);
        let read = |text: &Vec<u8>| read_task(text).ok_or_else(|| unreadable("a task"));
        let first = first.first().map(read).transpose()?;
        let read = |text: &Vec<u8>| read_instant(text).ok_or_else(|| unreadable("a message"));
        let message = message.first().map(read).transpose()?;
        Ok(Looked {
            gone: state.as_deref() != Some("open") && !self.retired.load(Ordering::Acquire),
            moved: revision.unwrap_or_default() != self.revision.load(Ordering::Acquire),
            names: names.unwrap_or_default(),
            next_due: first.map(|task| task.due),
            next_message_due: message,
        })
    }

    /// All settings, and which revision of them that is.
    pub(in crate::store) async fn settings(&self) -> Result<Settings, StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(Settings::default());
        };
        let mut pipe = Pipeline::new();
        pipe.atomic();
        pipe.cmd("HGETALL").arg(place.keys.fixed(Fixed::Settings));
        pipe.cmd("HGET")
            .arg(place.keys.fixed(Fixed::Meta))
            .arg("revision");
        type Told = (Vec<(String, String)>, Option<u64>);
        let (mut entries, revision): Told = self.link.read(&pipe).await?;
        entries.sort();
        Ok(Settings {
            entries,
            revision: revision.unwrap_or_default(),
        })
    }

    /// This process goes by that revision from now on.
    pub(in crate::store) fn goes_by(&self, revision: u64) {
        self.revision.store(revision, Ordering::Release);
    }

    /// Whatever this process goes by, it is to be read again.
    pub(in crate::store) fn forget_settings(&self) {
        self.revision.store(u64::MAX, Ordering::Release);
    }

    /// Keeps settings, if they are still those by which this process goes. False when another replica was first.
    pub(in crate::store) async fn set_if_same(
        &self,
        values: &[(String, Option<String>)],
    ) -> Result<bool, StoreError> {
        let revision = self.revision.load(Ordering::Acquire).to_string();
        self.set_at(revision, values).await
    }

    /// Keeps settings, whatever the others are.
    pub(in crate::store) async fn set(
        &self,
        values: &[(String, Option<String>)],
    ) -> Result<(), StoreError> {
        self.set_at(String::new(), values).await.map(|_| ())
    }

    async fn set_at(
        &self,
        revision: String,
        values: &[(String, Option<String>)],
    ) -> Result<bool, StoreError> {
        let place = self.made().await?;
        let kept = SHARED_DONE_KEPT.as_millis().to_string();
        let mut args = vec![revision.into_bytes(), kept.into_bytes()];
        for (name, value) in values {
            args.push(name.as_bytes().to_vec());
            args.push(if value.is_some() { b"1" } else { b"0" }.to_vec());
            args.push(value.as_deref().unwrap_or_default().as_bytes().to_vec());
        }
        let keys = place.keys.all_for_script(&self.replica.next_id());
        let said: String = self.link.run(&SET, &keys, &args).await?;
        match said.as_str() {
            "conflict" => Ok(false),
            "gone" if self.retired.load(Ordering::Acquire) => Ok(true),
            "gone" => Err(self.gone()),
            revision => {
                let revision = revision.parse().map_err(|_| unreadable("a revision"))?;
                self.revision.store(revision, Ordering::Release);
                Ok(true)
            }
        }
    }
}
