//! Who may call, and with which right.

use super::errors::VaultError;
use crate::domain::account::Scope;
use crate::operations::access::{self, Access};
use crate::wire::RequestContext;
use crate::wire::address::bearer;
use crate::wire::request::Request;

/// Lets a caller in that has the scope.
pub(super) fn enter(
    context: &mut RequestContext,
    request: &Request,
    scope: Scope,
) -> Result<Access, VaultError> {
    let token = bearer(&request.headers).ok_or(VaultError::NoToken)?;
    let call = &context.call;
    let access = access::verify(&call.space, token, call.now).map_err(VaultError::Token)?;
    context.recognise(access.owner);
    if access.scopes.contains(scope) {
        Ok(access)
    } else {
        Err(VaultError::Scope(scope))
    }
}
