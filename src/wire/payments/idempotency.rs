//! Idempotency keys of our own payment API, as ACP and Stripe have them.

use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::Terms;

pub(super) const KEYS: Terms = Terms {
    service: "payments",
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
    replayed: Some("idempotent-replayed"),
};
