//! Idempotency keys at Stripe: an answer is kept whatever it says, unless Stripe itself failed.

use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::Terms;

/// Under this name payments are kept.
pub(super) const SERVICE: &str = "stripe";

pub(super) const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
    replayed: Some("idempotent-replayed"),
};
