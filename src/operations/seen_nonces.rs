//! Nonces of OAuth 1.0a, each of which counts once.

use std::collections::BTreeSet;

use parking_lot::Mutex;

use crate::crypto::digest::sha256;
use crate::limits::NONCES_MAX;

/// Nonces whose timestamp may still be accepted, each with that timestamp. Only correctly signed requests add one, so nobody
/// without a key can fill the set. A full set forgets its oldest nonces, because to refuse the next request would punish a
/// client that did nothing wrong.
#[derive(Debug, Default)]
pub(super) struct SeenNonces(Mutex<BTreeSet<(u64, [u8; 16])>>);

impl SeenNonces {
    /// Whether the nonce is new.
    pub(super) fn remember(&self, nonce: &str, timestamp_s: u64, earliest_s: u64) -> bool {
        let mut digest = [0; 16];
        digest.copy_from_slice(&sha256(nonce.as_bytes())[..16]);
        let mut seen = self.0.lock();
        while seen.len() >= NONCES_MAX || seen.first().is_some_and(|(at, _)| *at < earliest_s) {
            seen.pop_first();
        }
        seen.insert((timestamp_s, digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_counts_once_for_each_timestamp_while_it_may_be_accepted() {
        let seen = SeenNonces::default();
        assert!(seen.remember("a", 100, 50));
        assert!(!seen.remember("a", 100, 50));
        assert!(seen.remember("a", 101, 50) && seen.remember("b", 100, 50));
        assert!(seen.remember("c", 200, 101));
        let kept: Vec<u64> = seen.0.lock().iter().map(|(at, _)| *at).collect();
        assert_eq!(kept, [101, 200]);
    }
}
