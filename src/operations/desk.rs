//! All that an operation needs besides its request: the desk of one space, and the call that stands at it.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::access::VerifiedTokens;
use super::account_names::KnownNames;
use super::keyring::Keyring;
use super::settings::Settings;
use super::spaces::SpaceName;
use crate::clock::Clock;
use crate::domain::account::Accounts;
use crate::domain::moment::Moment;
use crate::domain::persona::Personas;
use crate::journal::{Journal, Leg};
use crate::seed::Seed;
use crate::store::Store;

/// What all spaces of a server share. Nothing in it changes while the server runs, but for what it remembers to be faster.
#[derive(Debug)]
pub struct World {
    pub accounts: Accounts,
    pub personas: Personas,
    pub settings: Settings,
    pub keyring: Keyring,
    pub verified: VerifiedTokens,
}

/// One isolated world: seed, clock, records and journal.
#[derive(Debug)]
pub struct Desk {
    pub name: SpaceName,
    pub seed: Seed,
    pub clock: Clock,
    pub store: Store,
    pub journal: Journal,
    pub world: Arc<World>,
    /// See there.
    pub names: KnownNames,
    /// Held while what is due is being done, so that nobody reads a record that is about to change.
    pub(super) settling: Mutex<()>,
}

/// One request at a desk. It sees one instant from beginning to end.
#[derive(Debug)]
pub struct Call {
    pub desk: Arc<Desk>,
    pub now: Moment,
    /// What was asked of the networks so far.
    pub legs: Vec<Leg>,
}

impl Call {
    /// Does what is due at the desk and then begins.
    pub async fn begin(desk: Arc<Desk>) -> Self {
        let now = desk.clock.now();
        super::settle::settle(&desk, now).await;
        Self::at(desk, now)
    }

    pub(super) const fn at(desk: Arc<Desk>, now: Moment) -> Self {
        Self {
            desk,
            now,
            legs: Vec::new(),
        }
    }
}
