//! Spaces as a whole: are they there, put them back, drop them, what is set.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::errors::ControlError;
use super::json;
use crate::operations::{SpaceName, Spaces};

pub(super) async fn health(State(spaces): State<Arc<Spaces>>) -> Response {
    json(&serde_json::json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "spaces": spaces.all().len(),
    }))
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

pub(super) async fn list(State(spaces): State<Arc<Spaces>>) -> Response {
    let names: Vec<_> = spaces
        .all()
        .iter()
        .map(|space| space.name.text().to_owned())
        .collect();
    json(&serde_json::json!({ "spaces": names }))
}

pub(super) async fn settings(State(spaces): State<Arc<Spaces>>) -> Response {
    json(&spaces.config().settings)
}
