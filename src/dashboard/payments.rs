//! Payments: what each came to, and the checks in their order with the one that declined.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::exchanges::encoded;
use super::frame::{Head, page};

#[derive(Debug, Template)]
#[template(path = "payments.html", config = "src/pages/askama.toml")]
struct Payments {
    head: Head,
    payments: Vec<Payment>,
    next: Option<String>,
    detail: Option<Payment>,
    kept: String,
}

#[derive(Debug, Deserialize)]
struct Listed {
    payments: Vec<Payment>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Payment {
    id: String,
    service: String,
    merchant: String,
    state: String,
    reason: Option<String>,
    reason_text: Option<String>,
    warnings: Vec<String>,
    response: Option<NetworkResponse>,
    amount: u64,
    captured: u64,
    refunded: u64,
    currency: String,
    initiator: String,
    network: Option<String>,
    paid_with: String,
    token: Option<String>,
    last4: String,
    network_transaction_id: Option<String>,
    transaction_link_id: Option<String>,
    quoted: Option<String>,
    created_at: String,
    updated_at: String,
    #[serde(default)]
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct NetworkResponse {
    code: String,
    merchant_advice: Option<String>,
    token_result: Option<String>,
    source: String,
}

#[derive(Debug, Deserialize)]
struct Check {
    row: String,
    reason: String,
    text: String,
    outcome: String,
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let after = asked.member("after");
    let kept = after.map_or_else(String::new, |after| format!("&after={}", encoded(after)));
    let target = match after {
        None => "payments".to_owned(),
        Some(after) => format!("payments?after={}", encoded(after)),
    };
    let Listed { mut payments, next } = asked.api.get(&target).await?;
    // The newest of a page first; the API has them in the order of their ids.
    payments.sort_by(|one, other| other.created_at.cmp(&one.created_at));
    let detail = match asked.member("open") {
        None => None,
        Some(id) => {
            let target = format!("payments/{}?checks=true", encoded(id));
            Some(asked.api.get(&target).await?)
        }
    };
    page(&Payments {
        head: Head::of(asked).await?,
        payments,
        next: next.map(|next| encoded(&next)),
        detail,
        kept,
    })
}
