//! Who may call, and with which right.

use super::errors::VaultError;
use crate::domain::account::Scope;
use crate::operations::access::{self, Access};
use crate::wire::Visit;
use crate::wire::address::bearer;
use crate::wire::asked::Asked;

/// Lets a caller in that has the scope.
pub(super) fn enter(visit: &mut Visit, asked: &Asked, scope: Scope) -> Result<Access, VaultError> {
    let token = bearer(&asked.headers).ok_or(VaultError::NoToken)?;
    let access = access::verify(&visit.call.desk, token).map_err(VaultError::Token)?;
    visit.recognise(access.owner);
    if access.scopes.contains(scope) {
        Ok(access)
    } else {
        Err(VaultError::Scope(scope))
    }
}
