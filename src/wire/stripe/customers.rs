//! `/v1/customers`: what a merchant says of those who pay it (Stripe, API reference, customers). Who is deleted is still named,
//! as deleted, and has nothing to pay with any more.

use serde_json::{Value, json};

use super::attaching::{self, Good};
use super::auth::enter;
use super::calls::{no_such, ok};
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::form::Form;
use super::intents::{customer_id, parse_customer_id, saved_id};
use super::opening;
use super::requests::bad;
use super::{kept, listed, metadata, methods, parameters_kept, saved, tokens};
use crate::crypto::base32::base32;
use crate::domain::id::CustomerId;
use crate::domain::payment::customer::Customer;
use crate::domain::payment::method::PaymentMethod;
use crate::domain::rejection::Rejection;
use crate::operations::{counter, customers};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

/// What is charged if nothing else is named, of the time before payment methods.
pub(super) const DEFAULT_SOURCE: &str = "default_source";
const SOURCE: &str = "source";

/// What is paid with if nothing else is named.
pub(super) const DEFAULT: &str = "invoice_settings[default_payment_method]";

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_form(
        context,
        request,
        &[parameters_kept::CUSTOMER],
        Object::Customer,
    )?;
    check(&form)?;
    let named = form.text("payment_method");
    if let Some(id) = form.text(DEFAULT).filter(|id| Some(*id) != named) {
        return Err(no_such("PaymentMethod", DEFAULT, id));
    }
    if let Some(id) = named {
        methods::check_known(context, request, account, id).await?;
    }
    let source = source(context, account, request, &form).await?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let good = found_good(context, request, account, named, None).await?;
            let to_charge = found_good(context, request, account, source, None).await?;
            let receipt = request.receipt(&context.call);
            let (call, counter) = (&mut context.call, account.counter());
            let said = said(&[], &form);
            let mut customer = customers::create(call, counter, said, &receipt).await?;
            if let Some(good) = good {
                let method =
                    attaching::attach(context, request, account, good, &customer.id).await?;
                if form.text(DEFAULT).is_some() {
                    // A test method is somebody's own from here on.
                    customer = keep(context, account, &customer, DEFAULT, &method).await?;
                }
            }
            if let Some(good) = to_charge {
                customer = charge_with(context, request, account, &customer, good).await?;
            }
            answer(context, account, &form, &customer).await
        })
        .await
}

/// What is named, found to be good for a customer.
async fn found_good(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    named: Option<&str>,
    customer: Option<&CustomerId>,
) -> Result<Option<Good>, StripeError> {
    match named {
        None => Ok(None),
        Some(id) => attaching::found_good(context, request, account, id, customer)
            .await
            .map(Some),
    }
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_list(
        context,
        request,
        parameters_kept::CUSTOMERS,
        Object::Customer,
    )?;
    let rows = every(context, account).await?;
    let page = listed::list(rows, "customer", "/v1/customers", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

/// Every one that is still there.
pub(super) async fn every(
    context: &RequestContext,
    account: MerchantAccount<'_>,
) -> Result<Vec<listed::Row>, Rejection> {
    let customers = counter::all::<Customer>(&context.call, account.counter()).await?;
    let order = listed::Order::of(context, account).await?;
    let there = customers.iter().filter(|customer| !customer.deleted);
    let rows =
        there.map(|customer| order.row_of(shown(customer), customer.created, customer.id.bytes()));
    Ok(rows.collect())
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Customer)?;
    let unknown = || no_such("customer", "id", &request.id);
    let id = parse_customer_id(&request.id).ok_or_else(unknown)?;
    let found = counter::find::<Customer>(&context.call, account.counter(), &id).await?;
    let customer = found.ok_or_else(unknown)?.record;
    answer(context, account, &query, &customer).await
}

pub(super) async fn update(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_form(
        context,
        request,
        &[parameters_kept::UPDATED_CUSTOMER],
        Object::Customer,
    )?;
    check(&form)?;
    let customer = find(context, account, &request.id).await?;
    if let Some(id) = form.text(DEFAULT) {
        let found = saved::find(context, account, id).await?;
        let own = found.is_some_and(|method| method.customer == Some(customer.id));
        if !own {
            return Err(no_such("PaymentMethod", DEFAULT, id));
        }
    }
    bounded(&said(&customer.said, &form))?;
    let source = source(context, account, request, &form).await?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let to = Some(&customer.id);
            let to_charge = found_good(context, request, account, source, to).await?;
            let (call, counter) = (&mut context.call, account.counter());
            let said = |before: &[(String, String)]| said(before, &form);
            let mut customer = customers::update(call, counter, &customer.id, said).await?;
            if let Some(good) = to_charge {
                customer = charge_with(context, request, account, &customer, good).await?;
            }
            answer(context, account, &form, &customer).await
        })
        .await
}

