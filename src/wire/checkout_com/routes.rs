//! What Checkout.com answers, route by route.

use http::StatusCode;
use serde_json::json as object;

use super::auth::{Right, enter, is_by_client, is_scope};
use super::errors::{CheckoutError, Own};
use super::found::{Found, find};
use super::messages::{self, base, json};
use super::requests::{self, Wanted};
use super::wanted::{self, Way};
use super::{actions as done, listed, moves, secure, sources, tokens};
use crate::domain::payment::reference::Nti;
use crate::domain::payment::request::PaymentRequest;
use crate::limits::MERCHANT_ACCESS_LIFETIME;
use crate::operations::merchant_access;
use crate::wire::edge::oauth_client::{self, client_of_request};
use crate::wire::edge::payment::{MerchantAccount, ToAuthorize, card_problem};
use crate::wire::edge::{Answer, Request, RequestContext, Route, document, fingerprint, routes};

/// Every route of Checkout.com that standin imitates. Methods are told apart by case, and Checkout.com's own Node client
/// sends one of them as `patch`.
pub(super) const ROUTES: &[Route] = routes![
    POST "/connect/token" IssueAccessToken => connect,
    POST "/payments" Authorize => pay,
    GET "/payments" ReadPayment => listed::list,
    GET "/payments/{id}" ReadPayment => read,
    GET "/payments/{id}/actions" ReadPayment => actions,
    POST "/payments/{id}/captures" Capture => moves::capture,
    POST "/payments/{id}/voids" Cancel => moves::void,
    POST "/payments/{id}/refunds" Refund => moves::refund,
    POST "/payments/{id}/reversals" Cancel => moves::reverse,
    GET "/3ds/{id}" ReadPayment => secure::page,
    POST "/3ds/{id}" Authorize => secure::went,
    POST "/network-tokens" Provision => tokens::provision,
    GET "/network-tokens/{id}" ReadToken => tokens::read,
    POST "/network-tokens/{id}/cryptograms" IssueCryptogram => tokens::cryptogram,
    PATCH "/network-tokens/{id}/delete" DeleteToken => tokens::delete,
    patch "/network-tokens/{id}/delete" DeleteToken => tokens::delete,
];

async fn connect(context: &mut RequestContext, request: &Request) -> Result<Answer, CheckoutError> {
    oauth_client::check(&request.body).map_err(|_| Own::Access("invalid_request"))?;
    let member = |name: &str| {
        let mut pairs = form_urlencoded::parse(&request.body);
        pairs
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.into_owned())
    };
    if member("grant_type").as_deref() != Some("client_credentials") {
        return Err(Own::Access("unsupported_grant_type").into());
    }
    let client = client_of_request(&request.headers, &request.body);
    let client = client.ok_or(Own::Access("invalid_client"))?;
    let secret = client.secret.ok_or(Own::Access("invalid_client"))?;
    let merchant = merchant_access::authenticate(&request.space.config, &client.id, &secret);
    let merchant = merchant.ok_or(Own::Access("invalid_client"))?;
    context.recognise_merchant(&merchant.name);
    let scope = member("scope").unwrap_or_else(|| "gateway vault".to_owned());
    if !is_scope(&scope) {
        return Err(Own::Access("invalid_scope").into());
    }
    let answer = object!({
        "access_token": merchant_access::issue(&request.space, merchant, &scope, request.now),
        "expires_in": MERCHANT_ACCESS_LIFETIME.as_secs(),
        "token_type": "Bearer",
        "scope": scope,
    });
    Ok(json(StatusCode::OK, &answer))
}

async fn pay(context: &mut RequestContext, request: &Request) -> Result<Answer, CheckoutError> {
    let account = enter(context, request, Right::Pay)?;
    let body = requests::document(request)?;
    let name = &account.merchant.name;
    let by_card = sources::resolved(context, account, &body).await?;
    let read = by_card.as_ref().unwrap_or(&body);
    let wanted = document::read(read, |body| {
        if is_by_client(&request.headers) {
            body.require("processing_channel_id");
        }
        requests::payment(body, name, request.now)
    })?;
    let (mut payment_request, asked) = with_previous(context, account, wanted).await?;
    if let Some(problem) = card_problem(request, &payment_request) {
        return Err(problem.into());
    }
    if payment_request.lacks_cryptogram() {
        return Err(Own::CryptogramMissing.into());
    }
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    if asked.way(&request.space.config, &mut payment_request) == Way::Away {
        let (payment, back) = (payment_request, asked.back);
        return secure::send_away(context, request, account, payment, back, fingerprint).await;
    }
    let wanted = ToAuthorize {
        payment: payment_request,
        credential: None,
        fingerprint,
    };
    account
        .authorize(context, request, wanted, async |_, payment| {
            let answer = messages::paid(&request.space, &base(request), &payment);
            Ok(json(StatusCode::CREATED, &answer))
        })
        .await
}

/// Looks up what is quoted: a payment made here, of which the link is known too, or the id of a network's transaction.
async fn with_previous(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    wanted: Wanted,
) -> Result<(PaymentRequest, wanted::Wanted), CheckoutError> {
    let Wanted {
        mut payment_request,
        previous,
        secure,
    } = wanted;
    let Some(previous) = previous else {
        return Ok((payment_request, secure));
    };
    if previous.starts_with("pay_") {
        let Some(Found::Payment(quoted)) = find(context, account, &previous).await? else {
            return Err(Own::Previous.into());
        };
        payment_request.nti = quoted.nti;
        payment_request.tlid = payment_request.tlid.or(quoted.tlid);
    } else {
        payment_request.nti = Some(Nti::parse(&previous).ok_or(Own::Previous)?);
    }
    Ok((payment_request, secure))
}

async fn read(context: &mut RequestContext, request: &Request) -> Result<Answer, CheckoutError> {
    let answer = match find_to_read(context, request).await? {
        Found::Payment(payment) => messages::details(&request.space, &base(request), &payment),
        Found::Waiting(draft) => secure::waiting(request, &draft).ok_or(Own::Unknown)?,
    };
    Ok(json(StatusCode::OK, &answer))
}

async fn actions(context: &mut RequestContext, request: &Request) -> Result<Answer, CheckoutError> {
    let answer = match find_to_read(context, request).await? {
        Found::Payment(payment) => done::actions(&request.space, &payment),
        // Nothing has been done with it.
        Found::Waiting(_) => object!([]),
    };
    Ok(json(StatusCode::OK, &answer))
}

async fn find_to_read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Found, CheckoutError> {
    let account = enter(context, request, Right::Read)?;
    let found = find(context, account, &request.id).await?;
    Ok(found.ok_or(Own::Unknown)?)
}
