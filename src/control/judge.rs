//! What the judge of clients says.

use axum::response::Response;

use super::caller::{Caller, json};
use super::errors::ControlError;

pub(super) async fn read(Caller(call): Caller) -> Result<Response, ControlError> {
    let space = &call.space;
    let judge = space.judge.as_ref().ok_or(ControlError::NoSuch(
        "no_judge",
        "nobody judges clients here; start the server with --judge NAME",
    ))?;
    Ok(json(&judge.report(space.name.text())))
}
