//! What our own payment API answers, route by route.

use http::StatusCode;

use super::auth::enter;
use super::errors::{Own, PaymentsError};
use super::{messages, page, requests};
use crate::domain::id::{CredentialId, PaymentId};
use crate::domain::payment::allowance::Delegated;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::operations::delegation;
use crate::wire::edge::document::{object_or_empty, read as read_members};
use crate::wire::edge::payment::{ToAdvance, ToAuthorize};
use crate::wire::edge::read::{Flaw, Members, Problem};
use crate::wire::edge::{Answer, Request, RequestContext, Route, fingerprint, json, routes};

/// Every route of our own payment API, and the checkout page.
pub(super) const ROUTES: &[Route] = routes![
    POST "/payments" Authorize => pay,
    GET "/payments/{id}" ReadPayment => read,
    POST "/payments/{id}/captures" Capture => capture,
    POST "/payments/{id}/voids" Cancel => void,
    POST "/payments/{id}/refunds" Refund => refund,
    GET "/checkout" ReadCheckout => page::show,
    POST "/checkout" Authorize => page::submit,
];

async fn pay(context: &mut RequestContext, request: &Request) -> Result<Answer, PaymentsError> {
    let account = enter(context, request)?;
    let body = object_or_empty(request)?;
    let credential = requests::credential(&body)?;
    let merchant = &account.merchant.name;
    let payment = match credential {
        None => read_members(&body, |body| requests::payment(body, merchant))?,
        Some(id) => {
            let with = delegated(context, &id).await?;
            read_members(&body, |body| requests::delegated(body, merchant, with))?
        }
    };
    let wanted = ToAuthorize {
        payment,
        credential,
        fingerprint: fingerprint::of_object(request.uri.path(), &body),
    };
    account
        .authorize(context, request, wanted, async |context, payment| {
            Ok(show(context, StatusCode::CREATED, &payment))
        })
        .await
}

/// What a credential was given for.
async fn delegated(
    context: &RequestContext,
    id: &CredentialId,
) -> Result<Delegated, PaymentsError> {
    let found = delegation::find(&context.call, id).await?;
    let with = found.and_then(|credential| credential.delegated);
    with.ok_or_else(|| {
        PaymentsError::Members(vec![Problem {
            pointer: "/credential".to_owned(),
            flaw: Flaw::Value,
            due: "names no delegated payment".into(),
        }])
    })
}

async fn read(context: &mut RequestContext, request: &Request) -> Result<Answer, PaymentsError> {
    let account = enter(context, request)?;
    let payment = account.find(context, &known(&request.id)?).await?;
    Ok(show(context, StatusCode::OK, &payment.ok_or(Own::Unknown)?))
}

async fn capture(context: &mut RequestContext, request: &Request) -> Result<Answer, PaymentsError> {
    advance(context, request, requests::capture).await
}

async fn void(context: &mut RequestContext, request: &Request) -> Result<Answer, PaymentsError> {
    advance(context, request, |_| Some(Step::Void)).await
}

async fn refund(context: &mut RequestContext, request: &Request) -> Result<Answer, PaymentsError> {
    advance(context, request, requests::refund).await
}

async fn advance(
    context: &mut RequestContext,
    request: &Request,
    step: fn(&Members<'_>) -> Option<Step>,
) -> Result<Answer, PaymentsError> {
    let account = enter(context, request)?;
    let id = known(&request.id)?;
    let body = object_or_empty(request)?;
    let wanted = ToAdvance {
        id,
        step: read_members(&body, step)?,
        note: None,
        fingerprint: fingerprint::of_object(request.uri.path(), &body),
    };
    account
        .advance(context, request, wanted, async |context, moved| {
            Ok(show(context, StatusCode::OK, &moved?.payment))
        })
        .await
}

fn known(id: &str) -> Result<PaymentId, PaymentsError> {
    messages::parse_payment_id(id).ok_or(Own::Unknown.into())
}

fn show(context: &RequestContext, status: StatusCode, payment: &Payment) -> Answer {
    let body = messages::payment(&context.call.space.config, payment);
    json(status, body.to_string())
}
