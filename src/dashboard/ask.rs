//! The control API, as the dashboard asks it: by its paths and in its JSON, inside the program. So a page can show nothing that
//! the API does not tell.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;

use crate::limits::DASHBOARD_BYTES_MAX;
use crate::operations::SpaceName;

/// The control API of one space.
#[derive(Debug, Clone)]
pub(super) struct Api {
    control: Router,
    space: SpaceName,
}

/// What the API said instead.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

#[derive(Deserialize)]
struct Refused {
    error: Told,
}

#[derive(Deserialize)]
struct Told {
    message: String,
}

impl Refusal {
    pub(super) fn failed(why: &dyn std::fmt::Display) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: format!("the control API's answer cannot be read: {why}"),
        }
    }
}

impl Api {
    pub(super) const fn new(control: Router, space: SpaceName) -> Self {
        Self { control, space }
    }

    /// What is at a path below `/_standin/`, with a query.
    pub(super) async fn get<T: DeserializeOwned>(&self, target: &str) -> Result<T, Refusal> {
        let mut request = Request::get(format!("/_standin/{target}"))
            .body(Body::empty())
            .map_err(|error| Refusal::failed(&error))?;
        request.extensions_mut().insert(self.space.clone());
        let Ok(answer) = self.control.clone().oneshot(request).await;
        let status = answer.status();
        let body = to_bytes(answer.into_body(), DASHBOARD_BYTES_MAX).await;
        let body = body.map_err(|error| Refusal::failed(&error))?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| Refusal::failed(&error));
        }
        let refused: Refused =
            serde_json::from_slice(&body).map_err(|error| Refusal::failed(&error))?;
        Err(Refusal {
            status,
            message: refused.error.message,
        })
    }

    /// One text below what is at a path.
    pub(super) async fn at(&self, target: &str, pointer: &str) -> Result<Value, Refusal> {
        let whole: Value = self.get(target).await?;
        Ok(whole.pointer(pointer).cloned().unwrap_or_default())
    }
}
