//! The credentials with which clients of the space are configured. They guard test data only.

use axum::response::Response;
use serde_json::{Value, json as object};

use super::caller::{Caller, json};
use crate::domain::merchant::Service;
use crate::operations::SpaceName;

/// The accounts of the gateway and the keys of merchants, as a client of this space sends them.
pub(super) async fn list(Caller(call): Caller) -> Response {
    let space = &call.space;
    let in_space = |credential: &str| {
        if space.name == SpaceName::default_space() {
            credential.to_owned()
        } else {
            format!("{credential}@{}", space.name)
        }
    };
    let accounts = space.config.accounts.iter().map(|(_, account)| {
        object!({
            "client_id": in_space(&account.client_id),
            "client_secret": account.client_secret,
            "token_requestor_id": account.token_requestor_id,
        })
    });
    let merchants = space.config.merchants.iter().map(|merchant| {
        let keys = Service::ALL.iter();
        let keys = keys.map(|one| {
            (
                one.word().to_owned(),
                in_space(merchant.key_at(*one)).into(),
            )
        });
        object!({
            "name": merchant.name,
            "title": merchant.title,
            "keys": keys.collect::<serde_json::Map<String, Value>>(),
            "adyen_account": merchant.adyen_account,
        })
    });
    json(&object!({
        "accounts": accounts.collect::<Vec<_>>(),
        "merchants": merchants.collect::<Vec<_>>(),
    }))
}
