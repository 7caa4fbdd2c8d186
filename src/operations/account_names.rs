//! The names that a card's number goes by: its alias in the vault, the account reference, the fingerprint.

use std::sync::Arc;

use super::aliases;
pub use super::known_names::AccountNames;
use super::known_names::NamesKey;
use super::space::Call;
use crate::domain::rejection::Rejection;
use crate::domain::token::CardRecord;

/// The names of a card's number. Its alias is put into the vault if need be.
pub async fn of_card(call: &Call, card: &CardRecord) -> Result<Arc<AccountNames>, Rejection> {
    let space = &call.space;
    let first = card.more.as_ref().and_then(|more| more.first_pan);
    let key = NamesKey {
        space: space.serial,
        epoch: space.names_epoch.now(),
        pan: card.pan,
        first,
        owner: card.owner,
    };
    let known = &space.config.names;
    if let Some(names) = known.find(&key) {
        return Ok(names);
    }
    let account = space.config.accounts.get(card.owner);
    let names = Arc::new(AccountNames {
        alias: aliases::of_card(call, &card.pan).await?,
        payment_account_reference: card.payment_account_reference(&space.seed),
        fingerprint: card.fingerprint(&space.seed, account.map_or("", |a| &a.client_id)),
    });
    known.remember(key, &names);
    Ok(names)
}
