//! Registering those who want to be told.

use super::endpoints::{AtService, EndpointRefusal, NewEndpoint, check, check_url};
use super::space::{Call, Space};
use crate::crypto::encoding::{base64, hex};
use crate::domain::deviation::Deviation;
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::domain::webhook::{Endpoint, EndpointId, Profile};
use crate::limits::ENDPOINTS_MAX;
use crate::seed::Purpose;

/// Why an endpoint was not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    Refused(#[from] EndpointRefusal),
    #[error(transparent)]
    Rejected(#[from] Rejection),
}

/// Registers an endpoint in a space.
///
/// # Errors
/// What is wrong with it, that there are as many as there may be, or that the store is away.
pub async fn register(space: &Space, new: NewEndpoint) -> Result<Endpoint, RegisterError> {
    let allowed = &space.config.settings.webhooks.allow;
    let owner = check(&new, allowed, &space.config.accounts)?;
    let owner = match new.profile.network() {
        Some(_) => Some(space.config.networks.owner()),
        None if space.config.deviates(Deviation::TellsEverybody) => None,
        None => owner,
    };
    let account = owner.and_then(|owner| space.config.accounts.get(owner));
    let merchant = account.map(|account| account.merchant.clone());
    let (merchant, note) = match new.at_service {
        Some(AtService { merchant, note }) => (Some(merchant), Some(note)),
        None => (merchant, None),
    };
    let store = &space.store;
    if store.endpoints().await.map_err(Rejection::from)?.len() >= ENDPOINTS_MAX {
        return Err(EndpointRefusal::Full.into());
    }
    let registered = store.register(|id| Endpoint {
        id,
        secret: new
            .secret
            .unwrap_or_else(|| secret(space, new.profile, id, &new.url)),
        url: new.url,
        profile: new.profile,
        events: new.events,
        owner,
        merchant,
        note,
        disabled: None,
    });
    Ok(registered.await.map_err(Rejection::from)?)
}

/// Writes an endpoint down as it is to be from now on, after it was looked at again.
///
/// # Errors
/// What is wrong with it, or that the store is away.
pub async fn change(call: &mut Call, endpoint: Endpoint) -> Result<Endpoint, RegisterError> {
    call.consult(Operation::UpdateEndpoint, |_| {}).await?;
    let space = &call.space;
    let allowed = &space.config.settings.webhooks.allow;
    check_url(&endpoint.url, allowed)?;
    let changed = space.store.change_endpoint(endpoint.clone()).await;
    changed.map_err(Rejection::from)?;
    Ok(endpoint)
}

/// Registers what the settings name for the space. They were checked when the server started.
pub(super) async fn register_configured(space: &Space) -> Result<(), Rejection> {
    for endpoint in &space.config.settings.webhooks.endpoint {
        if !endpoint.is_for(space.name.text()) {
            continue;
        }
        match register(space, endpoint.asked()).await {
            Ok(_) => {}
            Err(RegisterError::Refused(why)) => {
                tracing::error!(space = %space.name, %why, "a webhook endpoint of the settings");
            }
            Err(RegisterError::Rejected(rejection)) => return Err(rejection),
        }
    }
    Ok(())
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
