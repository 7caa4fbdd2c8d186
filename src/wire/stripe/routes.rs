//! What Stripe answers, route by route.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode, Uri};
use serde_json::Value;

use super::auth::enter;
use super::errors::StripeError;
use super::form::Form;
use super::intents::{parse_charge_id, parse_intent_id};
use super::refusals::refused;
use super::{later, messages, parameters, refunds, requests};
use crate::crypto::encoding::base58;
use crate::domain::id::PaymentId;
use crate::domain::merchant::Merchant;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount};
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::operations::authorize::authorize;
use crate::operations::drafts;
use crate::operations::payments::{self, Counter, MoveError, Moved};
use crate::wire::idempotency::{self, Claimed, InFlight, Terms};
use crate::wire::request::Request;
use crate::wire::{RequestContext, fingerprint};

/// Under this name payments are kept.
pub(super) const SERVICE: &str = "stripe";
pub(super) const REPLAYED: &str = "idempotent-replayed";

/// Every route of Stripe that standin imitates.
pub fn router() -> Router {
    Router::new()
        .route("/v1/payment_intents", post(create))
        .route("/v1/payment_intents/{id}", get(read))
        .route("/v1/payment_intents/{id}/confirm", post(confirm))
        .route("/v1/payment_intents/{id}/capture", post(capture))
        .route("/v1/payment_intents/{id}/cancel", post(cancel))
        .route("/v1/charges/{id}", get(read_charge))
        .route("/v1/refunds", post(refunds::refund))
        .route("/v1/refunds/{id}", get(refunds::read))
        .fallback(no_such_page)
        .method_not_allowed_fallback(no_such_page)
}

async fn no_such_page(method: Method, uri: Uri) -> StripeError {
    StripeError::NoSuchPage(format!("{method}: {}", uri.path()))
}

async fn create(mut request: Request) -> Response {
    let mut context = request.begin("create payment intent").await;
    let result = create_intent(&mut context, &request).await;
    finish(context, &request, result)
}

async fn create_intent(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    let form = form(request)?;
    parameters::check(&form, &[parameters::CREATE, parameters::CONFIRM])?;
    if form.boolean("confirm")? != Some(true) {
        return later::create(context, request, merchant, form).await;
    }
    let mut payment_request = requests::intent(&form, &merchant.name)?;
    let in_flight = match begin(context, request, merchant, &form).await? {
        Claimed::Replayed(response) => return Ok(idempotency::marked(response, REPLAYED)),
        Claimed::InFlight(in_flight) => in_flight,
    };
    payment_request.id = in_flight.request;
    let paid = authorize(&mut context.call, payment_request, None).await;
    let result = match paid {
        Ok(payment) => {
            if !payment.approved() {
                // The intent may be confirmed again, with another card.
                let asked = form.without("payment_method_");
                let reopened = drafts::reopen(&context.call, &payment, asked).await;
                if let Err(rejection) = reopened {
                    let result = Err(StripeError::from(rejection));
                    return Ok(idempotency::end(context, in_flight, result).await);
                }
            }
            paid_or_declined(request, &payment, form.expands("latest_charge"))
        }
        Err(rejection) => Err(StripeError::from(rejection)),
    };
    Ok(idempotency::end(context, in_flight, result).await)
}

/// A decline is an error, with the intent inside it.
pub(super) fn paid_or_declined(
    request: &Request,
    payment: &Payment,
    whole: bool,
) -> Result<Response, StripeError> {
    let config = &request.space.config;
    let intent = messages::intent(config, payment, whole);
    match payment.decline {
        None => Ok(json(&intent)),
        Some(reason) => {
            let mut error = messages::card_error(config, payment);
            error["payment_intent"] = intent;
            Err(StripeError::Declined {
                reason: reason.word(),
                error: Box::new(error),
            })
        }
    }
}

