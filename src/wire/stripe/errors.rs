//! Stripe's errors: one object with type, code, message and the parameter that is wrong.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::error_words::words;
use crate::domain::payment::moves::MoveRefusal;
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::wire::edge::payment::StrictWording;
use crate::wire::edge::{self, Answer, Exchange, Refusal, Wording};

/// Why a call is refused.
pub(super) type StripeError = Refusal<Own>;

/// The reasons that are Stripe's own.
#[derive(Debug)]
pub enum Own {
    NoKey,
    /// The key, with all but its ends hidden.
    WrongKey(String),
    Missing(&'static str),
    /// A payment with a token that the customer starts, without a cryptogram, which this parameter would have.
    CryptogramMissing(&'static str),
    NotAnInteger {
        name: &'static str,
        given: String,
    },
    NotABoolean {
        name: &'static str,
        given: String,
    },
    NotAnArray(&'static str),
    /// A parameter with a code of its own.
    Parameter {
        name: &'static str,
        code: &'static str,
        message: String,
    },
    /// Something about the card that is wrong on the face of it, with the code and the parameter.
    Card {
        name: &'static str,
        code: &'static str,
        message: &'static str,
    },
    NoSuch {
        what: &'static str,
        name: &'static str,
        id: String,
    },
    /// A declined payment, with all that the error says of it.
    Declined {
        reason: &'static str,
        error: Box<Value>,
    },
    /// What the status of an intent or of a charge does not allow.
    State(Box<Conflict>),
    /// No such version of the API.
    Version(String),
    /// An empty value for a parameter that cannot be unset.
    Empty(String),
    /// Strict rules refuse what would be let pass with this warning.
    Contradicted(Warning),
    /// What was to be written out and cannot be, in a sentence.
    Expansion(String),
    /// A parameter that the call does not have.
    UnknownParameter(String),
}

/// Why something cannot be done with what is there.
#[derive(Debug)]
pub struct Conflict {
    /// For the journal, where the payment itself says no.
    pub(super) refusal: Option<MoveRefusal>,
    pub(super) code: Option<&'static str>,
    pub(super) message: String,
    pub(super) param: Option<&'static str>,
    /// The intent as it stands, under its name in the error: `payment_intent` or `setup_intent`.
    pub(super) intent: Option<(&'static str, Value)>,
}

impl Own {
    pub(super) fn wrong_key(key: &str) -> Self {
        let kept = |count: usize| key.chars().take(count).collect::<String>();
        Self::WrongKey(format!("{}***", kept(7.min(key.len() / 2))))
    }
}

impl From<Conflict> for StripeError {
    fn from(conflict: Conflict) -> Self {
        Self::Own(Own::State(Box::new(conflict)))
    }
}

impl From<Own> for StripeError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

impl StrictWording for Own {
    fn contradicted(warning: Warning) -> Self {
        Self::Contradicted(warning)
    }
}

impl Wording for Own {
    fn message(refusal: &StripeError) -> Cow<'static, str> {
        words(refusal, None).message.into_owned().into()
    }

    fn answer(refusal: &StripeError, exchange: Exchange<'_>) -> Answer {
        let words = words(refusal, Some(exchange.request));
        let mut error = words.error();
        if let Refusal::Own(Self::Declined { error: made, .. }) = refusal {
            error = (**made).clone();
        }
        if let Refusal::Own(Self::State(conflict)) = refusal
            && let Some((name, intent)) = &conflict.intent
        {
            error[*name] = intent.clone();
        }
        edge::json(words.status, json!({ "error": error }).to_string())
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Declined { reason, .. } => Some((*reason).into()),
            Self::State(conflict) => conflict.refusal.map(|why| why.to_string().into()),
            Self::CryptogramMissing(_) => Some(DeclineReason::CryptogramMissing.word().into()),
            Self::Contradicted(warning) => Some(warning.word().into()),
            Self::NoKey
            | Self::WrongKey(_)
            | Self::Missing(_)
            | Self::NotAnArray(_)
            | Self::NotAnInteger { .. }
            | Self::NotABoolean { .. }
            | Self::Parameter { .. }
            | Self::Card { .. }
            | Self::NoSuch { .. }
            | Self::Version(_)
            | Self::Empty(_)
            | Self::Expansion(_)
            | Self::UnknownParameter(_) => None,
        }
    }
}
