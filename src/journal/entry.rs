//! One exchange: as it is handed in, as it is kept, and as it may be shown.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use bytes::{Bytes, BytesMut};

use crate::domain::moment::Moment;
use crate::domain::operation::Operations;
use crate::masking;

/// One exchange.
#[derive(Clone)]
pub struct Entry<'a> {
    pub at: Moment,
    /// The impersonated API.
    pub surface: &'static str,
    /// What was asked for; empty where no route was found.
    pub operation: &'static str,
    /// What was done on the way, whatever was asked for.
    pub operations: Operations,
    pub method: &'a http::Method,
    pub target: &'a http::Uri,
    /// 0 when there was no answer.
    pub status: u16,
    /// The service account or merchant, where one was recognised.
    pub client: Option<&'a str>,
    /// Why it was refused, in standin's own words, whatever the client was told.
    pub reason: Option<Cow<'static, str>>,
    pub request: &'a [u8],
    pub response: &'a [u8],
    /// What the gateway asked of the network on behalf of this call.
    pub legs: Vec<Leg>,
    /// None as long as no fault rule is armed.
    pub faults: Option<Box<Faults>>,
    /// None unless standin is the one who asked.
    pub attempt: Option<Box<Attempt>>,
}

/// What the fault rules made of an exchange.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Faults {
    /// The rules that fired, in the order in which they were armed.
    pub fired: Vec<String>,
    /// Those of them that had nothing left to do, because an earlier one had its way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overruled: Vec<String>,
    /// Which rule came nearest to firing and why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
}

/// One thing that the gateway asked of a network.
#[derive(Debug, Clone, Serialize)]
pub struct Leg {
    pub network: &'static str,
    pub operation: &'static str,
    pub outcome: Cow<'static, str>,
}

/// One try to deliver a webhook.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// The message's id, the same on every try.
    pub message: String,
    /// `we_7`
    pub endpoint: String,
    /// How many times the message has been tried, this time included.
    pub number: u32,
    /// What happened to the message: `delivered`, `again`, `dead`, `disabled`, or because of a fault rule `copied`, `held` or
    /// `dropped`.
    pub fate: &'static str,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An entry as it may be shown: every card number, secret and cryptogram masked.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub number: u64,
    pub at: String,
    pub surface: &'static str,
    pub operation: &'static str,
    pub method: String,
    pub target: String,
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub request: String,
    pub response: String,
    #[serde(skip_serializing_if = "<[Leg]>::is_empty")]
    pub legs: Box<[Leg]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<Box<Faults>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Box<Attempt>>,
}

/// An entry as it is kept: its texts in one piece of a chunk that it shares with its neighbours, because those that it was
/// handed are parts of buffers several times their size, which they would keep alive.
pub struct Stored {
    pub(super) at: Moment,
    pub(super) surface: &'static str,
    pub(super) operation: &'static str,
    pub(super) operations: Operations,
    pub(super) method: http::Method,
    pub(super) status: u16,
    reason: Option<Cow<'static, str>>,
    legs: Box<[Leg]>,
    faults: Option<Box<Faults>>,
    attempt: Option<Box<Attempt>>,
    /// Client, target, request and response, one behind the other.
    texts: Bytes,
    client_end: Option<u32>,
    target_end: u32,
    request_end: u32,
}

/// How much memory is asked for at once.
const CHUNK_BYTES: usize = 64 << 10;

/// The target as it was sent. Most are a path and a query, which stand in it in one piece.
fn whole(target: &http::Uri) -> Cow<'_, str> {
    match (target.scheme(), target.authority(), target.path_and_query()) {
        (None, None, Some(piece)) => Cow::Borrowed(piece.as_str()),
        _ => Cow::Owned(target.to_string()),
    }
}

