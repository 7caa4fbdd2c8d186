//! The names that numbers go by, as far as they were asked for lately. Deriving them costs more than the rest of reading a
//! card, and they never change while the number and its alias stay.

use std::sync::Arc;

use hashbrown::HashMap;
use parking_lot::RwLock;

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

/// Number, number before the issuer replaced it, and whose card it is.
pub(super) type Key = (Pan, Option<Pan>, Owner);

/// The names of the numbers that were asked for lately. Emptied when it is full: what is in use comes back by itself.
#[derive(Debug, Default)]
pub struct KnownNames(RwLock<HashMap<Key, Arc<AccountNames>>>);

impl KnownNames {
    pub(super) fn find(&self, key: &Key) -> Option<Arc<AccountNames>> {
        self.0.read().get(key).cloned()
    }

    pub(super) fn remember(&self, key: Key, names: &Arc<AccountNames>) {
        let mut known = self.0.write();
        if known.len() >= ACCOUNT_NAMES_MAX {
            known.clear();
        }
        known.insert(key, Arc::clone(names));
    }

    /// An alias is gone, so a number may have none.
    pub(super) fn forget(&self) {
        self.0.write().clear();
    }
}
