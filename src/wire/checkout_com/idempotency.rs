//! Idempotency keys at Checkout.com. A refused request may be sent again with the same one.

use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::Terms;

/// Under this name payments are kept.
pub(super) const SERVICE: &str = "checkout_com";

pub(super) const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: false,
    replayed: None,
};
