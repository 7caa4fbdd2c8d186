//! `/v1/charges`, which merchants used before there were payment intents, and still may: a charge from a token or from what a
//! customer has on file, and its capture (Stripe, API reference, charges).

use super::calls::{find, no_such, of, ok};
use super::errors::{Own, StripeError};
use super::expansions::{Object, written_out};
use super::form::Form;
use super::intent_calls::{Wanted, advance};
use super::intents::{parse_charge_id, saved_id};
use super::{cards, charges, kept, messages, opening, parameters, requests, saved, tokens};
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::wire::edge::payment::{MerchantAccount, pay};
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

const SOURCE: &str = "source";

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters::CHARGE;
    let (account, form) = opening::with_form(context, request, &[known], Object::Charge)?;
    saved::check_customer(context, account, &form).await?;
    let (asked, source) = asked(context, account, request, &form).await?;
    let mut payment = requests::intent(&asked, &account.merchant.name)?;
    cards::check(request, &payment)?;
    requests::noting(&mut payment, |note| note["source"] = source.as_str().into());
    payment
        .claims
        .noticed
        .extend(context.call.warnings.drain(..));
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, id| {
            // Before any money moves.
            tokens::spend(context, account, SOURCE, &source).await?;
            payment.id = id;
            let payment = pay(context, payment, None).await?;
            made_or_declined(context, account, &payment, &form).await
        })
        .await
}

/// What is asked for in the words of an intent, and what it is paid with.
async fn asked(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    request: &Request,
    form: &Form,
) -> Result<(Form, String), StripeError> {
    let mut pairs = form.pairs().to_vec();
    pairs.retain(|(name, _)| {
        name != SOURCE
            && !name.starts_with("source[")
            && name != "capture"
            && !name.starts_with("expand")
    });
    if form.boolean("capture")? == Some(false) {
        pairs.push(("capture_method".to_owned(), "manual".to_owned()));
    }
    let named = form.text(SOURCE);
    let (card, source) = match (named, form.text("customer")) {
        (Some(id), _) if id.starts_with("tok_") => (
            tokens::card(context, account, request, SOURCE, id).await?,
            id.to_owned(),
        ),
        (Some(id), _) => (
            on_file(context, account, form, SOURCE, id).await?,
            id.to_owned(),
        ),
        (None, _) if form.has_below(SOURCE) => (tokens::renamed(form, SOURCE), "card".to_owned()),
        (None, Some(customer)) => {
            let found = saved::default_of(context, account, customer).await?;
            let Some(method) = found else {
                let message = "Cannot charge a customer that has no active card".to_owned();
                let (name, code) = ("card", "missing");
                return Err(Own::Parameter {
                    name,
                    code,
                    message,
                }
                .into());
            };
            (method.said.clone(), saved_id(&method.id))
        }
        (None, None) => {
            return Err(Own::Missing(SOURCE).into());
        }
    };
    pairs.extend(card);
    Ok((Form::of(&pairs), source))
}

/// The card of a payment method that the customer has.
async fn on_file(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
    name: &'static str,
    id: &str,
) -> Result<Vec<(String, String)>, StripeError> {
    let found = saved::find(context, account, id).await?;
    let customer = form
        .text("customer")
        .and_then(super::intents::parse_customer_id);
    let own = found.filter(|method| method.customer.is_some() && method.customer == customer);
    let method = own.ok_or_else(|| no_such(SOURCE, name, id))?;
    Ok(method.said)
}

/// A decline is an error; the charge is named in it.
async fn made_or_declined(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    payment: &Payment,
    form: &Form,
) -> Result<Answer, StripeError> {
    let config = &context.call.space.config;
    let Some(reason) = payment.decline else {
        let charge = charges::charge(config, payment);
        return Ok(ok(&written_out(context, account, form, charge).await?));
    };
    // A call that names no payment method is told of none (Stripe, API reference, errors, `payment_method`).
    let mut error = messages::card_error(config, payment);
    error
        .as_object_mut()
        .map(|error| error.remove("payment_method"));
    Err(Own::Declined {
        reason: reason.word(),
        error: Box::new(error),
    }
    .into())
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Charge)?;
    let payment = named(context, account, request).await?;
    let charge = charges::charge(&request.space.config, &payment);
    Ok(ok(&written_out(context, account, &query, charge).await?))
}

/// The one in the path.
async fn named(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    request: &Request,
) -> Result<Payment, StripeError> {
    let payment = find(context, account, parse_charge_id(&request.id)).await?;
    payment.ok_or_else(|| no_such("charge", "id", &request.id))
}

pub(super) async fn refunds(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters::LIST;
    let (account, query) = opening::of_list(context, request, known, Object::Refund)?;
    let payment = named(context, account, request).await?;
    let refunds = charges::refunds(&request.space.config, &payment, request.now);
    let rows = super::lists::Rows {
        what: "refund",
        url: refunds["url"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
            .into(),
        rows: refunds["data"].as_array().cloned().unwrap_or_default(),
    };
    let page = rows.page(&query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

pub(super) async fn capture(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters::CAPTURED_CHARGE;
    let (account, form) = opening::with_form(context, request, &[known], Object::Charge)?;
    let payment = named(context, account, request).await?;
    let amount = form.integer("amount")?.map(|minor| of(&payment, minor));
    let wanted = Wanted {
        form: &form,
        payment: &payment,
        step: Step::Capture { amount, last: true },
        note: kept::at_capture(&form, &payment)?,
        of_charge: true,
    };
    let config = &request.space.config;
    advance(context, request, account, wanted, |moved| {
        charges::charge(config, &moved.payment)
    })
    .await
}
