//! One exchange as the rules look at it.

use std::sync::Arc;

use serde::Serialize;

use crate::domain::moment::Moment;
use crate::journal::{Digest, Observed, Stored, digest, known_by};

/// What a report says of an exchange. It is kept beside what depends on it, as the journal may let the exchange go.
#[derive(Debug, Clone, Serialize)]
pub struct Cited {
    /// In the journal.
    pub number: u64,
    pub at: String,
    pub surface: &'static str,
    pub method: String,
    /// Masked.
    pub target: String,
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) entry: &'a Stored,
    pub(super) cited: Arc<Cited>,
    pub(super) observed: Option<&'a Observed>,
}

/// Longest text of a target in a report.
const TARGET_LETTERS_MAX: usize = 200;

impl<'a> Seen<'a> {
    pub(super) fn new(number: u64, entry: &'a Stored) -> Self {
        let shown = entry.shown_head();
        let target = shown.target.chars().take(TARGET_LETTERS_MAX).collect();
        Self {
            cited: Arc::new(Cited {
                number,
                at: shown.at,
                surface: entry.surface(),
                method: entry.method().to_string(),
                target,
                status: entry.status(),
                client: shown.client,
                reason: shown.reason,
            }),
            entry,
            observed: entry.observed(),
        }
    }

    pub(super) fn at(&self) -> Moment {
        self.entry.at()
    }

    pub(super) fn status(&self) -> u16 {
        self.entry.status()
    }

    pub(super) fn succeeded(&self) -> bool {
        (200..=299).contains(&self.status())
    }

    /// Whether it changes nothing.
    pub(super) fn reads(&self) -> bool {
        matches!(self.entry.method().as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    pub(super) fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.entry.headers();
        headers
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Whatever the service calls the header.
    pub(super) fn idempotency_key(&self) -> Option<String> {
        let mut headers = self.entry.headers();
        headers
            .find(|(name, _)| name.ends_with("idempotency-key"))
            .map(|(_, value)| value.into_owned())
    }

    /// Whether a number stands in the body as it is, and not only behind a name that a service has for it.
    pub(super) fn carries(&self, number: &Digest) -> bool {
        let text = String::from_utf8_lossy(self.entry.request());
        let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
        runs.any(|run| (12..=19).contains(&run.len()) && known_by(&[run]) == *number)
    }

    /// Client and surface, as one of several in a key.
    pub(super) fn sender(&self) -> Digest {
        let client = self.entry.client().unwrap_or_default();
        digest(&[self.entry.surface().as_bytes(), client.as_bytes()])
    }

    /// What was asked, whoever asks and however it is signed.
    pub(super) fn request(&self) -> Digest {
        digest(&[
            self.entry.surface().as_bytes(),
            self.entry.method().as_str().as_bytes(),
            self.entry.target().as_bytes(),
            self.entry.request(),
        ])
    }
}
