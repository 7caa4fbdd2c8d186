//! Credentials for one payment: token, expiry and a one-time value sealed for the requestor, in an answer that is signed.

use http::StatusCode;
use serde_json::{Value, json};

use super::cards::{find, seal};
use super::errors::{CheckoutError, Own, Place};
use super::keys::signing_key_id;
use super::messages::{masked_card, payment_token};
use super::request::{Wrong, correlation, enter, uuid};
use super::requests::{self, Checkout, DynamicData};
use crate::crypto::jws::{Envelope, JoseHeader};
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::token::TokenRecord;
use crate::operations::cryptograms::{self, Want};
use crate::operations::sealing::SealError;
use crate::operations::tokens::Shown;
use crate::operations::{Call, checkouts};
use crate::wire::edge::{Answer, Request, RequestContext, document, json};

/// Who signs.
const ISSUER: &str = "https://mastercard.com";

pub(super) async fn checkout(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let owner = enter(context, request).await?;
    let Checkout { common, card, data } = document::of(request, requests::checkout)?;
    // The card is named in the body here, so it is a value that is wrong and not a resource that is missing.
    let unknown = Own::Member(Place::Body, "srcDigitalCardId", Wrong::Value);
    let Shown { token, card } = find(&context.call, owner, &card, unknown).await?;
    let dynamic = dynamic_data(&mut context.call, &token, data).await?;
    let transaction = common
        .transaction
        .unwrap_or_else(|| uuid(request, context, b"transaction"));
    checkouts::note(&context.call, &token.reference, &transaction, data.word()).await?;
    let call = &context.call;
    let space = &call.space;
    let mut plain = json!({ "token": payment_token(space, &token, card.as_ref()) });
    if let Some(dynamic) = dynamic {
        plain["dynamicData"] = dynamic;
    }
    let payload = json!({
        "srcCorrelationId": correlation(request, context, common.correlation),
        "srciTransactionId": transaction,
        "encryptedPayload": seal(call, &plain)?,
        "maskedCard": masked_card(space, &token, card.as_ref()),
    });
    let failed = |error| Own::Sealing(SealError::Key(error));
    let key = space.config.networks.mastercard.answers().map_err(failed)?;
    let header = JoseHeader {
        kid: &signing_key_id(key.public()),
        iss: ISSUER,
        jti: &uuid(request, context, b"jti"),
        iat_s: u64::try_from(call.now.seconds()).unwrap_or_default(),
    };
    let signed = Envelope::sign(&header, payload, key).map_err(failed)?;
    let body = json!({ "checkoutResponseJWS": signed.to_object() });
    Ok(json(StatusCode::OK, body.to_string()))
}

/// The one-time value, with the instant from which on it is good no more.
async fn dynamic_data(
    call: &mut Call,
    token: &TokenRecord,
    data: DynamicData,
) -> Result<Option<Value>, CheckoutError> {
    let lifetimes = &call.space.config.settings.cryptograms;
    let (kind, lifetime) = match data {
        DynamicData::Cryptogram => (CryptogramKind::Long, lifetimes.long_lifetime),
        DynamicData::SecurityCode => (CryptogramKind::Short, lifetimes.short_lifetime),
        DynamicData::None => {
            token.usable(call.now)?;
            return Ok(None);
        }
    };
    let want = Want { kind, limit: None };
    let minted = cryptograms::mint(call, &token.reference, want).await?;
    Ok(Some(json!({
        "dynamicDataValue": minted.value,
        "dynamicDataType": data.word(),
        "dynamicDataExpiration": call.now.plus(lifetime).seconds().to_string(),
    })))
}
