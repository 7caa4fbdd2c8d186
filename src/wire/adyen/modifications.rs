//! Capture, cancel, refund, reversal. Adyen takes note of each and says how it went by webhook, so even one that is not
//! possible is answered "received"; the journal has the reason.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::auth::enter;
use super::errors::AdyenError;
use super::messages::{parse_psp_reference, psp_reference, reference_of};
use super::requests;
use super::routes::{SERVICE, begin, json_response};
use crate::crypto::digest::sha256_of_parts;
use crate::domain::id::PaymentId;
use crate::domain::merchant::Merchant;
use crate::domain::money::Amount;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::operations::payments::{self, Counter, MoveError};
use crate::wire::RequestContext;
use crate::wire::idempotency::{self, Claimed, InFlight};
use crate::wire::request::Request;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modification {
    Capture,
    Cancel,
    Refund,
    /// Cancels what is not captured and refunds what is.
    Reversal,
}

/// A modification as it was read.
struct Wanted {
    amount: Option<Amount>,
    reference: Option<String>,
}

/// Carries a modification out and answers that it has been received.
pub(super) async fn modify(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
    kind: Modification,
) -> Result<Response, AdyenError> {
    let merchant = enter(context, request)?;
    let body = requests::document(request)?;
    let wanted = read(&body, merchant, kind)?;
    let counter = Counter {
        merchant: &merchant.name,
        service: SERVICE,
    };
    let id = parse_psp_reference(&request.space, id).ok_or(AdyenError::Unknown)?;
    let found = payments::find(&context.call, counter, &id).await?;
    let payment = found.ok_or(AdyenError::Unknown)?.record;
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(response) => return Ok(response),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let result = carry_out(
        context,
        request,
        counter,
        (&payment, kind, &wanted),
        &in_flight,
    )
    .await;
    let result = result.map(|reference| {
        let answer = received(merchant, &payment, &wanted, &reference);
        json_response(StatusCode::CREATED, &reference, &answer)
    });
    Ok(idempotency::end(context, in_flight, result).await)
}

fn read(body: &Value, merchant: &Merchant, kind: Modification) -> Result<Wanted, AdyenError> {
    match kind {
        Modification::Capture | Modification::Refund => {
            let (amount, reference) = requests::members(body, merchant, requests::modification)?;
            let amount = Some(amount);
            Ok(Wanted { amount, reference })
        }
        Modification::Cancel | Modification::Reversal => {
            let reference = requests::members(body, merchant, requests::reference)?;
            let amount = None;
            Ok(Wanted { amount, reference })
        }
    }
}

/// Makes the move and names it. One that is not possible has a name too.
async fn carry_out(
    context: &mut RequestContext,
    request: &Request,
    counter: Counter<'_>,
    (payment, kind, wanted): (&Payment, Modification, &Wanted),
    in_flight: &InFlight,
) -> Result<String, AdyenError> {
    let amount = wanted.amount;
    let step = match kind {
        Modification::Capture => Step::Capture { amount, last: true },
        Modification::Refund => Step::Refund { amount },
        Modification::Cancel => Step::Void,
        Modification::Reversal if payment.captured_minor > 0 => Step::Refund { amount: None },
        Modification::Reversal => Step::Void,
    };
    let call = &mut context.call;
    match payments::advance(call, counter, &payment.id, step, in_flight.request).await {
        Ok(moved) => Ok(move_reference(&payment.id, moved.place)),
        Err(MoveError::Refused(refusal)) => {
            context.note(refusal.to_string().into());
            let receipt = request.receipt(&context.call);
            let mut bytes = [0; PaymentId::HEAD];
            bytes.copy_from_slice(&receipt[..PaymentId::HEAD]);
            Ok(reference_of(&bytes))
        }
        Err(MoveError::Unknown | MoveError::Contention) => Err(AdyenError::Contention),
        Err(MoveError::Unavailable) => Err(AdyenError::Unavailable),
    }
}

/// The reference of a payment's move.
fn move_reference(id: &PaymentId, place: usize) -> String {
    let digest = sha256_of_parts(&[id.bytes(), &place.to_be_bytes()]);
    let mut bytes = [0; PaymentId::HEAD];
    bytes.copy_from_slice(&digest[..PaymentId::HEAD]);
    reference_of(&bytes)
}

fn received(merchant: &Merchant, payment: &Payment, wanted: &Wanted, reference: &str) -> Value {
    let mut answer = json!({
        "merchantAccount": merchant.adyen_account,
        "paymentPspReference": psp_reference(&payment.id),
        "pspReference": reference,
        "status": "received",
    });
    if let Some(reference) = &wanted.reference {
        answer["reference"] = reference.clone().into();
    }
    if let Some(amount) = wanted.amount {
        answer["amount"] = json!({ "currency": amount.currency.code(), "value": amount.minor });
    }
    answer
}