impl Stored {
    /// `chunk` is where the texts go. It is freed when the last entry in it has gone.
    pub(super) fn new(entry: Entry<'_>, chunk: &mut BytesMut) -> Self {
        let target = whole(entry.target);
        let client = entry.client.unwrap_or_default();
        let parts = [
            client.as_bytes(),
            target.as_bytes(),
            entry.request,
            entry.response,
        ];
        let length = parts.iter().map(|part| part.len()).sum();
        if chunk.capacity() < length {
            *chunk = BytesMut::with_capacity(length.max(CHUNK_BYTES));
        }
        let mut ends = [0; 4];
        for (end, part) in ends.iter_mut().zip(parts) {
            chunk.extend_from_slice(part);
            // An exchange has two bodies, which are bounded far below.
            *end = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
        }
        let [client_end, target_end, request_end, _] = ends;
        Self {
            at: entry.at,
            surface: entry.surface,
            operation: entry.operation,
            operations: entry.operations,
            method: entry.method.clone(),
            status: entry.status,
            reason: entry.reason,
            legs: entry.legs.into(),
            faults: entry.faults,
            attempt: entry.attempt,
            texts: chunk.split().freeze(),
            client_end: entry.client.map(|_| client_end),
            target_end,
            request_end,
        }
    }

    /// As it was sent, with the prefix of a space.
    pub(super) fn target(&self) -> &str {
        let first = self.client_end.unwrap_or_default();
        std::str::from_utf8(self.part(first, self.target_end)).unwrap_or_default()
    }

    /// Whether the target is a whole URL, as that of a webhook is.
    pub(super) fn is_absolute(&self) -> bool {
        !self.target().starts_with('/') && self.target().contains("://")
    }

    /// Without the prefix of a space, the host and the query.
    pub(super) fn path(&self) -> &str {
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

    pub(super) fn request(&self) -> &[u8] {
        self.part(self.target_end, self.request_end)
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

    pub(super) fn client(&self) -> Option<&str> {
        std::str::from_utf8(self.part(0, self.client_end?)).ok()
    }

    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
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
            + outcomes.sum::<usize>()
            + self.faults.as_deref().map_or(0, Faults::bytes)
            + self.attempt.as_deref().map_or(0, Attempt::bytes)
    }

    /// As it may be shown.
    pub fn shown(&self, number: u64) -> Shown {
        Shown {
            number,
            at: self.at.rfc3339_micros(),
            surface: self.surface,
            operation: self.operation,
            method: self.method.to_string(),
            target: masking::target(self.target()),
            status: self.status,
            client: self.client().map(masking::text),
            reason: self.reason().map(masking::text),
            request: masking::body(self.request()),
            response: masking::body(self.response()),
            legs: self.legs.clone(),
            faults: self
                .faults
                .as_deref()
                .map(|faults| Box::new(faults.shown())),
            attempt: self.attempt.clone(),
        }
    }
}

/// A block of the usual allocators: eight bytes more than asked for, rounded up to sixteen, and no less than 32.
const fn allocated(bytes: usize) -> usize {
    if bytes == 0 {
        return 0;
    }
    let rounded = (bytes + 8).next_multiple_of(16);
    if rounded < 32 { 32 } else { rounded }
}

impl Faults {
    /// A rule may have been named, or be about, what must not be seen.
    fn shown(&self) -> Self {
        let masked = |texts: &[String]| texts.iter().map(|text| masking::text(text)).collect();
        Self {
            fired: masked(&self.fired),
            overruled: masked(&self.overruled),
            nearest: self.nearest.as_deref().map(masking::text),
        }
    }

    fn bytes(&self) -> usize {
        let texts = self
            .fired
            .iter()
            .chain(&self.overruled)
            .chain(&self.nearest);
        let texts: usize = texts.map(|text| allocated(text.capacity())).sum();
        let places = [&self.fired, &self.overruled];
        let places = places.map(|names| allocated(names.capacity() * size_of::<String>()));
        allocated(size_of::<Self>()) + texts + places.iter().sum::<usize>()
    }
}

impl Attempt {
    fn bytes(&self) -> usize {
        let texts = [
            Some(&self.message),
            Some(&self.endpoint),
            self.next.as_ref(),
        ];
        let texts = texts.map(|text| text.map_or(0, |text| allocated(text.capacity())));
        allocated(size_of::<Self>()) + texts.iter().sum::<usize>()
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Entry({} {} {})",
            self.surface, self.operation, self.status
        )
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
