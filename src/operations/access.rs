//! Access tokens: who gets one, what it says, and whom it lets in.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::space::{Call, SharedConfig, Space};
use super::space_name::{SpaceName, SpaceNameError};
pub use super::verified_tokens::Access;
use crate::crypto::jwt;
use crate::crypto::mac::same;
use crate::crypto::rsa_key::KeyError;
use crate::domain::account::{Account, Scope, Scopes};
use crate::domain::deviation::Deviation;
use crate::domain::id::Owner;
use crate::domain::moment::Moment;
use crate::limits::ACCESS_TOKEN_LIFETIME;
use crate::seed::Purpose;

/// A token that was just made.
#[derive(Debug)]
pub struct Issued {
    pub token: String,
    pub scopes: Scopes,
}

/// Why no token is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefusal {
    #[error("unknown client or wrong secret")]
    Client,
    #[error("{0}")]
    Space(SpaceNameError),
    #[error("scope {0:?} is not granted to this client")]
    Scope(String),
    #[error("the signing key {0}")]
    Key(KeyError),
}

/// Why a token lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("is not a token that this server signed")]
    Foreign,
    #[error("has expired")]
    Expired,
    #[error("is for another space")]
    OtherSpace,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    exp: i64,
    iat: i64,
    jti: String,
    iss: String,
    aud: String,
    sub: String,
    typ: String,
    azp: String,
    scope: String,
    client_id: String,
    space: String,
}

/// Checks a client's secret in constant time, and that what a client id has behind `@` can name a space.
pub fn authenticate<'a>(
    config: &'a SharedConfig,
    client_id: &str,
    secret: Option<&str>,
) -> Result<(Owner, &'a Account), AccessRefusal> {
    let (account, space) = match client_id.split_once('@') {
        Some((account, space)) => (account, Some(space)),
        None => (client_id, None),
    };
    let (owner, account) = config.accounts.find(account).ok_or(AccessRefusal::Client)?;
    let secret = secret.ok_or(AccessRefusal::Client)?;
    if !same(account.client_secret.as_bytes(), secret.as_bytes()) {
        return Err(AccessRefusal::Client);
    }
    space
        .map(SpaceName::parse)
        .transpose()
        .map_err(AccessRefusal::Space)?;
    Ok((owner, account))
}

/// The account that a client id names; behind `@` it may name a space.
fn account_of(client_id: &str) -> &str {
    client_id
        .split_once('@')
        .map_or(client_id, |(account, _)| account)
}

/// Makes a token with the scopes asked for, or with all that the account has when none are. It says whose it is in the
/// words in which the client named itself.
pub fn issue(
    space: &Space,
    account: &Account,
    client_id: &str,
    scope: Option<&str>,
    issuer: String,
    now: Moment,
) -> Result<Issued, AccessRefusal> {
    let mut scopes = Scopes::default();
    for word in scope.unwrap_or_default().split_ascii_whitespace() {
        let granted = Scope::parse(word).filter(|scope| account.scopes.contains(scope));
        scopes = scopes.with(granted.ok_or_else(|| AccessRefusal::Scope(word.to_owned()))?);
    }
    if scopes == Scopes::default() {
        scopes = account.scopes.iter().copied().collect();
    }
    let iat = now.seconds();
    let id = [
        client_id.as_bytes(),
        &iat.to_be_bytes(),
        scopes.text().as_bytes(),
    ]
    .concat();
    let longer = space.config.deviates(Deviation::AccessIsLong);
    let lifetime = ACCESS_TOKEN_LIFETIME * if longer { 4 } else { 1 };
    let claims = Claims {
        exp: now.plus(lifetime).seconds(),
        iat,
        jti: crate::crypto::encoding::hex(&space.seed.derive16(Purpose::JwtId, &[&id])),
        iss: issuer,
        aud: "account".to_owned(),
        sub: client_id.to_owned(),
        typ: "Bearer".to_owned(),
        azp: client_id.to_owned(),
        scope: scopes.text(),
        client_id: client_id.to_owned(),
        space: space.name.text().to_owned(),
    };
    let key = space
        .config
        .keyring
        .access_tokens()
        .map_err(AccessRefusal::Key)?;
    let header = serde_json::json!({ "alg": "RS256", "typ": "JWT", "kid": key_id(&space.config)? });
    let claims = serde_json::to_vec(&claims).unwrap_or_default();
    let token =
        jwt::sign(header.to_string().as_bytes(), &claims, &key).map_err(AccessRefusal::Key)?;
    Ok(Issued { token, scopes })
}

/// The name of the key that signs tokens.
pub fn key_id(config: &SharedConfig) -> Result<String, AccessRefusal> {
    let key = config.keyring.access_tokens().map_err(AccessRefusal::Key)?;
    Ok(key.public().fingerprint()[..32].to_owned())
}

impl Access {
    /// The space that the token is for.
    pub const fn space(&self) -> &SpaceName {
        &self.space
    }

    /// Whether the token lets its bearer into this space at `now`.
    ///
    /// # Errors
    /// Why not.
    pub fn is_good(&self, space: &Space, now: Moment) -> Result<(), Invalid> {
        if self.space != space.name {
            Err(Invalid::OtherSpace)
        } else if self.expires <= now && !space.config.deviates(Deviation::AccessIsForEver) {
            Err(Invalid::Expired)
        } else {
            Ok(())
        }
    }
}

/// Whom the token lets in. Whether it is for the space that was asked, and still good, is asked of what this returns.
pub fn verify(config: &SharedConfig, token: &str) -> Result<Arc<Access>, Invalid> {
    match config.verified.find(token) {
        Some(access) => Ok(access),
        None => Ok(config.verified.remember(token, check(config, token)?)),
    }
}

/// What an instance gives everybody that is open to all: the access of its first account.
pub fn of_anybody(call: &Call) -> Option<Arc<Access>> {
    let space = &call.space;
    let (owner, account) = space.config.accounts.iter().next()?;
    Some(Arc::new(Access {
        owner,
        scopes: account.scopes.iter().copied().collect(),
        space: space.name.clone(),
        expires: call.now.plus(ACCESS_TOKEN_LIFETIME),
    }))
}

/// The space that a token says it is for, believed only as far as choosing a space to verify it at.
pub fn space_of(config: &SharedConfig, token: &str) -> Option<SpaceName> {
    if let Some(access) = config.verified.find(token) {
        return Some(access.space.clone());
    }
    let claims: Claims = serde_json::from_slice(&jwt::unverified_claims(token).ok()?).ok()?;
    SpaceName::parse(&claims.space).ok()
}

fn check(config: &SharedConfig, token: &str) -> Result<Access, Invalid> {
    let key = config
        .keyring
        .access_tokens()
        .map_err(|_| Invalid::Foreign)?;
    let verified = jwt::verify(token, key.public());
    let claims = match verified {
        Err(_) if config.deviates(Deviation::SignatureIgnored) => jwt::unverified_claims(token),
        verified => verified,
    };
    let claims = claims.map_err(|_| Invalid::Foreign)?;
    let claims: Claims = serde_json::from_slice(&claims).map_err(|_| Invalid::Foreign)?;
    let (owner, _) = config
        .accounts
        .find(account_of(&claims.client_id))
        .ok_or(Invalid::Foreign)?;
    Ok(Access {
        owner,
        scopes: claims
            .scope
            .split_ascii_whitespace()
            .filter_map(Scope::parse)
            .collect(),
        space: SpaceName::parse(&claims.space).map_err(|_| Invalid::Foreign)?,
        expires: Moment::from_seconds(claims.exp),
    })
}