/// The token that becomes what the customer is charged with, if one is named.
async fn source<'a>(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    request: &Request,
    form: &'a Form,
) -> Result<Option<&'a str>, StripeError> {
    if form.has_below(SOURCE) {
        let due = "must be a token, such as tok_visa";
        return Err(bad(SOURCE, "parameter_invalid_string", due));
    }
    let Some(id) = form.text(SOURCE) else {
        return Ok(None);
    };
    if !tokens::is_named(id) {
        return Err(no_such("token", SOURCE, id));
    }
    tokens::card(context, account, request, SOURCE, id).await?;
    Ok(Some(id))
}

/// Gives a customer what a token stands for, to be charged with from here on.
async fn charge_with(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    customer: &Customer,
    good: Good,
) -> Result<Customer, StripeError> {
    let method = attaching::attach(context, request, account, good, &customer.id).await?;
    keep(context, account, customer, DEFAULT_SOURCE, &method).await
}

/// Writes down under this name that a customer pays with it.
async fn keep(
    context: &mut RequestContext,
    account: MerchantAccount<'_>,
    customer: &Customer,
    name: &str,
    method: &PaymentMethod,
) -> Result<Customer, StripeError> {
    let pairs = vec![(name.to_owned(), saved_id(&method.id))];
    let (call, counter) = (&mut context.call, account.counter());
    let own = |before: &[(String, String)]| Form::amended(before, &Form::of(&pairs));
    Ok(customers::update(call, counter, &customer.id, own).await?)
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let customer = find(context, account, &request.id).await?;
    methods::detach_all(context, account, &customer.id).await?;
    let (call, counter) = (&mut context.call, account.counter());
    let gone = customers::delete(call, counter, &customer.id).await?;
    Ok(ok(&shown(&gone)))
}

/// A customer that is named in the path, and still there.
pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Customer, StripeError> {
    let found = saved::find_customer(context, account, id).await?;
    found.ok_or_else(|| no_such("customer", "id", id))
}

/// What is wrong with it on the face of it.
fn check(form: &Form) -> Result<(), StripeError> {
    kept::shipping(form)?;
    bounded(form.pairs())
}

/// What is said of a customer is kept as it is said.
fn bounded(said: &[(String, String)]) -> Result<(), StripeError> {
    metadata::check(&Form::of(said))?;
    kept::bounded(&json!(said)).map(|_| ())
}

/// What is kept of a call: what it says of the customer, and not what it asks for.
fn said(before: &[(String, String)], form: &Form) -> Vec<(String, String)> {
    let mut said = Form::amended(before, form);
    said.retain(|(name, _)| {
        name != "payment_method" && name != SOURCE && !name.starts_with("expand")
    });
    said
}

async fn answer(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
    customer: &Customer,
) -> Result<Answer, StripeError> {
    Ok(ok(
        &written_out(context, account, form, shown(customer)).await?
    ))
}

pub(super) fn shown(customer: &Customer) -> Value {
    if customer.deleted {
        return json!({
            "id": customer_id(&customer.id),
            "object": "customer",
            "deleted": true,
        });
    }
    shown_of(customer, &Form::of(&customer.said))
}

fn shown_of(customer: &Customer, form: &Form) -> Value {
    let text = |name: &str| form.text(name);
    let locales: Vec<_> = form
        .below("preferred_locales")
        .map(|(_, own)| own)
        .collect();
    let prefix = base32(&customer.id.bytes()[2..7]).to_ascii_uppercase();
    json!({
        "id": customer_id(&customer.id),
        "object": "customer",
        "address": form.has_below("address").then(|| kept::address(form, "address")),
        "balance": 0,
        "created": customer.created.seconds(),
        "currency": null,
        "default_source": text(DEFAULT_SOURCE),
        "delinquent": false,
        "description": text("description"),
        "discount": null,
        "email": text("email"),
        "invoice_prefix": prefix,
        "invoice_settings": {
            "custom_fields": null,
            "default_payment_method": text(DEFAULT),
            "footer": null,
            "rendering_options": null,
        },
        "livemode": false,
        "metadata": metadata::kept(form, "metadata"),
        "name": text("name"),
        "phone": text("phone"),
        "preferred_locales": locales,
        "shipping": kept::shipping(form).unwrap_or_default(),
        "tax_exempt": text("tax_exempt").unwrap_or("none"),
        "test_clock": null,
    })
}
