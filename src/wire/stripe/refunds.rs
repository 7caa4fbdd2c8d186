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
use crate::wire::Visit;
use crate::wire::asked::Asked;
use crate::wire::once::{self, Begun};

pub(super) async fn refund(mut asked: Asked) -> Response {
    let mut visit = asked.visit("create refund").await;
    let result = create_refund(&mut visit, &asked).await;
    finish(visit, &asked, result)
}

async fn create_refund(visit: &mut Visit, asked: &Asked) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    let form = form(asked)?;
    parameters::check(&form, &[parameters::REFUND])?;
    let note = requests::refund_note(&form)?;
    let payment = match (form.text("payment_intent"), form.text("charge")) {
        (Some(id), _) => find_confirmed(visit, merchant, id, "payment_intent").await?,
        (None, Some(id)) => {
            let payment = find(visit, merchant, parse_charge_id(id)).await;
            payment.ok_or_else(|| no_such("charge", "charge", id))?
        }
        (None, None) => return Err(StripeError::Missing("payment_intent")),
    };
    let amount = form.integer("amount")?.map(|minor| of(&payment, minor));
    let going = match begin(visit, asked, merchant, &form).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let step = (Step::Refund { amount }, Some(note));
    let moved = advance(visit, merchant, &payment, step, &going).await;
    let result =
        moved.map(|moved| json(&messages::refund(&moved.payment, moved.place).unwrap_or_default()));
    Ok(once::end(visit, going, result).await)
}

pub(super) async fn read(mut asked: Asked) -> Response {
    let mut visit = asked.visit("read refund").await;
    let result = find_refund(&mut visit, &asked, &asked.id).await;
    finish(visit, &asked, result)
}

async fn find_refund(visit: &mut Visit, asked: &Asked, id: &str) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    query(asked)?;
    let unknown = || no_such("refund", "id", id);
    let (payment, place) = parse_refund_id(id).ok_or_else(unknown)?;
    let payment = find(visit, merchant, Some(payment))
        .await
        .ok_or_else(unknown)?;
    let refund = messages::refund(&payment, place).ok_or_else(unknown)?;
    Ok(json(&refund))
}
