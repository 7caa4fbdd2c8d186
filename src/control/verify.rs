//! Asking the journal whether something happened.

use axum::response::Response;
use bytes::Bytes;
use serde_json::Value;

use super::errors::ControlError;
use super::{Visitor, body, json};
use crate::journal::{Question, verify};

/// Every question that can be understood is answered with 200, whatever the verdict.
pub(super) async fn ask(Visitor(call): Visitor, bytes: Bytes) -> Result<Response, ControlError> {
    let question = Question::read(&body::<Value>(&bytes)?)?;
    // A large journal takes a while to look through, and others want to be answered meanwhile.
    let excerpt = call.desk.journal.excerpt(question.from());
    let look = move || verify(&question, &excerpt);
    // Nobody hears this: the task is only given up when the whole program stops.
    let answer = tokio::task::spawn_blocking(look).await;
    Ok(json(&answer.map_err(|_| ControlError::Stopping)?))
}
