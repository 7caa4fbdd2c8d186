//! What Checkout.com answers, route by route.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::auth::{Right, enter, is_scope};
use super::errors::CheckoutError;
use super::ids::parse_payment_id;
use super::messages::{self, Base};
use super::moves::{self, Kind};
use super::requests::{self, Wanted};
use super::tokens;
use crate::crypto::base32::base32;
use crate::domain::merchant::Merchant;
use crate::domain::payment::record::Payment;
use crate::domain::payment::reference::Nti;
use crate::domain::payment::request::{Initiator, Proof, Slot};
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME, MERCHANT_ACCESS_LIFETIME};
use crate::operations::authorize::authorize;
use crate::operations::payments::{self, Counter};
use crate::operations::{SpaceName, merchant_access};
use crate::wire::edge::credentials::basic;
use crate::wire::idempotency::{self, Claimed, InFlight, Terms};
use crate::wire::request::Request;
use crate::wire::{Refused, RequestContext, fingerprint};

/// Under this name payments are kept.
pub(super) const SERVICE: &str = "checkout_com";

/// Every route of Checkout.com that standin imitates.
pub fn router() -> Router {
    Router::new()
        .route("/connect/token", post(connect))
        .route("/payments", post(pay))
        .route("/payments/{id}", get(read))
        .route("/payments/{id}/actions", get(actions))
        .route("/payments/{id}/captures", post(capture))
        .route("/payments/{id}/voids", post(void))
        .route("/payments/{id}/refunds", post(refund))
        .route("/payments/{id}/reversals", post(reverse))
        .route("/network-tokens", post(provision))
        .route("/network-tokens/{id}", get(read_token))
        .route("/network-tokens/{id}/cryptograms", post(cryptogram))
        .route(
            "/network-tokens/{id}/delete",
            patch(delete_token).fallback(delete_in_small_letters),
        )
        .fallback(async || CheckoutError::Unknown)
        .method_not_allowed_fallback(async || CheckoutError::Method)
}

async fn connect(mut request: Request) -> Response {
    let mut context = request.begin("token").await;
    let result = give_access(&mut context, &request);
    finish(context, &request, result)
}

fn give_access(context: &mut RequestContext, request: &Request) -> Result<Response, CheckoutError> {
    let member = |name: &str| {
        let mut pairs = form_urlencoded::parse(&request.body);
        pairs
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned())
    };
    if member("grant_type").as_deref() != Some("client_credentials") {
        return Err(CheckoutError::Access("unsupported_grant_type"));
    }
    let by_form = || Some((member("client_id")?, member("client_secret")?));
    let client = basic(&request.headers).or_else(by_form);
    let (client, secret) = client.ok_or(CheckoutError::Access("invalid_client"))?;
    let merchant = merchant_access::authenticate(&request.space.config, &client, &secret);
    let merchant = merchant.ok_or(CheckoutError::Access("invalid_client"))?;
    context.recognise_merchant(&merchant.name);
    let scope = member("scope").unwrap_or_else(|| "gateway vault".to_owned());
    if !is_scope(&scope) {
        return Err(CheckoutError::Access("invalid_scope"));
    }
    let answer = json!({
        "access_token": merchant_access::issue(&request.space, merchant, &scope, context.call.now),
        "expires_in": MERCHANT_ACCESS_LIFETIME.as_secs(),
        "token_type": "Bearer",
        "scope": scope,
    });
    Ok(json_response(StatusCode::OK, &answer))
}

async fn pay(mut request: Request) -> Response {
    let mut context = request.begin("pay").await;
    let result = make_payment(&mut context, &request).await;
    finish(context, &request, result)
}

