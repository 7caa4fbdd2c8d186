//! What was worked out lately and may be asked for again. A key has a few places in a table of fixed size, and where all of them
//! are taken it stays in one of them: so the table is never emptied, of half as much as it holds nearly all is found, and when
//! more is in use than it holds, a part of it is still found, in proportion.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::ops::Range;

use hashbrown::DefaultHashBuilder;
use parking_lot::RwLock;

/// Parts of the table, each behind a lock of its own. A part takes memory when its first key comes.
const PARTS: usize = 64;

/// How many places a key may have. With a single one a third of a table is found when as many keys as places are in use.
const WAYS: usize = 8;

/// An odd number without a pattern: 2^64 divided by the golden ratio.
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The places of a part.
type Part<K, V> = Box<[Option<Known<K, V>>]>;

#[derive(Debug)]
struct Known<K, V> {
    /// Most keys that are not the one that is looked for have another, and need not be compared.
    hash: u64,
    key: K,
    value: V,
}

/// Where a key may be.
struct Places {
    part: usize,
    all: Range<usize>,
    hash: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Remembered<K, V> {
    parts: Box<[RwLock<Part<K, V>>]>,
    /// Of each part, a multiple of [`WAYS`].
    places: usize,
    hasher: DefaultHashBuilder,
}

impl<K: Hash + Eq, V: Clone> Remembered<K, V> {
    /// With room for so many.
    pub(super) fn new(entries_max: usize) -> Self {
        Self {
            parts: (0..PARTS).map(|_| RwLock::default()).collect(),
            places: entries_max.div_ceil(PARTS).next_multiple_of(WAYS),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(super) fn find<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let Places { part, all, hash } = self.places(key);
        let part = self.parts[part].read();
        let mut known = part.get(all)?.iter().flatten();
        let known = known.find(|known| known.hash == hash && known.key.borrow() == key)?;
        Some(known.value.clone())
    }

    pub(super) fn remember(&self, key: K, value: V) {
        let Places { part, all, hash } = self.places(&key);
        let mut part = self.parts[part].write();
        if part.is_empty() {
            *part = (0..self.places).map(|_| None).collect();
        }
        let places = &mut part[all];
        let own = |known: &Known<K, V>| known.hash == hash && known.key == key;
        let own = places
            .iter()
            .position(|place| place.as_ref().is_some_and(own));
        let free = || places.iter().position(Option::is_none);
        let place = own.or_else(free);
        let place = place.unwrap_or_else(|| usize::try_from(hash).unwrap_or_default() % WAYS);
        places[place] = Some(Known { hash, key, value });
    }

    /// Equal keys have equal hashes, borrowed or not.
    fn places<Q: Hash + ?Sized>(&self, key: &Q) -> Places {
        let groups = PARTS * self.places / WAYS;
        // The hash of a small key is spread over few of its bits, so it is mixed once more, and then read as a fraction of
        // all hashes, so that every bit counts.
        let hash = u128::from(self.hasher.hash_one(key)) * u128::from(MIXER);
        let mixed = (hash >> 64) as u64 ^ hash as u64;
        let fraction = u128::from(mixed.wrapping_mul(MIXER)) * groups as u128;
        let first = usize::try_from(fraction >> 64).unwrap_or_default() * WAYS;
        let (part, first) = (first / self.places, first % self.places);
        Places {
            part,
            all: first..first + WAYS,
            hash: mixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_found_and_what_does_not_fit_is_forgotten_in_proportion() {
        for (keys, known) in [(512, 480..=512), (1_024, 800..=1_024), (2_048, 900..=1_024)] {
            let table = Remembered::new(1_024);
            for number in 0..keys {
                table.remember(number, number * 2);
            }
            let mut found = 0;
            for number in 0..keys {
                let value = table.find(&number);
                assert!(value.is_none_or(|value| value == number * 2), "{number:?}");
                found += usize::from(value.is_some());
            }
            assert!(known.contains(&found), "{found} of {keys} are known");
            assert_eq!(table.find(&5_000), None);
        }
    }

    #[test]
    fn a_key_that_comes_again_has_its_last_value() {
        let table = Remembered::new(64);
        for value in 0..20 {
            table.remember("key", value);
        }
        assert_eq!(table.find("key"), Some(19));
        let held = table
            .parts
            .iter()
            .map(|part| part.read().iter().flatten().count());
        assert_eq!(held.sum::<usize>(), 1);
    }
}
