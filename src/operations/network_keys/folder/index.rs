//! The index as it is written. Unknown members are errors: a credential under a misspelt name would silently not be used.

use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    /// The account of the gateway that the credentials belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    /// The token requestor id of that account. It is written for whoever runs a client, and read to be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token_requestor_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mastercard: Option<MastercardIndex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) visa: Option<VisaIndex>,
    /// What the networks themselves keep secret.
    #[serde(default, skip_serializing_if = "OwnIndex::is_empty")]
    pub(super) standin: OwnIndex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MastercardIndex {
    pub(super) consumer_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signing_p12: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signing_p12_password: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signing_key_pem: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_encryption_certificate: Option<String>,
    pub(super) response_decryption_key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VisaIndex {
    pub(super) api_key: String,
    pub(super) shared_secret: String,
    pub(super) encryption_api_key: String,
    pub(super) encryption_shared_secret: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnIndex {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mastercard_request_decryption_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mastercard_answer_signing_key: Option<String>,
}

impl OwnIndex {
    const fn is_empty(&self) -> bool {
        self.mastercard_request_decryption_key.is_none()
            && self.mastercard_answer_signing_key.is_none()
    }
}
