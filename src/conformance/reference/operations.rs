//! When each operation is asked, and which facts of its answer are looked at. The compiler asks for every new one.

use std::fmt::Write;

use super::super::binding::{Control, Fact, Operation, Psp, vocabulary};

/// What the answer of whatever shows a token may tell.
const OF_A_TOKEN: &[Fact] = &[
    Fact::Reference,
    Fact::State,
    Fact::TokenNumber,
    Fact::TokenLast4,
    Fact::TokenExpires,
    Fact::TokenExpMonth,
    Fact::TokenExpYear,
    Fact::Par,
    Fact::CardLast4,
    Fact::Network,
];
const OF_A_CRYPTOGRAM: &[Fact] = &[
    Fact::Cryptogram,
    Fact::Eci,
    Fact::Reference,
    Fact::TokenNumber,
    Fact::TokenLast4,
    Fact::TokenExpires,
    Fact::TokenExpMonth,
    Fact::TokenExpYear,
];
const OF_A_PAYMENT: &[Fact] = &[
    Fact::Outcome,
    Fact::Payment,
    Fact::Nti,
    Fact::Tlid,
    Fact::PaidAmount,
];

/// Writes what there is to say of an operation.
pub(super) fn describe(out: &mut String, operation: Operation) {
    let (word, when) = (operation.word(), asked(operation));
    let names: Vec<String> = facts(operation)
        .iter()
        .map(|fact| format!("`{}`", vocabulary::name_of(*fact)))
        .collect();
    let besides: Vec<String> = vocabulary::besides(operation)
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let _ = write!(out, "- `{word}`: {when}");
    if !besides.is_empty() {
        let _ = write!(out, " Variables besides: {}.", besides.join(", "));
    }
    if !names.is_empty() {
        let _ = write!(out, " Facts: {}.", names.join(", "));
    }
    out.push('\n');
}

/// When the suite asks it.
pub(crate) const fn asked(operation: Operation) -> &'static str {
    match operation {
        Operation::Store => "puts a card on file; before every enrolment, if it is declared.",
        Operation::Enrol => {
            "asks the network for a token of the card; at the beginning of nearly every scenario."
        }
        Operation::Read => {
            "reads the token; to see its state and whatever else is claimed. The level core requires it, with `facts.reference` or another fact by which tokens are told apart."
        }
        Operation::CryptogramLong => {
            "asks for a long cryptogram (TAVV, UCAF); before payments with one, too."
        }
        Operation::CryptogramShort => "asks for a short cryptogram (DTVV, DTVC).",
        Operation::Delete => {
            "deletes the token for the merchant; also to tidy up when a scenario ends."
        }
        Operation::UpdateCard => "changes the expiry of the card on file.",
        Operation::DeleteCard => {
            "takes the card off file for the merchant; `policies.deleted_card_tokens` says what becomes of its tokens."
        }
        Operation::List => "lists the merchant's tokens.",
        Operation::ListCards => {
            "lists the merchant's cards on file, to see that what is refused or taken off file is not kept."
        }
        Operation::Suspend => "suspends the token for the merchant.",
        Operation::Resume => "resumes the token for the merchant.",
        Operation::Psp(psp) => match psp {
            Psp::Long => "pays with the token and a long cryptogram, the customer being there.",
            Psp::Short => {
                "pays in the fields of a card, with the token as its number and a short cryptogram as its security code."
            }
            Psp::Stored => {
                "pays without the customer and without a cryptogram, quoting an earlier payment ({nti?}, {tlid?})."
            }
            Psp::Elsewhere => {
                "pays with token and long cryptogram at another merchant; without it the other merchant asks pay-long."
            }
            Psp::Later => "authorizes with token and long cryptogram what is to be captured later.",
            Psp::Capture => "captures some or all of a payment of pay-later.",
            Psp::Void => "takes a payment of pay-later back before it is captured.",
            Psp::Refund => "refunds some or all of a payment.",
            Psp::ReadPayment => "reads the payment.",
        },
        Operation::Control(control) => match control {
            Control::Suspend => {
                "has network or issuer suspend the token; also in [control.operations]."
            }
            Control::Resume => {
                "has network or issuer resume the token; also in [control.operations]."
            }
            Control::Delete => {
                "has network or issuer delete the token; also in [control.operations]."
            }
            Control::Expiry => {
                "has the network move the token's expiry; also in [control.operations]."
            }
            Control::Card => {
                "has the network replace the card number behind the token; also in [control.operations]."
            }
            Control::Decline => {
                "has the issuer decline the next payment of the token; also in [control.operations]."
            }
            Control::Clock => "has time go by; also in [control.operations].",
            Control::Listen => {
                "registers an endpoint for webhooks; [webhooks] says how they are read; also in [control.operations]."
            }
            Control::Unlisten => {
                "takes the endpoint away, by {url} or {endpoint}; also in [control.operations]."
            }
        },
    }
}

/// The facts that the suite looks at in its answer. Every operation may tell `reason` besides.
pub(crate) const fn facts(operation: Operation) -> &'static [Fact] {
    match operation {
        Operation::Store => &[Fact::Card, Fact::CardLast4, Fact::Network, Fact::Field],
        Operation::Enrol | Operation::Read => OF_A_TOKEN,
        Operation::CryptogramLong | Operation::CryptogramShort => OF_A_CRYPTOGRAM,
        Operation::Delete | Operation::DeleteCard | Operation::Suspend | Operation::Resume => {
            &[Fact::State]
        }
        Operation::UpdateCard => &[Fact::Card],
        Operation::List => &[Fact::Tokens],
        Operation::ListCards => &[Fact::Cards],
        Operation::Psp(psp) => match psp {
            Psp::Long | Psp::Short | Psp::Stored | Psp::Elsewhere | Psp::Later => OF_A_PAYMENT,
            Psp::Capture | Psp::Void | Psp::Refund => &[Fact::Outcome],
            Psp::ReadPayment => OF_A_PAYMENT,
        },
        Operation::Control(control) => match control {
            Control::Suspend
            | Control::Resume
            | Control::Delete
            | Control::Expiry
            | Control::Card
            | Control::Decline
            | Control::Clock
            | Control::Unlisten => &[],
            Control::Listen => &[Fact::Endpoint, Fact::Secret],
        },
    }
}
