//! The names that a card's number goes by: its alias in the vault, the account reference, the fingerprint. Deriving them
//! costs more than the rest of reading a card, and they never change while the number and the alias stay, so the latest
//! ones are remembered.

use std::sync::Arc;

use hashbrown::HashMap;
use parking_lot::RwLock;

use super::aliases;
use super::space::Call;
use crate::domain::card::Pan;
use crate::domain::id::Owner;
use crate::domain::rejection::Rejection;
use crate::domain::token::CardRecord;
use crate::limits::ACCOUNT_NAMES_MAX;

/// What a number is called instead of by its digits.
#[derive(Debug)]
pub struct AccountNames {
    /// In the vault, from where it can be revealed.
    pub alias: String,
    /// See [`CardRecord::payment_account_reference`].
    pub payment_account_reference: String,
    /// See [`CardRecord::fingerprint`].
    pub fingerprint: String,
}

/// Number, number before the issuer replaced it, and whose card it is.
type Key = (Pan, Option<Pan>, Owner);

/// The names of the numbers that were asked for lately. Emptied when it is full: what is in use comes back by itself.
#[derive(Debug, Default)]
pub struct KnownNames(RwLock<HashMap<Key, Arc<AccountNames>>>);

impl KnownNames {
    fn find(&self, key: &Key) -> Option<Arc<AccountNames>> {
        self.0.read().get(key).cloned()
    }

    fn remember(&self, key: Key, names: &Arc<AccountNames>) {
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

/// The names of a card's number. Its alias is put into the vault if need be.
pub async fn of_card(call: &Call, card: &CardRecord) -> Result<Arc<AccountNames>, Rejection> {
    let space = &call.space;
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    let key = (card.pan, first, card.owner);
    if let Some(names) = space.names.find(&key) {
        return Ok(names);
    }
    let account = space.config.accounts.get(card.owner);
    let names = Arc::new(AccountNames {
        alias: aliases::of_card(call, &card.pan).await?,
        payment_account_reference: card.payment_account_reference(&space.seed),
        fingerprint: card.fingerprint(&space.seed, account.map_or("", |a| &a.client_id)),
    });
    space.names.remember(key, &names);
    Ok(names)
}
