//! A request as a whole, for surfaces whose answers name it.

use axum::body::Body;
use axum::extract::rejection::ExtensionRejection;
use axum::extract::{Extension, FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use http_body_util::{BodyExt, Collected};

use crate::operations::Call;
use crate::operations::inquiry::Arrival;

/// See the module.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) desk: Arrival,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = ExtensionRejection;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, ExtensionRejection> {
        let (mut parts, body) = request.into_parts();
        let Extension(desk) = Extension::from_request_parts(&mut parts, state).await?;
        let body = body.collect().await.map(Collected::to_bytes);
        Ok(Self {
            desk,
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            // The server hands bodies on in one piece, so that nothing can be cut short here.
            body: body.unwrap_or_default(),
        })
    }
}

impl Asked {
    /// A header that is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the body says that it is of this media type.
    pub(super) fn is_of_type(&self, media_type: &str) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(media_type)
    }

    /// What stands for this request in ids that payment services give to every request. The same request at the same
    /// instant has the same.
    pub(super) fn receipt(&self, call: &Call) -> [u8; 16] {
        let path = self.uri.path().as_bytes();
        call.receipt(&[self.method.as_str().as_bytes(), path, &self.body])
    }
}
