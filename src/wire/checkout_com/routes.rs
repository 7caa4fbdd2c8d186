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
use crate::wire::address::basic;
use crate::wire::asked::Asked;
use crate::wire::once::{self, Begun, Going, Terms};
use crate::wire::{Refused, Visit, fingerprint};

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

async fn connect(mut asked: Asked) -> Response {
    let mut visit = asked.visit("token").await;
    let result = give_access(&mut visit, &asked);
    finish(visit, &asked, result)
}

fn give_access(visit: &mut Visit, asked: &Asked) -> Result<Response, CheckoutError> {
    let member = |name: &str| {
        let mut pairs = form_urlencoded::parse(&asked.body);
        pairs
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned())
    };
    if member("grant_type").as_deref() != Some("client_credentials") {
        return Err(CheckoutError::Access("unsupported_grant_type"));
    }
    let by_form = || Some((member("client_id")?, member("client_secret")?));
    let client = basic(&asked.headers).or_else(by_form);
    let (client, secret) = client.ok_or(CheckoutError::Access("invalid_client"))?;
    let merchant = merchant_access::authenticate(&asked.desk.world, &client, &secret);
    let merchant = merchant.ok_or(CheckoutError::Access("invalid_client"))?;
    visit.recognise_merchant(&merchant.name);
    let scope = member("scope").unwrap_or_else(|| "gateway vault".to_owned());
    if !is_scope(&scope) {
        return Err(CheckoutError::Access("invalid_scope"));
    }
    let answer = json!({
        "access_token": merchant_access::issue(&asked.desk, merchant, &scope),
        "expires_in": MERCHANT_ACCESS_LIFETIME.as_secs(),
        "token_type": "Bearer",
        "scope": scope,
    });
    Ok(json_response(StatusCode::OK, &answer))
}

async fn pay(mut asked: Asked) -> Response {
    let mut visit = asked.visit("pay").await;
    let result = make_payment(&mut visit, &asked).await;
    finish(visit, &asked, result)
}

async fn make_payment(visit: &mut Visit, asked: &Asked) -> Result<Response, CheckoutError> {
    let merchant = enter(visit, asked, Right::Pay)?;
    let body = requests::document(asked)?;
    let wanted = requests::members(&body, |body| requests::payment(body, &merchant.name))?;
    let mut request = with_previous(visit, merchant, wanted).await?;
    let by_customer = request.initiator == Initiator::Customer;
    if by_customer && request.slot == Slot::Token && request.proof == Proof::default() {
        return Err(CheckoutError::CryptogramMissing);
    }
    let going = match begin(visit, asked, merchant, &body).await? {
        Begun::Again(response) => return Ok(response),
        Begun::Go(going) => going,
    };
    request.id = going.request;
    let result = match authorize(&mut visit.call, request, None).await {
        Ok(payment) => {
            if let Some(reason) = payment.decline {
                visit.note(reason.word().into());
            }
            let answer = messages::paid(&asked.desk.world, &base(asked), &payment);
            Ok(json_response(StatusCode::CREATED, &answer))
        }
        Err(_) => Err(CheckoutError::Contention),
    };
    Ok(end(visit, asked, going, result).await)
}

/// Looks up what is quoted: a payment made here, of which the link is known too, or the id of a network's transaction.
async fn with_previous(
    visit: &Visit,
    merchant: &Merchant,
    wanted: Wanted,
) -> Result<crate::domain::payment::request::Request, CheckoutError> {
    let Wanted {
        mut request,
        previous,
    } = wanted;
    let Some(previous) = previous else {
        return Ok(request);
    };
    if previous.starts_with("pay_") {
        let quoted = find(visit, merchant, &previous).await;
        let quoted = quoted.ok_or(CheckoutError::Previous)?;
        request.nti = quoted.nti;
        request.tlid = request.tlid.or(quoted.tlid);
    } else {
        request.nti = Some(Nti::parse(&previous).ok_or(CheckoutError::Previous)?);
    }
    Ok(request)
}

async fn read(asked: Asked) -> Response {
    show("read payment", asked, |asked, payment| {
        messages::details(&asked.desk.world, &base(asked), payment)
    })
    .await
}

