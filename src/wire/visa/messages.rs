//! What Visa answers: a card, a token, payment data.

use serde::Serialize;
use serde_json::{Value, json};

use super::errors::VisaError;
use super::{content, sealed};
use crate::domain::card::Expiry;
use crate::domain::lifecycle::State;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::cryptograms::Minted;
use crate::operations::settings::DeletedWord;
use crate::operations::{Call, derived_ids};

/// The indicator of every cryptogram (bePaid's sample of payment data).
const ECI: &str = "07";

/// Month and year as texts, as Visa's own client declares them.
#[derive(Debug, Serialize)]
struct ExpirationDate {
    month: String,
    year: String,
}

impl From<Expiry> for ExpirationDate {
    fn from(expiry: Expiry) -> Self {
        Self {
            month: format!("{:02}", expiry.month()),
            year: expiry.year().to_string(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentInstrument {
    last4: String,
    expiration_date: ExpirationDate,
    payment_type: Value,
    payment_account_reference: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    enc_token_info: Option<String>,
    token_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last4: Option<String>,
    expiration_date: ExpirationDate,
    #[serde(rename = "tokenRequestorID", skip_serializing_if = "Option::is_none")]
    token_requestor_id: Option<String>,
}

/// A card that is enrolled.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnrolmentBody {
    #[serde(rename = "vPanEnrollmentID")]
    id: String,
    payment_instrument: PaymentInstrument,
    card_meta_data: Value,
}

/// A token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenBody {
    #[serde(rename = "vProvisionedTokenID")]
    id: String,
    #[serde(rename = "vPanEnrollmentID", skip_serializing_if = "Option::is_none")]
    enrolment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_instrument: Option<PaymentInstrument>,
    token_info: TokenInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_meta_data: Option<Value>,
}

/// A token to pay with, once.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentDataBody {
    #[serde(rename = "vPaymentDataID")]
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_instrument: Option<PaymentInstrument>,
    token_info: TokenInfo,
    cryptogram_info: CryptogramInfo,
}

#[derive(Debug, Serialize)]
struct CryptogramInfo {
    /// 28 base64 characters, or three digits for the security code field.
    cryptogram: String,
    eci: &'static str,
    /// The counter of the token, as a text of digits.
    atc: String,
}

pub(super) fn enrolment(call: &Call, card: &CardRecord) -> EnrolmentBody {
    EnrolmentBody {
        id: card.id.hex(),
        payment_instrument: payment_instrument(call, card),
        card_meta_data: content::card_metadata(),
    }
}

/// A token as it is told when it is provisioned: with its number, and with what is shown of the card.
pub(super) fn provisioned(
    call: &Call,
    card: &CardRecord,
    token: &TokenRecord,
) -> Result<TokenBody, VisaError> {
    Ok(TokenBody {
        id: token.reference.hex(),
        enrolment: Some(card.id.hex()),
        payment_instrument: Some(payment_instrument(call, card)),
        token_info: token_info(call, token, Some(enc_token_info(call, token)?)),
        card_meta_data: Some(content::card_metadata()),
    })
}

/// A token as it stands.
pub(super) fn status(call: &Call, card: Option<&CardRecord>, token: &TokenRecord) -> TokenBody {
    TokenBody {
        id: token.reference.hex(),
        enrolment: card.map(|card| card.id.hex()),
        payment_instrument: card.map(|card| payment_instrument(call, card)),
        token_info: token_info(call, token, None),
        card_meta_data: None,
    }
}

pub(super) fn payment_data(
    call: &Call,
    card: Option<&CardRecord>,
    minted: Minted,
) -> Result<PaymentDataBody, VisaError> {
    let token = &minted.token;
    Ok(PaymentDataBody {
        id: derived_ids::payment_data_id(&call.space, &token.reference, minted.counter),
        payment_instrument: card.map(|card| payment_instrument(call, card)),
        token_info: token_info(call, token, Some(enc_token_info(call, token)?)),
        cryptogram_info: CryptogramInfo {
            cryptogram: minted.value,
            eci: ECI,
            atc: minted.counter.to_string(),
        },
    })
}

/// The number of the token, for the requestor's eyes only.
fn enc_token_info(call: &Call, token: &TokenRecord) -> Result<String, VisaError> {
    let number = token.number.ok_or(Rejection::TokenMissing)?;
    sealed::seal(&call.space, call.now, &json!({ "token": number.expose() }))
}

fn payment_instrument(call: &Call, card: &CardRecord) -> PaymentInstrument {
    PaymentInstrument {
        last4: card.pan.last4(),
        expiration_date: card.expiry.into(),
        payment_type: json!({ "cardBrand": "VISA" }),
        payment_account_reference: card.payment_account_reference(&call.space.seed),
    }
}

fn token_info(call: &Call, token: &TokenRecord, enc_token_info: Option<String>) -> TokenInfo {
    let config = &call.space.config;
    let account = config.accounts.get(token.owner);
    TokenInfo {
        enc_token_info,
        token_status: state(token.status.state, config.settings.visa.deleted),
        last4: token.number.map(|number| number.last4()),
        expiration_date: token.expiry.into(),
        token_requestor_id: account.map(|account| account.token_requestor_id.clone()),
    }
}

const fn state(state: State, deleted: DeletedWord) -> &'static str {
    match (state, deleted) {
        (State::Inactive, _) => "INACTIVE",
        (State::Active, _) => "ACTIVE",
        (State::Suspended, _) => "SUSPENDED",
        (State::Deleted | State::Failed, DeletedWord::Deleted) => "DELETED",
        (State::Deleted | State::Failed, DeletedWord::Deactivated) => "DEACTIVATED",
    }
}
