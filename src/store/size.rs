//! What is kept outside a record, a notice or a message itself, in bytes. What clients may make longer is counted; the rest
//! is in the fixed part of [`crate::limits`].

use crate::domain::alias::{AliasRecord, Secret};
use crate::domain::claim::Claim;
use crate::domain::notice::{Cause, Notice};
use crate::domain::payment::allowance::Credential;
use crate::domain::payment::customer::Customer;
use crate::domain::payment::dispute::Dispute;
use crate::domain::payment::draft::Draft;
use crate::domain::payment::method::PaymentMethod;
use crate::domain::payment::record::{Move, Payment};
use crate::domain::payment::request::PaymentRequest;
use crate::domain::payment::told::{PaymentThen, RefusedMove};
use crate::domain::token::CardRecord;
use crate::limits::{MESSAGE_BYTES, NOTICE_BYTES};

/// A sealed form: number, expiry and its envelope.
pub(super) const FORM_BYTES: usize = 512;
/// What stands beside an idempotency key or a payment in blocks of its own, besides the texts: vectors, counters.
const BLOCKS_BYTES: usize = 128;

fn of_text(text: Option<&String>) -> usize {
    text.map_or(0, String::capacity)
}

pub(super) fn of_pairs(pairs: &[(String, String)]) -> usize {
    let texts = pairs
        .iter()
        .map(|(name, value)| name.capacity() + value.capacity());
    size_of_val(pairs) + texts.sum::<usize>()
}

pub(super) fn of_card(card: &CardRecord) -> usize {
    card.more.as_deref().map_or(0, |more| {
        let texts = [
            &more.alias,
            &more.cardholder,
            &more.metadata,
            &more.customer,
        ];
        let texts = texts.map(|text| of_text(text.as_ref()));
        size_of_val(more) + texts.iter().sum::<usize>()
    })
}

pub(super) fn of_alias(alias: &AliasRecord) -> usize {
    match &alias.secret {
        Secret::Pan(_) => 0,
        Secret::Text(text) => text.len(),
    }
}

pub(super) fn of_payment(payment: &Payment) -> usize {
    let note = payment.note.as_deref().map_or(0, str::len);
    let issued = payment.issued.as_deref().map_or(0, |issued| {
        size_of_val(issued) + of_text(issued.country.as_ref())
    });
    let texts = of_text(payment.account.as_ref()) + of_text(payment.eci.as_ref()) + issued;
    let notes = payment.moves.iter().filter_map(|made| made.note.as_deref());
    let moves = payment.moves.capacity() * size_of::<Move>() + notes.map(str::len).sum::<usize>();
    let dispute = payment.dispute.as_deref().map_or(0, of_dispute);
    BLOCKS_BYTES + payment.merchant.capacity() + note + texts + moves + dispute
}

fn of_dispute(dispute: &Dispute) -> usize {
    let note = dispute.note.as_deref().map_or(0, str::len);
    size_of::<Dispute>() + dispute.reason.capacity() + note
}

pub(super) fn of_credential(credential: &Credential) -> usize {
    let merchants = &credential.allowance.merchants;
    let texts: usize = merchants.iter().map(String::capacity).sum();
    BLOCKS_BYTES + size_of_val(merchants.as_slice()) + texts
}

pub(super) fn of_claim(claim: &Claim) -> usize {
    claim.answer.as_deref().map_or(0, |answer| {
        BLOCKS_BYTES + of_pairs(&answer.headers) + answer.body.capacity()
    })
}

pub(super) fn of_draft(draft: &Draft) -> usize {
    let held = draft.held.as_deref().map_or(0, of_request);
    of_pairs(&draft.asked) + draft.merchant.capacity() + held
}

/// A payment that waits for its customer.
fn of_request(request: &PaymentRequest) -> usize {
    let texts = [
        &request.proof.cryptogram,
        &request.proof.code,
        &request.eci,
        &request.claims.last4,
        &request.claims.account,
        &request.token_requestor_id,
        &request.asked,
    ];
    let texts = texts.map(|text| of_text(text.as_ref()));
    let note = request.note.as_deref().map_or(0, str::len);
    let kept = request.merchant.capacity() + note + texts.iter().sum::<usize>();
    BLOCKS_BYTES + size_of::<PaymentRequest>() + kept
}

pub(super) fn of_customer(customer: &Customer) -> usize {
    of_pairs(&customer.said) + customer.merchant.capacity()
}

pub(super) fn of_method(method: &PaymentMethod) -> usize {
    BLOCKS_BYTES + of_pairs(&method.said) + method.merchant.capacity()
}

/// What a notice that is kept takes. Those of one change share what they tell of, and each counts it.
pub(super) fn of_notice(notice: &Notice) -> usize {
    NOTICE_BYTES + told(notice)
}

/// What a message takes, which repeats in its body what its notice tells of.
pub(super) fn of_message(notice: &Notice) -> usize {
    MESSAGE_BYTES + 2 * told(notice)
}

/// The card and the payment as they were, and the call that did it.
fn told(notice: &Notice) -> usize {
    let card = notice.card_then.as_deref().map_or(0, of_card);
    let payment = notice.payment_then.as_deref().map_or(0, |then| match then {
        PaymentThen::Made(payment) => size_of::<Payment>() + of_payment(payment),
        PaymentThen::Refused(RefusedMove {
            payment,
            note,
            reason,
            ..
        }) => {
            let texts = note.as_deref().map_or(0, str::len) + reason.capacity();
            size_of::<RefusedMove>() + of_payment(payment) + texts
        }
        PaymentThen::Waits(draft) => size_of::<Draft>() + of_draft(draft),
        PaymentThen::Customer(customer) => size_of::<Customer>() + of_customer(customer),
        PaymentThen::Method(method) => size_of::<PaymentMethod>() + of_method(method),
    });
    let cause = notice.cause.as_deref().map_or(0, |cause| {
        let key = cause.idempotency_key.as_deref().map_or(0, str::len);
        size_of::<Cause>() + cause.request.len() + key
    });
    card + payment + cause
}
