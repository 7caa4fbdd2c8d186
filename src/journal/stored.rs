//! One exchange as it is kept, and as it may be shown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use serde::Serialize;

use super::entry::{Attempt, Entry, Faults, Leg, allocated};
use super::observed::Observed;
use super::room::TextRoom;
use crate::domain::moment::Moment;
use crate::domain::operation::Operations;
use crate::domain::payment::reason::Warning;
use crate::masking;

/// An entry as it may be shown: every card number, secret and cryptogram masked.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub number: u64,
    pub at: String,
    pub surface: &'static str,
    pub operation: &'static str,
    pub method: String,
    pub target: String,
    /// What the client sent, by name in small letters; the values of one that came more than once have commas between them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    pub status: u16,
    /// In microseconds, where the clock of the space moved meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_us: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// None where somebody wants a list only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    #[serde(skip_serializing_if = "<[Leg]>::is_empty")]
    pub legs: Box<[Leg]>,
    #[serde(skip_serializing_if = "<[Warning]>::is_empty")]
    pub warnings: Box<[Warning]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<Box<Faults>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Box<Attempt>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica: Option<Arc<str>>,
}

/// The little of an entry that tells which one it is, masked.
#[derive(Debug, Clone)]
pub struct ShownHead {
    pub at: String,
    pub target: String,
    pub client: Option<String>,
    pub reason: Option<String>,
}

/// An entry as it is kept: its texts in a piece of memory that it shares with its neighbours, because those that it was
/// handed are parts of buffers several times their size, which they would keep alive.
pub struct Stored {
    pub(super) at: Moment,
    pub(super) surface: &'static str,
    pub(super) operation: &'static str,
    pub(super) operations: Operations,
    pub(super) method: http::Method,
    pub(super) status: u16,
    took_us: u32,
    reason: Option<Cow<'static, str>>,
    legs: Box<[Leg]>,
    warnings: Box<[Warning]>,
    faults: Option<Box<Faults>>,
    attempt: Option<Box<Attempt>>,
    observed: Option<Box<Observed>>,
    /// The server that has answered, where several share an engine.
    pub(super) replica: Option<Arc<str>>,
    /// Client, target, headers, request and response, one behind the other. Each header is a line.
    texts: Bytes,
    client_end: Option<u32>,
    target_end: u32,
    headers_end: u32,
    request_end: u32,
}

/// What stands between a header's name and its value, and behind it.
const SEPARATORS: usize = ": \n".len();

/// The target as it was sent. Most are a path and a query, which stand in it in one piece.
fn whole(target: &http::Uri) -> Cow<'_, str> {
    match (target.scheme(), target.authority(), target.path_and_query()) {
        (None, None, Some(piece)) => Cow::Borrowed(piece.as_str()),
        _ => Cow::Owned(target.to_string()),
    }
}

impl Stored {
    /// `room` is where the texts go. Where there is too little another piece of `piece_bytes` is begun.
    pub(super) fn new(entry: Entry<'_>, room: &mut TextRoom, piece_bytes: usize) -> Self {
        let target = whole(entry.target);
        let headers = || entry.headers.into_iter().flatten();
        let of_headers: usize = headers()
            .map(|(name, value)| name.as_str().len() + value.len() + SEPARATORS)
            .sum();
        let bodies = entry.request.len() + entry.response.len();
        let client = entry.client.unwrap_or_default();
        let length = client.len() + target.len() + of_headers + bodies;
        let piece = room.find(length, piece_bytes);
        // An exchange has two bodies, which are bounded far below.
        let end = |piece: &BytesMut| u32::try_from(piece.len()).unwrap_or(u32::MAX);
        piece.extend_from_slice(client.as_bytes());
        let client_end = end(piece);
        piece.extend_from_slice(target.as_bytes());
        let target_end = end(piece);
        for (name, value) in headers() {
            piece.extend_from_slice(name.as_str().as_bytes());
            piece.extend_from_slice(b": ");
            piece.extend_from_slice(value.as_bytes());
            piece.extend_from_slice(b"\n");
        }
        let headers_end = end(piece);
        piece.extend_from_slice(entry.request);
        let request_end = end(piece);
        piece.extend_from_slice(entry.response);
        Self {
            at: entry.at,
            surface: entry.surface,
            operation: entry.operation,
            operations: entry.operations,
            method: entry.method.clone(),
            status: entry.status,
            took_us: entry.took.as_micros().try_into().unwrap_or(u32::MAX),
            reason: entry.reason,
            legs: entry.legs.into(),
            warnings: entry.warnings.into(),
            faults: entry.faults,
            attempt: entry.attempt,
            observed: entry.observed,
            replica: None,
            texts: piece.split().freeze(),
            client_end: entry.client.map(|_| client_end),
            target_end,
            headers_end,
            request_end,
        }
    }

