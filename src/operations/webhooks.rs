//! Registering those who want to be told.

use std::collections::BTreeSet;

use super::space::Space;
use super::target::{Target, TargetError};
use crate::crypto::encoding::{base64, from_base64, from_hex, hex};
use crate::domain::account::Accounts;
use crate::domain::id::Owner;
use crate::domain::notice::Event;
use crate::domain::webhook::{Endpoint, EndpointId, Profile};
use crate::limits::ENDPOINTS_MAX;
use crate::seed::Purpose;

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
}

/// Why an endpoint is not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("url {0}")]
    Url(TargetError),
    #[error("secret {0}")]
    Secret(&'static str),
    #[error("account {0:?} is none of the gateway's accounts")]
    Account(String),
    #[error("url: there are {ENDPOINTS_MAX} endpoints already, and a space may not have more")]
    Full,
}

impl Refusal {
    /// The member that is wrong.
    pub const fn member(&self) -> &'static str {
        match self {
            Self::Url(_) | Self::Full => "url",
            Self::Secret(_) => "secret",
            Self::Account(_) => "account",
        }
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
) -> Result<Option<Owner>, Refusal> {
    Target::parse(&new.url, allowed).map_err(Refusal::Url)?;
    if let Some(secret) = &new.secret {
        check_secret(new.profile, secret).map_err(Refusal::Secret)?;
    }
    let owner = |id: &String| {
        let found = accounts.find(id);
        let (owner, _) = found.ok_or_else(|| Refusal::Account(id.clone()))?;
        Ok(owner)
    };
    new.account.as_ref().map(owner).transpose()
}

/// Registers an endpoint in the space's space.
///
/// # Errors
/// What is wrong with it, or that there are as many as there may be.
pub fn register(space: &Space, new: NewEndpoint) -> Result<Endpoint, Refusal> {
    let allowed = &space.config.settings.webhooks.allow;
    let owner = check(&new, allowed, &space.config.accounts)?;
    let owner = match new.profile.network() {
        Some(_) => Some(space.config.networks.owner),
        None => owner,
    };
    let outbox = space.store.outbox();
    if outbox.endpoints().len() >= ENDPOINTS_MAX {
        return Err(Refusal::Full);
    }
    Ok(outbox.register(|id| Endpoint {
        id,
        secret: new
            .secret
            .unwrap_or_else(|| secret(space, new.profile, id, &new.url)),
        url: new.url,
        profile: new.profile,
        events: new.events,
        owner,
        disabled: None,
    }))
}

/// Registers what the settings name for the space's space. They were checked when the server started.
pub(super) fn register_configured(space: &Space) {
    for endpoint in &space.config.settings.webhooks.endpoint {
        if endpoint.is_for(space.name.text())
            && let Err(why) = register(space, endpoint.asked())
        {
            tracing::error!(space = %space.name, %why, "a webhook endpoint of the settings");
        }
    }
}

/// A secret in the form that the profile's receivers expect.
fn secret(space: &Space, profile: Profile, id: EndpointId, url: &str) -> String {
    let inputs: [&[u8]; 2] = [&id.0.to_be_bytes(), url.as_bytes()];
    let bytes = space.seed.derive(Purpose::WebhookSecret, &inputs);
    match profile {
        Profile::Standard => format!("whsec_{}", base64(&bytes)),
        Profile::Vgs => hex(&bytes[..16]),
        Profile::Stripe => format!("whsec_{}", hex(&bytes)),
        Profile::Checkout | Profile::Adyen | Profile::Hyperswitch => hex(&bytes),
        // The network signs with what it and its requestor share.
        Profile::Visa | Profile::Mastercard => String::new(),
    }
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
