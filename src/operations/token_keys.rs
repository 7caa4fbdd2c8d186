//! The keys of tokens, as far as they were needed lately: a cryptogram is one MAC, and its key costs two more.

use super::remembered::Remembered;
use crate::domain::cryptogram::TokenKey;
use crate::domain::id::TokenReference;
use crate::limits::TOKEN_KEYS_MAX;
use crate::seed::Seed;

/// See the module. One table serves all spaces, which it tells apart by their serial numbers.
#[derive(Debug)]
pub struct TokenKeys(Remembered<(u64, TokenReference), TokenKey>);

impl Default for TokenKeys {
    fn default() -> Self {
        Self(Remembered::new(TOKEN_KEYS_MAX))
    }
}

impl TokenKeys {
    /// The key of a token in the space with this seed and serial number.
    pub(super) fn find(&self, seed: &Seed, serial: u64, token: &TokenReference) -> TokenKey {
        let place = (serial, *token);
        self.0.find(&place).unwrap_or_else(|| {
            let key = TokenKey::derive(seed, token);
            self.0.remember(place, key.clone());
            key
        })
    }
}
