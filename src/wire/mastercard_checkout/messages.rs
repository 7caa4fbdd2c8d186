//! What Checkout Solutions answers of a card, and by which name it knows it.

use serde_json::{Value, json};

use super::request::uuid_of;
use super::requests::Consumer;
use crate::crypto::encoding::{base64_url, from_base64_url};
use crate::domain::digitization::token_unique_reference;
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::State;
use crate::domain::moment::Moment;
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::{Space, derived_ids};

/// What the id of a card ends in (the specification's examples).
const CARD_ID_SUFFIX: &str = "000000000000US";

/// `srcDigitalCardId`: 36 characters, of which the first 22 are the token's own name.
pub(super) fn digital_card_id(token: &TokenReference) -> String {
    format!("{}{CARD_ID_SUFFIX}", base64_url(token.bytes()))
}

pub(super) fn parse_digital_card_id(text: &str) -> Option<TokenReference> {
    let name = text.strip_suffix(CARD_ID_SUFFIX)?;
    let bytes: [u8; 16] = from_base64_url(name).ok()?.try_into().ok()?;
    let token = TokenReference::from_bytes(bytes);
    // A name has one spelling only, or two ids would be one card.
    (digital_card_id(&token) == text).then_some(token)
}

/// `maskedCard`.
pub(super) fn masked_card(space: &Space, token: &TokenRecord, card: Option<&CardRecord>) -> Value {
    let number = token.number.map(|number| (number.first(6), number.last4()));
    let (bin, last4) = number.unwrap_or_default();
    let mut body = json!({
        "srcDigitalCardId": digital_card_id(&token.reference),
        "tokenUniqueReference": token_unique_reference(&token.reference),
        "tokenBinRange": bin,
        "tokenLastFour": last4,
        "tokenExpirationMonth": format!("{:02}", token.expiry.month()),
        "tokenExpirationYear": token.expiry.year().to_string(),
        "paymentCardDescriptor": "mastercard",
        "paymentCardType": "CREDIT",
        "dateOfCardCreated": token.created.rfc3339(),
        "digitalCardData": digital_card_data(token),
    });
    if let Some(card) = card {
        body["panBin"] = card.pan.first(6).into();
        body["panLastFour"] = card.pan.last4().into();
        body["panExpirationMonth"] = format!("{:02}", card.expiry.month()).into();
        body["panExpirationYear"] = card.expiry.year().to_string().into();
        body["paymentAccountReference"] = card.payment_account_reference(&space.seed).into();
    }
    body
}

fn digital_card_data(token: &TokenRecord) -> Value {
    let mut data = json!({
        "status": status(token.status.state),
        "descriptorName": "standin test card",
        "issuerName": "standin",
        "isCoBranded": false,
        "foregroundColor": "FFFFFF",
        "artUri": "https://example.com/card-art.png",
    });
    if token.status.state == State::Inactive {
        data["pendingEvents"] = json!(["PENDING_CONSUMER_IDV"]);
        data["authenticationMethods"] =
            json!([{ "authenticationMethodType": "MANAGED_AUTHENTICATION" }]);
    }
    data
}

const fn status(state: State) -> &'static str {
    match state {
        State::Inactive => "PENDING",
        State::Active => "ACTIVE",
        State::Suspended => "SUSPENDED",
        State::Deleted | State::Failed => "CANCELLED",
    }
}

/// `maskedConsumer`: the first and last letter of the identity, however long it is.
pub(super) fn masked_consumer(space: &Space, consumer: &Consumer, now: Moment) -> Value {
    let value = &consumer.identity_value;
    let mut letters = value.chars();
    let masked = match (letters.next(), letters.next_back()) {
        (Some(first), Some(last)) => format!("{first}***{last}"),
        (Some(_), None) | (None, _) => "***".to_owned(),
    };
    let id = derived_ids::consumer(space, &consumer.identity_type, value);
    json!({
        "srcConsumerId": uuid_of(&id),
        "maskedConsumerIdentity": {
            "identityType": consumer.identity_type,
            "maskedIdentityValue": masked,
        },
        "status": "ACTIVE",
        "dateConsumerAdded": now.rfc3339(),
    })
}

/// `token` of sealed payment data.
pub(super) fn payment_token(
    space: &Space,
    token: &TokenRecord,
    card: Option<&CardRecord>,
) -> Value {
    let mut body = json!({
        "paymentToken": token.number.map(|number| number.expose()),
        "tokenExpirationMonth": format!("{:02}", token.expiry.month()),
        "tokenExpirationYear": token.expiry.year().to_string(),
        "panSequenceNumber": "01",
    });
    if let Some(card) = card {
        body["paymentAccountReference"] = card.payment_account_reference(&space.seed).into();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_id_has_the_sample_s_shape_and_is_read_back() {
        let token = TokenReference::from_bytes([0xfb; 16]);
        let id = digital_card_id(&token);
        assert_eq!(id.len(), "61XJzB_BQ9qa29nGa7JZrQ000000000000US".len());
        assert_eq!(parse_digital_card_id(&id), Some(token));
        for wrong in [
            "",
            CARD_ID_SUFFIX,
            &id[1..],
            &id.replace('U', "A"),
            &id.replace('_', "/"),
        ] {
            assert_eq!(parse_digital_card_id(wrong), None, "{wrong}");
        }
    }
}
