//! The keys of tokens, as far as they were needed lately: a cryptogram is one MAC, and its key costs two more.

use super::remembered::Remembered;
use super::space::Space;
use crate::domain::cryptogram::TokenKey;
use crate::domain::id::TokenReference;
use crate::limits::TOKEN_KEYS_MAX;

/// See the module. One table serves all spaces, which it tells apart by their serial numbers.
#[derive(Debug)]
pub struct TokenKeys(Remembered<(u64, TokenReference), TokenKey>);

impl Default for TokenKeys {
    fn default() -> Self {
        Self(Remembered::new(TOKEN_KEYS_MAX))
    }
}

/// The key of a token.
pub(super) fn of_token(space: &Space, token: &TokenReference) -> TokenKey {
    let table = &space.config.token_keys.0;
    let place = (space.serial, *token);
    table.find(&place).unwrap_or_else(|| {
        let key = TokenKey::derive(&space.seed, token);
        table.remember(place, key.clone());
        key
    })
}
