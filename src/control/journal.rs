//! Reading the journal.

use std::borrow::Cow;

use axum::response::Response;
use http::Uri;

use super::errors::ControlError;
use super::{Visitor, json};
use crate::domain::words::unknown;
use crate::journal::{Field, Filter};
use crate::limits::PAGE_ROWS_MAX;

/// What a query asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) filter: Filter,
    pub(super) from: Option<u64>,
    rows: Option<u64>,
}

impl Asked {
    /// Every member of a query must be a field of the filter or one of `more`.
    pub(super) fn read(uri: &Uri, more: &[&str]) -> Result<Self, ControlError> {
        let mut asked = Self {
            filter: Filter::default(),
            from: None,
            rows: None,
        };
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            asked.take(&name, value, more)?;
        }
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: Cow<'_, str>, more: &[&str]) -> Result<(), ControlError> {
        if Field::find(name).is_some() {
            return Ok(self.filter.add(name, &value)?);
        }
        if !more.contains(&name) {
            let fields = Field::ALL.iter().map(|field| field.word());
            let known: Vec<_> = fields.chain(more.iter().copied()).collect();
            return Err(ControlError::At(name.to_owned(), unknown(name, &known)));
        }
        match name {
            "from" => self.from = Some(number("from", &value)?),
            "rows" => self.rows = Some(number("rows", &value)?),
            _ => {}
        }
        Ok(())
    }

    fn rows(&self, otherwise: usize) -> usize {
        let rows = self.rows.map(usize::try_from);
        rows.map_or(otherwise, |rows| rows.unwrap_or(usize::MAX))
    }
}

pub(super) fn number(name: &'static str, text: &str) -> Result<u64, ControlError> {
    let wrong = "must be a whole number of zero or more";
    text.parse()
        .map_err(|_| ControlError::Member(name, wrong.to_owned()))
}

/// The latest entries that match; `from` skips earlier numbers, `rows` asks for fewer or more.
pub(super) async fn read(Visitor(call): Visitor, uri: Uri) -> Result<Response, ControlError> {
    let asked = Asked::read(&uri, &["from", "rows"])?;
    let rows = asked.rows(PAGE_ROWS_MAX);
    let journal = &call.desk.journal;
    Ok(json(&journal.read(
        asked.from.unwrap_or_default(),
        &asked.filter,
        rows,
    )))
}
