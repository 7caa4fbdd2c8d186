//! What Adyen answers, route by route. Every version of the API is answered alike; what is read differs in one member.

use http::{HeaderName, HeaderValue, StatusCode};

use super::auth::{enter, version};
use super::errors::{AdyenError, Own};
use super::modifications::{cancel, cancel_by_reference, capture, refund, reverse};
use super::{details, messages, offered, requests, shapes};
use crate::wire::edge::document::object;
use crate::wire::edge::payment::ToAuthorize;
use crate::wire::edge::read::Members;
use crate::wire::edge::{Answer, Exchange, Request, RequestContext, Route, fingerprint, routes};

/// Every route of Adyen that standin imitates.
pub(super) const ROUTES: &[Route] = routes![
    POST "/{version}/paymentMethods" ReadPaymentMethod => offered::offered,
    POST "/{version}/payments" Authorize => pay,
    POST "/{version}/payments/details" Authorize => details::details,
    POST "/{version}/payments/{reference}/captures" Capture => capture,
    POST "/{version}/payments/{reference}/cancels" Cancel => cancel,
    POST "/{version}/payments/{reference}/refunds" Refund => refund,
    POST "/{version}/payments/{reference}/reversals" Reverse => reverse,
    POST "/{version}/cancels" Cancel => cancel_by_reference,
    GET "/checkoutshopper/threeDS/{pass}" ReadPayment => details::page,
    POST "/checkoutshopper/threeDS/{pass}" ReadPayment => details::went,
];

async fn pay(context: &mut RequestContext, request: &Request) -> Result<Answer, AdyenError> {
    let account = enter(context, request)?;
    let body = object(request)?;
    let merchant = account.merchant;
    let version = version(request)?;
    if let Some(unknown) = shapes::unknown(&body, version) {
        return Err(Own::Structure(unknown).into());
    }
    let read = |body: &Members<'_>| requests::payment(body, merchant, version);
    let (payment, secure) = requests::members(&body, merchant, read)?;
    if payment.lacks_cryptogram() {
        return Err(Own::CryptogramMissing.into());
    }
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    if let Some(due) = secure.due(&request.space.config, &payment) {
        return details::send_away(context, request, account, payment, due, fingerprint).await;
    }
    let wanted = ToAuthorize {
        payment,
        credential: None,
        fingerprint,
    };
    account
        .authorize(context, request, wanted, async |context, payment| {
            let reference = messages::psp_reference(&payment.id);
            let body = messages::payment(&context.call.space, &payment);
            Ok(messages::answer(StatusCode::OK, &reference, &body))
        })
        .await
}

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Every answer has a reference, which is the request's own where nothing was made, and says which key was taken note of.
pub(super) fn finish(answer: &mut Answer, exchange: Exchange<'_>) {
    let headers = answer.headers_mut();
    if let Some(key) = exchange.request.headers.get(KEY) {
        headers.insert(KEY, key.clone());
    }
    let reference = messages::request_reference(exchange.request, exchange.context);
    if let Ok(reference) = HeaderValue::from_str(&reference) {
        headers.entry(messages::PSP_REFERENCE).or_insert(reference);
    }
}
