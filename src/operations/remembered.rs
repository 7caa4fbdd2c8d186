//! What was worked out lately and may be asked for again. A key has one place in a table of fixed size, and whoever comes
//! last to a place stays there: so the table is never emptied, and when more is in use than it holds, a part of it is still
//! found, in proportion.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use hashbrown::DefaultHashBuilder;
use parking_lot::RwLock;

/// Parts of the table, each behind a lock of its own. A part takes memory when its first key comes.
const PARTS: usize = 64;

/// An odd number without a pattern: 2^64 divided by the golden ratio.
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The places of a part.
type Part<K, V> = Box<[Option<(K, V)>]>;

/// See the module.
#[derive(Debug)]
pub(super) struct Remembered<K, V> {
    parts: Box<[RwLock<Part<K, V>>]>,
    places: usize,
    hasher: DefaultHashBuilder,
}

impl<K: Hash + Eq, V: Clone> Remembered<K, V> {
    /// With room for so many, if their places are all different.
    pub(super) fn new(entries_max: usize) -> Self {
        Self {
            parts: (0..PARTS).map(|_| RwLock::default()).collect(),
            places: entries_max.div_ceil(PARTS).max(1),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(super) fn find<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (part, place) = self.place(key);
        let part = self.parts[part].read();
        let (known, value) = part.get(place)?.as_ref()?;
        (known.borrow() == key).then(|| value.clone())
    }

    pub(super) fn remember(&self, key: K, value: V) {
        let (part, place) = self.place(&key);
        let mut part = self.parts[part].write();
        if part.is_empty() {
            *part = (0..self.places).map(|_| None).collect();
        }
        part[place] = Some((key, value));
    }

    /// Part and place of a key. Equal keys have equal hashes, borrowed or not.
    fn place<Q: Hash + ?Sized>(&self, key: &Q) -> (usize, usize) {
        let places = PARTS * self.places;
        // The hash of a small key is spread over few of its bits, so it is mixed once more, and then read as a fraction of
        // all hashes, so that every bit counts.
        let hash = u128::from(self.hasher.hash_one(key)) * u128::from(MIXER);
        let mixed = (hash >> 64) as u64 ^ hash as u64;
        let fraction = u128::from(mixed.wrapping_mul(MIXER)) * places as u128;
        let place = usize::try_from(fraction >> 64).unwrap_or_default();
        (place / self.places, place % self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_forgotten_in_proportion() {
        let table = Remembered::new(1_000);
        for number in 0..1_100_u32 {
            table.remember(number, number * 2);
        }
        let mut found = 0;
        for number in 0..1_100_u32 {
            let value = table.find(&number);
            assert!(value.is_none_or(|value| value == number * 2), "{number:?}");
            found += usize::from(value.is_some());
        }
        assert!((500..1_024).contains(&found), "{found} of 1,100 are known");
        assert_eq!(table.find(&5_000), None);
    }
}
