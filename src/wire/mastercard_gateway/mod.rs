//! What the gateway in front of every API of Mastercard's says: who is not let in, and what is no request of the API at all
//! (Mastercard Developers, OAuth 1.0a and mTLS error codes). Its errors have one shape, whatever those of the API look like.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::json;

use super::edge::{Answer, HttpProblem, json as answer};
use crate::crypto::oauth1::OauthError;
use crate::operations::requestors::NotLetIn;

/// An error of the gateway's.
#[derive(Debug)]
pub(super) struct GatewayError {
    status: StatusCode,
    code: Cow<'static, str>,
    pub(super) description: Cow<'static, str>,
}

impl GatewayError {
    fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        description: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            description: description.into(),
        }
    }

    /// Its code is the title of the status.
    pub(super) fn of_http(problem: &HttpProblem) -> Self {
        let code = problem.code('_').to_ascii_uppercase();
        Self::new(problem.status(), code, problem.sentence())
    }

    /// Why nobody is let in. Of the codes these have been seen: INVALID_BODY_HASH with its two hashes
    /// (<https://github.com/Mastercard/client-encryption-python/issues/11>) and its status
    /// (<https://github.com/Mastercard/oauth1-signer-csharp/issues/24>), AUTHENTICATION_FAILED with the text that should have
    /// been signed (<https://github.com/Mastercard/oauth1-signer-python/issues/37>), INVALID_OAUTH_SBS for a parameter that is
    /// missing, and INVALID_CLIENT_ID. Which code a clock, a nonce or a scheme has is our choice.
    pub(super) fn of_stranger(why: &NotLetIn) -> Self {
        let unauthorized = StatusCode::UNAUTHORIZED;
        match why {
            NotLetIn::Signature { acceptable } => Self::new(
                unauthorized,
                "AUTHENTICATION_FAILED",
                format!(
                    "OAuth signatures did not match. Acceptable signature base string: {acceptable}"
                ),
            ),
            NotLetIn::Oauth(OauthError::BodyHash {
                calculated,
                received,
            }) => Self::new(
                StatusCode::BAD_REQUEST,
                "INVALID_BODY_HASH",
                format!(
                    "The provided oauth_body_hash does not match the SHA256 hash of the request payload. \
                     Calculated: {calculated}, Received: {received}"
                ),
            ),
            NotLetIn::Oauth(OauthError::Signature) => Self::new(
                unauthorized,
                "AUTHENTICATION_FAILED",
                "OAuth signatures did not match.",
            ),
            NotLetIn::Oauth(
                OauthError::Stale { .. } | OauthError::Early { .. } | OauthError::Scheme,
            )
            | NotLetIn::NoHeader
            | NotLetIn::OtherSpace
            | NotLetIn::Replayed
            | NotLetIn::Key(_) => Self::new(unauthorized, "AUTHENTICATION_FAILED", why.to_string()),
            NotLetIn::Oauth(
                OauthError::TooLong
                | OauthError::Malformed { .. }
                | OauthError::Duplicate { .. }
                | OauthError::Missing { .. }
                | OauthError::Unescaped
                | OauthError::Version
                | OauthError::SignatureMethod
                | OauthError::Timestamp,
            ) => Self::new(
                unauthorized,
                "INVALID_OAUTH_SBS",
                format!("Problem with signature base string. {why}"),
            ),
            NotLetIn::Client => Self::new(
                unauthorized,
                "INVALID_CLIENT_ID",
                "The consumer key is unknown.",
            ),
        }
    }

    pub(super) fn answer(&self) -> Answer {
        let error = json!({
            "Source": "Gateway",
            "ReasonCode": self.code,
            "Description": self.description,
            "Recoverable": self.status.is_server_error(),
            "Details": null,
        });
        let body = json!({ "Errors": { "Error": [error] } });
        answer(self.status, body.to_string())
    }
}
