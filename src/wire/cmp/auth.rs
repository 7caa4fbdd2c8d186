//! Who may call, and with which right.

use super::errors::{CmpError, Own};
use crate::domain::account::Scope;
use crate::operations::access::{self, Access};
use crate::wire::edge::credentials::bearer;
use crate::wire::edge::{Request, RequestContext};

/// Lets a caller in that has the scope.
pub(super) fn enter(
    context: &mut RequestContext,
    request: &Request,
    scope: Scope,
) -> Result<Access, CmpError> {
    let token = bearer(&request.headers).ok_or(Own::NoToken)?;
    let access = access::verify(&context.call.space, token).map_err(Own::Token)?;
    context.recognise(access.owner);
    if access.scopes.contains(scope) {
        Ok(access)
    } else {
        Err(Own::Scope(scope).into())
    }
}
