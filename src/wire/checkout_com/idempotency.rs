//! Idempotency keys at Checkout.com. A refused request may be sent again with the same one.

use serde_json::{Map, Value};

use super::SERVICE;
use super::errors::CheckoutError;
use crate::domain::merchant::Merchant;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::{self, Claimed, Terms};
use crate::wire::edge::{Request, RequestContext, fingerprint};

pub(super) const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: false,
    replayed: None,
};

pub(super) async fn begin(
    context: &RequestContext,
    request: &Request,
    merchant: &Merchant,
    body: &Map<String, Value>,
) -> Result<Claimed, CheckoutError> {
    let fingerprint = fingerprint::of_object(request.uri.path(), body);
    idempotency::begin(context, request, &KEYS, &merchant.name, fingerprint).await
}
