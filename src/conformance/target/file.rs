//! The `target.toml` as it is written. Unknown members are errors: a claim that is misspelt would silently not be tested.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use data_encoding::BASE64;
use serde::Deserialize;

use super::super::binding::Declared;
use super::super::credentials::Credentials;
use super::{Account, Auth, FixedHeader, Key, Target, TestCard, checked_base};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    base_url: String,
    #[serde(default)]
    control_url: Option<String>,
    #[serde(default)]
    spaces: bool,
    #[serde(default)]
    profile: Vec<String>,
    #[serde(default)]
    claims: BTreeSet<String>,
    #[serde(default)]
    without: BTreeSet<String>,
    #[serde(default)]
    ca: Option<PathBuf>,
    #[serde(default)]
    request_timeout: Option<String>,
    auth: AuthTable,
    #[serde(default)]
    accounts: BTreeMap<String, Account>,
    #[serde(default)]
    keys: BTreeMap<String, Key>,
    #[serde(default)]
    cards: Vec<TestCard>,
    #[serde(default)]
    binding: Option<Declared>,
    #[serde(default)]
    token_requestor_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "kebab-case")]
enum AuthTable {
    Oauth { token_url: String },
    Bearer { token: String },
    Basic { username: String, password: String },
    Header { name: String, value: String },
    None {},
}

/// Reads and checks the whole file.
pub(super) fn read(text: &str) -> Result<Target, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    if let Some(binding) = &file.binding {
        binding.check()?;
    }
    for name in file.claims.iter().chain(&file.without) {
        if super::super::capability::meaning(name).is_none() {
            return Err(format!("claims, without: there is no capability {name:?}"));
        }
    }
    let auth = match file.auth {
        AuthTable::Oauth { token_url } => Auth::ClientCredentials { token_url },
        AuthTable::Bearer { token } => fixed("authorization", format!("Bearer {token}")),
        AuthTable::Basic { username, password } => {
            let pair = BASE64.encode(format!("{username}:{password}").as_bytes());
            fixed("authorization", format!("Basic {pair}"))
        }
        AuthTable::Header { name, value } => Auth::Header(FixedHeader { name, value }),
        AuthTable::None {} => Auth::None,
    };
    if matches!(auth, Auth::ClientCredentials { .. }) && !file.accounts.contains_key("manual") {
        return Err(
            "auth kind \"oauth\" needs [accounts.manual] with client_id and client_secret"
                .to_owned(),
        );
    }
    let mut profile = file.profile;
    if profile.is_empty() {
        profile.extend(file.binding.as_ref().map(|binding| binding.name.clone()));
    }
    let request_timeout = file
        .request_timeout
        .as_deref()
        .map(super::super::options::parse_duration)
        .transpose();
    Ok(Target {
        name: file.name,
        base: checked_base(&file.base_url).map_err(|error| format!("base_url: {error}"))?,
        control: file.control_url,
        spaces: file.spaces,
        profile,
        claims: file.claims,
        without: file.without,
        auth,
        accounts: file.accounts,
        keys: file.keys,
        cards: file.cards,
        binding: file.binding,
        token_requestor: file.token_requestor_id,
        credentials: Credentials::default(),
        clock: None,
        ca: file.ca,
        request_timeout: request_timeout.map_err(|error| format!("request_timeout: {error}"))?,
        fresh: false,
    })
}

fn fixed(name: &str, value: String) -> Auth {
    Auth::Header(FixedHeader {
        name: name.to_owned(),
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "name = \"x\"\nbase_url = \"http://127.0.0.1:9\"\n";

    #[test]
    fn says_what_is_wrong() {
        let rows = [
            ("", "missing field"),
            (
                "spcaes = true\n[auth]\nkind = \"none\"",
                "unknown field `spcaes`",
            ),
            ("[auth]\nkind = \"oath\"", "unknown variant `oath`"),
            (
                "[auth]\nkind = \"oauth\"\ntoken_url = \"{base}/t\"",
                "[accounts.manual]",
            ),
            (
                "without = [\"flying\"]\n[auth]\nkind = \"none\"",
                "no capability \"flying\"",
            ),
            (
                "request_timeout = \"soon\"\n[auth]\nkind = \"none\"",
                "request_timeout",
            ),
            (
                "[auth]\nkind = \"none\"\n[[cards]]\ncondition = \"lucky\"\nnetwork = \"visa\"\npan = \"1\"",
                "unknown variant `lucky`",
            ),
        ];
        for (rest, complaint) in rows {
            let error = read(&format!("{LEAST}{rest}")).unwrap_err();
            assert!(error.contains(complaint), "{rest:?} gave {error:?}");
        }
    }

    #[test]
    fn keeps_secrets_out_of_debug() {
        let text = format!(
            "{LEAST}[auth]\nkind = \"basic\"\nusername = \"u\"\npassword = \"hush-hush\"\n[accounts.a]\nclient_id = \"a\"\nclient_secret = \"hush-hush\""
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