async fn make_payment(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, CheckoutError> {
    let merchant = enter(context, request, Right::Pay)?;
    let body = requests::document(request)?;
    let wanted = requests::members(&body, |body| requests::payment(body, &merchant.name))?;
    let mut payment_request = with_previous(context, merchant, wanted).await?;
    let by_customer = payment_request.initiator == Initiator::Customer;
    if by_customer
        && payment_request.slot == Slot::Token
        && payment_request.proof == Proof::default()
    {
        return Err(CheckoutError::CryptogramMissing);
    }
    let in_flight = match begin(context, request, merchant, &body).await? {
        Claimed::Replayed(response) => return Ok(response),
        Claimed::InFlight(in_flight) => in_flight,
    };
    payment_request.id = in_flight.request;
    let result = match authorize(&mut context.call, payment_request, None).await {
        Ok(payment) => {
            if let Some(reason) = payment.decline {
                context.note(reason.word().into());
            }
            let answer = messages::paid(&request.space.config, &base(request), &payment);
            Ok(json_response(StatusCode::CREATED, &answer))
        }
        Err(rejection) => Err(CheckoutError::unpaid(rejection)),
    };
    Ok(end(context, request, in_flight, result).await)
}

/// Looks up what is quoted: a payment made here, of which the link is known too, or the id of a network's transaction.
async fn with_previous(
    context: &RequestContext,
    merchant: &Merchant,
    wanted: Wanted,
) -> Result<crate::domain::payment::request::PaymentRequest, CheckoutError> {
    let Wanted {
        mut payment_request,
        previous,
    } = wanted;
    let Some(previous) = previous else {
        return Ok(payment_request);
    };
    if previous.starts_with("pay_") {
        let quoted = find(context, merchant, &previous).await?;
        let quoted = quoted.ok_or(CheckoutError::Previous)?;
        payment_request.nti = quoted.nti;
        payment_request.tlid = payment_request.tlid.or(quoted.tlid);
    } else {
        payment_request.nti = Some(Nti::parse(&previous).ok_or(CheckoutError::Previous)?);
    }
    Ok(payment_request)
}

async fn read(request: Request) -> Response {
    show("read payment", request, |request, payment| {
        messages::details(&request.space.config, &base(request), payment)
    })
    .await
}

async fn actions(request: Request) -> Response {
    let list =
        |request: &Request, payment: &Payment| messages::actions(&request.space.config, payment);
    show("list actions", request, list).await
}

async fn show(
    operation: &'static str,
    mut request: Request,
    write: fn(&Request, &Payment) -> Value,
) -> Response {
    let mut context = request.begin(operation).await;
    let result = match enter(&mut context, &request, Right::Read) {
        Ok(merchant) => find(&context, merchant, &request.id)
            .await
            .and_then(|payment| payment.ok_or(CheckoutError::Unknown)),
        Err(error) => Err(error),
    };
    let result = result.map(|payment| json_response(StatusCode::OK, &write(&request, &payment)));
    finish(context, &request, result)
}

async fn find(
    context: &RequestContext,
    merchant: &Merchant,
    id: &str,
) -> Result<Option<Payment>, CheckoutError> {
    let Some(id) = parse_payment_id(id) else {
        return Ok(None);
    };
    let counter = Counter {
        merchant: &merchant.name,
        service: SERVICE,
    };
    let found = payments::find(&context.call, counter, &id).await?;
    Ok(found.map(|found| found.record))
}

async fn capture(request: Request) -> Response {
    moved("capture", request, Kind::Capture).await
}

async fn void(request: Request) -> Response {
    moved("void", request, Kind::Void).await
}

async fn refund(request: Request) -> Response {
    moved("refund", request, Kind::Refund).await
}

async fn reverse(request: Request) -> Response {
    moved("reverse", request, Kind::Reverse).await
}

async fn moved(operation: &'static str, mut request: Request, kind: Kind) -> Response {
    let mut context = request.begin(operation).await;
    let result = moves::make(&mut context, &request, &request.id, kind).await;
    finish(context, &request, result)
}

async fn provision(mut request: Request) -> Response {
    let mut context = request.begin("provision network token").await;
    let result = tokens::provision(&mut context, &request).await;
    finish(context, &request, result)
}

async fn read_token(mut request: Request) -> Response {
    let mut context = request.begin("read network token").await;
    let result = tokens::read(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

async fn cryptogram(mut request: Request) -> Response {
    let mut context = request.begin("request cryptogram").await;
    let result = tokens::cryptogram(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

async fn delete_token(mut request: Request) -> Response {
    let mut context = request.begin("delete network token").await;
    let result = tokens::delete(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

/// Methods are told apart by case, and Checkout.com's own Node client sends this one as `patch`.
async fn delete_in_small_letters(request: Request) -> Response {
    if request.method.as_str() == "patch" {
        return delete_token(request).await;
    }
    CheckoutError::Method.into_response()
}

/// Of idempotency keys. A refused request may be sent again with the same one.
const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: false,
};

pub(super) async fn begin(
    context: &RequestContext,
    request: &Request,
    merchant: &Merchant,
    body: &Value,
) -> Result<Claimed, CheckoutError> {
    let fingerprint = fingerprint::of_json(request.uri.path(), body);
    Ok(idempotency::begin(context, request, (&KEYS, &merchant.name), fingerprint).await?)
}

/// Keeps an answer. A refusal names its request.
pub(super) async fn end(
    context: &mut RequestContext,
    request: &Request,
    in_flight: InFlight,
    result: Result<Response, CheckoutError>,
) -> Response {
    let response = worded(context, request, result);
    idempotency::end(context, in_flight, Ok::<_, CheckoutError>(response)).await
}

fn worded(
    context: &mut RequestContext,
    request: &Request,
    result: Result<Response, CheckoutError>,
) -> Response {
    result.unwrap_or_else(|error| {
        context.note(error.reason());
        error.named(&base32(&request.receipt(&context.call)))
    })
}

/// Where the client reached this space.
pub(super) fn base(request: &Request) -> Base {
    let host = request.header("host").unwrap_or("localhost");
    let name = &request.space.name;
    if *name == SpaceName::default_space() {
        Base(format!("http://{host}"))
    } else {
        Base(format!("http://{host}/~{name}"))
    }
}

pub(super) fn json_response(status: StatusCode, body: &Value) -> Response {
    (
        status,
        [(CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

/// Every answer names its request, in a header and where it is an error in the body too.
fn finish(
    mut context: RequestContext,
    request: &Request,
    result: Result<Response, CheckoutError>,
) -> Response {
    let receipt = base32(&request.receipt(&context.call));
    let response = worded(&mut context, request, result);
    let mut response = context.finish(Ok::<_, CheckoutError>(response));
    if let Ok(receipt) = HeaderValue::from_str(&receipt) {
        response.headers_mut().insert("cko-request-id", receipt);
    }
    response
}
