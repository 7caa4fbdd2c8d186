//! Reading the journal, and what a query about it may ask.

use std::borrow::Cow;

use axum::extract::{Extension, Path};
use axum::response::Response;
use http::{HeaderMap, Uri};

use super::caller::{Caller, Scheme, json};
use super::errors::ControlError;
use super::export;
use crate::domain::number::digits;
use crate::domain::words::unknown;
use crate::journal::{FORMER_CLIENT, Field, Numbered, Pattern, Shown, Stored};
use crate::limits::PAGE_ROWS_MAX;

/// What a query asks for.
#[derive(Debug)]
pub(super) struct JournalQuery {
    pub(super) pattern: Pattern,
    pub(super) from: Option<u64>,
    before: Option<u64>,
    rows: Option<u64>,
    /// Without headers and bodies.
    pub(super) brief: bool,
    format: Format,
}

/// How the journal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Ndjson,
    Har,
}

impl Format {
    const ALL: [(&'static str, Self); 3] = [
        ("json", Self::Json),
        ("ndjson", Self::Ndjson),
        ("har", Self::Har),
    ];

    fn read(word: &str) -> Result<Self, ControlError> {
        let found = Self::ALL.into_iter().find(|(name, _)| *name == word);
        let why = || {
            format!(
                "format: {}",
                unknown(word, &Self::ALL.map(|(name, _)| name))
            )
        };
        found
            .map(|(_, format)| format)
            .ok_or_else(|| ControlError::At("format".to_owned(), why()))
    }
}

impl JournalQuery {
    /// Every member of a query must be something of an entry or one of `more`.
    pub(super) fn read(uri: &Uri, more: &[&str]) -> Result<Self, ControlError> {
        let mut asked = Self {
            pattern: Pattern::default(),
            from: None,
            before: None,
            rows: None,
            brief: false,
            format: Format::Json,
        };
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            asked.take(&name, value, more)?;
        }
        Ok(asked)
    }

    fn take(&mut self, name: &str, value: Cow<'_, str>, more: &[&str]) -> Result<(), ControlError> {
        if name == FORMER_CLIENT {
            tracing::warn!("a query of the journal asked for account, which is now client");
        }
        if Field::find(name).is_some() || name.contains(':') {
            return Ok(self.pattern.add(name, &value)?);
        }
        if !more.contains(&name) {
            let fields = Field::ALL.iter().map(|field| field.word());
            let known: Vec<_> = fields.chain(more.iter().copied()).collect();
            return Err(ControlError::At(name.to_owned(), unknown(name, &known)));
        }
        match name {
            "from" => self.from = Some(number("from", &value)?),
            "before" => self.before = Some(number("before", &value)?),
            "rows" => self.rows = Some(number("rows", &value)?),
            "brief" => self.brief = flag("brief", &value)?,
            "format" => self.format = Format::read(&value)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn rows(&self) -> Option<usize> {
        self.rows
            .map(|rows| usize::try_from(rows).unwrap_or(usize::MAX))
    }
}

pub(super) fn number(name: &'static str, text: &str) -> Result<u64, ControlError> {
    let wrong = "must be a whole number of zero or more";
    digits(text).ok_or_else(|| ControlError::Member(name, wrong.to_owned()))
}

pub(super) fn flag(name: &'static str, text: &str) -> Result<bool, ControlError> {
    let read = text.parse();
    read.map_err(|_| ControlError::Member(name, "must be true or false".to_owned()))
}

/// An entry as somebody wants it.
pub(super) fn shown(entry: &Stored, number: u64, brief: bool) -> Shown {
    if brief {
        entry.outlined(number)
    } else {
        entry.shown(number)
    }
}

/// Looks through a journal beside the requests of others, because a large one takes a while.
pub(super) async fn beside<T: Send + 'static>(
    look: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ControlError> {
    // Nobody hears this: the task is only given up when the whole program stops.
    let looked = tokio::task::spawn_blocking(look).await;
    looked.map_err(|_| ControlError::Stopping)
}

/// The latest entries that match; `from` skips earlier numbers, `before` that number and later ones, `rows` asks for fewer or
/// more. As a file there are all.
pub(super) async fn read(
    Caller(call): Caller,
    Extension(scheme): Extension<Scheme>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ControlError> {
    let asked = JournalQuery::read(&uri, &["from", "before", "rows", "brief", "format"])?;
    let (from, rows) = (asked.from.unwrap_or_default(), asked.rows());
    let before = asked.before.unwrap_or(u64::MAX);
    let JournalQuery {
        pattern,
        format,
        brief,
        ..
    } = asked;
    let space = call.space;
    let excerpt = space.journal.excerpt(from).before(before);
    if format == Format::Json {
        let rows = rows.unwrap_or(PAGE_ROWS_MAX);
        let look = move || {
            let found = excerpt.latest(&pattern, rows);
            let shown = |(number, entry): &Numbered| shown(entry, *number, brief);
            let shown = found.iter().map(shown).collect();
            json(&space.journal.extract(&excerpt, shown))
        };
        return beside(look).await;
    }
    let evicted = excerpt.first;
    let look = move || excerpt.latest(&pattern, rows.unwrap_or(usize::MAX));
    let found = beside(look).await?;
    Ok(match format {
        Format::Har => export::har(scheme, &headers, evicted, found),
        Format::Json | Format::Ndjson => export::ndjson(found),
    })
}

/// One entry. One that was let go is not the same as one that has not been yet.
pub(super) async fn entry(
    Caller(call): Caller,
    Path(number): Path<String>,
) -> Result<Response, ControlError> {
    let number = self::number("number", &number)?;
    let excerpt = call.space.journal.some(number, 1);
    if let Some((at, entry)) = excerpt.entries.first()
        && *at == number
    {
        return Ok(json(&entry.shown(number)));
    }
    let evicted = number < excerpt.first;
    Err(if evicted {
        ControlError::NoSuch(
            "entry_evicted",
            "the entry had to go to stay within journal.bytes_max",
        )
    } else {
        ControlError::NoSuch(
            "entry_unknown",
            "no entry has this number yet; GET /_standin/journal says which comes next",
        )
    })
}
