//! Names that no scenario of an earlier run has used: customers, orders, idempotency keys. They follow from seed, run and scenario,
//! so that a run which is given both again says the same.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::crypto::digest::sha256;
use crate::crypto::encoding::hex;

/// See the module. Clones draw from the same names.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    root: String,
    used: Arc<AtomicU64>,
}

impl Names {
    /// The names of one scenario.
    pub(crate) fn new(parts: [&str; 3]) -> Self {
        let mut root = String::new();
        for part in parts {
            // With its length, or two runs could come to the same text.
            let _ = writeln!(root, "{}:{part}", part.len());
        }
        Self {
            root,
            used: Arc::default(),
        }
    }

    /// 32 hexadecimal digits that it has not given out before.
    pub(crate) fn next(&self) -> String {
        let place = self.used.fetch_add(1, Ordering::SeqCst);
        self.drawn(&format!("next {place}"))
    }

    /// Twelve hexadecimal digits, always the same for a purpose.
    pub(crate) fn of(&self, purpose: &str) -> String {
        let mut digits = self.drawn(&format!("of {purpose}"));
        digits.truncate(12);
        digits
    }

    fn drawn(&self, purpose: &str) -> String {
        let mut digits = hex(&sha256(format!("{}{purpose}", self.root).as_bytes()));
        digits.truncate(32);
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_a_run_and_of_no_other() {
        let names = |parts| {
            let names = Names::new(parts);
            [names.next(), names.next(), names.of("customer")]
        };
        let first = names(["s", "r", "a.check"]);
        assert_eq!(names(["s", "r", "a.check"]), first);
        let mut all: Vec<String> = first.to_vec();
        for other in [
            ["s", "q", "a.check"],
            ["t", "r", "a.check"],
            ["s", "r", "b"],
            ["sr", "", "a.check"],
        ] {
            all.extend(names(other));
        }
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
        assert_eq!((first[0].len(), first[2].len()), (32, 12));
        let names = Names::new(["s", "r", "c"]);
        let clone = names.clone();
        assert_ne!(names.next(), clone.next());
        assert_eq!(names.of("customer"), clone.of("customer"));
    }
}