async fn read(mut request: Request) -> Response {
    let mut context = request.begin("read payment intent").await;
    let result = read_intent(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

async fn read_intent(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    let query = query(request)?;
    match find_intent(context, merchant, id).await? {
        Some(Found::Payment(payment)) => {
            let whole = query.expands("latest_charge");
            Ok(json(&messages::intent(
                &request.space.config,
                &payment,
                whole,
            )))
        }
        Some(Found::Draft(draft)) => Ok(json(&messages::waiting(&draft)?)),
        None => Err(no_such_intent("intent", id)),
    }
}

/// What an intent's name leads to.
pub(super) enum Found {
    Payment(Box<Payment>),
    /// It has come to no payment.
    Draft(Box<Draft>),
}

pub(super) async fn find_intent(
    context: &RequestContext,
    merchant: &Merchant,
    id: &str,
) -> Result<Option<Found>, Rejection> {
    let Some(draft) = later::find(context, merchant, id).await? else {
        let payment = find(context, merchant, parse_intent_id(id)).await?;
        return Ok(payment.map(|payment| Found::Payment(payment.into())));
    };
    let payment = later::payment_of(context, merchant, &draft).await?;
    Ok(Some(match payment {
        Some(payment) => Found::Payment(payment.into()),
        None => Found::Draft(draft.into()),
    }))
}

async fn confirm(mut request: Request) -> Response {
    let mut context = request.begin("confirm payment intent").await;
    let result = later::confirm(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

pub(super) fn query(request: &Request) -> Result<Form, StripeError> {
    let query = Form::parse(request.uri.query().unwrap_or_default().as_bytes());
    parameters::check(&query, &[parameters::READ])?;
    Ok(query)
}

async fn read_charge(mut request: Request) -> Response {
    let mut context = request.begin("read charge").await;
    let result = charge(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

async fn charge(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    query(request)?;
    let payment = find(context, merchant, parse_charge_id(id)).await?;
    let payment = payment.ok_or_else(|| no_such("charge", "id", id))?;
    Ok(json(&messages::charge(&request.space.config, &payment)))
}

async fn capture(mut request: Request) -> Response {
    let mut context = request.begin("capture payment intent").await;
    let result = move_intent(
        &mut context,
        &request,
        &request.id,
        (parameters::CAPTURE, capture_step),
    )
    .await;
    finish(context, &request, result)
}

fn capture_step(form: &Form, payment: &Payment) -> Result<Noted, StripeError> {
    let last = form.boolean("final_capture")?.unwrap_or(true);
    let amount = form
        .integer("amount_to_capture")?
        .map(|minor| of(payment, minor));
    Ok((Step::Capture { amount, last }, None))
}

async fn cancel(mut request: Request) -> Response {
    let mut context = request.begin("cancel payment intent").await;
    let result = cancel_intent(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

async fn cancel_intent(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    match later::find(context, merchant, id).await? {
        Some(draft) if !matches!(draft.status, DraftStatus::Paid(_)) => {
            later::cancel(context, request, merchant, &draft).await
        }
        Some(_) | None => move_intent(context, request, id, (parameters::CANCEL, void_step)).await,
    }
}

fn void_step(form: &Form, _: &Payment) -> Result<Noted, StripeError> {
    Ok((
        Step::Void,
        requests::cancellation_reason(form)?.map(Box::from),
    ))
}

/// A step, and what is kept with it.
type Noted = (Step, Option<Box<str>>);
/// The step that a call asks for.
type StepOf = fn(&Form, &Payment) -> Result<Noted, StripeError>;

async fn move_intent(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
    (known, step): (&[&str], StepOf),
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    let form = form(request)?;
    parameters::check(&form, &[known])?;
    let payment = find_confirmed(context, merchant, id, "intent").await?;
    let step = step(&form, &payment)?;
    let in_flight = match begin(context, request, merchant, &form).await? {
        Claimed::Replayed(response) => return Ok(idempotency::marked(response, REPLAYED)),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let moved = advance(context, merchant, &payment, step, &in_flight).await;
    let whole = form.expands("latest_charge");
    let result = moved.map(|moved| {
        json(&messages::intent(
            &request.space.config,
            &moved.payment,
            whole,
        ))
    });
    Ok(idempotency::end(context, in_flight, result).await)
}

/// The payment of an intent that is named in this parameter, which must have come to one.
pub(super) async fn find_confirmed(
    context: &RequestContext,
    merchant: &Merchant,
    id: &str,
    name: &'static str,
) -> Result<Payment, StripeError> {
    match find_intent(context, merchant, id).await? {
        Some(Found::Payment(payment)) => Ok(*payment),
        Some(Found::Draft(_)) => Err(StripeError::Unexpected("it has not been confirmed")),
        None => Err(no_such_intent(name, id)),
    }
}

pub(super) async fn advance(
    context: &mut RequestContext,
    merchant: &Merchant,
    payment: &Payment,
    noted: Noted,
    in_flight: &InFlight,
) -> Result<Moved, StripeError> {
    let (counter, step) = (counter(merchant), noted.0);
    let call = &mut context.call;
    let moved = payments::advance_with(call, counter, &payment.id, noted, in_flight.request).await;
    moved.map_err(|error| match error {
        MoveError::Refused(refusal) => refused(step, refusal, payment),
        MoveError::Unknown | MoveError::Contention => StripeError::Contention,
        MoveError::Unavailable => StripeError::Unavailable,
    })
}

pub(super) fn form(request: &Request) -> Result<Form, StripeError> {
    if request.body.is_empty() || request.is_of_type("application/x-www-form-urlencoded") {
        return Ok(Form::parse(&request.body));
    }
    Err(StripeError::MediaType)
}

/// Of idempotency keys.
const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
};

pub(super) async fn begin(
    context: &RequestContext,
    request: &Request,
    merchant: &Merchant,
    form: &Form,
) -> Result<Claimed, StripeError> {
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    let begun = idempotency::begin(context, request, (&KEYS, &merchant.name), fingerprint).await;
    begun.map_err(|problem| StripeError::key(problem, KEYS.key(request)))
}

pub(super) async fn find(
    context: &RequestContext,
    merchant: &Merchant,
    id: Option<PaymentId>,
) -> Result<Option<Payment>, Rejection> {
    let Some(id) = id else {
        return Ok(None);
    };
    let found = payments::find(&context.call, counter(merchant), &id).await?;
    Ok(found.map(|found| found.record))
}

pub(super) fn counter(merchant: &Merchant) -> Counter<'_> {
    Counter {
        merchant: &merchant.name,
        service: SERVICE,
    }
}

/// Minor units of the payment's currency; more than there can be is as good as the most.
pub(super) fn of(payment: &Payment, minor: u64) -> Amount {
    Amount {
        minor: minor.min(AMOUNT_MINOR_MAX),
        currency: payment.authorized.currency,
    }
}

pub(super) fn no_such_intent(name: &'static str, id: &str) -> StripeError {
    no_such("payment_intent", name, id)
}

pub(super) fn no_such(what: &'static str, name: &'static str, id: &str) -> StripeError {
    StripeError::NoSuch {
        what,
        name,
        id: id.chars().take(100).collect(),
    }
}

pub(super) fn json(body: &Value) -> Response {
    (
        StatusCode::OK,
        [(CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

/// Every answer names its request.
pub(super) fn finish(
    context: RequestContext,
    request: &Request,
    result: Result<Response, StripeError>,
) -> Response {
    let receipt = format!("req_{}", base58(request.receipt(&context.call)));
    let mut response = context.finish(result);
    if let Ok(receipt) = HeaderValue::from_str(&receipt) {
        response.headers_mut().insert("request-id", receipt);
    }
    response
}
