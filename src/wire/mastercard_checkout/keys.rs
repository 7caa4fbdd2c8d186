//! The keys that everybody may know: for whom cards are sealed, and who signs answers. The real network serves them at
//! `/keys` of a host of its own, to anybody.

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{CheckoutError, Own};
use crate::crypto::encoding::base64_url;
use crate::crypto::rsa_key::{KeyError, PublicKey};
use crate::operations::requestors::keys_ready;
use crate::operations::sealing::SealError;
use crate::wire::edge::{Answer, Request, RequestContext, json};

/// The name of the key that signs answers.
pub(super) fn signing_key_id(key: &PublicKey) -> String {
    format!("standin-verification-{}", &key.fingerprint()[..16])
}

pub(super) async fn list(
    context: &mut RequestContext,
    _: &Request,
) -> Result<Answer, CheckoutError> {
    let config = &context.call.space.config;
    keys_ready(config).await;
    let failed = |error: KeyError| Own::Sealing(SealError::Key(error));
    let keys = &config.networks.mastercard;
    let requests = keys.requests().map_err(failed)?.certificate.public();
    let answers = keys.answers().map_err(failed)?.public();
    let body = json!({ "keys": [
        key(requests, &requests.fingerprint(), "enc", "RSA-OAEP-256"),
        key(answers, &signing_key_id(answers), "sig", "RS256"),
    ]});
    Ok(json(StatusCode::OK, body.to_string()))
}

fn key(key: &PublicKey, id: &str, usage: &str, algorithm: &str) -> Value {
    json!({
        "kty": "RSA",
        "use": usage,
        "alg": algorithm,
        "kid": id,
        "n": base64_url(key.modulus()),
        "e": base64_url(key.exponent()),
    })
}
