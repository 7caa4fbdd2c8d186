//! A request in one piece, for surfaces whose credential is a signature over all of it.

use axum::extract::rejection::ExtensionRejection;
use axum::extract::{Extension, FromRequest, FromRequestParts, Path, Request};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Uri};

use super::SentTo;
use crate::operations::inquiry::Arrival;
use crate::operations::requestors::Signed;

/// See the module.
#[derive(Debug)]
pub struct Whole {
    pub desk: Arrival,
    pub method: Method,
    /// As it was sent, with the prefix that chose the space.
    pub sent: Uri,
    /// The path without that prefix.
    pub path: String,
    /// The one parameter of the path; empty where the route has none.
    pub id: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = ExtensionRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, ExtensionRejection> {
        let (mut parts, body) = request.into_parts();
        let Extension(desk) = Extension::<Arrival>::from_request_parts(&mut parts, state).await?;
        let Extension(SentTo(sent)) =
            Extension::<SentTo>::from_request_parts(&mut parts, state).await?;
        let id = Path::<String>::from_request_parts(&mut parts, state).await;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let headers = parts.headers.clone();
        // The server has read the body before, so here it is in one piece.
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        Ok(Self {
            desk,
            method,
            sent,
            path,
            id: id.map(|Path(id)| id).unwrap_or_default(),
            headers,
            body: body.unwrap_or_default(),
        })
    }
}

impl Whole {
    /// A header, if it is there once and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The host that the client asked.
    pub fn host(&self) -> Option<&str> {
        self.header(HOST.as_str())
    }

    /// Whether the body is said to be JSON.
    pub fn is_json(&self) -> bool {
        let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    }

    /// What a signature is over.
    pub fn signed(&self) -> Signed<'_> {
        Signed {
            method: self.method.as_str(),
            host: self.host(),
            sent: &self.sent,
            path: &self.path,
            authorization: self.header(AUTHORIZATION.as_str()),
            body: &self.body,
        }
    }
}