    /// Whether nobody else has texts in the same piece of memory.
    pub(super) fn is_last_in_piece(&self) -> bool {
        self.texts.is_unique()
    }

    pub(super) fn into_texts(self) -> Bytes {
        self.texts
    }

    pub const fn at(&self) -> Moment {
        self.at
    }

    /// The impersonated API, or one of the journal's own words.
    pub const fn surface(&self) -> &'static str {
        self.surface
    }

    /// What was asked for; empty where no route was found.
    pub const fn operation(&self) -> &'static str {
        self.operation
    }

    pub const fn method(&self) -> &http::Method {
        &self.method
    }

    /// 0 when there was no answer.
    pub const fn status(&self) -> u16 {
        self.status
    }

    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// None unless standin is the one who asked.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempt.as_deref()
    }

    /// None as long as there is no judge.
    pub fn observed(&self) -> Option<&Observed> {
        self.observed.as_deref()
    }

    /// Whether a fault rule has done something to it.
    pub fn was_faulted(&self) -> bool {
        !self.fired().is_empty()
    }

    /// As it was sent, with the prefix of a space.
    pub fn target(&self) -> &str {
        let first = self.client_end.unwrap_or_default();
        std::str::from_utf8(self.part(first, self.target_end)).unwrap_or_default()
    }

    /// Whether the target is a whole URL, as that of a webhook is.
    pub(super) fn is_absolute(&self) -> bool {
        !self.target().starts_with('/') && self.target().contains("://")
    }

    /// Without the prefix of a space, the host and the query.
    pub fn path(&self) -> &str {
        let target = self.target().split('?').next().unwrap_or_default();
        // What begins with a slash is a path already, whatever URL stands in it.
        let absolute = target.split_once("://").filter(|_| self.is_absolute());
        let path = match absolute {
            Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
            None => target,
        };
        match path.strip_prefix("/~") {
            Some(prefixed) => prefixed.find('/').map_or("/", |end| &prefixed[end..]),
            None => path,
        }
    }

    pub fn request(&self) -> &[u8] {
        self.part(self.headers_end, self.request_end)
    }

    /// Names in small letters, with the value of each as it came. One that is no text is shown with what of it is.
    pub fn headers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let lines = self.part(self.target_end, self.headers_end);
        let lines = lines.split(|byte| *byte == b'\n');
        lines.filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = std::str::from_utf8(&line[..colon]).ok()?;
            let value = line.get(colon + 2..).unwrap_or_default();
            Some((name, String::from_utf8_lossy(value)))
        })
    }

    pub(super) fn response(&self) -> &[u8] {
        self.texts
            .get(self.request_end as usize..)
            .unwrap_or_default()
    }

    fn part(&self, from: u32, to: u32) -> &[u8] {
        self.texts
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    pub fn client(&self) -> Option<&str> {
        std::str::from_utf8(self.part(0, self.client_end?)).ok()
    }

    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Whether this was an attempt to deliver a message.
    pub fn delivers(&self, message: &str) -> bool {
        let attempt = self.attempt.as_deref();
        attempt.is_some_and(|attempt| attempt.message == message)
    }

    /// The fault rules that fired.
    pub(super) fn fired(&self) -> &[String] {
        self.faults.as_deref().map_or(&[], |faults| &faults.fired)
    }

    /// What keeping it takes, with what the allocator adds to each piece.
    pub(super) fn bytes(&self) -> usize {
        let reason = match &self.reason {
            Some(Cow::Owned(text)) => allocated(text.capacity()),
            Some(Cow::Borrowed(_)) | None => 0,
        };
        let outcomes = self.legs.iter().map(|leg| match &leg.outcome {
            Cow::Owned(text) => allocated(text.capacity()),
            Cow::Borrowed(_) => 0,
        });
        // Two counters of the shared pointer, and its place in the row, which doubles when it is full.
        allocated(2 * size_of::<usize>() + size_of::<Self>())
            + 2 * size_of::<usize>()
            + self.texts.len()
            + reason
            + allocated(size_of_val::<[Leg]>(&self.legs))
            + allocated(size_of_val::<[Warning]>(&self.warnings))
            + outcomes.sum::<usize>()
            + self.faults.as_deref().map_or(0, Faults::bytes)
            + self.attempt.as_deref().map_or(0, Attempt::bytes)
            + self
                .observed
                .as_ref()
                .map_or(0, |_| allocated(size_of::<Observed>()))
    }

    fn shown_headers(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (name, value) in self.headers() {
            let shown = masking::header(name, &value);
            all.entry(name.to_owned())
                .and_modify(|known: &mut String| *known += &format!(", {shown}"))
                .or_insert(shown);
        }
        all
    }

    /// When, where to, who and why, as they may be shown.
    pub fn shown_head(&self) -> ShownHead {
        ShownHead {
            at: self.at.rfc3339_micros(),
            target: masking::target(self.target()),
            client: self.client().map(masking::text),
            reason: self.reason().map(masking::text),
        }
    }

    /// As it may be shown.
    pub fn shown(&self, number: u64) -> Shown {
        Shown {
            headers: self.shown_headers(),
            request: Some(masking::body(self.request())),
            response: Some(masking::body(self.response())),
            ..self.outlined(number)
        }
    }

    /// The same without headers and bodies, as a list wants it.
    pub fn outlined(&self, number: u64) -> Shown {
        Shown {
            number,
            at: self.at.rfc3339_micros(),
            surface: self.surface,
            operation: self.operation,
            method: self.method.to_string(),
            target: masking::target(self.target()),
            headers: BTreeMap::new(),
            status: self.status,
            duration_us: (self.took_us > 0).then_some(self.took_us),
            client: self.client().map(masking::text),
            reason: self.reason().map(masking::text),
            request: None,
            response: None,
            legs: self.legs.clone(),
            warnings: self.warnings.clone(),
            faults: self
                .faults
                .as_deref()
                .map(|faults| Box::new(faults.shown())),
            attempt: self.attempt.clone(),
            replica: self.replica.clone(),
        }
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Stored({} {} {})",
            self.surface, self.operation, self.status
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::journal::tests::{entry, stored as stored_entry};

    #[test]
    fn a_path_is_that_of_the_target_whatever_url_stands_in_it() {
        for (target, path) in [
            ("/cards", "/cards"),
            ("/~lab/cards?x=1", "/cards"),
            ("/~lab", "/"),
            ("/x?next=http://a.test/b", "/x"),
            ("/go/http://a.test/b?c", "/go/http://a.test/b"),
            ("https://a.test/b?next=http://c.test/d", "/b"),
            ("https://a.test?next=/b", "/"),
            ("https://a.test", "/"),
            ("*", "*"),
        ] {
            assert_eq!(stored_entry(entry(target)).path(), path, "{target}");
        }
    }
}
