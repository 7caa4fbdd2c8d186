//! All that an operation needs besides its request: its space, and the call that it is part of.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;

use super::fault_context::FaultContext;
use super::keyring::Keyring;
use super::known_names::{KnownNames, NamesEpoch};
use super::network_keys::NetworkKeys;
use super::on_first_use::OnFirstUse;
use super::proxy_settings::ProxyFacts;
use super::revealed::Revealed;
use super::seen_nonces::SeenNonces;
use super::settings::Settings;
use super::space_name::SpaceName;
use super::token_keys::TokenKeys;
use super::verified_tokens::VerifiedTokens;
use crate::clock::Clock;
use crate::domain::account::Accounts;
use crate::domain::cryptogram::TokenKey;
use crate::domain::deviation::Deviation;
use crate::domain::id::TokenReference;
use crate::domain::merchant::Merchants;
use crate::domain::moment::Moment;
use crate::domain::notice::{Cause, Event, Notice};
use crate::domain::operation::Operations;
use crate::domain::payment::reason::Warning;
use crate::domain::payment::responses::Responses;
use crate::domain::persona::Personas;
use crate::faults::rule::Rule;
use crate::faults::shared::Rules;
use crate::journal::{Journal, Journals, Leg, Observed};
use crate::judge::Judge;
use crate::limits::{DEFECT_WINDOW, Room};
use crate::metrics::Metrics;
use crate::seed::{Purpose, Seed};
use crate::store::{Engine, Store};

/// What all spaces of a server share. Nothing in it changes while the server runs, but for what it remembers to be faster.
#[derive(Debug)]
pub struct SharedConfig {
    pub accounts: OnFirstUse<Accounts>,
    pub personas: OnFirstUse<Personas>,
    pub merchants: OnFirstUse<Merchants>,
    pub responses: OnFirstUse<Responses>,
    pub settings: Settings,
    /// What this instance does otherwise than it should, or may. Whoever makes the server says so, and nobody else can.
    pub deviation: Option<Deviation>,
    pub keyring: Keyring,
    pub networks: Arc<NetworkKeys>,
    pub verified: VerifiedTokens,
    pub names: KnownNames,
    pub token_keys: TokenKeys,
    /// Fault rules that every space begins with.
    pub armed: Vec<Rule>,
    /// What keeps the records of each space.
    pub engine: Engine,
    /// For the records, tasks and messages of all spaces.
    pub records: Arc<Room>,
    pub journals: Arc<Journals>,
    pub metrics: Metrics,
    /// The proxy in front of the server, once there is one.
    pub proxy: OnceLock<ProxyFacts>,
}

impl SharedConfig {
    /// Whether this instance deviates so.
    #[inline]
    pub fn deviates(&self, deviation: Deviation) -> bool {
        self.deviation == Some(deviation)
    }
}

/// An isolated world with its own seed, clock, records and journal.
#[derive(Debug)]
pub struct Space {
    pub name: SpaceName,
    /// How many spaces the server had made before. A space that begins again gets another one.
    pub serial: u64,
    pub seed: Seed,
    /// The space by whose name its seed is derived: its own, or that of which it is a copy.
    pub(super) origin: SpaceName,
    pub clock: Clock,
    pub store: Store,
    pub journal: Arc<Journal>,
    /// Whoever looks at what clients do, if somebody is to.
    pub judge: Option<Arc<Judge>>,
    pub faults: Rules,
    pub config: Arc<SharedConfig>,
    /// Moves on whenever an alias goes.
    pub(super) names_epoch: NamesEpoch,
    /// Of requests that Mastercard has let in.
    pub(super) nonces: SeenNonces,
    /// Whether it is there for others, and not only for whoever looks at what it would be.
    pub(super) kept: AtomicBool,
    /// Held while what is due is being done, so that nobody reads a record that is about to change.
    pub(super) settling: Mutex<()>,
    /// Held while its settings are changed or read back, where other servers change them too.
    pub(super) setting: Mutex<()>,
}

