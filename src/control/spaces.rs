//! Spaces as a whole: are they there, put them back, drop them, what is set.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::caller::json;
use super::errors::ControlError;
use crate::operations::{SpaceName, Spaces};

/// Whether the server does what it is asked for, and if not, why.
pub(super) async fn health(State(spaces): State<Arc<Spaces>>) -> Response {
    let trouble = spaces.config().engine.trouble();
    let status = if trouble.is_none() { "ok" } else { "degraded" };
    let mut health = serde_json::json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "spaces": spaces.all().len(),
    });
    // Several servers behind one address can be told apart.
    if let Some(replica) = spaces.config().engine.replica() {
        health["replica"] = replica.into();
    }
    let Some(why) = trouble else {
        return json(&health);
    };
    health["reason"] = format!("nothing can be written: {why}").into();
    let mut response = json(&health);
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

/// Whether the server takes requests, and nothing else, because anybody may ask.
pub(super) async fn ready(State(spaces): State<Arc<Spaces>>) -> Response {
    let ready = spaces.config().engine.trouble().is_none();
    let mut response = json(&serde_json::json!({ "ready": ready }));
    if !ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

/// Puts the space back to its beginning: records, clock and journal.
pub(super) async fn reset(
    State(spaces): State<Arc<Spaces>>,
    Extension(name): Extension<SpaceName>,
) -> Result<Response, ControlError> {
    spaces.reset(&name).await?;
    Ok(json(&serde_json::json!({ "reset": name.text() })))
}

/// Forgets the space. The default one starts again instead.
pub(super) async fn remove(
    State(spaces): State<Arc<Spaces>>,
    Extension(name): Extension<SpaceName>,
) -> Result<Response, ControlError> {
    spaces.drop_space(&name).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Those too that another server has just made.
pub(super) async fn list(State(spaces): State<Arc<Spaces>>) -> Result<Response, ControlError> {
    spaces.follow().await?;
    let names: Vec<_> = spaces
        .all()
        .iter()
        .map(|space| space.name.text().to_owned())
        .collect();
    Ok(json(&serde_json::json!({ "spaces": names })))
}

pub(super) async fn settings(State(spaces): State<Arc<Spaces>>) -> Response {
    json(&spaces.config().settings)
}
