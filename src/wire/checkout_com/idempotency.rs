//! Idempotency keys at Checkout.com. A refused request may be sent again with the same one.

use super::SERVICE;
use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::Terms;

pub(super) const KEYS: Terms = Terms {
    service: SERVICE,
    headers: &["cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: false,
    replayed: None,
};
