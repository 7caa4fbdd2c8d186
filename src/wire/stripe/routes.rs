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
use crate::domain::payment::draft::{Draft, Standing};
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::operations::authorize::authorize;
use crate::operations::drafts;
use crate::operations::payments::{self, Counter, MoveError, Moved};
use crate::wire::asked::Asked;
use crate::wire::once::{self, Begun, Going, Terms};
use crate::wire::{Visit, fingerprint};

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

async fn create(mut asked: Asked) -> Response {
    let mut visit = asked.visit("create payment intent").await;
    let result = create_intent(&mut visit, &asked).await;
    finish(visit, &asked, result)
}

async fn create_intent(visit: &mut Visit, asked: &Asked) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    let form = form(asked)?;
    parameters::check(&form, &[parameters::CREATE, parameters::CONFIRM])?;
    if form.boolean("confirm")? != Some(true) {
        return later::create(visit, asked, merchant, form).await;
    }
    let mut request = requests::intent(&form, &merchant.name)?;
    let going = match begin(visit, asked, merchant, &form).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    request.id = going.request;
    let paid = authorize(&mut visit.call, request, None).await;
    let result = match paid {
        Ok(payment) => {
            if !payment.approved() {
                // The intent may be confirmed again, with another card.
                drafts::reopen(&visit.call, &payment, form.without("payment_method_")).await;
            }
            paid_or_declined(asked, &payment, form.expands("latest_charge"))
        }
        Err(_) => Err(StripeError::Contention),
    };
    Ok(once::end(visit, going, result).await)
}

/// A decline is an error, with the intent inside it.
pub(super) fn paid_or_declined(
    asked: &Asked,
    payment: &Payment,
    whole: bool,
) -> Result<Response, StripeError> {
    let world = &asked.desk.world;
    let intent = messages::intent(world, payment, whole);
    match payment.decline {
        None => Ok(json(&intent)),
        Some(reason) => {
            let mut error = messages::card_error(world, payment);
            error["payment_intent"] = intent;
            Err(StripeError::Declined {
                reason: reason.word(),
                error: Box::new(error),
            })
        }
    }
}

