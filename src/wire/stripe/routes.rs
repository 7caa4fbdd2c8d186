//! What Stripe answers, route by route.

use http::StatusCode;
use serde_json::Value;

use super::auth::enter;
use super::errors::{Own, StripeError};
use super::expansions::{self, Object};
use super::form::Form;
use super::intents::{parse_charge_id, parse_intent_id};
use super::messages::View;
use super::opening;
use super::refusals::refused;
use super::rules::Row;
use super::{
    attempts, cards, challenge, customers, endpoints, events, kept, later, listed, messages,
    methods, parameters, refunds, requests, rules, saved, setup_messages, setups,
};
use crate::domain::id::PaymentId;
use crate::domain::money::{AMOUNT_MINOR_MAX, Amount};
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::drafts;
use crate::operations::payments::Moved;
use crate::wire::edge::payment::{MerchantAccount, ToAdvance, ToAuthorize};
use crate::wire::edge::{
    Answer, HttpProblem, Request, RequestContext, Route, fingerprint, json, routes,
};

/// Every route of Stripe that standin imitates.
pub(super) const ROUTES: &[Route] = routes![
    POST "/v1/payment_intents" CreateIntent => create,
    GET "/v1/payment_intents" ReadPayment => listed::intents,
    GET "/v1/payment_intents/{id}" ReadPayment => read,
    POST "/v1/payment_intents/{id}" UpdateIntent => later::update,
    POST "/v1/payment_intents/{id}/confirm" Authorize => later::confirm,
    POST "/v1/payment_intents/{id}/capture" Capture => capture,
    POST "/v1/payment_intents/{id}/cancel" Cancel => cancel,
    POST "/v1/setup_intents" CreateSetup => setups::create,
    GET "/v1/setup_intents" ReadSetup => setups::list,
    GET "/v1/setup_intents/{id}" ReadSetup => setups::read,
    POST "/v1/setup_intents/{id}" UpdateSetup => setups::update,
    POST "/v1/setup_intents/{id}/confirm" VerifyCard => setups::confirm,
    POST "/v1/setup_intents/{id}/cancel" CancelSetup => setups::cancel,
    GET "/v1/setup_attempts" ReadSetup => attempts::list,
    GET "/v1/3d_secure/{id}" ReadPayment => challenge::page,
    POST "/v1/3d_secure/{id}" Authorize => challenge::answered,
    POST "/v1/payment_methods" CreatePaymentMethod => methods::create,
    GET "/v1/payment_methods" ReadPaymentMethod => methods::list,
    GET "/v1/payment_methods/{id}" ReadPaymentMethod => methods::read,
    POST "/v1/payment_methods/{id}" UpdatePaymentMethod => methods::update,
    POST "/v1/payment_methods/{id}/attach" AttachPaymentMethod => methods::attach,
    POST "/v1/payment_methods/{id}/detach" DetachPaymentMethod => methods::detach,
    POST "/v1/customers" CreateCustomer => customers::create,
    GET "/v1/customers" ReadCustomer => customers::list,
    GET "/v1/customers/{id}" ReadCustomer => customers::read,
    POST "/v1/customers/{id}" UpdateCustomer => customers::update,
    DELETE "/v1/customers/{id}" DeleteCustomer => customers::delete,
    GET "/v1/customers/{id}/payment_methods" ReadPaymentMethod => methods::list_of_customer,
    GET "/v1/charges" ReadPayment => listed::charges,
    GET "/v1/charges/{id}" ReadPayment => read_charge,
    POST "/v1/refunds" Refund => refunds::refund,
    GET "/v1/refunds" ReadRefund => listed::refunds,
    GET "/v1/refunds/{id}" ReadRefund => refunds::read,
    GET "/v1/events" ReadEvent => events::list,
    GET "/v1/events/{id}" ReadEvent => events::read,
    POST "/v1/webhook_endpoints" RegisterEndpoint => endpoints::create,
    GET "/v1/webhook_endpoints" ReadEndpoint => endpoints::list,
    GET "/v1/webhook_endpoints/{id}" ReadEndpoint => endpoints::read,
    POST "/v1/webhook_endpoints/{id}" UpdateEndpoint => endpoints::update,
    DELETE "/v1/webhook_endpoints/{id}" DeleteEndpoint => endpoints::delete,
];

