//! `/v1/tokens`: a card that is handed over once (Stripe, API reference, tokens). Stripe's own for tests, such as `tok_visa`,
//! are always good.

use serde_json::{Value, json};

use super::calls::{no_such, ok};
use super::errors::{Conflict, StripeError};
use super::expansions::{Object, written_out};
use super::form::{Form, IN_INTENT};
use super::method::saved;
use super::{method_said, opening, parameters_kept, test_methods};
use crate::domain::id::MethodId;
use crate::domain::operation::Operation;
use crate::domain::payment::method::{MethodRefusal, PaymentMethod};
use crate::domain::rejection::Rejection;
use crate::operations::counter::{self, ChangeError};
use crate::operations::payment_methods;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

const PREFIX: &str = "tok_";
/// Under this name it says of itself that it is a token, and no payment method. No client can send it.
const MARK: &str = "token";

/// Whether what is kept is a token.
pub(super) fn is_token(method: &PaymentMethod) -> bool {
    method.said.iter().any(|(name, _)| name == MARK)
}

/// Whether a name is a token's.
pub(super) fn is_named(id: &str) -> bool {
    id.starts_with(PREFIX)
}

fn name_of(id: &MethodId) -> String {
    format!("{PREFIX}{}", id.base58())
}

async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<PaymentMethod>, Rejection> {
    let Some(id) = id.strip_prefix(PREFIX).and_then(MethodId::from_base58) else {
        return Ok(None);
    };
    let found = counter::find::<PaymentMethod>(&context.call, account.counter(), &id).await?;
    let found = found.map(|found| found.record);
    Ok(found.filter(is_token))
}

/// The card of a token that is named in this parameter, in the words of an intent.
pub(super) async fn card(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    request: &Request,
    name: &'static str,
    id: &str,
) -> Result<Vec<(String, String)>, StripeError> {
    if let Some(card) = test_methods::card_of(id, request) {
        return Ok(card);
    }
    let found = find(context, account, id).await?;
    let mut said = found.ok_or_else(|| no_such("token", name, id))?.said;
    said.retain(|(name, _)| name != MARK);
    Ok(said)
}

/// Uses up the token that a form names for the card of an intent, before anything comes of that.
pub(super) async fn spend_named(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
) -> Result<(), StripeError> {
    match form.text(IN_INTENT) {
        Some(id) => spend(context, account, IN_INTENT, id).await,
        None => Ok(()),
    }
}

/// Uses up a token. What is none, or is one of Stripe's for tests, stays.
///
/// # Errors
/// When it has been used (Stripe, error codes, `token_already_used`).
pub(super) async fn spend(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    name: &'static str,
    id: &str,
) -> Result<(), StripeError> {
    let Some(token) = find(context, account, id).await? else {
        return Ok(());
    };
    let step = |token: PaymentMethod| {
        if token.used {
            return Err(MethodRefusal::Used);
        }
        Ok(token.spent())
    };
    let (call, counter) = (&context.call, account.counter());
    let spent = payment_methods::change_and_tell(call, counter, &token.id, step, None).await;
    match spent {
        Ok(_) => Ok(()),
        Err(ChangeError::Refused(_)) => Err(Conflict {
            refusal: None,
            code: Some("token_already_used"),
            message: format!("You cannot use a Stripe token more than once: {id}."),
            param: Some(name),
            intent: None,
        }
        .into()),
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters_kept::TOKEN;
    let (account, form) = opening::with_form(context, request, &[known], Object::Plain)?;
    let mut said = renamed(&form, "card");
    method_said::check(request, &said)?;
    said.push((MARK.to_owned(), "card".to_owned()));
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let receipt = request.receipt(&context.call);
            let (call, counter) = (&mut context.call, account.counter());
            let said = said.clone();
            let made =
                payment_methods::create(call, counter, said, &receipt, Operation::CreateCardToken)
                    .await?;
            answer(context, account, &form, &made).await
        })
        .await
}

/// A card below this name, in the words of an intent.
pub(super) fn renamed(form: &Form, name: &str) -> Vec<(String, String)> {
    let address = |member: &str| {
        Some(match member {
            "address_line1" => "line1",
            "address_line2" => "line2",
            "address_city" => "city",
            "address_state" => "state",
            "address_zip" => "postal_code",
            "address_country" => "country",
            _ => return None,
        })
    };
    let data = "payment_method_data";
    let mut said = vec![(format!("{data}[type]"), "card".to_owned())];
    for (member, value) in form.below(name) {
        let full = match (member, address(member)) {
            ("object", _) => continue,
            ("name", _) => format!("{data}[billing_details][name]"),
            (_, Some(member)) => format!("{data}[billing_details][address][{member}]"),
            (_, None) => format!("{data}[card][{member}]"),
        };
        said.push((full, value.to_owned()));
    }
    said
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Plain)?;
    let found = find(context, account, &request.id).await?;
    let token = found.ok_or_else(|| no_such("token", "token", &request.id))?;
    answer(context, account, &query, &token).await
}

async fn answer(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    form: &Form,
    token: &PaymentMethod,
) -> Result<Answer, StripeError> {
    let shown = shown(context, token)?;
    Ok(ok(&written_out(context, account, form, shown).await?))
}

/// Its card has the members of a payment method's, and the address in its own words.
fn shown(context: &RequestContext, token: &PaymentMethod) -> Result<Value, StripeError> {
    let method = saved(&context.call.space.config, token)?;
    let (card, billing) = (&method["card"], &method["billing_details"]);
    let (address, checks) = (&billing["address"], &card["checks"]);
    let brand = match card["brand"].as_str() {
        Some("visa") => "Visa",
        Some("mastercard") => "MasterCard",
        Some("amex") => "American Express",
        Some("discover") => "Discover",
        _ => "Unknown",
    };
    Ok(json!({
        "id": name_of(&token.id),
        "object": "token",
        "card": {
            "id": format!("card_{}", token.id.base58()),
            "object": "card",
            "address_city": address["city"],
            "address_country": address["country"],
            "address_line1": address["line1"],
            "address_line1_check": checks["address_line1_check"],
            "address_line2": address["line2"],
            "address_state": address["state"],
            "address_zip": address["postal_code"],
            "address_zip_check": checks["address_postal_code_check"],
            "brand": brand,
            "country": card["country"],
            "cvc_check": checks["cvc_check"],
            "dynamic_last4": null,
            "exp_month": card["exp_month"],
            "exp_year": card["exp_year"],
            "funding": card["funding"],
            "last4": card["last4"],
            "metadata": {},
            "name": billing["name"],
            "tokenization_method": null,
        },
        "client_ip": null,
        "created": token.created.seconds(),
        "livemode": false,
        "type": "card",
        "used": token.used,
    }))
}
