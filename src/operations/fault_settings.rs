//! What requests and answers may say about faults.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Both are off unless somebody asks: no real network knows these headers.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FaultSettings {
    /// Whether a request may bring a rule of its own in the header `standin-fault`.
    pub header: bool,
    /// Whether an answer names the rules that fired, in the header `standin-fault-fired`.
    pub tell: bool,
}
