//! Access tokens that have been verified, so that none is verified twice.

use std::sync::Arc;

use hashbrown::HashMap;
use parking_lot::RwLock;

use super::space_name::SpaceName;
use crate::domain::account::Scopes;
use crate::domain::id::Owner;
use crate::domain::moment::Moment;
use crate::limits::VERIFIED_TOKENS_MAX;

/// Whom a verified token lets in, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    pub owner: Owner,
    pub scopes: Scopes,
    pub(super) space: SpaceName,
    pub(super) expires: Moment,
}

/// Tokens whose signature has been checked. A signature costs more than the rest of a request; the set is emptied when it
/// is full, because what is still in use comes back by itself.
#[derive(Debug, Default)]
pub struct VerifiedTokens(RwLock<HashMap<Box<str>, Arc<Access>>>);

impl VerifiedTokens {
    pub(super) fn find(&self, token: &str) -> Option<Arc<Access>> {
        self.0.read().get(token).cloned()
    }

    pub(super) fn remember(&self, token: &str, access: &Access) -> Arc<Access> {
        let access = Arc::new(access.clone());
        let mut known = self.0.write();
        if known.len() >= VERIFIED_TOKENS_MAX {
            known.clear();
        }
        known.insert(token.into(), Arc::clone(&access));
        access
    }
}
