//! A payment method becomes a customer's. Whether it can is found out first, so that nothing is changed, and no customer made, for
//! one that is declined (docs.stripe.com/testing).

use super::errors::{Own, StripeError};
use super::form::Form;
use super::{messages, methods, requests, saved, test_methods, tokens};
use crate::domain::id::CustomerId;
use crate::domain::operation::Operation;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::method::PaymentMethod;
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::Slot;
use crate::domain::provision::in_token_range;
use crate::faults::facts::Field;
use crate::operations::authorize::authorize;
use crate::operations::payment_methods;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext};

/// What can be given to a customer.
#[derive(Debug)]
pub(super) enum Good {
    /// It is the customer's already.
    Own(PaymentMethod),
    /// It is on file. The issuer has said in this payment that it is good, where there was one to ask.
    OnFile(PaymentMethod, Option<Payment>),
    /// What was said of a card that a token or a method for tests stands for, of which the customer gets its own.
    HandedOver(Vec<(String, String)>, Option<Payment>),
}

/// Finds out whether a payment method can be given to a customer, who may yet have to be made. A token is used up by it.
pub(super) async fn found_good(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    id: &str,
    customer: Option<&CustomerId>,
) -> Result<Good, StripeError> {
    let counter = account.counter();
    context
        .call
        .consult(Operation::AttachPaymentMethod, |facts| {
            facts.add(Field::Merchant, counter.merchant);
        })
        .await?;
    if tokens::is_named(id) || test_methods::card_of(id, request).is_some() {
        let said = tokens::card(context, account, request, "source", id).await?;
        let by = verify(context, account, &said).await?;
        tokens::spend(context, account, "source", id).await?;
        return Ok(Good::HandedOver(said, by));
    }
    let found = methods::known(context, account, id).await?;
    found.can_be_of(customer).map_err(saved::refused)?;
    if found.customer.is_some() {
        return Ok(Good::Own(found));
    }
    let by = verify(context, account, &found.said).await?;
    Ok(Good::OnFile(found, by))
}

/// Gives it to the customer for whom it was found good.
pub(super) async fn attach(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    good: Good,
    customer: &CustomerId,
) -> Result<PaymentMethod, StripeError> {
    let counter = account.counter();
    let (found, by) = match good {
        Good::Own(found) => return Ok(found),
        Good::OnFile(found, by) => (found, by),
        Good::HandedOver(said, by) => {
            let receipt = request.receipt(&context.call);
            let call = &mut context.call;
            let own = payment_methods::create(
                call,
                counter,
                said,
                &receipt,
                Operation::CreatePaymentMethod,
            )
            .await?;
            (own, by)
        }
    };
    let step = |method: PaymentMethod| method.attached(*customer, by.as_ref());
    let event = Some(PaymentEvent::MethodAttached);
    let call = &context.call;
    Ok(payment_methods::change_and_tell(call, counter, &found.id, step, event).await?)
}

/// Asks the issuer whether a card is good. None of a token.
async fn verify(
    context: &mut RequestContext,
    account: MerchantAccount<'_>,
    said: &[(String, String)],
) -> Result<Option<Payment>, StripeError> {
    let wanted = requests::about_card(&Form::of(said), &account.merchant.name)?;
    if wanted.slot == Slot::Token || in_token_range(&wanted.number.as_pan()) {
        return Ok(None);
    }
    let payment = authorize(&mut context.call, wanted, None).await?;
    let Some(reason) = payment.decline else {
        return Ok(Some(payment));
    };
    let error = messages::card_error(&context.call.space.config, &payment);
    Err(Own::Declined {
        reason: reason.word(),
        error: Box::new(error),
    }
    .into())
}
