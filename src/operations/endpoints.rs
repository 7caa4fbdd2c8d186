//! Endpoints as somebody asks for them, and whether they can be registered at all.

use std::collections::BTreeSet;

use super::target::{Target, TargetError};
use crate::crypto::encoding::{from_base64, from_hex};
use crate::domain::account::Accounts;
use crate::domain::id::Owner;
use crate::domain::notice::Event;
use crate::domain::webhook::{Endpoint, Profile};
use crate::limits::ENDPOINTS_MAX;

/// An endpoint as somebody asks for it.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    pub url: String,
    pub profile: Profile,
    /// Made from the seed when none is given.
    pub secret: Option<String>,
    pub events: Option<BTreeSet<Event>>,
    /// Client id of the account whose tokens it is about.
    pub account: Option<String>,
    /// Set when a merchant registers it at its payment service.
    pub at_service: Option<AtService>,
}

/// Who registers an endpoint at a payment service, and what the service keeps with it in its own form.
#[derive(Debug, Clone)]
pub struct AtService {
    pub merchant: String,
    pub note: Box<str>,
}

/// Why an endpoint is not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointRefusal {
    #[error("url {0}")]
    Url(TargetError),
    #[error("secret {0}")]
    Secret(&'static str),
    #[error("account {0:?} is none of the gateway's accounts")]
    Account(String),
    #[error("url: there are {ENDPOINTS_MAX} endpoints already, and a space may not have more")]
    Full,
}

impl EndpointRefusal {
    /// The member that is wrong.
    pub const fn member(&self) -> &'static str {
        match self {
            Self::Url(_) | Self::Full => "url",
            Self::Secret(_) => "secret",
            Self::Account(_) => "account",
        }
    }
}

impl EndpointRefusal {
    /// What is wrong with that member, without its name.
    pub fn why(&self) -> String {
        let text = self.to_string();
        let why = text.strip_prefix(self.member()).unwrap_or(&text);
        why.trim_start_matches([':', ' ']).to_owned()
    }
}

/// Whether an endpoint can be registered at all, and whose tokens it is about.
///
/// # Errors
/// What is wrong with it.
pub fn check(
    new: &NewEndpoint,
    allowed: &[String],
    accounts: &Accounts,
) -> Result<Option<Owner>, EndpointRefusal> {
    check_url(&new.url, allowed)?;
    if let Some(secret) = &new.secret {
        check_secret(new.profile, secret).map_err(EndpointRefusal::Secret)?;
    }
    let owner = |id: &String| {
        let found = accounts.find(id);
        let (owner, _) = found.ok_or_else(|| EndpointRefusal::Account(id.clone()))?;
        Ok(owner)
    };
    new.account.as_ref().map(owner).transpose()
}

/// Whether an endpoint that somebody has kept can be used here.
///
/// # Errors
/// What is wrong with it.
pub fn check_kept(endpoint: &Endpoint, allowed: &[String]) -> Result<(), EndpointRefusal> {
    check_url(&endpoint.url, allowed)?;
    // A network signs with what it has already.
    if endpoint.profile.network().is_some() {
        return Ok(());
    }
    check_secret(endpoint.profile, &endpoint.secret).map_err(EndpointRefusal::Secret)
}

/// Whether messages may go there.
///
/// # Errors
/// What is wrong with the address.
pub fn check_url(url: &str, allowed: &[String]) -> Result<(), EndpointRefusal> {
    Target::parse(url, allowed).map_err(EndpointRefusal::Url)?;
    Ok(())
}

fn check_secret(profile: Profile, secret: &str) -> Result<(), &'static str> {
    let fits = match profile {
        Profile::Standard => standard_key(secret).is_some_and(|key| (24..=64).contains(&key.len())),
        Profile::Adyen => from_hex(secret).is_ok_and(|key| !key.is_empty()),
        Profile::Vgs | Profile::Stripe | Profile::Checkout => !secret.is_empty(),
        Profile::Hyperswitch => {
            !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic())
        }
        Profile::Visa | Profile::Mastercard => false,
    };
    match (fits, profile) {
        (true, _) => Ok(()),
        (false, Profile::Standard) => {
            Err("must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)")
        }
        (false, Profile::Adyen) => Err("must be bytes in hexadecimal"),
        (false, Profile::Vgs | Profile::Stripe | Profile::Checkout) => Err("must not be empty"),
        (false, Profile::Hyperswitch) => Err("must be letters, digits and signs without spaces"),
        (false, Profile::Visa | Profile::Mastercard) => {
            Err("is not used: `standin keys` has what the network signs with")
        }
    }
}

/// The key inside a secret of the Standard Webhooks specification.
pub fn standard_key(secret: &str) -> Option<Vec<u8>> {
    from_base64(secret.strip_prefix("whsec_")?).ok()
}