async fn create(context: &mut RequestContext, request: &Request) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_method(
        context,
        request,
        &[parameters::CREATE, parameters::CONFIRM],
        Object::Intent,
    )?;

    saved::check_customer(context, account, &form).await?;
    if form.boolean("confirm")? != Some(true) {
        return later::create(context, request, account, form).await;
    }
    let method = saved::chosen(context, account, &form).await?;
    let filled = saved::filled(&form, method.as_ref())?;
    let mut payment = requests::intent(&filled, &account.merchant.name)?;
    cards::check(request, &payment)?;
    if challenge::is_due(request, &payment, &form)? {
        return challenge::create(context, request, account, &form, Some(payment.amount)).await;
    }
    saved::named(&mut payment, method.as_ref());
    payment
        .claims
        .noticed
        .extend(context.call.warnings.drain(..));
    let wanted = ToAuthorize {
        payment,
        credential: None,
        fingerprint: fingerprint::of_form(request.uri.path(), form.pairs()),
    };
    account
        .authorize(context, request, wanted, async |context, payment| {
            saved::keep(context, account, &payment, &filled, method.as_ref()).await?;
            if !payment.approved() {
                // The intent may be confirmed again, with another card.
                let asked = form.without_card();
                drafts::reopen(&context.call, &payment, asked).await?;
            }
            paid_or_declined(context, request, account, &payment, &form).await
        })
        .await
}

/// A decline is an error, with the intent inside it.
pub(super) async fn paid_or_declined(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    payment: &Payment,
    form: &Form,
) -> Result<Answer, StripeError> {
    let (name, intent) = if payment.verification {
        let setup = setup_messages::setup(&request.space, payment);
        ("setup_intent", setup)
    } else {
        let view = View::of(request, form);
        let intent = messages::intent(&request.space, payment, view);
        ("payment_intent", intent)
    };
    let intent = expansions::written_out(context, account, form, intent).await?;
    let Some(reason) = payment.decline else {
        return Ok(ok(&intent));
    };
    let mut error = messages::card_error(&request.space.config, payment);
    error[name] = intent;
    Err(Own::Declined {
        reason: reason.word(),
        error: Box::new(error),
    }
    .into())
}

async fn read(context: &mut RequestContext, request: &Request) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Intent)?;
    let intent = match find_intent(context, account, &request.id).await? {
        Some(Found::Payment(payment)) => {
            messages::intent(&request.space, &payment, View::of(request, &query))
        }
        Some(Found::Draft(draft)) => messages::waiting(&request.space, &draft)?,
        None => return Err(no_such_intent("intent", &request.id)),
    };
    let named = query.text("client_secret");
    if named.is_some_and(|secret| intent["client_secret"] != secret) {
        return Err(requests::bad(
            "client_secret",
            "payment_intent_invalid_parameter",
            "does not match the client_secret associated with this PaymentIntent",
        ));
    }
    Ok(ok(&expansions::written_out(
        context, account, &query, intent,
    )
    .await?))
}

/// What an intent's name leads to.
pub(super) enum Found {
    Payment(Box<Payment>),
    /// It has come to no payment.
    Draft(Box<Draft>),
}

pub(super) async fn find_intent(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Found>, Rejection> {
    let Some(draft) = later::find(context, account, id).await? else {
        let payment = find(context, account, parse_intent_id(id)).await?;
        return Ok(payment.map(|payment| Found::Payment(payment.into())));
    };
    let payment = later::payment_of(context, account, &draft).await?;
    Ok(Some(match payment {
        Some(payment) => Found::Payment(payment.into()),
        None => Found::Draft(draft.into()),
    }))
}

pub(super) fn query(request: &Request) -> Result<Form, StripeError> {
    query_of(request, parameters::READ)
}

/// The query, in which only these may stand.
pub(super) fn query_of(request: &Request, known: &[Row]) -> Result<Form, StripeError> {
    let query = Form::parse(request.uri.query().unwrap_or_default().as_bytes());
    rules::check_query(&query, &[known])?;
    Ok(query)
}

async fn read_charge(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Charge)?;
    let payment = find(context, account, parse_charge_id(&request.id)).await?;
    let payment = payment.ok_or_else(|| no_such("charge", "id", &request.id))?;
    let charge = messages::charge(&request.space.config, &payment);
    Ok(ok(&expansions::written_out(
        context, account, &query, charge,
    )
    .await?))
}

async fn capture(context: &mut RequestContext, request: &Request) -> Result<Answer, StripeError> {
    move_intent(context, request, parameters::CAPTURE, capture_step).await
}

