//! Bodies of the token endpoint, the key set and the discovery document.

use serde::Serialize;

use crate::crypto::encoding::base64_url;
use crate::crypto::rsa_key::PublicKey;
use crate::domain::account::Scope;
use crate::limits::ACCESS_TOKEN_LIFETIME;

/// A successful answer (RFC 6749 section 5.1), with the members that Keycloak adds.
#[derive(Debug, Serialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    expires_in: u64,
    refresh_expires_in: u64,
    token_type: &'static str,
    #[serde(rename = "not-before-policy")]
    not_before_policy: u64,
    scope: String,
}

impl TokenAnswer {
    pub(super) fn new(access_token: String, scope: String) -> Self {
        Self {
            access_token,
            expires_in: ACCESS_TOKEN_LIFETIME.as_secs(),
            refresh_expires_in: 0,
            token_type: "Bearer",
            not_before_policy: 0,
            scope,
        }
    }
}

/// The key set (RFC 7517).
pub(super) fn key_set(key_id: &str, key: &PublicKey) -> serde_json::Value {
    serde_json::json!({ "keys": [{
        "kid": key_id,
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "n": base64_url(key.modulus()),
        "e": base64_url(key.exponent()),
    }] })
}

/// The discovery document (OpenID Connect Discovery 1.0), for the parts that exist here.
pub(super) fn discovery(issuer: &str) -> serde_json::Value {
    let scopes: Vec<_> = Scope::ALL.into_iter().map(Scope::text).collect();
    serde_json::json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/protocol/openid-connect/token"),
        "jwks_uri": format!("{issuer}/protocol/openid-connect/certs"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": scopes,
    })
}
