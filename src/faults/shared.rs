//! The rules of a space as many requests use them at once. As long as none is armed, asking costs one relaxed load.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{RwLock, RwLockReadGuard};

use super::choose::{Choice, RuleSet};
use super::facts::{Facts, Stage};
use super::plan::Taken;
use crate::domain::moment::Moment;
use crate::seed::Seed;

/// A [`RuleSet`] that can be changed while requests are asking.
#[derive(Debug, Default)]
pub struct Rules {
    armed: AtomicUsize,
    set: RwLock<RuleSet>,
}

impl Rules {
    /// Whether there is any rule, so that nobody gathers facts for none.
    pub fn any(&self) -> bool {
        self.armed.load(Ordering::Relaxed) > 0
    }

    /// See [`RuleSet::choose_beside`].
    pub fn choose(
        &self,
        taken: Taken,
        stage: Stage,
        facts: &Facts,
        now: Moment,
        seed: &Seed,
    ) -> Choice {
        if self.any() {
            self.set
                .read()
                .choose_beside(taken, stage, facts, now, seed)
        } else {
            Choice::default()
        }
    }

    /// To look at. Nothing can be armed while the guard lives.
    pub fn read(&self) -> RwLockReadGuard<'_, RuleSet> {
        self.set.read()
    }

    /// Changes the set.
    pub fn change<T>(&self, change: impl FnOnce(&mut RuleSet) -> T) -> T {
        let mut set = self.set.write();
        let done = change(&mut set);
        self.armed.store(set.len(), Ordering::Relaxed);
        done
    }
}
