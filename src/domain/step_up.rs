//! Step-up: a cardholder proves with a one-time code that the card is theirs. Codes and guesses are bounded, so that nobody
//! gets in by trying. Nothing is sent to anybody: the code is the one that Visa's sandbox takes.

use serde::{Deserialize, Serialize};

use super::id::TokenReference;
use super::moment::Moment;
use crate::crypto::encoding::hex;
use crate::crypto::mac::same;
use crate::limits::{OTP_CODES_MAX, OTP_GUESSES_MAX, OTP_LIFETIME};
use crate::seed::{Purpose, Seed};

/// The code that is always right (Visa's sandbox, as several guides for its integrators say).
const CODE: &str = "456789";

/// A way in which a code can reach the cardholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Sms,
    Email,
}

impl Method {
    pub const ALL: [Self; 2] = [Self::Sms, Self::Email];

    /// Names the method for one token, so that a client must have asked for the list before it chooses.
    pub fn identifier(self, seed: &Seed, token: &TokenReference) -> String {
        let name: &[u8] = match self {
            Self::Sms => b"sms",
            Self::Email => b"email",
        };
        hex(&seed.derive16(Purpose::StepUp, &[token.bytes(), name]))
    }
}

/// Why a code is not sent or not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepUpRefusal {
    #[error("no method of this token has that identifier")]
    MethodUnknown,
    #[error("no code has been asked for")]
    NotSent,
    #[error("the code has expired")]
    Expired,
    #[error("the code is wrong")]
    WrongCode,
    #[error("the code was wrong too often; ask for another one")]
    GuessesExhausted,
    #[error("too many codes have been asked for")]
    CodesExhausted,
}

/// How the step-up of one token stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepUpRecord {
    pub token: TokenReference,
    /// Codes sent since the cardholder was last verified.
    codes: u8,
    /// Wrong guesses at the last code.
    wrong: u8,
    /// When the last code was sent, unless it has been used.
    sent: Option<Moment>,
    /// When the cardholder was last verified.
    pub verified: Option<Moment>,
}

impl StepUpRecord {
    pub const fn new(token: TokenReference) -> Self {
        Self {
            token,
            codes: 0,
            wrong: 0,
            sent: None,
            verified: None,
        }
    }

    /// Sends a code, which takes the place of the one before.
    ///
    /// # Errors
    /// [`StepUpRefusal::CodesExhausted`].
    pub fn send(self, now: Moment) -> Result<Self, StepUpRefusal> {
        if self.codes >= OTP_CODES_MAX {
            return Err(StepUpRefusal::CodesExhausted);
        }
        Ok(Self {
            codes: self.codes + 1,
            wrong: 0,
            sent: Some(now),
            ..self
        })
    }

    /// Checks a guess. The record must be kept whether or not it was right, because a wrong one counts.
    pub fn guess(self, code: &str, now: Moment) -> (Self, Result<(), StepUpRefusal>) {
        let Some(sent) = self.sent else {
            return (self, Err(StepUpRefusal::NotSent));
        };
        if now.since(sent) > OTP_LIFETIME {
            return (self, Err(StepUpRefusal::Expired));
        }
        if self.wrong >= OTP_GUESSES_MAX {
            return (self, Err(StepUpRefusal::GuessesExhausted));
        }
        if !same(code.as_bytes(), CODE.as_bytes()) {
            let counted = Self {
                wrong: self.wrong + 1,
                ..self
            };
            return (counted, Err(StepUpRefusal::WrongCode));
        }
        let verified = Self {
            codes: 0,
            wrong: 0,
            sent: None,
            verified: Some(now),
            ..self
        };
        (verified, Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Moment = Moment::from_seconds(1_700_000_000);

    fn record() -> StepUpRecord {
        StepUpRecord::new(TokenReference::from_bytes([7; 16]))
    }

    #[test]
    fn the_right_code_is_taken_once() {
        let (record, done) = record().send(NOW).unwrap().guess(CODE, NOW);
        assert_eq!((done, record.verified), (Ok(()), Some(NOW)));
        let (_, again) = record.guess(CODE, NOW);
        assert_eq!(again, Err(StepUpRefusal::NotSent));
    }

    #[test]
    fn guesses_and_codes_are_bounded_and_the_right_one_comes_too_late() {
        let mut held = record();
        for _ in 0..OTP_CODES_MAX {
            held = held.send(NOW).unwrap();
            for _ in 0..OTP_GUESSES_MAX {
                let (counted, wrong) = held.guess("000000", NOW);
                assert_eq!(wrong, Err(StepUpRefusal::WrongCode));
                held = counted;
            }
            let (counted, late) = held.guess(CODE, NOW);
            assert_eq!(late, Err(StepUpRefusal::GuessesExhausted));
            held = counted;
        }
        assert_eq!(
            held.send(NOW).map(|_| ()),
            Err(StepUpRefusal::CodesExhausted)
        );
    }

    #[test]
    fn a_code_expires() {
        let sent = record().send(NOW).unwrap();
        let end = NOW.plus(OTP_LIFETIME);
        assert_eq!(sent.clone().guess(CODE, end).1, Ok(()));
        let after = end.plus(Duration::from_micros(1));
        assert_eq!(sent.guess(CODE, after).1, Err(StepUpRefusal::Expired));
        assert_eq!(record().guess(CODE, NOW).1, Err(StepUpRefusal::NotSent));
    }

    #[test]
    fn a_method_is_named_for_one_token() {
        let seed = Seed::from_text("step-up");
        let name =
            |method: Method, token| method.identifier(&seed, &TokenReference::from_bytes(token));
        assert_ne!(name(Method::Sms, [1; 16]), name(Method::Email, [1; 16]));
        assert_ne!(name(Method::Sms, [1; 16]), name(Method::Sms, [2; 16]));
    }
}
