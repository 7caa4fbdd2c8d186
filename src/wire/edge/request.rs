//! A request as a handler sees it: in one piece, with the space that it has come to.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Uri};

use super::Connection;
use super::headers::DECISIVE;
use crate::domain::moment::Moment;
use crate::operations::access::Access;
use crate::operations::fault_context::FaultContext;
use crate::operations::requestors::Signed;
use crate::operations::revealed::Revealed;
use crate::operations::{Call, Space, SpaceName};

/// See the module.
#[derive(Debug)]
pub struct Request {
    pub space: Arc<Space>,
    /// When it came to the space: it sees this one instant.
    pub now: Moment,
    /// Until the context begins.
    pub faults: Option<Box<FaultContext>>,
    pub method: Method,
    /// Where it was sent before its path was read: with the prefix that chose the space, and every escape as it came. A
    /// signature is over these bytes.
    pub sent: Uri,
    /// Without that prefix.
    pub uri: Uri,
    /// The last parameter of the path, which names what the request is about; empty where the route has none.
    pub id: String,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub connection: Arc<Connection>,
    /// Whom its access token lets in, where the connection knows that already.
    pub access: Option<Arc<Access>>,
    /// What the vault's proxy has put in the place of aliases, until the context begins.
    pub revealed: Vec<Revealed>,
}

impl Request {
    /// Begins a call, with what fault rules have said so far.
    pub(super) fn call(&mut self) -> Call {
        let mut call = Call::at(Arc::clone(&self.space), self.now);
        call.faults = self.faults.take();
        call.revealed = std::mem::take(&mut self.revealed);
        call
    }

    /// A header. One that decides something is there once and can be read, or the request was refused.
    pub fn header(&self, name: &str) -> Option<&str> {
        debug_assert!(DECISIVE.contains(&name), "{name} is not among DECISIVE");
        self.headers.get(name)?.to_str().ok()
    }

    /// The host that the client asked.
    pub fn host(&self) -> Option<&str> {
        self.header(HOST.as_str())
    }

    /// Where the client reached this space: the address that it used, without the path.
    pub fn base(&self) -> String {
        let host = self.host().unwrap_or("localhost");
        let name = &self.space.name;
        if *name == SpaceName::default_space() {
            format!("http://{host}")
        } else {
            format!("http://{host}/~{name}")
        }
    }

    /// Whether the body is said to be of this media type, whatever parameters are named with it.
    pub fn is_of_type(&self, media_type: &str) -> bool {
        let kind = self.headers.get(CONTENT_TYPE);
        let kind = kind.map_or(&[][..], HeaderValue::as_bytes);
        let end = kind.iter().position(|byte| *byte == b';');
        let kind = kind[..end.unwrap_or(kind.len())].trim_ascii();
        kind.eq_ignore_ascii_case(media_type.as_bytes())
    }

    /// What stands for this request in ids that payment services give to every request. The same request at the same
    /// instant has the same.
    pub fn receipt(&self, call: &Call) -> [u8; 16] {
        let path = self.uri.path().as_bytes();
        call.receipt(&[self.method.as_str().as_bytes(), path, &self.body])
    }

    /// What a signature is over.
    pub fn signed(&self) -> Signed<'_> {
        Signed {
            method: self.method.as_str(),
            host: self.host(),
            sent: &self.sent,
            path: self.uri.path(),
            authorization: self.header(AUTHORIZATION.as_str()),
            body: &self.body,
        }
    }
}
