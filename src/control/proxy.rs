//! Where the proxy is, and what a program needs to use it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::caller::json;
use crate::operations::Spaces;
use crate::operations::proxy_settings::ProxyFacts;

/// The facts of the proxy, which are empty where the server has none.
pub(super) async fn read(State(spaces): State<Arc<Spaces>>) -> Response {
    let facts = spaces.config().proxy.get();
    facts.map_or_else(|| json(&ProxyFacts::default()), json)
}