fn capture_step(form: &Form, payment: &Payment) -> Result<Noted, StripeError> {
    let last = form.boolean("final_capture")?.unwrap_or(true);
    let amount = form
        .integer("amount_to_capture")?
        .map(|minor| of(payment, minor));
    Ok(Noted {
        step: Step::Capture { amount, last },
        note: kept::at_capture(form)?,
    })
}

async fn cancel(context: &mut RequestContext, request: &Request) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    match later::find(context, account, &request.id).await? {
        Some(draft) if !matches!(draft.status, DraftStatus::Paid(_)) => {
            later::cancel(context, request, account, &draft).await
        }
        Some(_) | None => move_intent(context, request, parameters::CANCEL, void_step).await,
    }
}

fn void_step(form: &Form, _: &Payment) -> Result<Noted, StripeError> {
    Ok(Noted {
        step: Step::Void,
        note: form.text("cancellation_reason").map(Box::from),
    })
}

/// A step, and what is kept with it.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) step: Step,
    pub(super) note: Option<Box<str>>,
}

/// The step that a call asks for.
type StepOf = fn(&Form, &Payment) -> Result<Noted, StripeError>;

async fn move_intent(
    context: &mut RequestContext,
    request: &Request,
    known: &[Row],
    step: StepOf,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_form(context, request, &[known], Object::Intent)?;
    let payment = find_confirmed(context, account, &request.id, "intent").await?;
    let Noted { step, note } = step(&form, &payment)?;
    let wanted = Wanted {
        form: &form,
        payment: &payment,
        step,
        note,
    };
    let view = View::of(request, &form);
    advance(context, request, account, wanted, |moved| {
        messages::intent(&request.space, &moved.payment, view)
    })
    .await
}

/// The payment of an intent that is named in this parameter, which must have come to one.
pub(super) async fn find_confirmed(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
    name: &'static str,
) -> Result<Payment, StripeError> {
    match find_intent(context, account, id).await? {
        Some(Found::Payment(payment)) => Ok(*payment),
        Some(Found::Draft(_)) => Err(Own::Unexpected("it has not been confirmed").into()),
        None => Err(no_such_intent(name, id)),
    }
}

/// A step of a payment, as the form asks for it.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub(super) form: &'a Form,
    pub(super) payment: &'a Payment,
    pub(super) step: Step,
    pub(super) note: Option<Box<str>>,
}

pub(super) async fn advance(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    wanted: Wanted<'_>,
    word: impl FnOnce(Moved) -> Value,
) -> Result<Answer, StripeError> {
    let Wanted {
        form,
        payment,
        step,
        note,
    } = wanted;
    let wanted = ToAdvance {
        id: payment.id,
        step,
        note,
        fingerprint: fingerprint::of_form(request.uri.path(), form.pairs()),
    };
    account
        .advance(context, request, wanted, async |_, moved| match moved {
            Ok(moved) => Ok(ok(&word(moved))),
            Err(error) => Err(refused(step, error.by_payment()?, payment).into()),
        })
        .await
}

pub(super) fn form(request: &Request) -> Result<Form, StripeError> {
    if request.body.is_empty() || request.is_of_type("application/x-www-form-urlencoded") {
        return Ok(Form::parse(&request.body));
    }
    Err(HttpProblem::MediaType("application/x-www-form-urlencoded").into())
}

pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: Option<PaymentId>,
) -> Result<Option<Payment>, Rejection> {
    let Some(id) = id else {
        return Ok(None);
    };
    // A verification is no charge.
    let found = account.find(context, &id).await?;
    Ok(found.filter(|payment| !payment.verification))
}

/// Minor units of the payment's currency; more than there can be is as good as the most.
pub(super) fn of(payment: &Payment, minor: u64) -> Amount {
    Amount {
        minor: minor.min(AMOUNT_MINOR_MAX),
        currency: payment.authorized.currency,
    }
}

pub(super) fn no_such_intent(name: &'static str, id: &str) -> StripeError {
    no_such("payment_intent", name, id)
}

pub(super) fn no_such(what: &'static str, name: &'static str, id: &str) -> StripeError {
    Own::NoSuch {
        what,
        name,
        id: id.chars().take(100).collect(),
    }
    .into()
}

pub(super) fn ok(body: &Value) -> Answer {
    json(StatusCode::OK, body.to_string())
}
