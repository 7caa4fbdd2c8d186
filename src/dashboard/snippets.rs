//! How clients are pointed at this space: a snippet for each, with this server's URL and this space's keys in it.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::frame::{Head, page};

#[derive(Debug, Template)]
#[template(path = "snippets.html", config = "src/pages/askama.toml")]
struct Snippets {
    head: Head,
    base: String,
    account: Account,
    merchant: Merchant,
    accounts: Vec<Account>,
    merchants: Vec<Merchant>,
}

#[derive(Debug, Deserialize)]
struct Credentials {
    accounts: Vec<Account>,
    merchants: Vec<Merchant>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Account {
    client_id: String,
    client_secret: String,
    token_requestor_id: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Merchant {
    name: String,
    keys: Keys,
    adyen_account: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Keys {
    key: String,
    stripe_key: String,
    adyen_key: String,
    checkout_key: String,
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let Credentials {
        accounts,
        merchants,
    } = asked.api.get("credentials").await?;
    page(&Snippets {
        head: Head::of(asked).await?,
        base: asked.origin.clone(),
        account: accounts.first().cloned().unwrap_or_default(),
        merchant: merchants.first().cloned().unwrap_or_default(),
        accounts,
        merchants,
    })
}
