//! What happened, before a surface words it for a webhook. A notice is committed with the change that it tells of.

use serde::{Deserialize, Serialize};

use super::id::{CardId, Owner, TokenReference};
use super::moment::Moment;

/// Something happened to a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub event: Event,
    pub token: TokenReference,
    pub card: CardId,
    pub owner: Owner,
    pub at: Moment,
}

/// What happened. The snake_case word is used in the journal and by the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Provisioned,
    ProvisioningFailed,
    Activated,
    Suspended,
    Resumed,
    Deleted,
    ExpiryUpdated,
    PanReplaced,
    /// A payment with the token was approved.
    Used,
}
