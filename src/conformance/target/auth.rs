//! How requests are authorised. Secrets are never shown.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::BASE64;
use serde::Deserialize;

use super::super::mistake::Mistake;
use super::signed::{Oauth1, Oauth1Table, XPayToken};
use super::webhooks::Encoding;

/// How requests are authorised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    /// OAuth 2.0 client credentials.
    ClientCredentials(OauthClient),
    /// The same header on every request.
    Header(FixedHeader),
    /// Every request is signed with a shared secret.
    Hmac(Hmac),
    /// Every request is signed by OAuth 1.0a with an RSA key.
    Oauth1(Oauth1),
    /// Every request carries Visa's x-pay-token.
    XPayToken(XPayToken),
    /// Nothing.
    None,
}

/// How access tokens are asked for (RFC 6749, section 4.4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OauthClient {
    /// The token endpoint.
    pub(crate) token_url: String,
    /// What is asked for where a check says nothing else.
    #[serde(default)]
    pub(crate) scope: Option<String>,
    /// How the client names itself.
    #[serde(default)]
    pub(crate) client: ClientNamed,
    /// Further pairs of the form, such as an audience.
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Where a client's name and secret stand (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ClientNamed {
    /// In the form.
    #[default]
    Form,
    /// In the header `authorization`, as Basic.
    Basic,
}

/// A header that authorises; its value is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FixedHeader {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl fmt::Debug for FixedHeader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FixedHeader({}: ***)", self.name)
    }
}

/// HMAC-SHA256 over a text that is made of the request. Templates may name `{method}`, `{path}` (with the query), `{body}`,
/// `{body_sha256}`, `{key_id}`, `{now}`, `{now_ms}`, `{nonce}`, and in the headers `{signature}`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hmac {
    pub(crate) key_id: String,
    pub(crate) secret: String,
    #[serde(default)]
    pub(crate) secret_encoding: Encoding,
    /// What is signed.
    pub(crate) content: String,
    #[serde(default = "Hmac::usual_encoding")]
    pub(crate) encoding: Encoding,
    /// The headers that carry key, time and signature.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Hmac {
    const fn usual_encoding() -> Encoding {
        Encoding::Hex
    }
}

impl fmt::Debug for Hmac {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "Hmac({}, {:?}, {:?}, ***)",
            self.key_id, self.secret_encoding, self.encoding
        )
    }
}

/// As a target file says it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "kebab-case")]
pub(super) enum AuthTable {
    Oauth(OauthClient),
    Bearer {
        token: String,
    },
    Basic {
        username: String,
        password: String,
    },
    Header {
        name: String,
        value: String,
    },
    Hmac(Hmac),
    #[serde(rename = "oauth1")]
    Oauth1(Oauth1Table),
    XPayToken(XPayToken),
    None {},
}

impl AuthTable {
    pub(super) const fn is_oauth(&self) -> bool {
        matches!(self, Self::Oauth(_))
    }

    /// Whether every request is signed.
    pub(super) const fn signs(&self) -> bool {
        matches!(self, Self::Hmac(_) | Self::Oauth1(_) | Self::XPayToken(_))
    }

    /// The texts of a signature in which variables may stand, each with the way to its member.
    pub(super) fn texts(&self) -> Vec<(Vec<&str>, &str)> {
        let Self::Hmac(hmac) = self else {
            return Vec::new();
        };
        let headers = hmac.headers.iter();
        let headers = headers.map(|(name, text)| (vec!["headers", name.as_str()], text.as_str()));
        std::iter::once((vec!["content"], hmac.content.as_str()))
            .chain(headers)
            .collect()
    }

    /// # Errors
    /// What is wrong with a file that it names.
    pub(super) fn auth(self) -> Result<Auth, Mistake> {
        Ok(match self {
            Self::Oauth(client) => Auth::ClientCredentials(client),
            Self::Bearer { token } => fixed("authorization", format!("Bearer {token}")),
            Self::Basic { username, password } => {
                let pair = BASE64.encode(format!("{username}:{password}").as_bytes());
                fixed("authorization", format!("Basic {pair}"))
            }
            Self::Header { name, value } => Auth::Header(FixedHeader { name, value }),
            Self::Hmac(hmac) => Auth::Hmac(hmac),
            Self::Oauth1(table) => Auth::Oauth1(table.load()?),
            Self::XPayToken(x_pay) => Auth::XPayToken(x_pay),
            Self::None {} => Auth::None,
        })
    }
}

pub(super) fn fixed(name: &str, value: String) -> Auth {
    Auth::Header(FixedHeader {
        name: name.to_owned(),
        value,
    })
}
