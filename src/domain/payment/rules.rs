//! The switches of the authorizer.

use super::issuer::AmountTrigger;
use super::ledger::{Guesses, Velocity};
use super::proof::Lifetimes;
use crate::domain::deviation::Deviation;

/// Whether a Mastercard payment without the right transaction link id is let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlidRule {
    #[default]
    Warn,
    Decline,
}

/// The switches of the authorizer.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub lifetimes: Lifetimes,
    pub tlid: TlidRule,
    /// Refuse what would be let pass with a warning.
    pub strict: bool,
    pub velocity: Option<Velocity>,
    pub guesses: Option<Guesses>,
    pub amounts: Vec<AmountTrigger>,
    /// Tell of every approved payment with a token. Off, because a load test would drown the other notices.
    pub tell_use: bool,
    /// What the instance does otherwise.
    pub deviation: Option<Deviation>,
}
