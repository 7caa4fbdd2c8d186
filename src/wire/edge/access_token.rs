//! Who may call the gateway's APIs, and with which right: by an access token of the identity provider.

use std::fmt;
use std::sync::Arc;

use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};

use super::credentials::bearer;
use super::{Answer, Head, Request, RequestContext};
use crate::domain::account::Scope;
use crate::domain::deviation::Deviation;
use crate::operations::access::{self, Access, Invalid};
use crate::operations::{SharedConfig, SpaceName};

/// Why a caller is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    NoToken,
    Token(Invalid),
    Scope(Scope),
}

impl Denied {
    pub(in crate::wire) const fn status(self) -> StatusCode {
        match self {
            Self::NoToken | Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::Scope(_) => StatusCode::FORBIDDEN,
        }
    }

    /// Asks for a token where none let the caller in.
    pub(in crate::wire) fn challenge(self, answer: &mut Answer) {
        if self.status() == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"vgs\"");
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken => {
                f.write_str("Send an access token in the Authorization header, as Bearer")
            }
            Self::Token(why) => write!(f, "The access token {why}"),
            Self::Scope(scope) => write!(f, "The access token lacks the scope {}", scope.text()),
        }
    }
}

/// The space that the request's access token is for.
pub(in crate::wire) fn space_of(config: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    match head.access {
        Some(access) => Some(access.space().clone()),
        None => access::space_of(config, bearer(head.headers)?),
    }
}

/// Whom the token of a request lets in, whatever for.
fn presented(context: &RequestContext, request: &Request) -> Result<Arc<Access>, Denied> {
    let anybody_if = |deviation| {
        let open = context.call.deviates(deviation);
        open.then(|| access::of_anybody(&context.call)).flatten()
    };
    let Some(token) = bearer(&request.headers) else {
        return anybody_if(Deviation::NoKeyNeeded).ok_or(Denied::NoToken);
    };
    match access::verify(&context.call.space.config, token) {
        Ok(access) => {
            request.connection.remember(&request.headers, &access);
            Ok(access)
        }
        Err(why) => anybody_if(Deviation::AnyKeyOpens).ok_or(Denied::Token(why)),
    }
}

/// Lets a caller in that has the scope.
///
/// # Errors
/// When there is no token, it is no good, or it lacks the scope.
pub(in crate::wire) fn enter(
    context: &mut RequestContext,
    request: &Request,
    scope: Scope,
) -> Result<Arc<Access>, Denied> {
    // A token that the connection knows is not read again.
    let access = match &request.access {
        Some(access) => Arc::clone(access),
        None => presented(context, request)?,
    };
    let good = access.is_good(&context.call.space, context.call.now);
    good.map_err(Denied::Token)?;
    context.recognise(access.owner);
    if access.scopes.contains(scope) || context.call.deviates(Deviation::ScopesIgnored) {
        Ok(access)
    } else {
        Err(Denied::Scope(scope))
    }
}
