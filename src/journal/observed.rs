//! What a judge of clients wants to know of an exchange beside what the journal has anyway. Nothing is observed, and nothing of
//! it takes time or room, while there is no judge.

use std::fmt::Debug;

use super::stored::Stored;
use crate::crypto::digest::sha256;
use crate::domain::id::TokenReference;
use crate::domain::notice::Event;
use crate::domain::payment::reason::DeclineReason;

/// Of a number, a cryptogram, a body: enough to know it again, and not to read it.
pub type Digest = [u8; 16];

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// The token that it was about.
    pub token: Option<TokenReference>,
    /// The card of which a token was made.
    pub account: Option<Digest>,
    /// A cryptogram that a fault rule has spoilt. Whoever pays with it is not to blame.
    pub spoilt: Option<Digest>,
    pub paid: Option<Paid>,
    /// For how many seconds the client was told to stay away.
    pub retry_after_s: Option<u64>,
    /// A fault rule kept the answer from arriving.
    pub lost: bool,
    pub told: Option<Told>,
}

/// A payment, whatever came of it.
#[derive(Debug, Clone, Copy)]
pub struct Paid {
    /// Of the card or token.
    pub number: Digest,
    pub cryptogram: Option<Digest>,
    pub has_code: bool,
    /// The merchant started it.
    pub by_merchant: bool,
    pub declined: Option<DeclineReason>,
}

/// A webhook message.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub token: Option<TokenReference>,
    pub event: Event,
    /// Its signature is right.
    pub genuine: bool,
    /// Its signature is older than any receiver should take.
    pub stale: bool,
}

/// Somebody who looks at every entry of a journal as it comes, in its order.
pub trait Watch: Debug + Send + Sync {
    fn saw(&self, number: u64, entry: &Stored);
}

/// By this a text is known again, such as a number, or a cryptogram with the number that it came with.
pub fn known_by(texts: &[&str]) -> Digest {
    let parts: Vec<_> = texts.iter().map(|text| text.as_bytes()).collect();
    digest(&parts)
}

/// Of several pieces, each with its length, so that none runs into the next.
pub fn digest(parts: &[&[u8]]) -> Digest {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend_from_slice(&part.len().to_be_bytes());
        whole.extend_from_slice(part);
    }
    let mut half = [0; 16];
    half.copy_from_slice(&sha256(&whole)[..16]);
    half
}
