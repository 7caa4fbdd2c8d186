//! The JSON Schemas of the files that standin reads, as `standin schema` prints them; a test holds the two together.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::errors::ControlError;
use crate::faults::schema::schema as of_faults;
use crate::operations::schemas::schema as of_settings;

/// The server knows nothing of the judge, so what the judge reads is kept as a file.
const TARGET: &str = include_str!("../../fixtures/schemas/target.json");

const NO_SUCH_SCHEMA: ControlError = ControlError::NoSuch(
    "schema_unknown",
    "there is no such schema; there are config.json, fault.json and target.json",
);

pub(super) async fn read(Path(name): Path<String>) -> Result<Response, ControlError> {
    let text = match name.as_str() {
        "config.json" => format!("{:#}\n", of_settings()),
        "fault.json" => format!("{:#}\n", of_faults()),
        "target.json" => TARGET.to_owned(),
        _ => return Err(NO_SUCH_SCHEMA),
    };
    let kind = [(CONTENT_TYPE, "application/schema+json")];
    Ok((StatusCode::OK, kind, text).into_response())
}
