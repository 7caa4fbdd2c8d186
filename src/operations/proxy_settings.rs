//! The settings of the proxy: who may use it, where it may lead besides the imitated services, and what it rewrites. They are
//! read here and understood by the proxy, which says what is wrong with them when it starts.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schemas;
use crate::domain::alias::{Format, Storage};

/// See the module.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProxySettings {
    /// Who may use it, as `[[proxy.vault]]`; the built-in vault when none is given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vault: Vec<VaultAccess>,
    /// Hosts that are no imitated service, by name or as `*.example.test`, and where each is: `direct` for wherever its name
    /// leads, or `HOST:PORT`.
    pub upstreams: BTreeMap<String, String>,
    /// What is rewritten on the way, besides what is built in, as `[[proxy.route]]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<RouteSettings>,
}

/// The credentials of a vault.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VaultAccess {
    /// What its proxy is called: `NAME.sandbox.verygoodproxy.com`.
    pub name: String,
    pub username: String,
    /// Never shown.
    #[serde(skip_serializing)]
    pub password: String,
}

impl fmt::Debug for VaultAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultAccess({} {})", self.name, self.username)
    }
}

impl VaultAccess {
    /// The vault that is there when none is configured. Its names have the form of VGS's; they guard test data only.
    pub fn built_in() -> Self {
        Self {
            name: "tntstandin".to_owned(),
            username: "USstandin".to_owned(),
            password: "standin-secret".to_owned(),
        }
    }
}

impl ProxySettings {
    /// Who may use the proxy.
    pub fn vaults(&self) -> Vec<VaultAccess> {
        if self.vault.is_empty() {
            return vec![VaultAccess::built_in()];
        }
        self.vault.clone()
    }
}

/// What a program needs to know of the proxy.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct ProxyFacts {
    /// `https://127.0.0.1:8443`, where it speaks TLS itself.
    pub tls: Option<String>,
    /// `http://127.0.0.1:8080`, where it does not.
    pub plain: Option<String>,
    /// Whether it lets in who has no credentials.
    pub open: bool,
    pub vaults: Vec<VaultFacts>,
    /// The certificate that programs must believe, in PEM.
    pub authority: Option<String>,
}

/// The credentials of a vault, which guard test data only.
#[derive(Clone, Deserialize, Serialize)]
pub struct VaultFacts {
    pub name: String,
    pub username: String,
    pub password: String,
}

impl fmt::Debug for VaultFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultFacts({})", self.name)
    }
}

/// What is rewritten on the way to one host and back.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteSettings {
    /// A regular expression that the name of the host must match as a whole.
    pub host: String,
    /// In the order in which they are applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule: Vec<RuleSettings>,
    /// Where the card stands in a payment, for network tokens to be put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSettings>,
}

/// Where a card stands in a payment: each a JSONPath, which begins with `$`, or the name of a form's field.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardSettings {
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvc: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_month: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_year: Option<String>,
}

/// One rule. What it does not name it does not ask for.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    pub action: Action,
    pub phase: Phase,
    /// A regular expression that is found in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub method: Vec<String>,
    /// The media type of the body, without parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Only with an answer of one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<u16>,
    /// JSONPath (RFC 9535).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub json: Vec<String>,
    /// Fields of a form, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<String>,
    /// Regular expressions: the first group of each match, or all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// What the aliases look like that are put in the place of values.
    #[serde(default = "uuid", skip_serializing_if = "is_uuid")]
    #[schemars(schema_with = "schemas::format")]
    pub format: Format,
    #[serde(default = "persistent", skip_serializing_if = "is_persistent")]
    #[schemars(schema_with = "schemas::storage")]
    pub storage: Storage,
}

/// What is put in whose place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The value in the place of its alias.
    Reveal,
    /// An alias in the place of the value.
    Redact,
}

/// On which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Request,
    Response,
}

const fn uuid() -> Format {
    Format::Uuid
}

fn is_uuid(format: &Format) -> bool {
    *format == Format::Uuid
}

const fn persistent() -> Storage {
    Storage::Persistent
}

fn is_persistent(storage: &Storage) -> bool {
    *storage == Storage::Persistent
}
