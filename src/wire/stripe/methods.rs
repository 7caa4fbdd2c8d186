//! `/v1/payment_methods`: cards and tokens that are kept, and whose they are (Stripe, API reference, payment methods). Giving one
//! to a customer asks its issuer whether it is good, so that a card which is declined cannot be given (docs.stripe.com/testing);
//! a token is shown to be good by paying with it alone.

use std::borrow::Cow;

use super::auth::enter;
use super::calls::{find, no_such, ok, query_of};
use super::errors::StripeError;
use super::expansions::{self, Object, written_out};
use super::form::Form;
use super::intents::parse_method_id;
use super::method::saved;
use super::method_said::{TOKEN, check, renamed, said};
use super::opening;
use super::{attaching, customers, listed, objects, parameters_kept, test_methods, tokens};
use crate::domain::id::{CustomerId, PaymentId};
use crate::domain::operation::Operation;
use crate::domain::payment::event::PaymentEvent;
use crate::domain::payment::method::{MethodRefusal, PaymentMethod};
use crate::domain::payment::record::Payment;
use crate::faults::facts::Field;
use crate::operations::{counter, payment_methods};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) =
        opening::with_form(context, request, &[parameters_kept::METHOD], Object::Method)?;
    let said = said(context, account, request, &form).await?;
    check(request, &said)?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            if let Some(token) = form.text(TOKEN) {
                tokens::spend(context, account, TOKEN, token).await?;
            }
            let receipt = request.receipt(&context.call);
            let (call, counter) = (&mut context.call, account.counter());
            let made = payment_methods::create(
                call,
                counter,
                said,
                &receipt,
                Operation::CreatePaymentMethod,
            )
            .await?;
            answer(context, account, &form, &made).await
        })
        .await
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters_kept::METHODS)?;
    page(context, account, &query, "/v1/payment_methods", None).await
}

pub(super) async fn list_of_customer(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters_kept::METHODS)?;
    let customer = customers::find(context, account, &request.id).await?;
    page(
        context,
        account,
        &query,
        format!("/v1/customers/{}/payment_methods", request.id),
        Some(&customer.id),
    )
    .await
}

/// Those that belong to customers, or to this one.
async fn page(
    context: &mut RequestContext,
    account: MerchantAccount<'_>,
    query: &Form,
    url: impl Into<Cow<'static, str>>,
    of: Option<&CustomerId>,
) -> Result<Answer, StripeError> {
    expansions::of_list(query, Object::Method)?;
    let order = listed::Order::of(context, account).await?;
    let config = &context.call.space.config;
    let mut rows = Vec::new();
    for method in counter::all::<PaymentMethod>(&context.call, account.counter()).await? {
        let wanted = match (&method.customer, of) {
            (None, _) => false,
            (Some(holder), Some(of)) => holder == of,
            (Some(_), None) => true,
        };
        if wanted {
            rows.push(order.row_of(saved(config, &method)?, method.created, method.id.bytes()));
        }
    }
    let page = listed::list(rows, "PaymentMethod", url, query)?;
    Ok(ok(&written_out(context, account, query, page).await?))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Method)?;
    let found = objects::payment_method(context, account, &request.id).await?;
    let found = found.ok_or_else(|| no_such("PaymentMethod", "id", &request.id))?;
    Ok(ok(&written_out(context, account, &query, found).await?))
}

async fn of_payment(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Payment>, StripeError> {
    let id = parse_method_id(id).map(|id| PaymentId::from_bytes(*id.bytes()));
    Ok(find(context, account, id).await?)
}

pub(super) async fn update(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_form(
        context,
        request,
        &[parameters_kept::UPDATED_METHOD],
        Object::Method,
    )?;
    let found = known(context, account, &request.id).await?;
    if found.customer.is_none() {
        return Err(super::saved::refused(MethodRefusal::OfNobody));
    }
    let changes = Form::of(&renamed(&form));
    check(request, &Form::amended(&found.said, &changes))?;
    let wanted = Change {
        form: &form,
        found: &found,
        operation: Operation::UpdatePaymentMethod,
        event: PaymentEvent::MethodUpdated,
    };
    let step = |method: PaymentMethod| {
        let said = Form::amended(&method.said, &changes);
        Ok(method.saying(said))
    };
    change(context, request, account, wanted, step).await
}

pub(super) async fn attach(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) =
        opening::with_form(context, request, &[parameters_kept::ATTACH], Object::Method)?;
    let named = form.required("customer")?;
    let customer = super::saved::find_customer(context, account, named).await?;
    let customer = customer.ok_or_else(|| no_such("customer", "customer", named))?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let (id, to) = (&request.id, Some(&customer.id));
            let good = attaching::found_good(context, request, account, id, to).await?;
            let method = attaching::attach(context, request, account, good, &customer.id).await?;
            answer(context, account, &form, &method).await
        })
        .await
}

pub(super) async fn detach(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) =
        opening::with_form(context, request, &[parameters_kept::DETACH], Object::Method)?;
    let found = known(context, account, &request.id).await?;
    let wanted = Change {
        form: &form,
        found: &found,
        operation: Operation::DetachPaymentMethod,
        event: PaymentEvent::MethodDetached,
    };
    change(context, request, account, wanted, PaymentMethod::detached).await
}

/// Takes from a customer everything that it pays with.
pub(super) async fn detach_all(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    customer: &CustomerId,
) -> Result<(), StripeError> {
    let (call, counter) = (&context.call, account.counter());
    for method in counter::all::<PaymentMethod>(call, counter).await? {
        if method.customer.as_ref() == Some(customer) {
            let event = Some(PaymentEvent::MethodDetached);
            let step = PaymentMethod::detached;
            payment_methods::change_and_tell(call, counter, &method.id, step, event).await?;
        }
    }
    Ok(())
}

/// A change: what is asked for, and what is told of it.
#[derive(Clone, Copy)]
struct Change<'a> {
    form: &'a Form,
    found: &'a PaymentMethod,
    operation: Operation,
    event: PaymentEvent,
}

async fn change(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    wanted: Change<'_>,
    step: impl Fn(PaymentMethod) -> Result<PaymentMethod, MethodRefusal>,
) -> Result<Answer, StripeError> {
    let Change {
        form,
        found,
        operation,
        event,
    } = wanted;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let counter = account.counter();
            context
                .call
                .consult(operation, |facts| {
                    facts.add(Field::Merchant, counter.merchant);
                })
                .await?;
            let call = &context.call;
            let changed =
                payment_methods::change_and_tell(call, counter, &found.id, step, Some(event))
                    .await?;
            answer(context, account, form, &changed).await
        })
        .await
}

/// One that is on file and named in the path.
pub(super) async fn known(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<PaymentMethod, StripeError> {
    if let Some(found) = super::saved::find(context, account, id).await? {
        return Ok(found);
    }
    // What has paid without being put on file is used up.
    match of_payment(context, account, id).await? {
        Some(_) => Err(super::saved::refused(MethodRefusal::Used)),
        None => Err(no_such("PaymentMethod", "id", id)),
    }
}

/// Whether a form names one that can be given to a customer.
pub(super) async fn check_known(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<(), StripeError> {
    let of_tests = test_methods::card_of(id, request).is_some();
    if !of_tests && super::saved::find(context, account, id).await?.is_none() {
        return Err(no_such("PaymentMethod", "payment_method", id));
    }
    Ok(())
}

async fn answer(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
    method: &PaymentMethod,
) -> Result<Answer, StripeError> {
    let shown = saved(&context.call.space.config, method)?;
    Ok(ok(&written_out(context, account, form, shown).await?))
}
