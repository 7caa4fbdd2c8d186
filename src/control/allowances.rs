//! What may be paid with a token, set by a tester in the place of whoever gave it to an agent. It is enforced when a payment
//! is authorized, whichever merchant asks.

use axum::extract::Path;
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json as object;

use super::caller::{Caller, json};
use super::errors::ControlError;
use super::reading::body;
use super::tokens::find;
use crate::domain::moment::Moment;
use crate::domain::money::{Amount, Currency};
use crate::domain::number::optional_whole;
use crate::domain::payment::allowance::{Allowance, Credential};
use crate::domain::rejection::Rejection;
use crate::limits::CREDENTIAL_MERCHANTS_MAX;
use crate::operations::delegation::{self, DelegationError};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowanceArgs {
    /// Names of merchants; none listed means any.
    #[serde(default)]
    merchants: Vec<String>,
    /// Minor units, over all payments.
    #[serde(default, deserialize_with = "optional_whole")]
    max_amount: Option<u64>,
    currency: Option<String>,
    expires_at: Option<String>,
    #[serde(default)]
    single_use: bool,
}

pub(super) async fn read(
    Caller(call): Caller,
    Path(reference): Path<String>,
) -> Result<Response, ControlError> {
    let token = find(&call, &reference).await?;
    let found = delegation::of_token(&call, &token.reference).await?;
    Ok(show(found.as_ref()))
}

pub(super) async fn set(
    Caller(call): Caller,
    Path(reference): Path<String>,
    bytes: Bytes,
) -> Result<Response, ControlError> {
    let token = find(&call, &reference).await?;
    let given: AllowanceArgs = body(&bytes)?;
    let known = |name: &String| call.space.config.merchants.named(name).is_some();
    if !given.merchants.iter().all(known) || given.merchants.len() > CREDENTIAL_MERCHANTS_MAX {
        let why = format!("must name at most {CREDENTIAL_MERCHANTS_MAX} merchants that there are");
        return Err(ControlError::Member("merchants", why));
    }
    let allowance = Allowance {
        amount: amount(&given)?,
        expires: expires(&given)?,
        merchants: given.merchants,
        single_use: given.single_use,
    };
    let set = delegation::limit(&call, &token.reference, allowance).await;
    Ok(show(Some(&set.map_err(rejected)?)))
}

pub(super) async fn revoke(
    Caller(call): Caller,
    Path(reference): Path<String>,
) -> Result<Response, ControlError> {
    let token = find(&call, &reference).await?;
    match delegation::revoke(&call, &token.reference).await {
        Ok(revoked) => Ok(show(Some(&revoked))),
        Err(DelegationError::Unknown | DelegationError::Number) => Ok(show(None)),
        Err(error @ (DelegationError::Contention | DelegationError::Unavailable(_))) => {
            Err(rejected(error))
        }
    }
}

fn amount(given: &AllowanceArgs) -> Result<Option<Amount>, ControlError> {
    let (minor, code) = match (given.max_amount, &given.currency) {
        (None, None) => return Ok(None),
        (Some(minor), Some(code)) => (minor, code),
        (Some(_), None) => {
            return Err(ControlError::Member(
                "currency",
                "goes with max_amount".to_owned(),
            ));
        }
        (None, Some(_)) => {
            return Err(ControlError::Member(
                "max_amount",
                "goes with currency".to_owned(),
            ));
        }
    };
    let currency = Currency::parse(code);
    let currency = currency.map_err(|why| ControlError::Member("currency", why.to_string()))?;
    let amount = Amount::new(minor, currency);
    let amount = amount.map_err(|why| ControlError::Member("max_amount", why.to_string()))?;
    Ok(Some(amount))
}

fn expires(given: &AllowanceArgs) -> Result<Option<Moment>, ControlError> {
    let Some(text) = &given.expires_at else {
        return Ok(None);
    };
    let why = || "must be an instant as RFC 3339 writes it".to_owned();
    let expires = Moment::parse(text);
    Ok(Some(
        expires.map_err(|_| ControlError::Member("expires_at", why()))?,
    ))
}

fn rejected(error: DelegationError) -> ControlError {
    ControlError::Rejected(match error {
        DelegationError::Number | DelegationError::Unknown => Rejection::TokenUnknown,
        DelegationError::Contention => Rejection::Contention,
        DelegationError::Unavailable(why) => why,
    })
}

fn show(credential: Option<&Credential>) -> Response {
    let shown = credential.map(|credential| {
        let allowance = &credential.allowance;
        object!({
            "merchants": allowance.merchants,
            "max_amount": allowance.amount.map(|amount| amount.minor),
            "currency": allowance.amount.map(|amount| amount.currency.code().to_owned()),
            "expires_at": allowance.expires.map(Moment::rfc3339),
            "single_use": allowance.single_use,
            "revoked_at": credential.revoked.map(Moment::rfc3339),
            "payments": credential.payments,
            "used": credential.used_minor,
        })
    });
    json(&object!({ "allowance": shown }))
}
