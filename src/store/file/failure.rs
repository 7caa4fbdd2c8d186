//! What becomes of the engine when SQLite fails, in words that say what to do.

use std::borrow::Cow;

use parking_lot::Mutex;
use rusqlite::ErrorCode;

use crate::store::StoreError;

/// Why the engine cannot write, if it cannot. Whoever is asked for the server's health tells it.
#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<Option<String>>);

impl Standing {
    pub(super) fn is_well(&self) -> bool {
        self.0.lock().is_none()
    }

    pub(super) fn why(&self) -> Option<String> {
        self.0.lock().clone()
    }

    pub(super) fn well(&self) {
        if let Some(why) = self.0.lock().take() {
            tracing::info!("the records can be written again; before, {why}");
        }
    }

    /// Says a failure. One that is of one piece of work says nothing of the file as a whole.
    pub(super) fn told(&self, error: &rusqlite::Error) -> StoreError {
        if !is_of_one(error) {
            return self.failed(error);
        }
        let why = words(error);
        tracing::error!(%error, "{why}");
        StoreError::Away(why)
    }

    /// Notes a failure and says it as the store's contract does.
    pub(super) fn failed(&self, error: &rusqlite::Error) -> StoreError {
        let why = words(error);
        let mut standing = self.0.lock();
        if standing.is_none() {
            tracing::error!(%error, "{why}");
        }
        *standing = Some(why.clone().into_owned());
        StoreError::Away(why)
    }
}

/// Whether only the work is to blame that has met it, and not the disk: a row that cannot be read, a part of the file that is
/// damaged, a rule of a table.
pub(super) fn is_of_one(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        None => true,
        Some(code) => matches!(
            code,
            ErrorCode::DatabaseCorrupt
                | ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::ParameterOutOfRange
                | ErrorCode::Unknown
        ),
    }
}

/// What a user can do something about comes first; the rest is SQLite's own words.
pub(super) fn words(error: &rusqlite::Error) -> Cow<'static, str> {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full; make room and it goes on by itself".into(),
        Some(ErrorCode::ReadOnly) => {
            "the folder or its file cannot be written to; it goes on by itself once it can".into()
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
            format!("the disk does not read or write ({error})").into()
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            "the file is damaged; begin with another folder, or load a snapshot into one".into()
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds the file; close it".into()
        }
        _ => error.to_string().into(),
    }
}

/// A row that is not what was written.
pub(super) fn unreadable(
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    let kind = rusqlite::types::Type::Text;
    rusqlite::Error::FromSqlConversionFailure(0, kind, why.into())
}