async fn actions(asked: Asked) -> Response {
    let list = |asked: &Asked, payment: &Payment| messages::actions(&asked.desk.world, payment);
    show("list actions", asked, list).await
}

async fn show(
    operation: &'static str,
    mut asked: Asked,
    write: fn(&Asked, &Payment) -> Value,
) -> Response {
    let mut visit = asked.visit(operation).await;
    let result = match enter(&mut visit, &asked, Right::Read) {
        Ok(merchant) => find(&visit, merchant, &asked.id)
            .await
            .ok_or(CheckoutError::Unknown),
        Err(error) => Err(error),
    };
    let result = result.map(|payment| json_response(StatusCode::OK, &write(&asked, &payment)));
    finish(visit, &asked, result)
}

async fn find(visit: &Visit, merchant: &Merchant, id: &str) -> Option<Payment> {
    let counter = Counter {
        merchant: &merchant.name,
        service: SERVICE,
    };
    let found = payments::find(&visit.call, counter, &parse_payment_id(id)?).await;
    found.map(|found| found.record)
}

async fn capture(asked: Asked) -> Response {
    moved("capture", asked, Kind::Capture).await
}

async fn void(asked: Asked) -> Response {
    moved("void", asked, Kind::Void).await
}

async fn refund(asked: Asked) -> Response {
    moved("refund", asked, Kind::Refund).await
}

async fn reverse(asked: Asked) -> Response {
    moved("reverse", asked, Kind::Reverse).await
}

async fn moved(operation: &'static str, mut asked: Asked, kind: Kind) -> Response {
    let mut visit = asked.visit(operation).await;
    let result = moves::make(&mut visit, &asked, &asked.id, kind).await;
    finish(visit, &asked, result)
}

async fn provision(mut asked: Asked) -> Response {
    let mut visit = asked.visit("provision network token").await;
    let result = tokens::provision(&mut visit, &asked).await;
    finish(visit, &asked, result)
}

async fn read_token(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read network token").await;
    let result = tokens::read(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

async fn cryptogram(mut asked: Asked) -> Response {
    let mut visit = asked.visit("request cryptogram").await;
    let result = tokens::cryptogram(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

async fn delete_token(mut asked: Asked) -> Response {
    let mut visit = asked.visit("delete network token").await;
    let result = tokens::delete(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

/// Methods are told apart by case, and Checkout.com's own Node client sends this one as `patch`.
async fn delete_in_small_letters(asked: Asked) -> Response {
    if asked.method.as_str() == "patch" {
        return delete_token(asked).await;
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
    visit: &Visit,
    asked: &Asked,
    merchant: &Merchant,
    body: &Value,
) -> Result<Begun, CheckoutError> {
    let fingerprint = fingerprint::of_json(asked.uri.path(), body);
    Ok(once::begin(visit, asked, (&KEYS, &merchant.name), fingerprint).await?)
}

/// Keeps an answer. A refusal names its request.
pub(super) async fn end(
    visit: &mut Visit,
    asked: &Asked,
    going: Going,
    result: Result<Response, CheckoutError>,
) -> Response {
    let response = worded(visit, asked, result);
    once::end(visit, going, Ok::<_, CheckoutError>(response)).await
}

fn worded(visit: &mut Visit, asked: &Asked, result: Result<Response, CheckoutError>) -> Response {
    result.unwrap_or_else(|error| {
        visit.note(error.reason());
        error.named(&base32(&asked.receipt(&visit.call)))
    })
}

/// Where the client reached this space.
pub(super) fn base(asked: &Asked) -> Base {
    let host = asked.header("host").unwrap_or("localhost");
    let name = &asked.desk.name;
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
fn finish(mut visit: Visit, asked: &Asked, result: Result<Response, CheckoutError>) -> Response {
    let receipt = base32(&asked.receipt(&visit.call));
    let response = worded(&mut visit, asked, result);
    let mut response = visit.finish(Ok::<_, CheckoutError>(response));
    if let Ok(receipt) = HeaderValue::from_str(&receipt) {
        response.headers_mut().insert("cko-request-id", receipt);
    }
    response
}
