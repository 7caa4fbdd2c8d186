//! How calls begin: the merchant is let in, what is said is held against what the call knows, and what is to be expanded
//! against what the object has.

use super::auth::enter;
use super::calls::{form, query, query_of};
use super::errors::StripeError;
use super::expansions::{self, Object};
use super::form::{Form, IN_INTENT};
use super::rules::{self, Row};
use super::test_methods::with_test_method;
use super::tokens;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext};

type Opened<'a> = Result<(MerchantAccount<'a>, Form), StripeError>;

/// A call that says something in a form, of which these are known.
pub(super) fn with_form<'a>(
    context: &mut RequestContext,
    request: &'a Request,
    known: &[&[Row]],
    object: Object,
) -> Opened<'a> {
    let account = enter(context, request)?;
    let form = form(request)?;
    rules::check(&form, known)?;
    expansions::of_one(&form, object)?;
    Ok((account, form))
}

/// The same, where it may name one of Stripe's test methods to pay with.
pub(super) async fn with_method<'a>(
    context: &mut RequestContext,
    request: &'a Request,
    known: &[&[Row]],
    object: Object,
) -> Opened<'a> {
    let account = enter(context, request)?;
    let form = with_test_method(form(request)?, request);
    rules::check(&form, known)?;
    expansions::of_one(&form, object)?;
    let Some(token) = form.text(IN_INTENT) else {
        return Ok((account, form));
    };
    // The token stays beside its card, so that whoever carries the call out uses it up.
    let card = tokens::card(context, account, request, IN_INTENT, token).await?;
    let form = Form::of(&Form::amended(&card, &form));
    Ok((account, form))
}

/// A call that asks for one object.
pub(super) fn of_one<'a>(
    context: &mut RequestContext,
    request: &'a Request,
    object: Object,
) -> Opened<'a> {
    let account = enter(context, request)?;
    let query = query(request)?;
    expansions::of_one(&query, object)?;
    Ok((account, query))
}

/// A call that asks for a list, by a query of which these are known.
pub(super) fn of_list<'a>(
    context: &mut RequestContext,
    request: &'a Request,
    known: &[Row],
    object: Object,
) -> Opened<'a> {
    let account = enter(context, request)?;
    let query = query_of(request, known)?;
    expansions::of_list(&query, object)?;
    Ok((account, query))
}
