//! What the protocol's one call answers.

use http::StatusCode;
use serde_json::{Map, Value, json as object_of};

use super::auth::{Rules, enter};
use super::errors::{AcpError, Own};
use super::idempotency::KEYS;
use super::{requests, version};
use crate::domain::payment::allowance::Allowance;
use crate::operations::delegation::delegate;
use crate::operations::settings::DelegationHeaders;
use crate::wire::edge::document::{object, read};
use crate::wire::edge::idempotency::carry_out;
use crate::wire::edge::{Answer, Request, RequestContext, Route, fingerprint, json, routes};

/// Every route of the protocol.
pub(super) const ROUTES: &[Route] = routes![
    POST "/agentic_commerce/delegate_payment" DelegatePayment => delegate_payment,
];

async fn delegate_payment(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AcpError> {
    let (merchant, rules) = enter(context, request)?;
    let sender = &merchant.name;
    check_headers(request, rules)?;
    let body = object(request)?;
    let merchants = &request.space.config.merchants;
    let wanted = read(&body, |body| requests::wanted(body, merchants, rules))?;
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    carry_out(
        context,
        request,
        &KEYS,
        sender,
        fingerprint,
        async |context, id| {
            let (delegated, allowance) = (wanted.delegated, wanted.allowance);
            let metadata = echoed(wanted.metadata, &allowance, KEYS.key(request)?);
            let credential = delegate(&context.call, delegated, allowance, id).await?;
            let body = object_of!({
                "id": format!("vt_{}", credential.id.base58()),
                "created": credential.created.rfc3339(),
                "metadata": metadata,
            });
            Ok(json(StatusCode::CREATED, body.to_string()))
        },
    )
    .await
}

fn check_headers(request: &Request, rules: Rules) -> Result<(), AcpError> {
    let required = match request.space.config.settings.payments.delegation_headers {
        DelegationHeaders::Strict => rules == Rules::Protocol,
        DelegationHeaders::Lenient => false,
    };
    if KEYS.key(request)?.is_none() && required {
        return Err(Own::KeyRequired.into());
    }
    version::check(request, rules, required)
}

/// The metadata of the answer: the client's, and by what else the two sides can find the request again (the RFC's section 2.4).
fn echoed(
    mut metadata: Map<String, Value>,
    allowance: &Allowance,
    key: Option<&str>,
) -> Map<String, Value> {
    let merchant = allowance.merchants.first().map(String::as_str);
    for (name, value) in [("merchant_id", merchant), ("idempotency_key", key)] {
        if let Some(value) = value {
            let value = || value.into();
            metadata.entry(name).or_insert_with(value);
        }
    }
    metadata
}
