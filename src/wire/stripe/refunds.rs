//! Refunds: money that goes back, why, and what the merchant keeps with it.

use super::calls::{find, no_such, of, ok};
use super::errors::{Own, StripeError};
use super::expansions::{Object, written_out};
use super::intent_calls::{Wanted, advance, find_paid};
use super::intents::{parse_charge_id, parse_refund_id};
use super::opening;
use super::{charges, parameters, requests};
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
        (Some(id), _) => find_paid(context, account, id, "payment_intent").await?,
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
        of_charge: false,
    };
    advance(context, request, account, wanted, |moved| {
        let (config, now) = (&request.space.config, request.now);
        charges::refund(config, &moved.payment, moved.place, now).unwrap_or_default()
    })
    .await
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Refund)?;
    let unknown = || no_such("refund", "id", &request.id);
    let (payment, place) = parse_refund_id(&request.id).ok_or_else(unknown)?;
    let payment = find(context, account, Some(payment))
        .await?
        .ok_or_else(unknown)?;
    let refund = charges::refund(&request.space.config, &payment, place, request.now);
    let refund = refund.ok_or_else(unknown)?;
    Ok(ok(&written_out(context, account, &query, refund).await?))
}
