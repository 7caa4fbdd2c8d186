//! How much of a bound is taken. Bounds multiply: a journal for each of ten thousand spaces is ten thousand journals. So
//! what many may have one of each comes out of one room for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// So many bytes for all who take some.
#[derive(Debug)]
pub struct Room {
    taken: AtomicUsize,
    bytes_max: usize,
    /// How often there was not enough left.
    refused: AtomicU64,
}

impl Room {
    pub fn new(bytes_max: usize) -> Arc<Self> {
        Arc::new(Self::of(bytes_max))
    }

    fn of(bytes_max: usize) -> Self {
        Self {
            taken: AtomicUsize::new(0),
            bytes_max,
            refused: AtomicU64::new(0),
        }
    }

    /// How often somebody wanted more than was left, of all that there is or of what is theirs.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    pub const fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    /// Takes that many bytes, or none when there are not so many left.
    fn take(&self, bytes: usize) -> bool {
        let before = self.taken.fetch_add(bytes, Ordering::Relaxed);
        let fits = before
            .checked_add(bytes)
            .is_some_and(|sum| sum <= self.bytes_max);
        if !fits {
            self.give(bytes);
        }
        fits
    }

    fn give(&self, bytes: usize) {
        self.taken.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// What one of them has taken, and may have at the most. It is given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    room: Arc<Room>,
    own: Room,
}

impl Share {
    /// Nothing yet, and never more than `bytes_max`.
    pub fn new(room: &Arc<Room>, bytes_max: usize) -> Self {
        Self {
            room: Arc::clone(room),
            own: Room::of(bytes_max),
        }
    }

    /// Takes that many bytes more. False when there are not so many left, for this one or for all.
    #[must_use]
    pub fn take(&self, bytes: usize) -> bool {
        let fits = self.own.take(bytes) && {
            let fits = self.room.take(bytes);
            if !fits {
                self.own.give(bytes);
            }
            fits
        };
        if !fits {
            self.room.refused.fetch_add(1, Ordering::Relaxed);
        }
        fits
    }

    /// Gives some of it back.
    pub fn give(&self, bytes: usize) {
        self.own.give(bytes);
        self.room.give(bytes);
    }

    pub fn taken(&self) -> usize {
        self.own.taken()
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.room.give(self.own.taken());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_together_take_no_more_than_there_is() {
        let room = Room::new(100);
        let (one, other) = (Share::new(&room, 80), Share::new(&room, 80));
        assert!(one.take(80) && !one.take(1));
        assert!(!other.take(21) && other.take(20));
        assert_eq!((one.taken(), other.taken(), room.taken()), (80, 20, 100));
        one.give(30);
        assert!(other.take(30) && !other.take(1));
        drop(one);
        assert_eq!(room.taken(), 50);
        assert!(!other.take(usize::MAX));
        drop(other);
        assert_eq!(room.taken(), 0);
    }
}
