//! Access tokens that have been verified, so that none is verified twice.

use std::sync::Arc;

use super::remembered::Remembered;
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

/// Tokens whose signature has been checked: a signature costs more than the rest of a request.
#[derive(Debug)]
pub struct VerifiedTokens(Remembered<Box<str>, Arc<Access>>);

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self(Remembered::new(VERIFIED_TOKENS_MAX))
    }
}

impl VerifiedTokens {
    pub(super) fn find(&self, token: &str) -> Option<Arc<Access>> {
        self.0.find(token)
    }

    pub(super) fn remember(&self, token: &str, access: Access) -> Arc<Access> {
        let access = Arc::new(access);
        self.0.remember(token.into(), Arc::clone(&access));
        access
    }
}
