//! Who may use the proxy: whoever has the credentials of a vault, as Basic in `Proxy-Authorization`. What the user name has
//! behind `@` chooses the space.

use http::header::PROXY_AUTHORIZATION;
use http::request::Parts;

use super::refused;
use crate::crypto::encoding::from_base64;
use crate::crypto::mac::same;
use crate::operations::SpaceName;
use crate::operations::proxy_settings::{ProxySettings, VaultAccess};
use crate::server::refused::Refused;

/// See the module.
#[derive(Debug)]
pub(super) struct Vaults {
    vaults: Vec<VaultAccess>,
    open: bool,
}

/// Who was let in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) vault: Option<String>,
    /// The space that was chosen.
    pub(super) space: Option<SpaceName>,
}

impl Vaults {
    pub(super) fn compile(settings: &ProxySettings, open: bool, wrong: &mut Vec<String>) -> Self {
        let vaults = settings.vaults();
        for (place, vault) in vaults.iter().enumerate() {
            let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let mut complain = |why: &str| wrong.push(format!("proxy.vault {}: {why}", place + 1));
            if vault.name.is_empty() || !vault.name.chars().all(label) {
                complain("name: must be small letters, digits and -, as in the name of a host");
            }
            if vault.username.is_empty() || vault.username.contains(['@', ':']) {
                complain("username: must not be empty, nor hold @ or :");
            }
            let earlier = vaults.iter().take(place);
            if earlier
                .clone()
                .any(|other| other.username == vault.username)
            {
                complain("username: is another vault's");
            }
        }
        Self { vaults, open }
    }

    /// Whether there is a vault of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.vaults.iter().any(|vault| vault.name == name)
    }

    /// Lets a request in. `named` is the vault whose proxy was asked, where the client has said so.
    pub(super) fn admit(&self, parts: &Parts, named: Option<&str>) -> Result<Caller, Box<Refused>> {
        let mut given = parts.headers.get_all(PROXY_AUTHORIZATION).iter();
        let Some(value) = given.next() else {
            if self.open {
                return Ok(Caller::default());
            }
            return Err(refused::credentials("are missing"));
        };
        if given.next().is_some() {
            return Err(refused::credentials("are there more than once"));
        }
        let (user, password) = basic(value.as_bytes())
            .ok_or_else(|| refused::credentials("are not Basic, USER:PASSWORD in base64"))?;
        let (name, space) = match user.split_once('@') {
            Some((name, space)) => (name, Some(space)),
            None => (user.as_str(), None),
        };
        let vault = self.vaults.iter().find(|vault| vault.username == name);
        let vault = vault.filter(|vault| same(vault.password.as_bytes(), password.as_bytes()));
        let vault = vault.ok_or_else(|| refused::credentials("are no vault's"))?;
        if named.is_some_and(|named| named != vault.name) {
            return Err(refused::credentials(
                "are another vault's than the one that was asked",
            ));
        }
        let space = space.map(SpaceName::parse).transpose();
        let space =
            space.map_err(|error| refused::credentials(&format!("name no space: {error}")))?;
        Ok(Caller {
            vault: Some(vault.name.clone()),
            space,
        })
    }
}

/// User and password (RFC 7617). Some clients leave the escape in that `@` needs in a URL.
fn basic(value: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(value).ok()?;
    let (scheme, coded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = from_base64(coded.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.replace("%40", "@"), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::crypto::encoding::base64;

    fn admitted(open: bool, named: Option<&str>, headers: &[&str]) -> Result<Caller, u16> {
        let mut wrong = Vec::new();
        let vaults = Vaults::compile(&ProxySettings::default(), open, &mut wrong);
        assert!(wrong.is_empty());
        let mut request = Request::builder();
        for value in headers {
            request = request.header(PROXY_AUTHORIZATION, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let admitted = vaults.admit(&parts, named);
        admitted.map_err(|refused| refused.status.as_u16())
    }

    fn coded(text: &str) -> String {
        format!("Basic {}", base64(text.as_bytes()))
    }

    #[test]
    fn a_vaults_credentials_let_in_and_choose_a_space() {
        let good = coded("USstandin:standin-secret");
        let caller = admitted(false, None, &[&good]).unwrap();
        assert_eq!(caller.vault.as_deref(), Some("tntstandin"));
        assert_eq!(caller.space, None);
        for user in ["USstandin@lab", "USstandin%40lab"] {
            let caller = admitted(
                false,
                Some("tntstandin"),
                &[&coded(&format!("{user}:standin-secret"))],
            );
            assert_eq!(caller.unwrap().space.unwrap().text(), "lab");
        }
    }

    #[test]
    fn nothing_else_does() {
        let good = coded("USstandin:standin-secret");
        let rows: [(Option<&str>, Vec<String>); 8] = [
            (None, vec![]),
            (None, vec![coded("USstandin:wrong")]),
            (None, vec![coded("USother:standin-secret")]),
            (None, vec![good.replace("Basic", "Bearer")]),
            (None, vec!["Basic ???".to_owned()]),
            (None, vec![good.clone(), good.clone()]),
            (None, vec![coded("USstandin@no/space:standin-secret")]),
            (Some("tntother"), vec![good.clone()]),
        ];
        for (named, headers) in rows {
            let headers: Vec<_> = headers.iter().map(String::as_str).collect();
            assert_eq!(admitted(false, named, &headers), Err(407), "{headers:?}");
            let open = admitted(true, named, &headers).is_ok();
            assert_eq!(open, headers.is_empty(), "{headers:?}");
        }
    }

    #[test]
    fn vaults_that_cannot_be_are_named() {
        let settings: ProxySettings = toml::from_str(
            "[[vault]]\nname = \"A.b\"\nusername = \"u\"\npassword = \"p\"\n[[vault]]\nname = \"b\"\nusername = \"u\"\npassword = \"p\"\n[[vault]]\nname = \"c\"\nusername = \"u@x\"\npassword = \"p\"\n",
        )
        .unwrap();
        let mut wrong = Vec::new();
        Vaults::compile(&settings, false, &mut wrong);
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[0].starts_with("proxy.vault 1: name"));
        assert!(wrong[1].starts_with("proxy.vault 2: username: is another"));
        assert!(wrong[2].starts_with("proxy.vault 3: username"));
    }
}
