//! A space, or the whole server, as a file; loading one; and copying a space.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::json as object;

use super::caller::{json, query};
use super::errors::ControlError;
use super::reading::body;
use crate::domain::vocabulary::Vocabulary;
use crate::operations::snapshot::{Scope, Snapshot, SnapshotError};
use crate::operations::{SpaceName, Spaces};

/// One JSON object a line.
pub(super) const LINES: &str = "application/x-ndjson";

impl From<SnapshotError> for ControlError {
    fn from(error: SnapshotError) -> Self {
        let why = error.to_string();
        match error {
            SnapshotError::Form(_) | SnapshotError::Seed | SnapshotError::Line(..) => {
                Self::Named(StatusCode::UNPROCESSABLE_ENTITY, "bad_snapshot", why)
            }
            SnapshotError::Member(_, member, _) => Self::NamedAt("bad_snapshot", why, member),
            SnapshotError::TooLarge => Self::Full("snapshot_too_large", why),
            SnapshotError::NoSuchSpace(_) => {
                Self::Named(StatusCode::NOT_FOUND, "space_unknown", why)
            }
            SnapshotError::SpaceExists(_) => Self::Named(StatusCode::CONFLICT, "space_exists", why),
            SnapshotError::Open(error) => error.into(),
        }
    }
}

/// The space as a file, or with `of=server` every space.
pub(super) async fn save(
    State(spaces): State<Arc<Spaces>>,
    Extension(name): Extension<SpaceName>,
    uri: Uri,
) -> Result<Response, ControlError> {
    let of = query(&uri, "of")?.map_or(Ok(Scope::Space), |of| Scope::read(&of));
    let of = of.map_err(|why| ControlError::Member("of", why))?;
    let snapshot = match of {
        Scope::Space => spaces.take(Some(&name)).await?,
        Scope::Server => spaces.take(None).await?,
    };
    let seed = spaces.seed_name();
    let written = aside(move || snapshot.written(seed)).await??;
    let headers = [(CONTENT_TYPE, LINES), (CACHE_CONTROL, "no-store")];
    Ok((headers, written).into_response())
}

/// Puts what a file holds in place of the space, or of every space if it is of a server.
pub(super) async fn load(
    State(spaces): State<Arc<Spaces>>,
    Extension(name): Extension<SpaceName>,
    bytes: Bytes,
) -> Result<Response, ControlError> {
    let (seed, config) = (spaces.seed_name(), Arc::clone(spaces.config()));
    let read = move || Snapshot::read(&bytes, &seed, &config.settings.webhooks.allow);
    let snapshot = aside(read).await??;
    let names = spaces.load(snapshot, &name).await?;
    let names: Vec<_> = names.iter().map(SpaceName::text).collect();
    Ok(json(&object!({ "loaded": names })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fork {
    from: Option<String>,
}

/// Makes a space that is as another one is now.
pub(super) async fn fork(
    State(spaces): State<Arc<Spaces>>,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Response, ControlError> {
    let Fork { from } = body(&bytes)?;
    let wrong = |member, why: &dyn std::fmt::Display| ControlError::Member(member, why.to_string());
    let to = SpaceName::parse(&name)
        .map_err(|why| ControlError::At("name".to_owned(), why.to_string()))?;
    let from = from.ok_or_else(|| wrong("from", &"must name the space that is copied"))?;
    let from = SpaceName::parse(&from)
        .map_err(|why| ControlError::At("from".to_owned(), why.to_string()))?;
    let waiting = spaces.fork(&from, &to).await?;
    let mut response = json(&object!({
        "space": to.text(),
        "from": from.text(),
        "messages_left": waiting,
    }));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Does what takes long without keeping others waiting.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ControlError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| ControlError::Stopping)
}
