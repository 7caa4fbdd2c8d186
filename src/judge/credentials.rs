//! What was refused for its credentials and came again as it was.

use std::sync::Arc;

use super::defect::Defect;
use super::finding::Findings;
use super::recent::Recent;
use super::seen::{Cited, Seen};
use crate::journal::{Digest, digest};

/// Headers that let somebody in.
const HEADERS: [&str; 3] = ["authorization", "x-pay-token", "x-api-key"];

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    /// Requests that were refused, with their credentials.
    refused: Recent<Digest, Arc<Cited>>,
}

impl Credentials {
    pub(super) fn see(&mut self, seen: &Seen<'_>, findings: &mut Findings) {
        let unknown = seen.entry.client().is_none();
        if !(seen.status() == 401 || seen.status() == 403 && unknown) || seen.entry.was_faulted() {
            return;
        }
        let shown = HEADERS.map(|name| seen.header(name).unwrap_or_default());
        if shown.iter().all(String::is_empty) {
            return;
        }
        let [authorization, pay_token, _] = &shown;
        let signed = !pay_token.is_empty() || authorization.starts_with("OAuth ");
        let texts = shown.each_ref().map(|text| text.as_bytes());
        let key = digest(&[&seen.request(), texts[0], texts[1], texts[2]]);
        if let Some(before) = self.refused.get(&key) {
            let defect = match signed {
                true => Defect::SignatureRepeated,
                false => Defect::CredentialRepeated,
            };
            findings.add(defect, Some(before), seen);
        } else {
            self.refused.put(key, Arc::clone(&seen.cited));
        }
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.refused.let_go()
    }
}
