//! Reading the journal.

use axum::response::Response;
use http::Uri;

use super::errors::ControlError;
use super::{Visitor, json, query};
use crate::limits::PAGE_ROWS_MAX;

/// The latest entries; `from` skips earlier numbers, `rows` asks for fewer or more.
pub(super) async fn read(Visitor(call): Visitor, uri: Uri) -> Result<Response, ControlError> {
    let number = |name: &'static str, otherwise: u64| match query(&uri, name) {
        None => Ok(otherwise),
        Some(text) => text.parse().map_err(|_| {
            ControlError::Member(name, "must be a whole number of zero or more".to_owned())
        }),
    };
    let from = number("from", 0)?;
    let rows = number("rows", PAGE_ROWS_MAX as u64)?;
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(json(&call.desk.journal.read(from, rows)))
}
