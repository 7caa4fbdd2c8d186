//! What is judged, and what it claims about itself: addresses, credentials, test cards and capabilities. Built from the
//! command line, from a `target.toml`, or for a private standin. Nothing here is asked of the target; claims are tested.

mod askers;
mod auth;
mod file;
mod key;
mod limits;
mod network;
mod signed;
mod slips;
mod unfilled;
pub(crate) mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use askers::{Asker, Askers};
pub(crate) use auth::{Auth, ClientNamed, Hmac};
pub(crate) use key::Key;
pub(crate) use limits::{Allows, DeleteAgain, Limits, Policies};
pub(crate) use network::{CardNetwork, check_digit_holds};
use serde::Deserialize;
pub(crate) use unfilled::UNFILLED;
pub(crate) use webhooks::Webhooks;

use super::binding::{Control, Declared, Operation};
use super::credentials::Credentials;
use super::http::Identity;

/// What a private standin claims.
const STANDIN: &str = include_str!("standin.toml");

/// What is judged and what it claims.
#[derive(Clone, Debug)]
pub struct Target {
    pub(crate) name: String,
    pub(crate) base: String,
    pub(crate) control: Option<String>,
    pub(crate) spaces: bool,
    pub(crate) profile: Vec<String>,
    /// Capabilities claimed beside those that follow from the rest.
    pub(crate) claims: BTreeSet<String>,
    /// Capabilities that it says it has not.
    pub(crate) without: BTreeSet<String>,
    pub(crate) auth: Auth,
    /// How another merchant authorises.
    pub(crate) other: Option<Auth>,
    pub(crate) accounts: BTreeMap<String, Account>,
    /// Variables that belong to who asks.
    pub(crate) askers: Askers,
    /// Merchants' accounts with payment services.
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) cards: Vec<TestCard>,
    pub(crate) binding: Option<Declared>,
    /// What a test can bring about behind the merchant's back, whatever the binding.
    pub(crate) provider: Option<Declared>,
    pub(crate) webhooks: Option<Webhooks>,
    pub(crate) limits: Limits,
    pub(crate) allows: Allows,
    pub(crate) policies: Policies,
    /// What the networks call the token requestor whose keys the judge has: eleven digits.
    pub(crate) token_requestor: Option<String>,
    /// What the judge signs and seals with.
    pub(crate) credentials: Credentials,
    /// Reads the time in Unix seconds, for signatures, where the target does not tell its own.
    pub(crate) clock: Option<fn() -> i64>,
    pub(crate) ca: Option<PathBuf>,
    /// Who the judge is to a server that asks for a certificate.
    pub(crate) identity: Option<Identity>,
    pub(crate) request_timeout: Duration,
    /// It was started for this run: there is nothing to clear away before or after.
    pub(crate) fresh: bool,
}

/// An account of the target.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Account({}, ***)", self.client_id)
    }
}

/// A test card and what it makes the issuer and the network do.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestCard {
    pub(crate) condition: Condition,
    pub(crate) network: CardNetwork,
    pub(crate) pan: String,
    #[serde(default = "TestCard::usual_month")]
    pub(crate) exp_month: u8,
    #[serde(default = "TestCard::usual_year")]
    pub(crate) exp_year: u16,
    #[serde(default)]
    pub(crate) cvc: Option<String>,
}

impl TestCard {
    fn usual_month() -> u8 {
        12
    }

    fn usual_year() -> u16 {
        2031
    }
}

impl fmt::Debug for TestCard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "TestCard({} {} {}-{:02}, ***)",
            self.network.word(),
            self.condition.word(),
            self.exp_year,
            self.exp_month
        )
    }
}

/// What a test card brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Condition {
    /// It can be enrolled.
    Eligible,
    /// The network does not tokenise it.
    CardNotAllowed,
    /// The issuer declines for now.
    Declined,
    /// The issuer could not verify it.
    VerificationFailed,
    /// It can be enrolled, and its token waits until the cardholder has been verified.
    StepUp,
}

impl Condition {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::CardNotAllowed => "card-not-allowed",
            Self::Declined => "declined",
            Self::VerificationFailed => "verification-failed",
            Self::StepUp => "step-up",
        }
    }
}

impl Target {
    /// A standin at this base URL, as the caller that started it knows it.
    ///
    /// # Errors
    /// A text for the caller when the URL is not one.
    pub fn standin(base_url: &str) -> Result<Self, String> {
        let mut target = Self::from_toml(STANDIN, "the built-in claims")?;
        target.base = checked_base(base_url)?;
        Ok(target)
    }

    /// A server of which only the address is known: the claims of standin without spaces and without a control plane.
    ///
    /// # Errors
    /// A text for the caller when the URL is not one.
    pub fn at(base_url: &str) -> Result<Self, String> {
        let mut target = Self::standin(base_url)?;
        base_url.clone_into(&mut target.name);
        target.control = None;
        target.provider = None;
        target.webhooks = None;
        target.spaces = false;
        Ok(target)
    }

