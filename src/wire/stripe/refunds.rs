//! Refunds: money that goes back, why, and what the merchant keeps with it.

use super::errors::{Own, StripeError};
use super::expansions::Object;
use super::intents::{parse_charge_id, parse_refund_id};
use super::opening;
use super::routes::{Wanted, advance, find, find_confirmed, no_such, of, ok};
use super::{messages, parameters, requests};
use crate::domain::payment::moves::Step;
use crate::wire::edge::{Answer, Request, RequestContext};

pub(super) async fn refund(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) =
        opening::with_form(context, request, &[parameters::REFUND], Object::Refund)?;
    let note = requests::refund_note(&form)?;
    let payment = match (form.text("payment_intent"), form.text("charge")) {
        (Some(id), _) => find_confirmed(context, account, id, "payment_intent").await?,
        (None, Some(id)) => {
            let payment = find(context, account, parse_charge_id(id)).await?;
            payment.ok_or_else(|| no_such("charge", "charge", id))?
        }
        (None, None) => return Err(Own::Missing("payment_intent").into()),
    };
    let amount = form.integer("amount")?.map(|minor| of(&payment, minor));
    let wanted = Wanted {
        form: &form,
        payment: &payment,
        step: Step::Refund { amount },
        note: Some(note),
    };
    advance(context, request, account, wanted, |moved| {
        messages::refund(&moved.payment, moved.place).unwrap_or_default()
    })
    .await
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, _) = opening::of_one(context, request, Object::Refund)?;
    let unknown = || no_such("refund", "id", &request.id);
    let (payment, place) = parse_refund_id(&request.id).ok_or_else(unknown)?;
    let payment = find(context, account, Some(payment))
        .await?
        .ok_or_else(unknown)?;
    let refund = messages::refund(&payment, place).ok_or_else(unknown)?;
    Ok(ok(&refund))
}
