//! What a merchant presented as proof, held against one token: whether it is good, what it was issued for, and which
//! counter it uses up. An attempt spends a genuine cryptogram although something else is wrong with the payment (Evervault's and
//! Yuno's integration guides), so the counter is told apart from the verdict; `DeclineReason::spares_the_proof` has the
//! exceptions.

use std::time::Duration;

use super::reason::DeclineReason;
use super::request::Proof;
use crate::crypto::mac::same;
use crate::domain::cryptogram::{CryptogramKind, Long, Short, TokenKey};
use crate::domain::moment::Moment;
use crate::domain::money::Amount;
use crate::domain::token::Usage;
use crate::limits::{LONG_CRYPTOGRAM_LIFETIME, SHORT_CRYPTOGRAM_LIFETIME};

/// How long cryptograms are good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    pub long: Duration,
    pub short: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            long: LONG_CRYPTOGRAM_LIFETIME,
            short: SHORT_CRYPTOGRAM_LIFETIME,
        }
    }
}

/// What the proof turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// The largest amount that the cryptogram may pay, if it was issued with one; or what is wrong with it.
    pub verdict: Result<Option<Amount>, DeclineReason>,
    /// The unspent counter that the attempt uses up.
    pub spends: Option<u32>,
    /// The kind that the field is for, which is also how a network answers it.
    pub field: Option<CryptogramKind>,
}

/// Holds the proof against the token whose key and usage are given. A cryptogram counts before a security code.
pub fn examine(
    proof: &Proof,
    key: &TokenKey,
    usage: &Usage,
    now: Moment,
    lifetimes: Lifetimes,
) -> Finding {
    let bench = Bench {
        key,
        usage,
        now,
        lifetimes,
    };
    if let Some(text) = present(proof.cryptogram.as_ref()) {
        return bench.in_long_field(text);
    }
    match present(proof.code.as_ref()) {
        Some(text) => bench.in_short_field(text),
        None => Finding {
            verdict: Err(DeclineReason::CryptogramMissing),
            spends: None,
            field: None,
        },
    }
}

/// An empty text is as good as none.
pub fn present(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

struct Bench<'a> {
    key: &'a TokenKey,
    usage: &'a Usage,
    now: Moment,
    lifetimes: Lifetimes,
}

impl Bench<'_> {
    fn in_long_field(&self, text: &str) -> Finding {
        let found = match (Long::parse(text), Short::parse(text)) {
            (Ok(long), _) => self.long(&long),
            (Err(_), Some(short)) => wrong_kind(self.short(short)),
            (Err(_), None) => unknown(),
        };
        found.shown_in(CryptogramKind::Long)
    }

    fn in_short_field(&self, text: &str) -> Finding {
        let found = match (Short::parse(text), Long::parse(text)) {
            (Some(short), _) => self.short(short),
            (None, Ok(long)) => wrong_kind(self.long(&long)),
            (None, Err(_)) => unknown(),
        };
        found.shown_in(CryptogramKind::Short)
    }

    fn long(&self, long: &Long) -> Finding {
        let Ok(claims) = long.open(self.key) else {
            return unknown();
        };
        // A counter that was never given out comes from before the space was reset.
        if claims.counter >= self.usage.next {
            return unknown();
        }
        // Age first: the spent set forgets the difference between spent and expired once it is old.
        if self.now.since(claims.issued) > self.lifetimes.long {
            return Finding::bad(DeclineReason::CryptogramExpired);
        }
        self.judge(claims.counter, claims.limit)
    }

    fn short(&self, presented: Short) -> Finding {
        let digits = presented.digits();
        let matching = self.usage.short.iter().filter(|listed| {
            let listed = Short::mint(self.key, listed.counter).digits();
            same(listed.as_bytes(), digits.as_bytes())
        });
        // Three digits repeat. One that can still be used answers for all, then one that was.
        let mut best = unknown();
        for listed in matching {
            let found = if self.now.since(listed.issued) > self.lifetimes.short {
                Finding::bad(DeclineReason::CryptogramExpired)
            } else {
                self.judge(listed.counter, listed.limit)
            };
            if found.verdict.is_ok() {
                return found;
            }
            best = if best.verdict == Err(DeclineReason::CryptogramReplayed) {
                best
            } else {
                found
            };
        }
        best
    }

    fn judge(&self, counter: u32, limit: Option<Amount>) -> Finding {
        if self.usage.spent.contains(counter) {
            return Finding::bad(DeclineReason::CryptogramReplayed);
        }
        Finding {
            verdict: Ok(limit),
            spends: Some(counter),
            field: None,
        }
    }
}

impl Finding {
    const fn bad(reason: DeclineReason) -> Self {
        Self {
            verdict: Err(reason),
            spends: None,
            field: None,
        }
    }

    const fn shown_in(self, field: CryptogramKind) -> Self {
        Self {
            field: Some(field),
            ..self
        }
    }
}

const fn unknown() -> Finding {
    Finding::bad(DeclineReason::CryptogramInvalid)
}

/// The same counter is used up, but the field is not for it.
const fn wrong_kind(found: Finding) -> Finding {
    Finding {
        verdict: Err(DeclineReason::CryptogramWrongKind),
        ..found
    }
}
