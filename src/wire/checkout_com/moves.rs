//! Capture, void, refund, reverse.

use http::StatusCode;
use serde_json::{Value, json};

use super::SERVICE;
use super::auth::{Right, enter};
use super::errors::{CheckoutError, Own};
use super::idempotency::begin;
use super::ids::{action_id, parse_payment_id, payment_id};
use super::requests::{self, Part};
use super::routes::{base, json};
use crate::domain::money::Amount;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::payments::{self, Counter, MoveError};
use crate::wire::edge::document::read;
use crate::wire::edge::idempotency::{Claimed, end};
use crate::wire::edge::{Answer, Request, RequestContext};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Capture,
    Void,
    Refund,
    /// Voids what is not captured and refunds what is.
    Reverse,
}

impl Kind {
    const fn right(self) -> Right {
        match self {
            Self::Capture => Right::Capture,
            Self::Void => Right::Void,
            Self::Refund => Right::Refund,
            Self::Reverse => Right::Reverse,
        }
    }
}

pub(super) async fn capture(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    make(context, request, Kind::Capture).await
}

pub(super) async fn void(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    make(context, request, Kind::Void).await
}

pub(super) async fn refund(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    make(context, request, Kind::Refund).await
}

pub(super) async fn reverse(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    make(context, request, Kind::Reverse).await
}

async fn make(
    context: &mut RequestContext,
    request: &Request,
    kind: Kind,
) -> Result<Answer, CheckoutError> {
    let merchant = enter(context, request, kind.right())?;
    let body = requests::document(request)?;
    let part = read(&body, requests::part)?;
    let reference = body.get("reference").cloned();
    let counter = Counter {
        merchant: &merchant.name,
        service: SERVICE,
    };
    let id = parse_payment_id(&request.id).ok_or(Own::Unknown)?;
    let found = payments::find(&context.call, counter, &id).await?;
    let payment = found.ok_or(Own::Unknown)?.record;
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(answer) => return Ok(answer),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let step = step(kind, part, &payment);
    let moved = payments::advance(&mut context.call, counter, &id, step, in_flight.request).await;
    let result = match moved {
        Ok(moved) => {
            let answer = accepted(request, &moved.payment, moved.place, reference);
            Ok(json(StatusCode::ACCEPTED, &answer))
        }
        Err(MoveError::Refused(refusal)) => Err(Own::Move(refusal).into()),
        Err(MoveError::Unknown | MoveError::Contention) => Err(Rejection::Contention.into()),
        Err(MoveError::Unavailable) => Err(Rejection::StoreUnavailable.into()),
    };
    Ok(end(context, request, in_flight, result).await)
}

fn step(kind: Kind, part: Part, payment: &Payment) -> Step {
    let currency = payment.authorized.currency;
    let amount = part.minor.map(|minor| Amount { minor, currency });
    match kind {
        Kind::Capture => Step::Capture {
            amount,
            last: part.last,
        },
        Kind::Void => Step::Void,
        Kind::Refund => Step::Refund { amount },
        Kind::Reverse if payment.captured_minor > 0 => Step::Refund { amount: None },
        Kind::Reverse => Step::Void,
    }
}

fn accepted(request: &Request, payment: &Payment, place: usize, reference: Option<Value>) -> Value {
    let href = format!("{}/payments/{}", base(request).0, payment_id(&payment.id));
    let mut answer = json!({ "action_id": action_id(&payment.id, Some(place)) });
    if let Some(reference) = reference.filter(|reference| !reference.is_null()) {
        answer["reference"] = reference;
    }
    answer["_links"] = json!({ "payment": { "href": href } });
    answer
}