impl Space {
    /// The key of a token.
    pub(super) fn token_key(&self, token: &TokenReference) -> TokenKey {
        let keys = &self.config.token_keys;
        keys.find(&self.seed, self.serial, token)
    }
}

/// One request in a space. It sees one instant from beginning to end.
#[derive(Debug)]
pub struct Call {
    pub space: Arc<Space>,
    pub now: Moment,
    /// What was asked of the networks so far.
    pub legs: Vec<Leg>,
    /// What was let pass although it contradicts itself.
    pub warnings: Vec<Warning>,
    /// What it is about, as far as it has come.
    pub operations: Operations,
    /// What fault rules say about the request.
    pub faults: Option<Box<FaultContext>>,
    /// What the vault's proxy has put in the place of aliases on the way here.
    pub revealed: Vec<Revealed>,
    /// What a judge is told of it.
    pub observed: Option<Box<Observed>>,
    /// What is told of it names this as its cause, where the payment service tells that.
    pub cause: Option<Arc<Cause>>,
}

impl Call {
    /// A request that no fault rule has anything to say about, at one instant. Whoever begins one has seen to it that what
    /// was due then has been done ([`super::settle::settle`]).
    pub fn at(space: Arc<Space>, now: Moment) -> Self {
        Self {
            space,
            now,
            legs: Vec::new(),
            warnings: Vec::new(),
            operations: Operations::default(),
            faults: None,
            revealed: Vec::new(),
            observed: None,
            cause: None,
        }
    }

    /// What is told of what this call did, with the call as its cause, but for what an issuer did upon it.
    pub(super) fn caused(&self, mut notices: Vec<Notice>) -> Vec<Notice> {
        if let Some(cause) = &self.cause {
            let own = notices.iter_mut().filter(
                |notice| matches!(notice.event, Event::Payment(event) if !event.is_by_issuer()),
            );
            own.for_each(|notice| notice.cause = Some(Arc::clone(cause)));
        }
        notices
    }

    /// Tells the judge something. While there is none, nothing is looked at.
    pub(super) fn observe(&mut self, look: impl FnOnce(&mut Observed)) {
        if self.space.judge.is_some() {
            look(self.observed.get_or_insert_default());
        }
    }

    /// Whether this instance deviates so.
    #[inline]
    pub fn deviates(&self, deviation: Deviation) -> bool {
        self.space.config.deviates(deviation)
    }

    /// Waits between looking and writing where this instance does not see what happens at once; and says whether it is such a
    /// one, which writes whatever has happened meanwhile.
    pub(super) async fn looks_away(&self, deviation: Deviation) -> bool {
        let deviates = self.deviates(deviation);
        if deviates {
            tokio::time::sleep(DEFECT_WINDOW).await;
        }
        deviates
    }

    /// The alias that a value stands in the place of, or the value.
    pub fn as_sent<'a>(&'a self, value: &'a str) -> &'a str {
        let known = self.revealed.iter().find(|known| known.value == value);
        known.map_or(value, |known| &known.alias)
    }

    /// Notes what was asked of a network. Most requests ask once, so room is made for one at a time.
    pub(super) fn note(&mut self, leg: Leg) {
        self.legs.reserve_exact(1);
        self.legs.push(leg);
    }

    /// Notes what was let pass.
    pub fn warn(&mut self, warnings: impl IntoIterator<Item = Warning>) {
        self.warnings.extend(warnings);
    }

    /// What stands for one request in the ids that a surface gives to requests: derived from its parts and the instant.
    pub fn receipt(&self, parts: &[&[u8]]) -> [u8; 16] {
        let now = self.now.micros().to_be_bytes();
        let inputs: Vec<_> = std::iter::once(now.as_slice())
            .chain(parts.iter().copied())
            .collect();
        self.space.seed.derive16(Purpose::Receipt, &inputs)
    }
}
