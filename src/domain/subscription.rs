//! That somebody wants to be told by the account updater of what becomes of a card, and what it reports.

use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// That somebody wants to be told of what becomes of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// False when the updater did not take the card.
    pub enrolled: bool,
    /// What it reported last.
    pub event: UpdaterEvent,
    pub created: Moment,
    pub updated: Moment,
}

/// What the account updater reports about a card (VGS, account updater).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdaterEvent {
    Valid,
    Updated,
    Expired,
    Closed,
    NonParticipating,
    ContactCardholder,
    EnrolmentFailed,
}
