//! The `target.toml` as it is written. Unknown members are errors: a claim that is misspelt would silently not be tested.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::super::binding::{Declared, Time};
use super::super::credentials::Credentials;
use super::super::http::Identity;
use super::super::mistake;
use super::auth::AuthTable;
use super::{
    Account, Allows, Askers, Key, Limits, Policies, Target, TestCard, Webhooks, checked_base,
    slips, unfilled,
};

/// See the module.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    name: String,
    base_url: String,
    #[serde(default)]
    control_url: Option<String>,
    #[serde(default)]
    spaces: bool,
    #[serde(default)]
    profile: Vec<String>,
    #[serde(default)]
    pub(super) claims: BTreeSet<String>,
    #[serde(default)]
    pub(super) without: BTreeSet<String>,
    #[serde(default)]
    ca: Option<PathBuf>,
    #[serde(default = "File::usual_timeout")]
    request_timeout: Time,
    /// For servers that ask for a certificate (mutual TLS).
    #[serde(default)]
    identity: Option<Identity>,
    pub(super) auth: AuthTable,
    /// Another merchant's, to see that what is one's is not the other's.
    #[serde(default)]
    pub(super) other: Option<AuthTable>,
    #[serde(default)]
    pub(super) accounts: BTreeMap<String, Account>,
    #[serde(default)]
    pub(super) askers: Askers,
    #[serde(default)]
    pub(super) keys: BTreeMap<String, Key>,
    #[serde(default)]
    pub(super) cards: Vec<TestCard>,
    #[serde(default)]
    pub(super) binding: Option<Declared>,
    #[serde(default)]
    pub(super) control: Option<Declared>,
    #[serde(default)]
    pub(super) webhooks: Option<Webhooks>,
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) allows: Allows,
    #[serde(default)]
    pub(super) policies: Policies,
    #[serde(default)]
    token_requestor_id: Option<String>,
}

impl File {
    /// Longer than a gateway takes that asks a network, and shorter than whoever waits for a verdict likes.
    const fn usual_timeout() -> Time {
        Time(Duration::from_secs(5))
    }
}

/// Reads and checks the whole file.
///
/// # Errors
/// A line for every mistake.
pub(super) fn read(text: &str) -> Result<Target, Vec<String>> {
    // What is not written yet is no mistake in itself, and whatever else is wrong may come of it.
    let left = unfilled::mistakes(text);
    if !left.is_empty() {
        return Err(mistake::placed(&left, text));
    }
    let file: File = toml::from_str(text).map_err(|error| vec![mistake::told(text, &error)])?;
    let mut found = slips::mistakes(&file);
    let base = match checked_base(&file.base_url) {
        Ok(base) => base,
        Err(error) => {
            found.push(mistake::Mistake::new(&["base_url"], error));
            String::new()
        }
    };
    let mut load = |table: AuthTable, name: &str| match table.auth() {
        Ok(auth) => Some(auth),
        Err(mistake) => {
            found.push(mistake.below(name));
            None
        }
    };
    let auth = load(file.auth, "auth");
    let other = file.other.and_then(|other| load(other, "other"));
    let trust = file.identity.as_ref().map(super::super::http::identity);
    if let Some(Err(why)) = trust {
        found.push(mistake::Mistake::new(&["identity"], why));
    }
    if !found.is_empty() {
        return Err(mistake::placed(&found, text));
    }
    let mut profile = file.profile;
    if profile.is_empty() {
        profile.extend(file.binding.as_ref().map(|binding| binding.name.clone()));
    }
    Ok(Target {
        name: file.name,
        base,
        control: file.control_url,
        spaces: file.spaces,
        profile,
        claims: file.claims,
        without: file.without,
        auth: auth.unwrap_or(super::Auth::None),
        other,
        accounts: file.accounts,
        askers: file.askers,
        keys: file.keys,
        cards: file.cards,
        binding: file.binding,
        provider: file.control,
        webhooks: file.webhooks,
        limits: file.limits,
        allows: file.allows,
        policies: file.policies,
        token_requestor: file.token_requestor_id,
        credentials: Credentials::default(),
        clock: None,
        ca: file.ca,
        identity: file.identity,
        request_timeout: file.request_timeout.0,
        fresh: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::auth::fixed;
    use super::*;

    const LEAST: &str = "name = \"x\"\nbase_url = \"http://127.0.0.1:9\"\n";

    #[test]
    fn keeps_secrets_out_of_debug() {
        let text = format!(
            "{LEAST}[auth]\nkind = \"basic\"\nusername = \"u\"\npassword = \"hush-hush\"\n[other]\nkind = \"bearer\"\ntoken = \"hush\""
        );
        let target = read(&text).unwrap();
        assert_eq!(
            target.auth,
            fixed("authorization", "Basic dTpodXNoLWh1c2g=".to_owned())
        );
        let shown = format!("{target:?}");
        assert!(
            !shown.contains("hush") && !shown.contains("dTpod"),
            "{shown}"
        );
    }
}
