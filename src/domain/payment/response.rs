//! What an authorization answer carries.

use serde::{Deserialize, Serialize};

/// What an authorization answer carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Two characters (ISO 8583 data element 39).
    pub de39: String,
    /// Mastercard's merchant advice code.
    pub merchant_advice: Option<String>,
    /// Mastercard's result of the token service.
    pub token_result: Option<String>,
    /// What the payment service calls it, where it publishes an answer of its own.
    pub own_code: Option<String>,
    /// A public source, or `inferred`.
    pub source: String,
}