async fn read(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read payment intent").await;
    let result = read_intent(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

async fn read_intent(visit: &mut Visit, asked: &Asked, id: &str) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    let query = query(asked)?;
    match find_intent(visit, merchant, id).await {
        Some(Found::Payment(payment)) => {
            let whole = query.expands("latest_charge");
            Ok(json(&messages::intent(&asked.desk.world, &payment, whole)))
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

pub(super) async fn find_intent(visit: &Visit, merchant: &Merchant, id: &str) -> Option<Found> {
    let Some(draft) = later::find(visit, merchant, id).await else {
        let payment = find(visit, merchant, parse_intent_id(id)).await?;
        return Some(Found::Payment(payment.into()));
    };
    Some(match later::payment_of(visit, merchant, &draft).await {
        Some(payment) => Found::Payment(payment.into()),
        None => Found::Draft(draft.into()),
    })
}

async fn confirm(mut asked: Asked) -> Response {
    let mut visit = asked.visit("confirm payment intent").await;
    let result = later::confirm(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

pub(super) fn query(asked: &Asked) -> Result<Form, StripeError> {
    let query = Form::parse(asked.uri.query().unwrap_or_default().as_bytes());
    parameters::check(&query, &[parameters::READ])?;
    Ok(query)
}

async fn read_charge(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read charge").await;
    let result = charge(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

async fn charge(visit: &mut Visit, asked: &Asked, id: &str) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    query(asked)?;
    let payment = find(visit, merchant, parse_charge_id(id)).await;
    let payment = payment.ok_or_else(|| no_such("charge", "id", id))?;
    Ok(json(&messages::charge(&asked.desk.world, &payment)))
}

async fn capture(mut asked: Asked) -> Response {
    let mut visit = asked.visit("capture payment intent").await;
    let result = move_intent(
        &mut visit,
        &asked,
        &asked.id,
        (parameters::CAPTURE, capture_step),
    )
    .await;
    finish(visit, &asked, result)
}

fn capture_step(form: &Form, payment: &Payment) -> Result<Noted, StripeError> {
    let last = form.boolean("final_capture")?.unwrap_or(true);
    let amount = form
        .integer("amount_to_capture")?
        .map(|minor| of(payment, minor));
    Ok((Step::Capture { amount, last }, None))
}

async fn cancel(mut asked: Asked) -> Response {
    let mut visit = asked.visit("cancel payment intent").await;
    let result = cancel_intent(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

async fn cancel_intent(
    visit: &mut Visit,
    asked: &Asked,
    id: &str,
) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    match later::find(visit, merchant, id).await {
        Some(draft) if !matches!(draft.standing, Standing::Paid(_)) => {
            later::cancel(visit, asked, merchant, &draft).await
        }
        Some(_) | None => move_intent(visit, asked, id, (parameters::CANCEL, void_step)).await,
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
    visit: &mut Visit,
    asked: &Asked,
    id: &str,
    (known, step): (&[&str], StepOf),
) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    let form = form(asked)?;
    parameters::check(&form, &[known])?;
    let payment = find_confirmed(visit, merchant, id, "intent").await?;
    let step = step(&form, &payment)?;
    let going = match begin(visit, asked, merchant, &form).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let moved = advance(visit, merchant, &payment, step, &going).await;
    let whole = form.expands("latest_charge");
    let result =
        moved.map(|moved| json(&messages::intent(&asked.desk.world, &moved.payment, whole)));
    Ok(once::end(visit, going, result).await)
}

/// The payment of an intent that is named in this parameter, which must have come to one.
pub(super) async fn find_confirmed(
    visit: &Visit,
    merchant: &Merchant,
    id: &str,
    name: &'static str,
) -> Result<Payment, StripeError> {
    match find_intent(visit, merchant, id).await {
        Some(Found::Payment(payment)) => Ok(*payment),
        Some(Found::Draft(_)) => Err(StripeError::Unexpected("it has not been confirmed")),
        None => Err(no_such_intent(name, id)),
    }
}

pub(super) async fn advance(
    visit: &mut Visit,
    merchant: &Merchant,
    payment: &Payment,
    noted: Noted,
    going: &Going,
) -> Result<Moved, StripeError> {
    let (counter, step) = (counter(merchant), noted.0);
    let call = &mut visit.call;
    let moved = payments::advance_with(call, counter, &payment.id, noted, going.request).await;
    moved.map_err(|error| match error {
        MoveError::Refused(refusal) => refused(step, refusal, payment),
        MoveError::Unknown | MoveError::Contention => StripeError::Contention,
    })
}

pub(super) fn form(asked: &Asked) -> Result<Form, StripeError> {
    if asked.body.is_empty() || asked.is_of_type("application/x-www-form-urlencoded") {
        return Ok(Form::parse(&asked.body));
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
    visit: &Visit,
    asked: &Asked,
    merchant: &Merchant,
    form: &Form,
) -> Result<Begun, StripeError> {
    let fingerprint = fingerprint::of_form(asked.uri.path(), form.pairs());
    let begun = once::begin(visit, asked, (&KEYS, &merchant.name), fingerprint).await;
    begun.map_err(|problem| StripeError::key(problem, KEYS.key(asked)))
}

pub(super) async fn find(
    visit: &Visit,
    merchant: &Merchant,
    id: Option<PaymentId>,
) -> Option<Payment> {
    let found = payments::find(&visit.call, counter(merchant), &id?).await;
    found.map(|found| found.record)
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
    visit: Visit,
    asked: &Asked,
    result: Result<Response, StripeError>,
) -> Response {
    let receipt = format!("req_{}", base58(asked.receipt(&visit.call)));
    let mut response = visit.finish(result);
    if let Ok(receipt) = HeaderValue::from_str(&receipt) {
        response.headers_mut().insert("request-id", receipt);
    }
    response
}
