//! How a request comes to the handlers: the call that it makes in its space, and what they read and answer with.

use std::sync::Arc;

use axum::extract::{Extension, FromRequestParts};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Method, StatusCode};

use super::errors::ControlError;
use crate::domain::rejection::Rejection;
use crate::domain::words::unknown;
use crate::operations::settle::settle;
use crate::operations::{Call, SpaceName, Spaces};

/// What URLs of this server begin with: `http` or `https`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scheme(pub(super) &'static str);

/// A call in the space that the request is about. What only reads makes none.
pub(super) struct Caller(pub(super) Call);

/// The same for what reads by POST.
pub(super) struct Reader(pub(super) Call);

/// The same for what shows who takes the room of the outbox, or gives it back. When there is none for what is due, that stays
/// due, and the request goes on.
pub(super) struct RoomMaker(pub(super) Call);

impl FromRequestParts<Arc<Spaces>> for Caller {
    type Rejection = ControlError;

    async fn from_request_parts(
        parts: &mut Parts,
        spaces: &Arc<Spaces>,
    ) -> Result<Self, ControlError> {
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        call(parts, spaces, reads).await.map(Self)
    }
}

impl FromRequestParts<Arc<Spaces>> for Reader {
    type Rejection = ControlError;

    async fn from_request_parts(
        parts: &mut Parts,
        spaces: &Arc<Spaces>,
    ) -> Result<Self, ControlError> {
        call(parts, spaces, true).await.map(Self)
    }
}

impl FromRequestParts<Arc<Spaces>> for RoomMaker {
    type Rejection = ControlError;

    async fn from_request_parts(
        parts: &mut Parts,
        spaces: &Arc<Spaces>,
    ) -> Result<Self, ControlError> {
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let call = unsettled(parts, spaces, reads).await?;
        match settle(&call.space, call.now).await {
            Ok(()) | Err(Rejection::StoreFull) => Ok(Self(call)),
            Err(why) => Err(why.into()),
        }
    }
}

async fn call(parts: &mut Parts, spaces: &Arc<Spaces>, reads: bool) -> Result<Call, ControlError> {
    let call = unsettled(parts, spaces, reads).await?;
    settle(&call.space, call.now).await?;
    Ok(call)
}

async fn unsettled(
    parts: &mut Parts,
    spaces: &Arc<Spaces>,
    reads: bool,
) -> Result<Call, ControlError> {
    let Extension(name) = Extension::<SpaceName>::from_request_parts(parts, spaces)
        .await
        .map_err(|_| ControlError::NoSuchPage)?;
    let space = if reads {
        spaces.visit(&name).await?
    } else {
        spaces.open(&name).await?
    };
    let now = space.clock.now();
    Ok(Call::at(space, now))
}

pub(super) fn json(value: &impl serde::Serialize) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    (StatusCode::OK, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// The only member that a query may have.
pub(super) fn query(uri: &http::Uri, name: &str) -> Result<Option<String>, ControlError> {
    let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut found = None;
    for (other, value) in given {
        let twice = found.is_some();
        if other != name || twice {
            let why = if twice && other == name {
                format!("{name} is given twice")
            } else {
                unknown(&other, &[name])
            };
            return Err(ControlError::At(other.into_owned(), why));
        }
        found = Some(value.into_owned());
    }
    Ok(found)
}
