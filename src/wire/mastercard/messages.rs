//! What MDES answers: a token and its product, as much of it as each operation shows.

use serde_json::{Map, Value, json};

use super::product;
use crate::domain::digitization::token_unique_reference;
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::{Actor, State};
use crate::domain::token::{CardRecord, TokenRecord};
use crate::operations::Space;
use crate::operations::settings::MdesTypes;
use crate::operations::tokens::Shown;

/// Whether the first digits of the account are told: they are to getToken and in notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    Told,
    Untold,
}

/// `tokenInfo`.
pub(super) fn token_info(
    types: MdesTypes,
    token: &TokenRecord,
    card: &CardRecord,
    prefix: Prefix,
) -> Value {
    let suffix = token.number.map(|number| number.last4());
    let mut info = json!({ "tokenPanSuffix": suffix });
    if prefix == Prefix::Told {
        info["accountPanPrefix"] = card.pan.first(6).into();
    }
    info["accountPanSuffix"] = card.pan.last4().into();
    info["tokenExpiry"] = token.expiry.mmyy().into();
    info["accountPanExpiry"] = card.expiry.mmyy().into();
    info["dsrpCapable"] = match types {
        MdesTypes::Specification => json!("true"),
        MdesTypes::Sandbox => json!(true),
    };
    info["tokenAssuranceLevel"] = 3.into();
    info["productCategory"] = "CREDIT".into();
    info
}

/// A token with nothing but how it stands.
pub(super) fn with_status(token: &TokenRecord) -> Value {
    let mut body = json!({ "tokenUniqueReference": token_unique_reference(&token.reference) });
    add_status(&mut body, token);
    body
}

fn add_status(body: &mut Value, token: &TokenRecord) {
    body["status"] = status(token.status.state).into();
    if token.status.state == State::Suspended {
        body["suspendedBy"] = suspended_by(token).into();
    }
    body["statusTimestamp"] = token.updated.rfc3339().into();
}

/// The state in MDES's words. A token that was refused has no name, so nobody can ask for it.
const fn status(state: State) -> &'static str {
    match state {
        State::Inactive => "INACTIVE",
        State::Active => "ACTIVE",
        State::Suspended => "SUSPENDED",
        State::Deleted | State::Failed => "DEACTIVATED",
    }
}

/// Who holds the token. MDES has no word for itself: what the network does, it does for the issuer.
fn suspended_by(token: &TokenRecord) -> Vec<&'static str> {
    let mut words: Vec<_> = token.status.holders.iter().map(holder).collect();
    words.dedup();
    words
}

const fn holder(actor: Actor) -> &'static str {
    match actor {
        Actor::Issuer | Actor::Network => "ISSUER",
        Actor::Requestor => "TOKEN_REQUESTOR",
        Actor::Cardholder => "CARDHOLDER",
    }
}

/// A token as searchTokens lists it.
pub(super) fn found(space: &Space, shown: &Shown) -> Value {
    let mut body = with_status(&shown.token);
    add_product(space, &mut body, shown, Prefix::Untold);
    body
}

/// A token as getToken shows it.
pub(super) fn whole(space: &Space, shown: &Shown) -> Value {
    let token = &shown.token;
    let account = space.config.accounts.get(token.owner);
    let mut body = json!({
        "tokenUniqueReference": token_unique_reference(&token.reference),
        "tokenRequestorId": account.map(|account| account.token_requestor_id.as_str()),
    });
    add_status(&mut body, token);
    add_product(space, &mut body, shown, Prefix::Told);
    body
}

/// The card is gone once the gateway has deleted it; then there is nothing more to show.
fn add_product(space: &Space, body: &mut Value, shown: &Shown, prefix: Prefix) {
    body["productConfig"] = product::config();
    if let Some(card) = &shown.card {
        let types = space.config.settings.mastercard.types;
        body["tokenInfo"] = token_info(types, &shown.token, card, prefix);
    }
}

/// What is sealed in the detail that tokenize answers with.
pub(super) fn account_detail(space: &Space, card: &CardRecord) -> Value {
    json!({ "paymentAccountReference": card.payment_account_reference(&space.seed) })
}

/// What is sealed in the detail that getToken answers with.
pub(super) fn number_detail(space: &Space, shown: &Shown) -> Value {
    let token = &shown.token;
    let card = shown.card.as_ref();
    let mut detail = json!({
        "tokenNumber": token.number.map(|number| number.expose()),
        "expiryMonth": format!("{:02}", token.expiry.month()),
        "expiryYear": format!("{:02}", token.expiry.year_two_digits()),
    });
    if let Some(card) = card {
        detail["paymentAccountReference"] = card.payment_account_reference(&space.seed).into();
    }
    detail
}

/// `tokenDetail`: the reference beside what was sealed.
pub(super) fn detail(token: &TokenReference, sealed: Map<String, Value>) -> Value {
    let mut members = Map::new();
    let name = "tokenUniqueReference".to_owned();
    members.insert(name, token_unique_reference(token).into());
    members.extend(sealed);
    members.into()
}
