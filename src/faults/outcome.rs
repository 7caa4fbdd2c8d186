//! What the network or the issuer answers: a fault that is no failure of the plumbing but a business outcome.

use serde::Serialize;

use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use super::named::all_named;
use crate::domain::operation::Operation;
use crate::domain::persona::IssuerAnswer;
use crate::domain::rejection::Rejection;

/// An outcome that takes the place of what the card's persona would have given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The request is refused for this reason, in the surface's own words.
    Refuse { reason: Rejection },
    /// A token is granted, but the cardholder must be verified before it becomes active.
    StepUp,
    /// The issuer answers the payment so.
    IssuerAnswer { answer: IssuerAnswer },
}

impl Outcome {
    /// The operations that can come to it.
    pub(super) const fn operations(self) -> &'static [Operation] {
        match self {
            Self::Refuse { .. } => &[
                Operation::CreateAlias,
                Operation::DeleteAlias,
                Operation::CreateCard,
                Operation::DeleteCard,
                Operation::Provision,
                Operation::ActivateToken,
                Operation::SuspendToken,
                Operation::ResumeToken,
                Operation::DeleteToken,
                Operation::IssueCryptogram,
                Operation::Authorize,
            ],
            Self::StepUp => &[Operation::Provision],
            Self::IssuerAnswer { .. } => &[Operation::Authorize],
        }
    }
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "refuse",
        about: "the request is refused, worded by its surface",
        parameters: &[Parameter::required(
            "reason",
            Takes::Word(all_named::<Rejection>),
            "a reason of the domain: card_not_allowed, issuer_unavailable, …",
        )],
        example: "refuse card_not_allowed",
        read: |fields| {
            Ok(plain(Outcome::Refuse {
                reason: fields.named("reason")?,
            }))
        },
    },
    Kind {
        word: "step_up",
        about: "the token is granted, but inactive until the cardholder has been verified",
        parameters: &[],
        example: "step_up",
        read: |_| Ok(plain(Outcome::StepUp)),
    },
    Kind {
        word: "issuer_answer",
        about: "the issuer answers a payment so",
        parameters: &[Parameter::required(
            "answer",
            Takes::Word(all_named::<IssuerAnswer>),
            "do_not_honour, insufficient_funds, stolen, …",
        )],
        example: "issuer_answer insufficient_funds",
        read: |fields| {
            Ok(plain(Outcome::IssuerAnswer {
                answer: fields.named("answer")?,
            }))
        },
    },
];

const fn plain(outcome: Outcome) -> Fault {
    Fault::Plain(Plain::Outcome(outcome))
}
