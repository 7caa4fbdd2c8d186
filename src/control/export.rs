//! The journal as a file, written while it is sent: one entry a line (NDJSON), or as an HTTP archive (HAR).

use std::convert::Infallible;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HOST};

use super::caller::Scheme;
use crate::journal::{Numbered, har};

/// Entries that are written at once.
const ROWS: usize = 64;

pub(super) fn ndjson(entries: Vec<Numbered>) -> Response {
    let write = |text: &mut String, (number, entry): &Numbered| {
        text.push_str(&serde_json::to_string(&entry.shown(*number)).unwrap_or_default());
        text.push('\n');
    };
    streamed("application/x-ndjson", String::new(), entries, write, "")
}

/// A request that names no host is shown with the one that a server has by default.
pub(super) fn har(
    Scheme(scheme): Scheme,
    headers: &HeaderMap,
    evicted: u64,
    entries: Vec<Numbered>,
) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let base = format!("{scheme}://{}", host.unwrap_or("127.0.0.1:4111"));
    let mut between = "\n";
    let write = move |text: &mut String, (number, entry): &Numbered| {
        text.push_str(between);
        text.push_str(&har::entry(&base, *number, entry).to_string());
        between = ",\n";
    };
    streamed(
        "application/json",
        har::head(&har::of_journal(evicted)),
        entries,
        write,
        har::TAIL,
    )
}

fn streamed(
    kind: &'static str,
    head: String,
    entries: Vec<Numbered>,
    mut write: impl FnMut(&mut String, &Numbered) + Send + 'static,
    tail: &'static str,
) -> Response {
    let mut rest = entries.into_iter().peekable();
    let mut head = Some(head);
    let mut tail = Some(tail);
    let parts = std::iter::from_fn(move || {
        let mut text = head.take().unwrap_or_default();
        let rows = rest.by_ref().take(ROWS);
        rows.for_each(|entry| write(&mut text, &entry));
        if rest.peek().is_none() {
            text.push_str(tail.take()?);
        }
        Some(Ok::<_, Infallible>(Bytes::from(text)))
    });
    let body = Body::from_stream(futures::stream::iter(parts));
    ([(CONTENT_TYPE, kind)], body).into_response()
}
