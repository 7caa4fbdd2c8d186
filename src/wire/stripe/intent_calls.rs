//! What a merchant does with payment intents that takes or moves money: create and confirm in one call, read, capture, cancel.

use serde_json::Value;

use super::auth::enter;
use super::calls::{no_such_intent, of, ok};
use super::errors::{Conflict, Own, StripeError};
use super::expansions::{Object, written_out};
use super::form::Form;
use super::found::{Found, find_draft, find_intent};
use super::messages::View;
use super::refusals::refused;
use super::rules::Row;
use super::states::{Wish, unexpected};
use super::{
    cards, challenge, charges, kept, later, messages, objects, opening, parameters, requests,
    saved, setup_messages, tokens, version,
};
use crate::domain::payment::draft::DraftStatus;
use crate::domain::payment::moves::Step;
use crate::domain::payment::record::Payment;
use crate::operations::drafts;
use crate::operations::payments::Moved;
use crate::wire::edge::payment::{MerchantAccount, ToAdvance, pay};
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, mut form) = opening::with_method(
        context,
        request,
        &[parameters::CREATE, parameters::CONFIRM],
        Object::Intent,
    )
    .await?;

    if form.text("capture_method").is_none() {
        let default = version::capture_method(&request.headers);
        form = form.with("capture_method", default);
    }
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
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, id| {
            tokens::spend_named(context, account, &form).await?;
            payment.id = id;
            let payment = pay(context, payment, None).await?;
            saved::keep(context, account, &payment, &filled, method.as_ref()).await?;
            if !payment.approved() {
                // The intent may be confirmed again, with another card.
                let asked = form.to_try_again();
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
        let view = View::of(request);
        let intent = messages::intent(&request.space, payment, view);
        ("payment_intent", intent)
    };
    let intent = written_out(context, account, form, intent).await?;
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

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Intent)?;
    let found = find_intent(context, account, &request.id).await?;
    let found = found.ok_or_else(|| no_such_intent("intent", &request.id))?;
    let intent = objects::intent(context, &found, View::of(request))?;
    let named = query.text("client_secret");
    if named.is_some_and(|secret| intent["client_secret"] != secret) {
        return Err(requests::bad(
            "client_secret",
            "payment_intent_invalid_parameter",
            "does not match the client_secret associated with this PaymentIntent",
        ));
    }
    Ok(ok(&written_out(context, account, &query, intent).await?))
}

pub(super) async fn capture(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    move_intent(context, request, parameters::CAPTURE, capture_step).await
}

fn capture_step(form: &Form, payment: &Payment) -> Result<Noted, StripeError> {
    let last = form.boolean("final_capture")?.unwrap_or(true);
    let amount = form
        .integer("amount_to_capture")?
        .map(|minor| of(payment, minor));
    Ok(Noted {
        step: Step::Capture { amount, last },
        note: kept::at_capture(form, payment)?,
    })
}

pub(super) async fn cancel(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    match find_draft(context, account, &request.id).await? {
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
    let view = View::of(request);
    let found = find_intent(context, account, &request.id).await?;
    let payment = match found.ok_or_else(|| no_such_intent("intent", &request.id))? {
        Found::Payment(payment) => payment,
        found @ Found::Draft(..) => {
            let intent = objects::intent(context, &found, view)?;
            return Err(unexpected(Wish::Capture, intent));
        }
    };
    let Noted { step, note } = step(&form, &payment)?;
    let wanted = Wanted {
        form: &form,
        payment: &payment,
        step,
        note,
        of_charge: false,
    };
    advance(context, request, account, wanted, |moved| {
        messages::intent(&request.space, &moved.payment, view)
    })
    .await
}

/// The payment of an intent that is named in this parameter, which must have come to one.
pub(super) async fn find_paid(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
    name: &'static str,
) -> Result<Payment, StripeError> {
    match find_intent(context, account, id).await? {
        Some(Found::Payment(payment)) => Ok(*payment),
        Some(Found::Draft(..)) => Err(Conflict {
            refusal: None,
            code: None,
            message: format!(
                "This PaymentIntent ({id}) does not have a successful charge to refund."
            ),
            param: None,
            intent: None,
        }
        .into()),
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
    /// Whether the call names the charge and not the intent.
    pub(super) of_charge: bool,
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
        of_charge,
    } = wanted;
    let wanted = ToAdvance {
        id: payment.id,
        step,
        note,
        fingerprint: fingerprint::of_form(request.uri.path(), form.pairs()),
    };
    account
        .advance(
            context,
            request,
            wanted,
            async |context, moved| match moved {
                Ok(moved) => {
                    let shown = word(moved);
                    Ok(ok(&written_out(context, account, form, shown).await?))
                }
                Err(error) => {
                    let refusal = error.by_payment()?;
                    // As it stands by now: somebody else may have been quicker.
                    let found = account.find(context, &payment.id).await?;
                    let payment = found.as_ref().unwrap_or(payment);
                    let note = kept::of(payment);
                    let intent = charges::intent_of(payment, &note)
                        .map(|_| messages::intent(&request.space, payment, View::of(request)));
                    Err(refused(step, refusal, payment, intent, of_charge))
                }
            },
        )
        .await
}
