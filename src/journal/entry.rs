//! One exchange: as it is handed in, as it is kept, and as it may be shown.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::domain::moment::Moment;
use crate::domain::operation::Operations;
use crate::masking;

/// One exchange.
#[derive(Clone)]
pub struct Entry {
    pub at: Moment,
    /// The impersonated API.
    pub surface: &'static str,
    /// What was asked for; empty where no route was found.
    pub operation: &'static str,
    /// What was done on the way, whatever was asked for.
    pub operations: Operations,
    pub method: http::Method,
    pub target: http::Uri,
    /// 0 when there was no answer.
    pub status: u16,
    /// The service account or merchant, where one was recognised.
    pub client: Option<String>,
    /// Why it was refused, in standin's own words, whatever the client was told.
    pub reason: Option<Cow<'static, str>>,
    pub request: bytes::Bytes,
    pub response: bytes::Bytes,
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

/// An entry as it is kept: its texts in one piece of memory of their own, because those that it was handed are parts of
/// buffers several times their size, which they would keep alive.
pub struct Stored {
    pub(super) at: Moment,
    pub(super) surface: &'static str,
    pub(super) operation: &'static str,
    pub(super) operations: Operations,
    pub(super) method: http::Method,
    pub(super) status: u16,
    client: Option<Box<str>>,
    reason: Option<Cow<'static, str>>,
    legs: Box<[Leg]>,
    faults: Option<Box<Faults>>,
    attempt: Option<Box<Attempt>>,
    /// Target, request and response, one behind the other.
    texts: Box<[u8]>,
    target_end: usize,
    request_end: usize,
}

/// The target as it was sent. Most are a path and a query, which stand in it in one piece.
fn whole(target: &http::Uri) -> Cow<'_, str> {
    match (target.scheme(), target.authority(), target.path_and_query()) {
        (None, None, Some(piece)) => Cow::Borrowed(piece.as_str()),
        _ => Cow::Owned(target.to_string()),
    }
}

impl Stored {
    pub(super) fn new(entry: Entry) -> Self {
        let target = whole(&entry.target);
        let request_end = target.len() + entry.request.len();
        let mut texts = Vec::with_capacity(request_end + entry.response.len());
        texts.extend_from_slice(target.as_bytes());
        texts.extend_from_slice(&entry.request);
        texts.extend_from_slice(&entry.response);
        Self {
            at: entry.at,
            surface: entry.surface,
            operation: entry.operation,
            operations: entry.operations,
            method: entry.method,
            status: entry.status,
            client: entry.client.map(String::into_boxed_str),
            reason: entry.reason,
            legs: entry.legs.into(),
            faults: entry.faults,
            attempt: entry.attempt,
            texts: texts.into(),
            target_end: target.len(),
            request_end,
        }
    }

    /// As it was sent, with the prefix of a space.
    pub(super) fn target(&self) -> &str {
        std::str::from_utf8(self.part(0, self.target_end)).unwrap_or_default()
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
        self.part(self.request_end, self.texts.len())
    }

    fn part(&self, from: usize, to: usize) -> &[u8] {
        self.texts.get(from..to).unwrap_or_default()
    }

    pub(super) fn client(&self) -> Option<&str> {
        self.client.as_deref()
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
            + allocated(self.texts.len())
            + self.client.as_ref().map_or(0, |text| allocated(text.len()))
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

impl fmt::Debug for Entry {
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
    use super::*;
    use crate::journal::tests::entry;

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
            assert_eq!(Stored::new(entry(target)).path(), path, "{target}");
        }
    }
}
