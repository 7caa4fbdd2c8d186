//! Who may call, and with which right.

use super::errors::CalmError;
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
) -> Result<Access, CalmError> {
    let token = bearer(&request.headers).ok_or(CalmError::NoToken)?;
    let call = &context.call;
    let access = access::verify(&call.space, token, call.now).map_err(CalmError::Token)?;
    context.recognise(access.owner);
    if access.scopes.contains(scope) {
        Ok(access)
    } else {
        Err(CalmError::Scope(scope))
    }
}
