//! Asking the journal whether something happened.

use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use super::caller::{Reader, json};
use super::errors::ControlError;
use super::journal::beside;
use super::reading::body;
use crate::journal::{Question, verify};

/// Every question that can be understood is answered with 200, whatever the verdict.
pub(super) async fn ask(Reader(call): Reader, bytes: Bytes) -> Result<Response, ControlError> {
    let question = Question::read(&body::<Value>(&bytes)?)?;
    let excerpt = call.space.journal.excerpt(question.from());
    let answer = beside(move || verify(&question, &excerpt)).await?;
    Ok(json(&answer))
}
