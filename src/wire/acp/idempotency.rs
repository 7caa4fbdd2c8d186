//! Idempotency keys of the Agentic Commerce Protocol.

use crate::limits::{IDEMPOTENCY_KEY_BYTES_MAX, IDEMPOTENCY_LIFETIME};
use crate::wire::edge::idempotency::Terms;

/// Checkout.com takes them in a header of its own.
pub(super) const KEYS: Terms = Terms {
    service: "acp",
    headers: &["idempotency-key", "cko-idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_MAX,
    lifetime: IDEMPOTENCY_LIFETIME,
    refusals_too: true,
    replayed: Some("idempotent-replayed"),
};
