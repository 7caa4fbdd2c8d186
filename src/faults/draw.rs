//! Chance for faults. A draw is seeded by what it is for: the rule's name, the key under which requests are told apart, and
//! how many requests with that key there have been. No rule and no caller can therefore move the draws of another.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use crate::seed::{Purpose, Seed};

/// What a draw is seeded by.
#[derive(Debug)]
pub(super) struct Draw<'a> {
    pub(super) seed: &'a Seed,
    pub(super) rule: &'a str,
    pub(super) key: &'a str,
    /// Which request with this key it is, from 1.
    pub(super) count: u64,
}

impl Draw<'_> {
    /// From 0 to just below 1.
    pub(super) fn chance(&self) -> f64 {
        self.generator(Purpose::FaultChance).random()
    }

    pub(super) fn latency(&self) -> ChaCha20Rng {
        self.generator(Purpose::FaultLatency)
    }

    fn generator(&self, purpose: Purpose) -> ChaCha20Rng {
        let count = self.count.to_be_bytes();
        let inputs: [&[u8]; 3] = [self.rule.as_bytes(), self.key.as_bytes(), &count];
        ChaCha20Rng::from_seed(self.seed.derive(purpose, &inputs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_all_that_it_is_for_and_on_nothing_else() {
        let (one, other) = (Seed::from_text("one"), Seed::from_text("other"));
        let draw = |seed, rule, key, count| {
            Draw {
                seed,
                rule,
                key,
                count,
            }
            .chance()
        };
        let base = draw(&one, "a", "k", 1);
        assert!((0.0..1.0).contains(&base));
        assert_eq!(base.to_bits(), draw(&one, "a", "k", 1).to_bits());
        let others = [
            draw(&other, "a", "k", 1),
            draw(&one, "b", "k", 1),
            draw(&one, "a", "l", 1),
            draw(&one, "a", "k", 2),
        ];
        for other in others {
            assert_ne!(base.to_bits(), other.to_bits());
        }
    }
}
