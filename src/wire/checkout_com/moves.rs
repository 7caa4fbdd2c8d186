//! Capture, void, refund, reverse.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::auth::{Right, enter};
use super::errors::{CheckoutError, Own};
use super::found::find_paid;
use super::ids::{Action, action_id, name};
use super::messages::{base, json};
use super::requests::{self, Part};
use crate::domain::money::Amount;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::wire::edge::document::read;
use crate::wire::edge::payment::ToAdvance;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

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
    let account = enter(context, request, kind.right())?;
    let body = requests::document(request)?;
    let part = read(&body, requests::part)?;
    let reference = body.get("reference").cloned();
    let payment = find_paid(context, account, &request.id).await?;
    let whole = payment.authorized.minor;
    if kind == Kind::Void && part.minor.is_some_and(|minor| minor != whole) {
        return Err(Own::PartOfVoid.into());
    }
    let wanted = ToAdvance {
        id: payment.id,
        step: step(kind, part, &payment),
        note: note(&body),
        fingerprint: fingerprint::of_object(request.uri.path(), &body),
    };
    account
        .advance(context, request, wanted, async |_, moved| match moved {
            Ok(moved) => {
                let answer = accepted(request, &moved.payment, moved.place, reference);
                Ok(json(StatusCode::ACCEPTED, &answer))
            }
            Err(error) => Err(Own::Move(error.by_payment()?).into()),
        })
        .await
}

/// How the merchant names what is done.
fn note(body: &Map<String, Value>) -> Option<Box<str>> {
    let mut note = body.clone();
    note.retain(|name, value| (name == "reference" || name == "metadata") && !value.is_null());
    let is_there = !note.is_empty();
    is_there.then(|| Value::Object(note).to_string().into())
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
    let href = format!("{}/payments/{}", base(request).0, name(payment));
    let mut answer = json!({ "action_id": action_id(payment, Action::Move(place)) });
    if let Some(reference) = reference.filter(|reference| !reference.is_null()) {
        answer["reference"] = reference;
    }
    answer["_links"] = json!({ "payment": { "href": href } });
    answer
}
