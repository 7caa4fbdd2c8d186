//! What a call says of a payment method, in the words in which an intent would say it.

use serde_json::json;

use super::errors::{Own, StripeError};
use super::form::Form;
use super::{cards, kept, requests, tokens};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext};

/// A card that comes as a token.
pub(super) const TOKEN: &str = "card[token]";

/// What is kept: as an intent would say it.
pub(super) async fn said(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    request: &Request,
    form: &Form,
) -> Result<Vec<(String, String)>, StripeError> {
    let Some(token) = form.text(TOKEN) else {
        return Ok(renamed(form));
    };
    let card = tokens::card(context, account, request, TOKEN, token).await?;
    let mut said = renamed(form);
    said.retain(|(name, _)| !name.starts_with("payment_method_data[card]"));
    Ok(Form::amended(&card, &Form::of(&said)))
}

/// `card[number]` as an intent calls it: `payment_method_data[card][number]`.
pub(super) fn renamed(form: &Form) -> Vec<(String, String)> {
    let pairs = form.pairs().iter();
    let own = pairs.filter(|(name, _)| !name.starts_with("expand"));
    own.map(|(name, value)| {
        let (first, rest) = name.split_at(name.find('[').unwrap_or(name.len()));
        (format!("payment_method_data[{first}]{rest}"), value.clone())
    })
    .collect()
}

/// What is wrong with the card on the face of it.
pub(super) fn check(request: &Request, said: &[(String, String)]) -> Result<(), StripeError> {
    kept::bounded(&json!(said))?;
    let wanted = requests::about_card(&Form::of(said), "");
    let checked = wanted.and_then(|wanted| cards::check(request, &wanted));
    checked.map_err(|error| {
        let StripeError::Own(mut own) = error else {
            return error;
        };
        if let Own::Missing(name) | Own::NotAnInteger { name, .. } | Own::Card { name, .. } =
            &mut own
        {
            *name = short(name);
        }
        own.into()
    })
}

/// What a parameter is called where there is nothing around the payment method.
fn short(name: &'static str) -> &'static str {
    match name {
        "payment_method_data[type]" => "type",
        cards::NUMBER => "card[number]",
        cards::MONTH => "card[exp_month]",
        cards::YEAR => "card[exp_year]",
        cards::CODE => "card[cvc]",
        other => other,
    }
}
