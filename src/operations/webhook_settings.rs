//! The settings about webhooks: where they may go, whom they believe, and who is told from the start.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoints::{EndpointRefusal, NewEndpoint, check};
use super::on_first_use::OnFirstUse;
use super::schemas;
use super::space_name::SpaceName;
use crate::domain::account::Accounts;
use crate::domain::notice::Event;
use crate::domain::webhook::Profile;
use crate::limits::ENDPOINTS_MAX;

/// The space of an endpoint that is told of every space.
const EVERY_SPACE: &str = "*";

/// Where webhooks may go, and to whom they go from the start.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
    /// Whose time a signature is stamped with.
    pub signature_time: SignatureTime,
    /// Hosts besides this machine, as they stand in the URL.
    pub allow: Vec<String>,
    /// A PEM file with authorities to believe beside those of browsers, when a message goes to an https address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// Who is told, as `[[webhooks.endpoint]]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub endpoint: Vec<ConfiguredEndpoint>,
}

/// Whose time stands in the signature of a message. Receivers compare it with the clock of their own machine and refuse what
/// is minutes off (Standard Webhooks and Stripe's libraries: five), so that a space whose clock stands still would be
/// believed by nobody. The body tells the time of the space either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureTime {
    /// The machine's, when the message is sent.
    #[default]
    Machine,
    /// That of the space, so that a run can be repeated byte for byte.
    Space,
}

/// An endpoint that is registered whenever its space begins.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredEndpoint {
    pub url: String,
    /// The name of a space, or `*` for every one; the default space when none is given.
    #[serde(default = "default_space")]
    pub space: String,
    #[serde(default)]
    #[schemars(schema_with = "schemas::profile")]
    pub profile: Profile,
    /// Made from the seed when none is given. Never shown.
    #[serde(default, skip_serializing)]
    pub secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "schemas::events")]
    pub events: Option<BTreeSet<Event>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

fn default_space() -> String {
    SpaceName::default_space().text().to_owned()
}

impl fmt::Debug for ConfiguredEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConfiguredEndpoint({} {})", self.space, self.url)
    }
}

impl ConfiguredEndpoint {
    pub(super) fn is_for(&self, space: &str) -> bool {
        self.space == EVERY_SPACE || self.space == space
    }

    pub(super) fn asked(&self) -> NewEndpoint {
        NewEndpoint {
            url: self.url.clone(),
            profile: self.profile,
            secret: self.secret.clone(),
            events: self.events.clone(),
            account: self.account.clone(),
            at_service: None,
        }
    }
}

impl Webhooks {
    /// Whether every endpoint can be registered where it is to be.
    ///
    /// # Errors
    /// A text that says which endpoint, and which member of it, is wrong and why.
    pub fn check(&self, accounts: &OnFirstUse<Accounts>) -> Result<(), String> {
        let mut in_space: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, endpoint) in self.endpoint.iter().enumerate() {
            let complain = |why: String| format!("webhooks.endpoint {}: {why}", place + 1);
            if endpoint.space != EVERY_SPACE {
                let name = SpaceName::parse(&endpoint.space);
                name.map_err(|error| complain(format!("space: {error}")))?;
            }
            check(&endpoint.asked(), &self.allow, accounts)
                .map_err(|refusal| complain(refusal.to_string()))?;
            *in_space.entry(&endpoint.space).or_default() += 1;
        }
        let everywhere = in_space.remove(EVERY_SPACE).unwrap_or_default();
        let most = in_space.values().max().copied().unwrap_or_default();
        if everywhere + most > ENDPOINTS_MAX {
            return Err(format!("webhooks.endpoint: {}", EndpointRefusal::Full));
        }
        Ok(())
    }
}
