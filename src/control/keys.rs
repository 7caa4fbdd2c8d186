//! Keys that a client of the token service is configured with. They guard test data only.

use axum::response::Response;
use serde_json::json as object;

use super::caller::{Caller, json};
use super::errors::ControlError;
use crate::operations::keyring::TokenServiceKeys;

/// The members of hyperswitch's `[network_tokenization_service]` section that are keys.
pub(super) async fn token_service(Caller(call): Caller) -> Result<Response, ControlError> {
    let failed = |error: &dyn std::fmt::Display| ControlError::Body(error.to_string());
    let keys = call.space.config.keyring.token_service();
    let keys = keys.map_err(|error| failed(&error))?;
    let public = keys.own.key.public().to_spki_pem();
    let private = keys.client.to_pkcs8_pem();
    Ok(json(&object!({
        "key_id": TokenServiceKeys::KEY_ID,
        "public_key": public.map_err(|error| failed(&error))?,
        "private_key": private.map_err(|error| failed(&error))?,
    })))
}
