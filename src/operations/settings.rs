//! Everything that can be set: delays, lifetimes, and a switch wherever public sources disagree about what the real system
//! does. Read from a TOML file; an unknown name is refused.

use std::num::NonZeroU32;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::client_bounds::ClientBounds;
pub use super::fault_settings::FaultSettings;
pub use super::proxy_settings::ProxySettings;
use super::schemas;
use super::sizes::size;
use super::spans::{optional_span, span};
pub use super::webhook_settings::{ConfiguredEndpoint, SignatureTime, Webhooks};
use crate::limits;
use crate::wording::told;

/// The settings of a server. Every member has a default.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub gateway: Gateway,
    pub cmp: CmpDialect,
    pub calm: CalmDialect,
    pub visa: VisaDialect,
    pub mastercard: MastercardDialect,
    pub cryptograms: Cryptograms,
    pub payments: Payments,
    pub journal: JournalBounds,
    pub webhooks: Webhooks,
    pub faults: FaultSettings,
    pub clients: ClientBounds,
    pub proxy: ProxySettings,
}

/// The gateway's own behaviour.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gateway {
    /// How long after its card an on-create token appears.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub on_create_delay: Duration,
    /// How long an asynchronous enrolment stays pending.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub enrolment_delay: Duration,
    /// Whether an expiry year listed in the test cards selects what happens to a token.
    pub expiry_year_scripts: bool,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            on_create_delay: Duration::from_secs(5),
            enrolment_delay: Duration::from_secs(2),
            expiry_year_scripts: false,
        }
    }
}

/// Where the sources disagree about card management (CMP).
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CmpDialect {
    pub included: Included,
    pub digits: Digits,
    /// The word for a token that came back from suspension.
    pub resumed: Resumed,
    /// The status when a cryptogram is asked for and the token is missing or not active.
    pub unusable_token: UnusableToken,
}

/// Where `included` stands: the guide nests it in `data`, JSON:API and running client code look at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Included {
    #[default]
    Both,
    Top,
    Data,
}

/// Whether `network_token`, `bin` and `last4` are JSON strings or numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    #[default]
    Strings,
    Numbers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resumed {
    #[default]
    Activated,
    Active,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
pub enum UnusableToken {
    #[default]
    #[serde(rename = "422")]
    Unprocessable,
    #[serde(rename = "424")]
    FailedDependency,
}

/// Where the sources disagree about enrolment (CALM).
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CalmDialect {
    pub failure: CalmFailure,
}

/// How a refused enrolment is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CalmFailure {
    /// The failure table: status 400 and a FAILED body with snake_case codes.
    #[default]
    Table,
    /// The API notes: 404 declined, 422 card-not-allowed and others, as an error list with kebab-case codes.
    Notes,
    /// The network error table: 400, 403 and 409 with the FAILED body.
    Network,
}

/// Where nothing firm is public about Visa's token service, or the sources disagree.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VisaDialect {
    /// How far the timestamp of an x-pay-token may be from the clock of the space, either way.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub clock_tolerance: Duration,
    /// Whether the older form `x:` of x-pay-token is accepted beside `xv2:`.
    pub older_pay_token: bool,
    pub deleted: DeletedWord,
}

impl Default for VisaDialect {
    fn default() -> Self {
        Self {
            clock_tolerance: limits::PAY_TOKEN_TOLERANCE,
            older_pay_token: false,
            deleted: DeletedWord::default(),
        }
    }
}

/// What the terminal state of a token is called: Visa's own client says one, payment services the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum DeletedWord {
    #[default]
    Deleted,
    Deactivated,
}

/// Where the sources disagree about Mastercard's token service (MDES), or nothing firm is public.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MastercardDialect {
    /// How far the timestamp of an OAuth signature may be from the clock of the space, either way.
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub timestamp_tolerance: Duration,
    pub application_error_status: ApplicationErrorStatus,
    pub declined: DeclinedWord,
    pub types: MdesTypes,
    /// In which form a requestor is answered who has sealed nothing yet.
    pub answer_form: AnswerForm,
    /// The length of a GCM nonce in answers.
    pub gcm_iv_bytes: GcmIvBytes,
    /// How long after its provisioning a token that needs additional authentication becomes active by itself; it waits for
    /// the issuer when nothing is set.
    #[serde(with = "optional_span")]
    #[schemars(schema_with = "schemas::span")]
    pub activation_delay: Option<Duration>,
}

impl Default for MastercardDialect {
    fn default() -> Self {
        Self {
            timestamp_tolerance: limits::OAUTH_TIMESTAMP_TOLERANCE,
            application_error_status: ApplicationErrorStatus::default(),
            declined: DeclinedWord::default(),
            types: MdesTypes::default(),
            answer_form: AnswerForm::default(),
            gcm_iv_bytes: GcmIvBytes::default(),
            activation_delay: None,
        }
    }
}

/// The HTTP status of an application error: the API's specification says 500, its siblings answer 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
pub enum ApplicationErrorStatus {
    #[default]
    #[serde(rename = "500")]
    ServerError,
    #[serde(rename = "200")]
    Ok,
}

