//! Idempotency keys at Stripe: an answer is kept whatever it says, unless Stripe itself failed.

use super::SERVICE;
use super::errors::StripeError;
use super::form::Form;
use crate::domain::merchant::Merchant;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::{self, Claimed, Terms};
use crate::wire::edge::{Request, RequestContext, fingerprint};

pub(super) const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
    replayed: Some("idempotent-replayed"),
};

pub(super) async fn begin(
    context: &RequestContext,
    request: &Request,
    merchant: &Merchant,
    form: &Form,
) -> Result<Claimed, StripeError> {
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    idempotency::begin(context, request, &KEYS, &merchant.name, fingerprint).await
}
