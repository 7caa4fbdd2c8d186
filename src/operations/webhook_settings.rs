//! The settings about webhooks: where they may go, and whom they believe.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where webhooks may go, and whom they believe there.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
    /// Hosts besides this machine, as they stand in the URL.
    pub allow: Vec<String>,
    /// A PEM file with authorities to believe beside those of browsers, when a letter goes to an https address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
}