    /// Reads the text of a `target.toml`; `origin` names it in errors.
    ///
    /// # Errors
    /// A line for every mistake, with the line of the file and what to write.
    pub fn from_toml(text: &str, origin: &str) -> Result<Self, String> {
        file::read(text).map_err(|mistakes| {
            let lines = mistakes
                .iter()
                .map(|mistake| format!("{origin}: {mistake}"));
            lines.collect::<Vec<_>>().join("\n")
        })
    }

    /// The address of the control plane for `space`, if the target has one.
    pub(crate) fn control_url(&self, space: Option<&str>) -> Option<String> {
        self.control
            .as_ref()
            .map(|control| self.expand(control, space))
    }

    /// The token endpoint, if requests are authorised by OAuth.
    pub(crate) fn token_url(&self) -> Option<String> {
        match &self.auth {
            Auth::ClientCredentials(client) => Some(self.expand(&client.token_url, None)),
            Auth::Header(_) | Auth::Hmac(_) | Auth::Oauth1(_) | Auth::XPayToken(_) | Auth::None => {
                None
            }
        }
    }

    fn expand(&self, template: &str, space: Option<&str>) -> String {
        let url = template.replace("{base}", &self.base);
        match space {
            Some(space) => url.replace("{space}", space),
            None => url.replace("/~{space}", "").replace("{space}", ""),
        }
    }

    /// What the target claims beside what its bindings can say.
    pub(crate) fn capabilities(&self) -> BTreeSet<String> {
        let mut claimed = self.claims.clone();
        for card in &self.cards {
            claimed.insert(format!("card.{}", card.condition.word()));
            if card.condition == Condition::Eligible {
                claimed.insert(format!("card.{}", card.network.word()));
            }
        }
        claimed.extend(
            self.accounts
                .keys()
                .chain(self.keys.keys())
                .map(|account| format!("account.{account}")),
        );
        let provided = self.provider.iter().flat_map(Declared::operations);
        claimed.extend(provided);
        let more = [
            ("spaces", self.spaces),
            (
                "other-merchant",
                self.other.is_some() || self.accounts.contains_key("other"),
            ),
            ("three-decimals", self.allows.currency("KWD").is_some()),
        ];
        let more = more.into_iter().chain(self.policies.claims());
        let told = self
            .webhooks
            .as_ref()
            .filter(|_| self.lets(Control::Listen));
        let of_webhooks = [
            ("webhooks", true),
            (
                "webhooks-updated",
                told.is_some_and(|w| w.types.contains_key(&webhooks::Kind::Updated)),
            ),
            ("webhooks-ordered", told.is_some_and(|w| w.ordered)),
            ("webhooks-retried", told.is_some_and(|w| w.retries)),
            (
                "webhooks-state",
                told.is_some_and(|webhooks| !webhooks.state.is_empty()),
            ),
            (
                "webhooks-timed",
                !self.spaces
                    && told
                        .and_then(|webhooks| webhooks.signature.as_ref())
                        .is_some_and(|signature| signature.is_timed(self.lets(Control::Clock))),
            ),
            (
                "webhooks-signed",
                told.is_some_and(|webhooks| webhooks.signature.is_some()),
            ),
        ];
        let of_webhooks = of_webhooks.into_iter().filter(|_| told.is_some());
        let all = more.chain(of_webhooks);
        claimed.extend(all.filter(|(_, has)| *has).map(|(name, _)| name.to_owned()));
        claimed
    }

    /// A test can have the target do this, such as register an endpoint for webhooks or move the clock.
    fn lets(&self, control: Control) -> bool {
        let operation = Operation::Control(control);
        let mut all = self.provider.iter().chain(&self.binding);
        all.any(|declared| declared.offers(operation))
    }
}

/// A base URL without a trailing slash.
fn checked_base(url: &str) -> Result<String, String> {
    let parsed: hyper::Uri = url
        .parse()
        .map_err(|error| format!("{url:?} is not a URL: {error}"))?;
    match (parsed.scheme_str(), parsed.authority()) {
        (Some("http" | "https"), Some(_)) => Ok(url.trim_end_matches('/').to_owned()),
        (_, _) => Err(format!(
            "{url:?} must begin with http:// or https:// and name a host"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_claims_hold_together() {
        let target = Target::standin("http://127.0.0.1:9/").unwrap();
        assert_eq!(target.base, "http://127.0.0.1:9");
        let space = Some("s1");
        assert_eq!(
            target.control_url(space).unwrap(),
            "http://127.0.0.1:9/~s1/_standin"
        );
        assert_eq!(
            target.control_url(None).unwrap(),
            "http://127.0.0.1:9/_standin"
        );
        let claimed = target.capabilities();
        for capability in [
            "card.visa",
            "card.declined",
            "account.on-create",
            "clock",
            "spaces",
        ] {
            assert!(claimed.contains(capability), "{capability}");
        }
        let stranger = Target::at("http://example.com").unwrap();
        assert!(!stranger.capabilities().contains("event-suspend"));
    }

    #[test]
    fn a_bad_address_is_refused() {
        for url in ["", "localhost:4111", "ftp://x", "http://", "http://a b"] {
            assert!(Target::at(url).is_err(), "{url}");
        }
    }
}
