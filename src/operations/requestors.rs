//! Lets a requestor of Mastercard's in: OAuth 1.0a with a body hash, on the clock of the space, each nonce once.

use std::sync::Arc;

use http::Uri;

use super::space::{Call, SharedConfig};
use super::space_name::SpaceName;
use crate::crypto::mac::same;
use crate::crypto::oauth1::{Authorization, OauthError, Request};
use crate::crypto::rsa_key::KeyError;
use crate::domain::id::Owner;

/// What a signature is over, and the header that carries it.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    pub method: &'a str,
    /// The host that the client asked.
    pub host: Option<&'a str>,
    /// As it was sent, with the prefix that chose the space.
    pub sent: &'a Uri,
    /// The path without that prefix.
    pub path: &'a str,
    pub authorization: Option<&'a str>,
    pub body: &'a [u8],
}

/// Why a request lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotLetIn {
    #[error("the Authorization header is missing")]
    NoHeader,
    #[error("{0}")]
    Oauth(OauthError),
    /// With a text of which the signature would have been right.
    #[error("the signature matches no base string of this request, such as {acceptable}")]
    Signature { acceptable: String },
    #[error("nobody has this consumer key")]
    Client,
    #[error("the consumer key names another space")]
    OtherSpace,
    #[error("the oauth_nonce was used before")]
    Replayed,
    #[error("the requestor's signing key {0}")]
    Key(KeyError),
}

/// Whose request it is, if it is signed with the key of its consumer key. What is behind `@` in the consumer key names a
/// space.
///
/// # Errors
/// [`NotLetIn`], the first cause.
pub async fn enter(call: &Call, signed: &Signed<'_>) -> Result<Owner, NotLetIn> {
    let config = &call.space.config;
    let header = signed.authorization.ok_or(NotLetIn::NoHeader)?;
    let authorization = Authorization::parse(header).map_err(NotLetIn::Oauth)?;
    let (name, space) = split(authorization.consumer_key());
    if !same(
        name.as_bytes(),
        config.networks.mastercard.consumer_key().as_bytes(),
    ) {
        return Err(NotLetIn::Client);
    }
    if space.is_some_and(|name| SpaceName::parse(name).as_ref() != Ok(&call.space.name)) {
        return Err(NotLetIn::OtherSpace);
    }
    keys_ready(config).await;
    let now_s = u64::try_from(call.now.seconds()).unwrap_or_default();
    let tolerance = config.settings.mastercard.timestamp_tolerance.as_secs();
    let tolerance_s = u32::try_from(tolerance).unwrap_or(u32::MAX);
    verify(config, &authorization, signed, now_s, tolerance_s)?;
    let earliest_s = now_s.saturating_sub(tolerance);
    let nonces = &call.space.nonces;
    if !nonces.remember(
        authorization.nonce(),
        authorization.timestamp_s(),
        earliest_s,
    ) {
        return Err(NotLetIn::Replayed);
    }
    Ok(config.networks.owner())
}

/// The space that the consumer key of a header names.
pub fn space_of(header: &str) -> Option<SpaceName> {
    let authorization = Authorization::parse(header).ok()?;
    SpaceName::parse(split(authorization.consumer_key()).1?).ok()
}

fn split(consumer_key: &str) -> (&str, Option<&str>) {
    match consumer_key.split_once('@') {
        Some((key, space)) => (key, Some(space)),
        None => (consumer_key, None),
    }
}

/// A server cannot know whether it stood behind TLS, or behind something that took the prefix off.
fn verify(
    config: &SharedConfig,
    authorization: &Authorization,
    signed: &Signed<'_>,
    now_s: u64,
    tolerance_s: u32,
) -> Result<(), NotLetIn> {
    let key = config
        .networks
        .mastercard
        .signing()
        .map_err(NotLetIn::Key)?;
    let host = signed.host.unwrap_or_default();
    let origins = [format!("https://{host}"), format!("http://{host}")];
    let origins = [origins[0].as_str(), origins[1].as_str()];
    let mut paths = vec![signed.sent.path()];
    paths.extend((signed.path != paths[0]).then_some(signed.path));
    let mut refused = OauthError::Signature;
    let mut acceptable = None;
    for path in paths {
        let request = Request {
            method: signed.method,
            origins: &origins,
            path,
            query: signed.sent.query().unwrap_or_default(),
            body: signed.body,
        };
        match authorization.verify(&request, key, now_s, tolerance_s) {
            Ok(_) => return Ok(()),
            Err(why) => refused = why,
        }
        acceptable.get_or_insert_with(|| authorization.acceptable(&request));
    }
    Err(match (refused, acceptable) {
        (OauthError::Signature, Some(acceptable)) => NotLetIn::Signature { acceptable },
        (refused, _) => NotLetIn::Oauth(refused),
    })
}

/// Waits until Mastercard's keys have been made, on another thread than the one that serves.
pub async fn keys_ready(config: &Arc<SharedConfig>) {
    if config.networks.mastercard.is_ready() {
        return;
    }
    let config = Arc::clone(config);
    let making = tokio::task::spawn_blocking(move || config.networks.mastercard.make_all());
    if let Err(error) = making.await {
        tracing::error!(%error, "the keys of Mastercard");
    }
}
