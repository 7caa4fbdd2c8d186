//! The names that numbers go by, as far as they were asked for lately. Deriving them costs more than the rest of reading a
//! card, and they never change while the number and its alias stay. One table serves all spaces.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::remembered::Remembered;
use crate::domain::card::Pan;
use crate::domain::id::Owner;
use crate::limits::ACCOUNT_NAMES_MAX;

/// What a number is called instead of by its digits.
#[derive(Debug)]
pub struct AccountNames {
    /// In the vault, from where it can be revealed.
    pub alias: String,
    /// See [`crate::domain::token::CardRecord::payment_account_reference`].
    pub payment_account_reference: String,
    /// See [`crate::domain::token::CardRecord::fingerprint`].
    pub fingerprint: String,
}

/// Whose names they are.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct NamesKey {
    /// Serial number of the space.
    pub(super) space: u64,
    pub(super) epoch: u32,
    pub(super) pan: Pan,
    /// The number before the issuer replaced it.
    pub(super) first: Option<Pan>,
    pub(super) owner: Owner,
}

/// See the module.
#[derive(Debug)]
pub struct KnownNames(Remembered<NamesKey, Arc<AccountNames>>);

impl Default for KnownNames {
    fn default() -> Self {
        Self(Remembered::new(ACCOUNT_NAMES_MAX))
    }
}

impl KnownNames {
    pub(super) fn find(&self, key: &NamesKey) -> Option<Arc<AccountNames>> {
        self.0.find(key)
    }

    pub(super) fn remember(&self, key: NamesKey, names: &Arc<AccountNames>) {
        self.0.remember(key, Arc::clone(names));
    }
}

/// Counts the aliases of a space that went, because a number may have none afterwards: names of an earlier epoch are not
/// found any more.
#[derive(Debug, Default)]
pub(super) struct NamesEpoch(AtomicU32);

impl NamesEpoch {
    pub(super) fn now(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }

    /// Other servers that share the engine have counted so many.
    pub(super) fn at_least(&self, epoch: u32) {
        self.0.fetch_max(epoch, Ordering::AcqRel);
    }

    pub(super) fn end(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}
