//! What happened, before a surface words it for a webhook. A notice is committed with the change that it tells of.

use serde::{Deserialize, Serialize};

use super::card::Network;
use super::id::{CardId, Owner, TokenReference};
use super::moment::Moment;

/// Something happened to a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub event: Event,
    pub token: TokenReference,
    pub card: CardId,
    pub owner: Owner,
    pub network: Network,
    pub at: Moment,
}

/// What happened. The snake_case word is used in the journal and by the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

impl Event {
    pub const ALL: [Self; 9] = [
        Self::Provisioned,
        Self::ProvisioningFailed,
        Self::Activated,
        Self::Suspended,
        Self::Resumed,
        Self::Deleted,
        Self::ExpiryUpdated,
        Self::PanReplaced,
        Self::Used,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::ProvisioningFailed => "provisioning_failed",
            Self::Activated => "activated",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Deleted => "deleted",
            Self::ExpiryUpdated => "expiry_updated",
            Self::PanReplaced => "pan_replaced",
            Self::Used => "used",
        }
    }
}
