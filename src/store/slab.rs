//! One kind of record of one partition: records lie in chunks, and a table of places finds them. A table of four-byte
//! places costs a fraction of a table of records, because half of a hash table may be empty.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{Change, Keyed, Versioned};

/// Records in one chunk. All but the first are allocated whole.
const CHUNK: usize = 64;

/// See the module.
#[derive(Debug)]
pub struct Slab<T> {
    places: HashTable<u32>,
    chunks: Vec<Vec<Option<Versioned<T>>>>,
    free: Vec<u32>,
    hasher: DefaultHashBuilder,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            places: HashTable::new(),
            chunks: Vec::new(),
            free: Vec::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<T: Keyed> Change<T> {
    /// The record as it is to be, unless it goes.
    pub(super) const fn record(&self) -> Option<&T> {
        match self {
            Self::Insert(record) | Self::Replace(record, _) => Some(record),
            Self::Remove(..) => None,
        }
    }

    pub(super) fn key(&self) -> T::Key {
        match self {
            Self::Insert(record) | Self::Replace(record, _) => record.key(),
            Self::Remove(key, _) => key.clone(),
        }
    }
}

impl<T: Keyed> Slab<T> {
    pub(super) fn get(&self, key: &T::Key) -> Option<&Versioned<T>> {
        self.slot(self.place(key)?)
    }

    /// Whether the change still fits what is on the slab.
    pub(super) fn fits(&self, change: &Change<T>) -> bool {
        let present = self.get(&change.key()).map(|versioned| versioned.version);
        match change {
            Change::Insert(_) => present.is_none(),
            Change::Replace(_, version) | Change::Remove(_, version) => present == Some(*version),
        }
    }

    /// Carries out a change that fits.
    pub(super) fn apply(&mut self, change: Change<T>) {
        match change {
            Change::Insert(record) => self.insert(Versioned { record, version: 0 }),
            Change::Replace(record, version) => {
                let version = version.wrapping_add(1);
                if let Some(place) = self.place(&record.key()) {
                    self.put(place, Some(Versioned { record, version }));
                }
            }
            Change::Remove(key, _) => self.remove(&key),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks
            .iter()
            .flatten()
            .flatten()
            .map(|versioned| &versioned.record)
    }

    fn place(&self, key: &T::Key) -> Option<u32> {
        let hash = self.hasher.hash_one(key);
        let same = |place: &u32| {
            self.slot(*place)
                .is_some_and(|found| found.record.key() == *key)
        };
        self.places.find(hash, same).copied()
    }

    fn slot(&self, place: u32) -> Option<&Versioned<T>> {
        let place = place as usize;
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)?.as_ref()
    }

    fn put(&mut self, place: u32, slot: Option<Versioned<T>>) {
        let place = place as usize;
        if let Some(spot) = self
            .chunks
            .get_mut(place / CHUNK)
            .and_then(|chunk| chunk.get_mut(place % CHUNK))
        {
            *spot = slot;
        }
    }

    fn insert(&mut self, versioned: Versioned<T>) {
        let hash = self.hasher.hash_one(versioned.record.key());
        let place = self.free.pop().unwrap_or_else(|| self.grow());
        self.put(place, Some(versioned));
        let Self {
            places,
            chunks,
            hasher,
            ..
        } = self;
        places.insert_unique(hash, place, |place| {
            let place = *place as usize;
            let slot = chunks
                .get(place / CHUNK)
                .and_then(|chunk| chunk.get(place % CHUNK));
            slot.and_then(Option::as_ref)
                .map_or(0, |found| hasher.hash_one(found.record.key()))
        });
    }

    /// Makes room for one more record and says where.
    fn grow(&mut self) -> u32 {
        if self.chunks.is_empty() {
            // The first chunk grows bit by bit: most slabs of a small space hold one record.
            self.chunks.push(Vec::new());
        } else if self.chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let last = self.chunks.len() - 1;
        let chunk = &mut self.chunks[last];
        chunk.push(None);
        u32::try_from(last * CHUNK + chunk.len() - 1).unwrap_or(u32::MAX)
    }

    fn remove(&mut self, key: &T::Key) {
        let Some(place) = self.place(key) else { return };
        let hash = self.hasher.hash_one(key);
        if let Ok(entry) = self.places.find_entry(hash, |found| *found == place) {
            entry.remove();
        }
        self.put(place, None);
        self.free.push(place);
    }
}
