//! The JSON Schemas of the files that standin reads, as `standin schema` prints them; a test holds the two together.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::errors::ControlError;

const SCHEMAS: [(&str, &str); 3] = [
    (
        "config.json",
        include_str!("../../fixtures/schemas/config.json"),
    ),
    (
        "fault.json",
        include_str!("../../fixtures/schemas/fault.json"),
    ),
    (
        "target.json",
        include_str!("../../fixtures/schemas/target.json"),
    ),
];

const NO_SUCH_SCHEMA: ControlError = ControlError::NoSuch(
    "schema_unknown",
    "there is no such schema; there are config.json, fault.json and target.json",
);

pub(super) async fn read(Path(name): Path<String>) -> Result<Response, ControlError> {
    let mut all = SCHEMAS.into_iter();
    let (_, text) = all
        .find(|(known, _)| *known == name)
        .ok_or(NO_SUCH_SCHEMA)?;
    let kind = [(CONTENT_TYPE, "application/schema+json")];
    Ok((StatusCode::OK, kind, text).into_response())
}
