//! What a connection remembers of its requests, because clients send the same again and again: whom its last access token let
//! in. A token is believed for ever once its signature has been checked; whether it is for this space and still good is asked
//! each time.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use parking_lot::Mutex;

use crate::operations::access::Access;

/// See the module.
#[derive(Debug, Default)]
pub struct Connection {
    access: Mutex<Option<Known>>,
}

#[derive(Debug)]
struct Known {
    authorization: HeaderValue,
    access: Arc<Access>,
}

impl Connection {
    /// Whom these headers let in, where they carry the same token as the last that did.
    pub fn access(&self, headers: &HeaderMap) -> Option<Arc<Access>> {
        let given = headers.get(AUTHORIZATION)?;
        let known = self.access.lock();
        let known = known.as_ref()?;
        (known.authorization == given).then(|| Arc::clone(&known.access))
    }

    pub(super) fn remember(&self, headers: &HeaderMap, access: &Arc<Access>) {
        let authorization = headers.get(AUTHORIZATION).cloned();
        *self.access.lock() = authorization.map(|authorization| Known {
            authorization,
            access: Arc::clone(access),
        });
    }
}
