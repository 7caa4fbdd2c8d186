//! How payment services and gateways sign webhook messages: HMAC-SHA256 each, over something else each, written down somewhere
//! else each. What is told is nothing to this file, but for the item of Adyen's that is signed member by member.
//!
//! | scheme | signs | under | stands in |
//! |---|---|---|---|
//! | Standard Webhooks | id, time and body with dots between | the bytes of `whsec_` and base64 | `webhook-signature`, `v1,` and base64 |
//! | VGS | time and body with a dot between | the secret as text | `vgs-signature`, `t=…,v0=` and hexadecimal |
//! | Stripe | the same | the same | `stripe-signature`, `t=…,v1=` and hexadecimal |
//! | Checkout.com | the body | the secret as text | `cko-signature`, hexadecimal |
//! | Adyen, payload | the body | the bytes of a hexadecimal key | `hmacsignature`, base64 |
//! | Adyen, item | eight members of the item with colons between | the same | `additionalData.hmacSignature`, base64 |

mod adyen;
mod verify;

pub use adyen::is_notification;

use super::encoding::{base64, from_base64, from_hex, hex};
use super::mac::{HmacKey, hmac_sha256};

/// A way to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Standard,
    Vgs,
    Stripe,
    Checkout,
    AdyenPayload,
    AdyenItem,
}

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The same on every try. Only Standard Webhooks signs it.
    pub id: &'a str,
    /// In Unix seconds.
    pub at_s: i64,
    pub body: &'a str,
}

/// A header by its name in small letters.
pub type Header = (&'static str, String);

/// How far the time that is signed may be from the receiver's, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    pub behind_s: i64,
    /// None where the libraries take whatever is ahead.
    pub ahead_s: Option<i64>,
}

/// Why a signature was refused, in the order of the checks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    #[error("the secret is not written as the scheme wants it")]
    Secret,
    #[error("{name} is missing or empty")]
    Missing { name: &'static str },
    #[error("{name} cannot be read")]
    Malformed { name: &'static str },
    #[error("the signing time is no number of seconds")]
    Time,
    #[error("no signature of the version {want} is there")]
    Version { want: &'static str },
    #[error("the signing time is {behind_s} s behind the clock")]
    Stale { behind_s: i64 },
    #[error("the signing time is {ahead_s} s ahead of the clock")]
    Early { ahead_s: i64 },
    #[error("no signature matches the message")]
    Signature,
}

impl Scheme {
    pub const ALL: [Self; 6] = [
        Self::Standard,
        Self::Vgs,
        Self::Stripe,
        Self::Checkout,
        Self::AdyenPayload,
        Self::AdyenItem,
    ];

    /// The header that holds the signature; the name of the member for Adyen's items.
    pub const fn place(self) -> &'static str {
        match self {
            Self::Standard => "webhook-signature",
            Self::Vgs => "vgs-signature",
            Self::Stripe => "stripe-signature",
            Self::Checkout => "cko-signature",
            Self::AdyenPayload => "hmacsignature",
            Self::AdyenItem => "additionalData.hmacSignature",
        }
    }

    /// None where no time is signed, and a message can be sent again for ever (Standard Webhooks and Stripe by their own
    /// libraries; VGS by the receiver of its demonstration).
    pub const fn tolerance(self) -> Option<Tolerance> {
        match self {
            Self::Standard => Some(Tolerance {
                behind_s: 300,
                ahead_s: Some(300),
            }),
            Self::Vgs => Some(Tolerance {
                behind_s: 60,
                ahead_s: Some(60),
            }),
            Self::Stripe => Some(Tolerance {
                behind_s: 300,
                ahead_s: None,
            }),
            Self::Checkout | Self::AdyenPayload | Self::AdyenItem => None,
        }
    }

    /// The key that a secret stands for.
    ///
    /// # Errors
    /// [`WebhookError::Secret`] when it is not written as the scheme wants it, or is empty.
    pub fn key(self, secret: &str) -> Result<HmacKey, WebhookError> {
        let bytes = match self {
            Self::Standard => {
                let text = secret.strip_prefix("whsec_").unwrap_or(secret);
                from_base64(text).map_err(|_| WebhookError::Secret)?
            }
            Self::Vgs | Self::Stripe | Self::Checkout => secret.as_bytes().to_vec(),
            Self::AdyenPayload | Self::AdyenItem => {
                from_hex(secret).map_err(|_| WebhookError::Secret)?
            }
        };
        if bytes.is_empty() {
            return Err(WebhookError::Secret);
        }
        Ok(HmacKey::new(&bytes))
    }

    /// The headers of a signed message; none where it is signed in its body.
    ///
    /// # Errors
    /// [`WebhookError::Secret`].
    pub fn sign(self, secret: &str, message: Message<'_>) -> Result<Vec<Header>, WebhookError> {
        let key = self.key(secret)?;
        let code = |parts: &[&str]| {
            let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
            hmac_sha256(&key, &parts)
        };
        let Message { id, at_s, body } = message;
        let time = at_s.to_string();
        let place = self.place();
        Ok(match self {
            Self::Standard => {
                let signature = base64(&code(&[id, ".", &time, ".", body]));
                vec![
                    ("webhook-id", id.to_owned()),
                    ("webhook-timestamp", time),
                    (place, format!("v1,{signature}")),
                ]
            }
            Self::Vgs | Self::Stripe => {
                let version = if self == Self::Vgs { "v0" } else { "v1" };
                let signature = hex(&code(&[&time, ".", body]));
                vec![(place, format!("t={time},{version}={signature}"))]
            }
            Self::Checkout => vec![(place, hex(&code(&[body])))],
            Self::AdyenPayload => vec![(place, base64(&code(&[body])))],
            Self::AdyenItem => Vec::new(),
        })
    }

    /// The body with its signature inside; None where the scheme signs in headers, and for what is no notification. `over`
    /// is the body itself, unless the signature is to be wrong.
    ///
    /// # Errors
    /// [`WebhookError::Secret`].
    pub fn sign_within(
        self,
        secret: &str,
        over: &str,
        body: &str,
    ) -> Result<Option<String>, WebhookError> {
        if self != Self::AdyenItem {
            return Ok(None);
        }
        Ok(adyen::signed(&self.key(secret)?, over, body))
    }
}