/// How it is told that the issuer declined: as the decision of the specification, or as the reason code that payment services
/// report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeclinedWord {
    #[default]
    Decision,
    Error,
}

/// Whether `dsrpCapable` is a string and `authenticationMethods[].id` too, as the specification has it, or a boolean and a
/// number, as the sandbox answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MdesTypes {
    #[default]
    Specification,
    Sandbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerForm {
    #[default]
    FieldLevel,
    Jwe,
}

/// Mastercard's clients use sixteen bytes unless configured otherwise; most JOSE libraries take twelve only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
pub enum GcmIvBytes {
    #[default]
    #[serde(rename = "16")]
    Sixteen,
    #[serde(rename = "12")]
    Twelve,
}

/// How long cryptograms can be used.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cryptograms {
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub long_lifetime: Duration,
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub short_lifetime: Duration,
    /// After so many wrong short cryptograms of one token in a row, none of its own is taken for a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guesses: Option<GuessesRule>,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuessesRule {
    pub wrong: NonZeroU32,
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub locked_for: Duration,
}

impl Default for Cryptograms {
    fn default() -> Self {
        Self {
            long_lifetime: limits::LONG_CRYPTOGRAM_LIFETIME,
            short_lifetime: limits::SHORT_CRYPTOGRAM_LIFETIME,
            guesses: None,
        }
    }
}

/// What the issuer and the network make of payments.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Payments {
    /// Whether a Mastercard payment of the merchant's without the right transaction link id passes with a warning.
    pub transaction_link: TransactionLink,
    /// At most so many approved payments of one token or card within a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub velocity: Option<VelocityRule>,
    /// Send a notice of every approved payment with a token.
    pub tell_use: bool,
    /// Refuse, in the service's words, whatever would be let pass with a warning.
    pub strict: bool,
    /// Whether a delegated payment must come with the headers that its protocol requires.
    pub delegation_headers: DelegationHeaders,
}

/// Mastercard demands the link from 23 October 2026; many merchants still have payments without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransactionLink {
    #[default]
    Warn,
    Strict,
}

/// The Agentic Commerce Protocol requires `Idempotency-Key` and `API-Version`; Checkout.com's clients may send neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DelegationHeaders {
    #[default]
    Strict,
    Lenient,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VelocityRule {
    /// At most `limits::VELOCITY_PAYMENTS_MAX`.
    pub payments: usize,
    #[serde(with = "span")]
    #[schemars(schema_with = "schemas::span")]
    pub within: Duration,
}

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JournalBounds {
    /// Bytes of journal kept in each space.
    #[serde(deserialize_with = "size")]
    #[schemars(schema_with = "schemas::size")]
    pub bytes_max: usize,
    /// What to call the client whose defects are looked for. Without it nobody looks.
    pub judge: Option<String>,
}

impl Default for JournalBounds {
    fn default() -> Self {
        Self {
            bytes_max: limits::JOURNAL_BYTES_MAX,
            judge: None,
        }
    }
}

impl JournalBounds {
    /// # Errors
    /// A sentence when the judged client is called by no name.
    pub fn check(&self) -> Result<(), String> {
        let name = self.judge.as_deref().unwrap_or("client");
        if name.trim().is_empty() || name.len() > limits::JUDGED_NAME_BYTES_MAX {
            let most = limits::JUDGED_NAME_BYTES_MAX;
            return Err(format!("journal.judge must have 1 to {most} bytes"));
        }
        if name.chars().any(char::is_control) {
            return Err("journal.judge has control characters".to_owned());
        }
        Ok(())
    }
}

impl Settings {
    /// Reads the TOML text. The error names the line and the member.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| told(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_means_the_defaults_and_a_wrong_name_is_refused() {
        let settings = Settings::parse("").unwrap();
        assert_eq!(settings.gateway.on_create_delay, Duration::from_secs(5));
        let set = Settings::parse(
            "[gateway]\non_create_delay = \"15s\"\n[cmp]\nunusable_token = \"424\"\n",
        );
        let set = set.unwrap();
        assert_eq!(set.gateway.on_create_delay, Duration::from_secs(15));
        let sized = Settings::parse("[journal]\nbytes_max = \"64KiB\"\n").unwrap();
        assert_eq!(sized.journal.bytes_max, 65_536);
        assert_eq!(set.cmp.unusable_token, UnusableToken::FailedDependency);
        let payments = "[payments]\ntransaction_link = \"strict\"\nvelocity = { payments = 3, within = \"1h\" }\n";
        let payments = Settings::parse(payments).unwrap().payments;
        assert_eq!(payments.transaction_link, TransactionLink::Strict);
        assert_eq!(payments.velocity.unwrap().within, Duration::from_secs(3600));
        let written = toml::to_string(&set).unwrap();
        assert_eq!(
            Settings::parse(&written).unwrap().gateway.on_create_delay,
            Duration::from_secs(15)
        );
    }
}
