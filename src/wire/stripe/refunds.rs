//! Refunds: money that goes back, why, and what the merchant keeps with it.

use axum::response::Response;

use super::auth::enter;
use super::errors::StripeError;
use super::intents::{parse_charge_id, parse_refund_id};
use super::routes::{
    REPLAYED, advance, begin, find, find_confirmed, finish, form, json, no_such, of, query,
};
use super::{messages, parameters, requests};
use crate::domain::payment::moves::Step;
use crate::wire::RequestContext;
use crate::wire::idempotency::{self, Claimed};
use crate::wire::request::Request;

pub(super) async fn refund(mut request: Request) -> Response {
    let mut context = request.begin("create refund").await;
    let result = create_refund(&mut context, &request).await;
    finish(context, &request, result)
}

async fn create_refund(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    let form = form(request)?;
    parameters::check(&form, &[parameters::REFUND])?;
    let note = requests::refund_note(&form)?;
    let payment = match (form.text("payment_intent"), form.text("charge")) {
        (Some(id), _) => find_confirmed(context, merchant, id, "payment_intent").await?,
        (None, Some(id)) => {
            let payment = find(context, merchant, parse_charge_id(id)).await?;
            payment.ok_or_else(|| no_such("charge", "charge", id))?
        }
        (None, None) => return Err(StripeError::Missing("payment_intent")),
    };
    let amount = form.integer("amount")?.map(|minor| of(&payment, minor));
    let in_flight = match begin(context, request, merchant, &form).await? {
        Claimed::Replayed(response) => return Ok(idempotency::marked(response, REPLAYED)),
        Claimed::InFlight(in_flight) => in_flight,
    };
    let step = (Step::Refund { amount }, Some(note));
    let moved = advance(context, merchant, &payment, step, &in_flight).await;
    let result =
        moved.map(|moved| json(&messages::refund(&moved.payment, moved.place).unwrap_or_default()));
    Ok(idempotency::end(context, in_flight, result).await)
}

pub(super) async fn read(mut request: Request) -> Response {
    let mut context = request.begin("read refund").await;
    let result = find_refund(&mut context, &request, &request.id).await;
    finish(context, &request, result)
}

async fn find_refund(
    context: &mut RequestContext,
    request: &Request,
    id: &str,
) -> Result<Response, StripeError> {
    let merchant = enter(context, request)?;
    query(request)?;
    let unknown = || no_such("refund", "id", id);
    let (payment, place) = parse_refund_id(id).ok_or_else(unknown)?;
    let payment = find(context, merchant, Some(payment))
        .await?
        .ok_or_else(unknown)?;
    let refund = messages::refund(&payment, place).ok_or_else(unknown)?;
    Ok(json(&refund))
}
