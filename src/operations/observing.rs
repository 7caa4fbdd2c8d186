//! What the journal, and a judge of clients, are told of a payment.

use crate::domain::id::TokenReference;
use crate::domain::payment::reason::DeclineReason;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{Initiator, PaymentRequest, Proof};
use crate::journal::{Leg, Observed, Paid, known_by};

/// What was paid with, so that it is known again and cannot be read.
pub(super) fn paid(
    observed: &mut Observed,
    request: &PaymentRequest,
    token: Option<TokenReference>,
    declined: Option<DeclineReason>,
) {
    let number = request.number.as_token().expose();
    let Proof { cryptogram, code } = &request.proof;
    // In the field of a security code a token has a cryptogram.
    let proof = cryptogram
        .as_ref()
        .or(code.as_ref().filter(|_| token.is_some()));
    observed.token = token;
    observed.paid = Some(Paid {
        number: known_by(&[&number]),
        cryptogram: proof.map(|proof| known_by(&[&number, proof])),
        has_code: code.is_some() && token.is_none(),
        by_merchant: request.initiator == Initiator::Merchant,
        declined,
    });
}

/// What the network was asked, and what it said.
pub(super) fn leg(payment: &Payment) -> Leg {
    Leg {
        network: payment.network.map_or("none", |network| network.word()),
        operation: "authorize",
        outcome: payment
            .decline
            .map_or("approved", |reason| reason.word())
            .into(),
    }
}
