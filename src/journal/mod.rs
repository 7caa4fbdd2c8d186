//! What was asked and answered in a space, newest last, bounded in bytes. Entries are kept as they came and masked when
//! they are read, so that recording costs next to nothing.

pub mod mask;

use std::borrow::Cow;
use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::Serialize;

use crate::domain::moment::Moment;

/// One exchange.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at: Moment,
    /// The impersonated API.
    pub surface: &'static str,
    /// What was asked for, in the surface's words.
    pub operation: &'static str,
    pub method: http::Method,
    pub target: http::Uri,
    pub status: u16,
    /// The service account or merchant, where one was recognised.
    pub account: Option<String>,
    /// Why it was refused, in standin's own words, whatever the client was told.
    pub reason: Option<Cow<'static, str>>,
    pub request: bytes::Bytes,
    pub response: bytes::Bytes,
    /// What the gateway asked of the network on behalf of this call.
    pub legs: Vec<Leg>,
    /// None as long as no fault rule is armed.
    pub faults: Option<Box<Faults>>,
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
    pub account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'static, str>>,
    pub request: String,
    pub response: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<Leg>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faults: Option<Box<Faults>>,
}

/// The journal of one space.
#[derive(Debug)]
pub struct Journal {
    bytes_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// The number of the first entry that is still kept, which is also how many have been evicted.
    first: u64,
}

/// Part of the journal.
#[derive(Debug, Clone, Serialize)]
pub struct Extract {
    pub entries: Vec<Shown>,
    /// How many earlier entries had to go to stay within the bound.
    pub evicted: u64,
    pub bytes: usize,
    pub bytes_max: usize,
}

impl Entry {
    /// What the entry is counted as: its own size and what it points to.
    fn bytes(&self) -> usize {
        let text = self.account.as_ref().map_or(0, String::len);
        let legs = self.legs.len() * size_of::<Leg>();
        let target = self
            .target
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        let faults = self.faults.as_deref().map_or(0, Faults::bytes);
        size_of::<Self>() + text + legs + target + faults + self.request.len() + self.response.len()
    }

    fn shown(&self, number: u64) -> Shown {
        Shown {
            number,
            at: self.at.rfc3339_micros(),
            surface: self.surface,
            operation: self.operation,
            method: self.method.to_string(),
            target: mask::text(&self.target.to_string()),
            status: self.status,
            account: self.account.clone(),
            reason: self.reason.as_deref().map(mask::text).map(Cow::Owned),
            request: mask::body(&self.request),
            response: mask::body(&self.response),
            legs: self.legs.clone(),
            faults: self.faults.clone(),
        }
    }
}

impl Faults {
    fn bytes(&self) -> usize {
        let names = self.fired.iter().chain(&self.overruled);
        let names: usize = names.map(|name| size_of::<String>() + name.len()).sum();
        size_of::<Self>() + names + self.nearest.as_ref().map_or(0, String::len)
    }
}

impl Journal {
    pub fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            kept: Mutex::default(),
        }
    }

    pub fn record(&self, entry: Entry) {
        let bytes = entry.bytes();
        let mut kept = self.kept.lock();
        kept.bytes += bytes;
        kept.entries.push_back(entry);
        while kept.bytes > self.bytes_max {
            let Some(gone) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= gone.bytes();
            kept.first += 1;
        }
    }

    /// The latest `rows_max` entries from number `from` on, masked.
    pub fn read(&self, from: u64, rows_max: usize) -> Extract {
        let (found, first, bytes) = {
            let kept = self.kept.lock();
            let skip = usize::try_from(from.saturating_sub(kept.first)).unwrap_or(usize::MAX);
            let skip = skip.max(kept.entries.len().saturating_sub(rows_max));
            let number = kept.first + skip as u64;
            let found: Vec<(u64, Entry)> = (number..)
                .zip(kept.entries.iter().skip(skip).cloned())
                .collect();
            (found, kept.first, kept.bytes)
        };
        let entries = found
            .into_iter()
            .map(|(number, entry)| entry.shown(number))
            .collect();
        Extract {
            entries,
            evicted: first,
            bytes,
            bytes_max: self.bytes_max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(target: &str) -> Entry {
        Entry {
            at: Moment::from_seconds(1_700_000_000),
            surface: "cmp",
            operation: "create card",
            method: http::Method::POST,
            target: target.parse().unwrap(),
            status: 201,
            account: None,
            reason: None,
            request: bytes::Bytes::from_static(br#"{"pan":"4111111111111111","cvc":"123"}"#),
            response: bytes::Bytes::from_static(b"{}"),
            legs: Vec::new(),
            faults: None,
        }
    }

    #[test]
    fn it_stays_within_its_bound_and_says_what_it_let_go() {
        let one = entry("/cards").bytes();
        let journal = Journal::new(one * 3);
        for _ in 0..10 {
            journal.record(entry("/cards"));
        }
        let extract = journal.read(0, 100);
        assert_eq!((extract.entries.len(), extract.evicted), (3, 7));
        assert_eq!(extract.entries[0].number, 7);
        assert!(extract.bytes <= extract.bytes_max);
        assert_eq!(journal.read(9, 100).entries.len(), 1);
        assert_eq!(journal.read(0, 1).entries[0].number, 9);
    }

    #[test]
    fn what_it_shows_is_masked() {
        let journal = Journal::new(100_000);
        journal.record(entry("/cards?pan=4111111111111111"));
        let shown = serde_json::to_string(&journal.read(0, 10)).unwrap();
        assert!(
            !shown.contains("4111111111111111") && !shown.contains("123"),
            "{shown}"
        );
        assert!(shown.contains("411111******1111"), "{shown}");
    }
}
