//! Everybody who follows a journal: bounded in number, and told in the same bytes, so that nine hundred of them cost a journal
//! entry one rendering and not nine hundred.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;

use crate::limits::{FOLLOW_WORDED_BYTES_MAX, FOLLOWERS_MAX};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Followers(Mutex<Told>);

/// The journal, by the serial number of its space, the number of the entry in it, and whether it is told in brief.
pub(super) type Name = (u64, u64, bool);

#[derive(Debug, Default)]
struct Told {
    present: usize,
    /// The latest entries as they were told.
    worded: VecDeque<(Name, Bytes)>,
    bytes: usize,
}

/// One of them, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat(Arc<Followers>);

impl Followers {
    /// A place among them. None when there are as many as there may be.
    pub(super) fn join(self: &Arc<Self>) -> Option<Seat> {
        let mut told = self.0.lock();
        if told.present >= FOLLOWERS_MAX {
            return None;
        }
        told.present += 1;
        Some(Seat(Arc::clone(self)))
    }
}

impl Seat {
    /// What an entry is told as: the same bytes as others were told, or those that `word` makes of it.
    pub(super) fn told(&self, name: Name, word: impl FnOnce() -> String) -> Bytes {
        let known = |told: &Told| {
            let mut latest = told.worded.iter().rev();
            latest
                .find(|(known, _)| *known == name)
                .map(|(_, bytes)| bytes.clone())
        };
        if let Some(bytes) = known(&self.0.0.lock()) {
            return bytes;
        }
        let bytes = Bytes::from(word());
        let mut told = self.0.0.lock();
        // Somebody else may have worded it meanwhile.
        if let Some(bytes) = known(&told) {
            return bytes;
        }
        told.bytes += bytes.len();
        told.worded.push_back((name, bytes.clone()));
        while told.bytes > FOLLOW_WORDED_BYTES_MAX {
            let Some((_, gone)) = told.worded.pop_front() else {
                break;
            };
            told.bytes -= gone.len();
        }
        bytes
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut told = self.0.0.lock();
        told.present -= 1;
        if told.present == 0 {
            *told = Told::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_worded_once_and_forgotten_with_the_last_who_was_told() {
        let followers = Arc::new(Followers::default());
        let (one, other) = (followers.join().unwrap(), followers.join().unwrap());
        let first = one.told((1, 7, false), || "told".to_owned());
        let second = other.told((1, 7, false), || panic!("worded twice"));
        assert_eq!(first.as_ptr(), second.as_ptr());
        let large = || "x".repeat(FOLLOW_WORDED_BYTES_MAX / 2 + 1);
        one.told((1, 8, false), large);
        one.told((1, 9, false), large);
        assert!(followers.0.lock().bytes <= FOLLOW_WORDED_BYTES_MAX);
        assert_eq!(one.told((1, 7, false), || "again".to_owned()), "again");
        drop((one, other));
        assert_eq!(followers.0.lock().bytes, 0);
    }

    #[test]
    fn there_are_only_so_many() {
        let followers = Arc::new(Followers::default());
        let mut all: Vec<_> = (0..FOLLOWERS_MAX)
            .map(|_| followers.join().unwrap())
            .collect();
        assert!(followers.join().is_none());
        all.pop();
        assert!(followers.join().is_some());
    }
}
