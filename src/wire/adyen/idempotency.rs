//! Idempotency keys at Adyen: an answer is kept whatever it says.

use crate::limits::{IDEMPOTENCY_KEY_BYTES_ADYEN_MAX, IDEMPOTENCY_LIFETIME_ADYEN};
use crate::wire::edge::idempotency::Terms;

pub(super) const KEYS: Terms = Terms {
    service: "adyen",
    headers: &["idempotency-key"],
    bytes_max: IDEMPOTENCY_KEY_BYTES_ADYEN_MAX,
    lifetime: IDEMPOTENCY_LIFETIME_ADYEN,
    refusals_too: true,
    replayed: None,
};
