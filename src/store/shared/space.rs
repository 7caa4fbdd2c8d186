//! A space in the engine. See [`crate::store::Store`] for what each of its operations promises.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use parking_lot::{Mutex, RwLock};
use tokio::sync::{Notify, OnceCell};

use super::endpoints::{self, Known};
use super::keys::Keys;
use super::link::Link;
use super::registry::{self, Named};
use super::script::{BEGIN, RETIRE};
use super::{Replica, SharedEngine, bytes};
use crate::domain::webhook::MessageKey;
use crate::limits::SHARED_GONE_TOLD;
use crate::store::StoreError;
use crate::store::queues::Queues;
use crate::store::record::KINDS;

/// See the module.
#[derive(Debug)]
pub struct SharedSpace {
    pub(super) link: Arc<Link>,
    pub(super) replica: Arc<Replica>,
    pub(super) name: String,
    /// Whether it is to be in the engine. Whoever only looks at what it would be leaves nothing there.
    begun: AtomicBool,
    /// It was let go of by this process: what is still written to it is lost, as it is in memory.
    pub(super) retired: AtomicBool,
    place: OnceCell<Place>,
    /// What it begins with.
    pub(super) own: Mutex<Queues>,
    /// The endpoints, as of a version of the list.
    pub(super) known: RwLock<Option<Arc<Known>>>,
    /// What this process is delivering, and under which leases.
    pub(super) leases: Mutex<HashMap<MessageKey, String>>,
    /// Leases of which nobody knows whether the engine has given them.
    pub(super) lost: Mutex<Vec<String>>,
    /// The revision of the settings that this process goes by.
    pub(super) revision: AtomicU64,
    pub(super) waiting: AtomicUsize,
    pub(super) wake: Arc<Notify>,
}

/// Where it is in the engine.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) keys: Keys,
}

impl Place {
    pub(super) fn of(id: String) -> Self {
        let keys = Keys::of(&id);
        Self { id, keys }
    }
}

impl Drop for SharedSpace {
    /// Whoever delivers looks up, finds nobody, and goes.
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}

impl SharedSpace {
    pub(super) fn new(engine: &SharedEngine, name: &str, id: Option<String>) -> Self {
        Self {
            link: Arc::clone(&engine.link),
            replica: Arc::clone(&engine.replica),
            name: name.to_owned(),
            begun: AtomicBool::new(id.is_some()),
            retired: AtomicBool::default(),
            place: OnceCell::new_with(id.map(Place::of)),
            own: Mutex::default(),
            known: RwLock::default(),
            leases: Mutex::default(),
            lost: Mutex::default(),
            revision: AtomicU64::default(),
            waiting: AtomicUsize::default(),
            wake: Arc::default(),
        }
    }

    /// The space is there for others.
    pub(in crate::store) fn begun(&self) {
        self.begun.store(true, Ordering::Release);
    }

    /// What the engine calls it, once it is there.
    pub fn id(&self) -> Option<&str> {
        self.place.get().map(|place| place.id.as_str())
    }

    pub(in crate::store) fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// As of the latest look.
    pub(in crate::store) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Where it is, which is made when it is to be there and is not yet. None of a space that somebody only looks at.
    pub(super) async fn place(&self) -> Result<Option<&Place>, StoreError> {
        if let Some(place) = self.place.get() {
            return Ok(Some(place));
        }
        if !self.begun.load(Ordering::Acquire) {
            return Ok(None);
        }
        self.made().await.map(Some)
    }

    /// Where it is, and from now on it is there.
    pub(super) async fn made(&self) -> Result<&Place, StoreError> {
        self.begun();
        self.place.get_or_try_init(|| self.make()).await
    }

    async fn make(&self) -> Result<Place, StoreError> {
        let place = Place::of(registry::next_id(&self.link).await?);
        let args = {
            let own = self.own.lock();
            let mut args = vec![own.registered.to_string().into_bytes()];
            for endpoint in own.endpoints.values() {
                args.push(bytes::hex_of(endpoint.id.0).into_bytes());
                args.push(endpoints::value(endpoint)?);
            }
            args
        };
        let keys = place.keys.all_for_script(&self.replica.next_id());
        let _made: i64 = self.link.run(&BEGIN, &keys, &args).await?;
        // It has a name only once it is whole. Where another replica was first, its space is this one.
        let holder = registry::claim(&self.link, &self.name, &place.id).await?;
        if holder == place.id {
            return Ok(place);
        }
        let other = Place::of(holder);
        retire(&self.link, &place).await?;
        Ok(other)
    }

    /// Puts it where it was made without a name, and has just been given one.
    pub(super) fn put(&self, id: String) {
        self.begun();
        let _fresh = self.place.set(Place::of(id));
    }

    pub(in crate::store) async fn retire(&self) -> Result<(), StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(());
        };
        let named = Named {
            name: &self.name,
            id: &place.id,
        };
        registry::switch(&self.link, &[named], &[]).await?;
        self.retired.store(true, Ordering::Release);
        retire(&self.link, place).await
    }

    /// What is said of a space that another replica has let go of.
    pub(super) fn gone(&self) -> StoreError {
        StoreError::Away(
            format!(
                "the space {} was put back to its beginning or dropped meanwhile; ask again",
                self.name
            )
            .into(),
        )
    }
}

/// Lets everything go that a space has.
pub(super) async fn retire(link: &Link, place: &Place) -> Result<(), StoreError> {
    let mut keys = place.keys.all_for_script("");
    for kind in KINDS {
        keys.extend([place.keys.records(kind), place.keys.index(kind)]);
    }
    for endpoint in endpoints::ids(link, &place.keys).await? {
        keys.push(place.keys.numbers(endpoint));
    }
    let told = SHARED_GONE_TOLD.as_millis().to_string().into_bytes();
    let _done: i64 = link.run(&RETIRE, &keys, &[told]).await?;
    Ok(())
}
