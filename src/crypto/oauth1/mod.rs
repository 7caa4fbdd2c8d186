//! OAuth 1.0a as Mastercard uses it: no token, a hash of the body, RSA signatures.
//!
//! Mastercard's own signers disagree in what they sign when a URL has a query, and none does exactly what RFC 5849 says;
//! a verifier therefore tries the base string of each (`base_string.rs`). Whether a nonce was seen before is for the
//! caller to know, and whose key a consumer key is, too.

mod authorization;
mod base_string;
mod percent;
mod sign;

pub use authorization::Authorization;
pub use base_string::{Dialect, base_string};
pub use sign::Signer;

/// How the base string is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    /// `RSA-SHA256`, RSASSA-PKCS1-v1_5.
    RsaSha256,
    /// `RSA-PSS`, RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    RsaPss,
}

/// What a request shows to the signature.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// In capitals, as HTTP has it.
    pub method: &'a str,
    /// Scheme and authority as the client may have written them, such as `https://sandbox.api.mastercard.com`. Any one
    /// may match: behind a proxy or under another name, the server cannot know which was signed.
    pub origins: &'a [&'a str],
    /// The path as it was sent, with whatever was put before the API's own.
    pub path: &'a str,
    /// The query as it was sent, without the question mark; empty if there is none.
    pub query: &'a str,
    /// The body as it was sent; empty if there is none.
    pub body: &'a [u8],
}

/// Why a request was refused, in the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    #[error("the Authorization header is not of the scheme OAuth")]
    Scheme,
    #[error("the Authorization header is longer than it may be")]
    TooLong,
    #[error("the Authorization header has no well-formed parameter at byte {position}")]
    Malformed { position: usize },
    #[error("{name} comes twice")]
    Duplicate { name: String },
    #[error("Missing {name}")]
    Missing { name: &'static str },
    #[error("oauth_signature must be percent-encoded")]
    Unescaped,
    #[error("oauth_version is not 1.0")]
    Version,
    #[error("oauth_signature_method is neither RSA-SHA256 nor RSA-PSS")]
    SignatureMethod,
    #[error("oauth_timestamp is not a number of seconds")]
    Timestamp,
    #[error(
        "oauth_timestamp is {behind_s} s behind the clock, and at most {tolerance_s} s are tolerated"
    )]
    Stale { behind_s: u64, tolerance_s: u32 },
    #[error(
        "oauth_timestamp is {ahead_s} s ahead of the clock, and at most {tolerance_s} s are tolerated"
    )]
    Early { ahead_s: u64, tolerance_s: u32 },
    #[error(
        "oauth_body_hash is not the SHA-256 of the body. Calculated: {calculated}, Received: {received}"
    )]
    BodyHash {
        /// Base64.
        calculated: String,
        /// As it was sent, escapes taken off.
        received: String,
    },
    #[error("the signature matches no base string of this request")]
    Signature,
}

impl SignatureMethod {
    /// The value of `oauth_signature_method`.
    pub fn name(self) -> &'static str {
        match self {
            Self::RsaSha256 => "RSA-SHA256",
            Self::RsaPss => "RSA-PSS",
        }
    }
}
