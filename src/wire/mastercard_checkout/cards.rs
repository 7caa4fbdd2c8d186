//! Cards on file: enrolled, read, deleted; and what has been paid with them.

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{CheckoutError, Own, Place};
use super::messages::{masked_card, masked_consumer, parse_digital_card_id, payment_token};
use super::request::{Wrong, client_of_query, correlation, enter, is_uuid, query};
use super::requests::{self, Source};
use crate::crypto::mastercard_jwe::{ContentEncryption, IvLength};
use crate::domain::card::Network;
use crate::domain::digitization::{SealedForm, parse_token_unique_reference};
use crate::domain::id::{CardId, Owner};
use crate::domain::lifecycle::{Actor, Command};
use crate::domain::moment::Moment;
use crate::domain::rejection::Rejection;
use crate::operations::sealing::{self, Sealed};
use crate::operations::tokens::{self, Shown};
use crate::operations::{Call, checkouts, digitization, lifecycle};
use crate::wire::edge::{Answer, Request, RequestContext, document, json};

pub(super) async fn enrol(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let owner = enter(context, request).await?;
    let enrolment = document::of(request, requests::enrolment)?;
    let (card, form) = source(&context.call, owner, enrolment.card).await?;
    let done = digitization::tokenize(&mut context.call, &card, form).await?;
    if let Some(reason) = done.token.failure {
        return Err(reason.into());
    }
    let space = &context.call.space;
    let body = json!({
        "srcCorrelationId": correlation(request, context, enrolment.common.correlation),
        "maskedCard": masked_card(space, &done.token, Some(&done.card)),
        "maskedConsumer": masked_consumer(space, &enrolment.consumer, context.call.now),
    });
    Ok(json(StatusCode::OK, body.to_string()))
}

/// The card that is to be enrolled, and the form in which MDES will answer of it.
async fn source(
    call: &Call,
    owner: Owner,
    source: Source,
) -> Result<(CardId, Option<SealedForm>), CheckoutError> {
    let config = &call.space.config;
    match source {
        Source::Reference(text) => {
            let reference =
                parse_digital_card_id(&text).or_else(|| parse_token_unique_reference(&text));
            let reference = reference.ok_or(Own::ReferenceUnknown)?;
            let found = tokens::read(call, owner, Network::Mastercard, &reference).await;
            let found = found.map_err(|why| CheckoutError::missing(why, Own::ReferenceUnknown))?;
            Ok((found.token.card, None))
        }
        Source::Sealed(sealed) => {
            let (card, form) = requests::card(config, sealed)?;
            let persona = config.personas.admit(&card.pan)?;
            if card.pan.network() != Some(Network::Mastercard) {
                return Err(Rejection::NetworkNotSupported.into());
            }
            let exempt = persona.is_some_and(|persona| persona.expiry_exempt);
            if card.expiry.is_past(call.now) && !exempt {
                return Err(Rejection::CardExpired.into());
            }
            let card = digitization::card(call, owner, card).await?;
            Ok((card.id, Some(form)))
        }
    }
}

/// A card of the caller's; `unknown` says where there is none.
pub(super) async fn find(
    call: &Call,
    owner: Owner,
    id: &str,
    unknown: Own,
) -> Result<Shown, CheckoutError> {
    let Some(reference) = parse_digital_card_id(id) else {
        return Err(unknown.into());
    };
    let found = tokens::read(call, owner, Network::Mastercard, &reference).await;
    found.map_err(|why| CheckoutError::missing(why, unknown))
}

