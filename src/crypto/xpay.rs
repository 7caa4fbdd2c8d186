//! The `x-pay-token` header with which a client of Visa signs each request, as Visa's own clients write it (visa/mcp and
//! visa/vic-reference-agent) and, when asked for, in the older form of Visa Checkout.
//!
//! The message is the timestamp, the path, the raw query and the raw body, one after another: nothing is parsed, sorted or
//! written anew before it is checked. The caller brings the clock and says how far it may be off.

use super::digest::sha256_of_parts;
use super::encoding::{from_hex, hex};
use super::mac::{HmacKey, hmac_sha256, same};

/// The shared secret of one project. It is a text and its bytes are the key: nothing is decoded. `Debug` shows none of it.
#[derive(Clone)]
pub struct SharedSecret {
    text: String,
    key: HmacKey,
}

/// Which recipe a token follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `xv2:`, HMAC-SHA256 over the message.
    Xv2,
    /// `x:`, SHA-256 over the secret and the message (Visa Checkout).
    Older,
}

/// What a request shows to the signature.
#[derive(Clone, Copy, Debug)]
pub struct SignedRequest<'a> {
    /// The path of the URL as the client may know it: as it was sent, and, if something was put before the API's own
    /// path, without that too. Any one of them may match.
    pub paths: &'a [&'a str],
    /// The query as it was sent, escapes and order untouched, without the question mark.
    pub query: &'a str,
    /// The body as it was sent; empty if there is none.
    pub body: &'a [u8],
}

/// The parts of the header's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayToken {
    form: Form,
    /// As it was written, because it is signed as it was written.
    timestamp: String,
    timestamp_s: u64,
    mac: Vec<u8>,
}

/// Why a token was refused, in the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayTokenError {
    #[error("the token does not begin with xv2: or x:")]
    Form,
    #[error("the token has no decimal timestamp in seconds")]
    Timestamp,
    #[error("the token does not end in 64 lower-case hexadecimal digits")]
    Mac,
    #[error("the token has the older form x:, which is not accepted here")]
    OlderForm,
    #[error(
        "the timestamp is {behind_s} s behind the clock, and at most {tolerance_s} s are tolerated"
    )]
    Stale { behind_s: u64, tolerance_s: u32 },
    #[error(
        "the timestamp is {ahead_s} s ahead of the clock, and at most {tolerance_s} s are tolerated"
    )]
    Early { ahead_s: u64, tolerance_s: u32 },
    #[error("the signature does not match the path, query and body")]
    Signature,
}

/// What a verifier accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far the timestamp may be from the clock, either way. Visa's figure is not public.
    pub tolerance_s: u32,
    /// Whether `x:` is accepted beside `xv2:`.
    pub older_form: bool,
}

// === impl SharedSecret ===

impl SharedSecret {
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            key: HmacKey::new(text.as_bytes()),
        }
    }
}

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret(***)")
    }
}

// === impl PayToken ===

impl PayToken {
    /// Reads the header's value.
    ///
    /// # Errors
    /// [`PayTokenError::Form`], [`PayTokenError::Timestamp`] or [`PayTokenError::Mac`], whichever part is wrong first.
    pub fn parse(header: &str) -> Result<Self, PayTokenError> {
        let (form, rest) = match header.split_once(':') {
            Some(("xv2", rest)) => (Form::Xv2, rest),
            Some(("x", rest)) => (Form::Older, rest),
            Some(_) | None => return Err(PayTokenError::Form),
        };
        let (timestamp, mac) = rest.split_once(':').ok_or(PayTokenError::Timestamp)?;
        if timestamp.is_empty() || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PayTokenError::Timestamp);
        }
        let timestamp_s = timestamp.parse().map_err(|_| PayTokenError::Timestamp)?;
        if mac.len() != 64 || mac.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(PayTokenError::Mac);
        }
        let mac = from_hex(mac).map_err(|_| PayTokenError::Mac)?;
        Ok(Self {
            form,
            timestamp: timestamp.to_owned(),
            timestamp_s,
            mac,
        })
    }

    /// Signs a request as its sender does: with the first of its paths.
    pub fn sign(
        secret: &SharedSecret,
        form: Form,
        timestamp_s: u64,
        request: &SignedRequest<'_>,
    ) -> Self {
        let timestamp = timestamp_s.to_string();
        let path = request.paths.first().map_or("", |path| signed_path(path));
        let mac = mac(secret, form, &timestamp, path, request);
        Self {
            form,
            timestamp,
            timestamp_s,
            mac,
        }
    }

    /// The header's value.
    pub fn to_header(&self) -> String {
        let form = match self.form {
            Form::Xv2 => "xv2",
            Form::Older => "x",
        };
        format!("{form}:{}:{}", self.timestamp, hex(&self.mac))
    }

    /// The timestamp in Unix seconds.
    pub fn timestamp_s(&self) -> u64 {
        self.timestamp_s
    }

    /// Checks the token against the request it came with.
    ///
    /// # Errors
    /// [`PayTokenError`] from [`PayTokenError::OlderForm`] on, the first cause in the order of its variants.
    pub fn verify(
        &self,
        secret: &SharedSecret,
        request: &SignedRequest<'_>,
        now_s: u64,
        policy: Policy,
    ) -> Result<(), PayTokenError> {
        if self.form == Form::Older && !policy.older_form {
            return Err(PayTokenError::OlderForm);
        }
        let tolerance_s = policy.tolerance_s;
        let behind_s = now_s.saturating_sub(self.timestamp_s);
        if behind_s > u64::from(tolerance_s) {
            return Err(PayTokenError::Stale {
                behind_s,
                tolerance_s,
            });
        }
        let ahead_s = self.timestamp_s.saturating_sub(now_s);
        if ahead_s > u64::from(tolerance_s) {
            return Err(PayTokenError::Early {
                ahead_s,
                tolerance_s,
            });
        }
        let matches = |path: &str| {
            same(
                &mac(secret, self.form, &self.timestamp, path, request),
                &self.mac,
            )
        };
        for path in request.paths {
            let path = signed_path(path);
            // visa/vic-reference-agent leaves a trailing slash out of what it signs.
            let trimmed = path.trim_end_matches('/');
            if matches(path) || (trimmed != path && matches(trimmed)) {
                return Ok(());
            }
        }
        Err(PayTokenError::Signature)
    }
}

/// The part of a URL's path that is signed: no leading slash, and neither `vacp/` nor `vdp/`, while `vts/` stays.
fn signed_path(path: &str) -> &str {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_prefix("vacp/")
        .or_else(|| path.strip_prefix("vdp/"))
        .unwrap_or(path)
}

fn mac(
    secret: &SharedSecret,
    form: Form,
    timestamp: &str,
    path: &str,
    request: &SignedRequest<'_>,
) -> Vec<u8> {
    let (timestamp, path, query) = (
        timestamp.as_bytes(),
        path.as_bytes(),
        request.query.as_bytes(),
    );
    match form {
        Form::Xv2 => hmac_sha256(&secret.key, &[timestamp, path, query, request.body]).to_vec(),
        Form::Older => {
            let secret = secret.text.as_bytes();
            sha256_of_parts(&[secret, timestamp, path, query, request.body]).to_vec()
        }
    }
}
