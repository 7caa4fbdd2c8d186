//! Capture, void, refund, reverse.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use super::auth::{Right, enter};
use super::errors::CheckoutError;
use super::ids::{action_id, parse_payment_id, payment_id};
use super::requests::{self, Part};
use super::routes::{SERVICE, base, begin, end, json_response};
use crate::domain::money::Amount;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::payments::{self, Counter, MoveError};
use crate::wire::RequestContext;
use crate::wire::idempotency::Claimed;
use crate::wire::request::Request;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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

pub(super) async fn make(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
    kind: Kind,
) -> Result<Response, CheckoutError> {
    let merchant = enter(context, request, kind.right())?;
    let body = requests::document(request)?;
    let part = requests::members(&body, requests::part)?;
    let counter = Counter {
        merchant: &merchant.name,
        service: SERVICE,
    };
    let id = parse_payment_id(id).ok_or(CheckoutError::Unknown)?;
    let found = payments::find(&context.call, counter, &id).await?;
    let payment = found.ok_or(CheckoutError::Unknown)?.record;
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(response) => return Ok(response),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let step = step(kind, part, &payment);
    let moved = payments::advance(&mut context.call, counter, &id, step, in_flight.request).await;
    let result = match moved {
        Ok(moved) => {
            let answer = accepted(request, &moved.payment, moved.place, &body["reference"]);
            Ok(json_response(StatusCode::ACCEPTED, &answer))
        }
        Err(MoveError::Refused(refusal)) => Err(CheckoutError::Move(refusal)),
        Err(MoveError::Unknown | MoveError::Contention) => Err(CheckoutError::Contention),
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

fn accepted(request: &Request, payment: &Payment, place: usize, reference: &Value) -> Value {
    let href = format!("{}/payments/{}", base(request).0, payment_id(&payment.id));
    let mut answer = json!({ "action_id": action_id(&payment.id, Some(place)) });
    if !reference.is_null() {
        answer["reference"] = reference.clone();
    }
    answer["_links"] = json!({ "payment": { "href": href } });
    answer
}