fn given_correlation(request: &Request) -> Result<Option<String>, CheckoutError> {
    let given = query(request, "srcCorrelationId");
    if given.as_deref().is_some_and(|text| !is_uuid(text)) {
        return Err(Own::Member(Place::Query, "srcCorrelationId", Wrong::Format).into());
    }
    Ok(given)
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let owner = enter(context, request).await?;
    client_of_query(request)?;
    let given = given_correlation(request)?;
    let with_token = flag(request, "tokenRequested")?;
    let Shown { token, card } = find(&context.call, owner, &request.id, Own::CardUnknown).await?;
    let space = &context.call.space;
    let mut body = json!({
        "srcCorrelationId": correlation(request, context, given),
        "maskedCard": masked_card(space, &token, card.as_ref()),
    });
    if with_token && token.is_live() {
        let plain = json!({ "token": payment_token(space, &token, card.as_ref()) });
        body["encryptedPaymentData"] = seal(&context.call, &plain)?.into();
    }
    Ok(json(StatusCode::OK, body.to_string()))
}

fn flag(request: &Request, name: &'static str) -> Result<bool, CheckoutError> {
    match query(request, name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Own::Member(Place::Query, name, Wrong::Value).into()),
    }
}

/// Seals something for the requestor. Integrators are told to use any JOSE library here, and those take a nonce of twelve
/// bytes only, which Mastercard's own clients open as well.
pub(super) fn seal(call: &Call, plain: &Value) -> Result<String, CheckoutError> {
    let form = SealedForm::Jwe {
        encryption: ContentEncryption::A128Gcm,
    };
    let plain = plain.to_string();
    let sealed = sealing::seal(
        &call.space,
        call.now,
        form,
        IvLength::Twelve,
        plain.as_bytes(),
    );
    match sealed.map_err(Own::Sealing)? {
        Sealed::Compact(compact) => Ok(compact),
        Sealed::Fields(fields) => Ok(fields.encrypted_data),
    }
}

pub(super) async fn delete(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let owner = enter(context, request).await?;
    client_of_query(request)?;
    let given = given_correlation(request)?;
    let reasons = ["SUSPECTED_FRAUD", "ACCOUNT_CLOSED", "OTHER", "DEFAULT"];
    if query(request, "reason").is_some_and(|reason| !reasons.contains(&reason.as_str())) {
        return Err(Own::Member(Place::Query, "reason", Wrong::Value).into());
    }
    let actor = match query(request, "requestor").as_deref() {
        None | Some("MERCHANT" | "WALLET") => Actor::Requestor,
        Some("CARDHOLDER") => Actor::Cardholder,
        Some("ISSUER") => Actor::Issuer,
        Some(_) => {
            return Err(Own::Member(Place::Query, "requestor", Wrong::Value).into());
        }
    };
    let token = find(&context.call, owner, &request.id, Own::CardUnknown)
        .await?
        .token;
    lifecycle::change(&mut context.call, &token.reference, Command::Delete(actor)).await?;
    let body = json!({ "srcCorrelationId": correlation(request, context, given) });
    Ok(json(StatusCode::OK, body.to_string()))
}

/// What a card was given credentials for. The specification says no more of a transaction than that there are some, so its
/// members are standin's own.
pub(super) async fn transactions(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let owner = enter(context, request).await?;
    client_of_query(request)?;
    let given = given_correlation(request)?;
    let name = "transactionsFromTimestamp";
    let from = query(request, name)
        .map(|text| Moment::parse(&text))
        .transpose();
    let from = from.map_err(|_| Own::Member(Place::Query, name, Wrong::Format))?;
    let token = find(&context.call, owner, &request.id, Own::CardUnknown)
        .await?
        .token;
    let all = checkouts::of(&context.call, &token.reference).await?;
    let wanted = all
        .into_iter()
        .filter(|one| from.is_none_or(|from| one.at >= from));
    let rows: Vec<Value> = wanted
        .map(|one| {
            json!({
                "srciTransactionId": one.transaction,
                "transactionTimestamp": one.at.rfc3339_micros(),
                "dynamicDataType": one.data,
            })
        })
        .collect();
    let body = json!({
        "srcCorrelationId": correlation(request, context, given),
        "transactions": rows,
    });
    Ok(json(StatusCode::OK, body.to_string()))
}
