//! What a program needs to go through the proxy: variables of its environment, and the files that they name. No two kinds of
//! program look at the same ones.

use std::path::{Path, PathBuf};

use super::out::notice;
use crate::crypto::keystore;
use crate::operations::proxy_settings::ProxyFacts;
use crate::outgoing::Trust;

/// A variable and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    pub(super) value: String,
}

/// The port of a vault's proxy (VGS, outbound connection).
const VAULT_PORT: u16 = 8443;
const BUNDLE: &str = "authorities.pem";
const LOCAL: &str = "localhost,127.0.0.1,::1";
/// The password of a keystore that holds nothing secret; Java's own has the same.
const STORE_PASSWORD: &str = "changeit";
/// Where systems keep the authorities that everybody believes.
const SYSTEM_AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
];
/// Node learns of proxies in its environment with version 24, and late in 22; this is for those before.
const PRELOAD: &str = include_str!("proxied.cjs");
/// Some of Python's libraries bring their own list of authorities.
const CUSTOMIZE: &str = include_str!("sitecustomize.py");

/// Writes the files into a folder and tells the variables. What requests choose no space is in `space`.
pub(super) fn prepare(
    folder: &Path,
    facts: &ProxyFacts,
    space: Option<&str>,
) -> Result<Vec<Variable>, String> {
    let url = facts.plain.as_ref().or(facts.tls.as_ref());
    let none = "the server has no proxy; start it with `serve --proxy` or `--proxy-plain`";
    let (url, authority) = url.zip(facts.authority.as_deref()).ok_or(none)?;
    let (scheme, address) = url
        .split_once("://")
        .ok_or("the proxy's address cannot be read")?;
    let url = format!("{scheme}://{}{address}", credentials(facts, space)?);
    let bundle = bundle(authority, &folder.join(BUNDLE));
    let bundle = write(folder, BUNDLE, bundle.as_bytes())?;
    let python = folder.join("python");
    std::fs::create_dir_all(&python).map_err(|error| format!("{}: {error}", python.display()))?;
    write(&python, "sitecustomize.py", CUSTOMIZE.as_bytes())?;
    let store = keystore::of_authorities(&[authority], STORE_PASSWORD);
    let store = store.map_err(|error| format!("the trust store {error}"))?;
    let store = write(folder, "authorities.p12", &store)?;
    let authority = write(folder, "authority.pem", authority.as_bytes())?;
    write(folder, ".curlrc", curlrc(facts, &bundle).as_bytes())?;
    let preload = write(folder, "proxied.cjs", PRELOAD.as_bytes())?;
    let mut variables = Vec::new();
    let mut set = |name, value: &str| {
        variables.push(Variable {
            name,
            value: value.to_owned(),
        });
    };
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
        set(name, &url);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        set(name, LOCAL);
    }
    for name in [
        "SSL_CERT_FILE",
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "AWS_CA_BUNDLE",
        "GIT_SSL_CAINFO",
    ] {
        set(name, &bundle);
    }
    // curl believes nobody for the proxy itself who is not named in its own file.
    set("CURL_HOME", &folder.display().to_string());
    set("NODE_USE_ENV_PROXY", "1");
    set("STANDIN_AUTHORITY", &authority);
    let preload = format!("--require \"{}\"", preload.replace('\\', "\\\\"));
    set("NODE_OPTIONS", &beside("NODE_OPTIONS", &preload, " "));
    let separator = if cfg!(windows) { ";" } else { ":" };
    let python = python.display().to_string();
    set("PYTHONPATH", &beside("PYTHONPATH", &python, separator));
    if scheme == "http" {
        let java = java(address, &store);
        set(
            "JAVA_TOOL_OPTIONS",
            &beside("JAVA_TOOL_OPTIONS", &java, " "),
        );
    }
    Ok(variables)
}

/// What is set already stays behind what is added, and is not added again.
fn beside(name: &str, own: &str, separator: &str) -> String {
    let given = std::env::var_os(name).map(|given| given.to_string_lossy().into_owned());
    match given {
        Some(given) if given.contains(own) => given,
        Some(given) if !given.is_empty() => format!("{own}{separator}{given}"),
        Some(_) | None => own.to_owned(),
    }
}

/// `USER:PASSWORD@`, where the proxy or a space asks for it.
fn credentials(facts: &ProxyFacts, space: Option<&str>) -> Result<String, String> {
    if facts.open && space.is_none() {
        return Ok(String::new());
    }
    let vault = facts.vaults.first().ok_or("the proxy has no vault")?;
    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let space = space.map_or_else(String::new, |space| format!("%40{}", escaped(space)));
    Ok(format!(
        "{}{space}:{}@",
        escaped(&vault.username),
        escaped(&vault.password)
    ))
}

/// The proxy's authority, and those that are believed anyway: what is allowed to pass goes to others. `own` is what an
/// earlier command of ours has written.
fn bundle(authority: &str, own: &Path) -> String {
    let given = given_authorities().filter(|path| path != own);
    let system = SYSTEM_AUTHORITIES.iter().map(PathBuf::from);
    let others = given.into_iter().chain(system);
    let others = others
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .next();
    format!("{authority}{}", others.unwrap_or_default())
}

/// Whom the user has told every program to believe.
fn given_authorities() -> Option<PathBuf> {
    let file = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty());
    file.map(PathBuf::from)
}

/// Whom the proxy itself believes, beside those that browsers do.
pub(super) fn trust() -> Trust {
    let given = given_authorities();
    Trust::read(given.as_deref()).unwrap_or_else(|why| {
        notice(format_args!("standin: SSL_CERT_FILE: {why}"));
        Trust::default()
    })
}

fn curlrc(facts: &ProxyFacts, bundle: &str) -> String {
    let mut lines = vec![
        "# Written by standin, for programs that go through its proxy.".to_owned(),
        format!("cacert = \"{bundle}\""),
        format!("proxy-cacert = \"{bundle}\""),
    ];
    let address = facts.tls.as_ref().and_then(|url| url.rsplit_once("://"));
    let address = address.and_then(|(_, address)| address.rsplit_once(':'));
    if let Some((address, port)) = address
        && port.parse() == Ok(VAULT_PORT)
    {
        for vault in &facts.vaults {
            for environment in ["sandbox", "live"] {
                let name = format!("{}.{environment}.verygoodproxy.com", vault.name);
                lines.push(format!("resolve = \"{name}:{VAULT_PORT}:{address}\""));
            }
        }
    }
    lines.join("\n") + "\n"
}

fn java(address: &str, store: &str) -> String {
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "80"));
    let mut options = Vec::new();
    for scheme in ["http", "https"] {
        options.push(format!("-D{scheme}.proxyHost={host}"));
        options.push(format!("-D{scheme}.proxyPort={port}"));
    }
    options.push("-Dhttp.nonProxyHosts=localhost|127.*|[::1]".to_owned());
    options.push(format!("-Djavax.net.ssl.trustStore={store}"));
    options.push("-Djavax.net.ssl.trustStoreType=PKCS12".to_owned());
    options.push(format!(
        "-Djavax.net.ssl.trustStorePassword={STORE_PASSWORD}"
    ));
    options.join(" ")
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<String, String> {
    let path: PathBuf = folder.join(name);
    std::fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::proxy_settings::VaultFacts;

    fn facts(tls: Option<&str>, open: bool) -> ProxyFacts {
        ProxyFacts {
            tls: tls.map(str::to_owned),
            plain: Some("http://127.0.0.1:9".to_owned()),
            open,
            vaults: vec![VaultFacts {
                name: "tnt1".to_owned(),
                username: "US1".to_owned(),
                password: "p/w".to_owned(),
            }],
            authority: None,
        }
    }

    #[test]
    fn credentials_are_given_where_they_are_asked_for() {
        let of = |open, space| credentials(&facts(None, open), space).unwrap();
        assert_eq!(of(true, None), "");
        assert_eq!(of(false, None), "US1:p%2Fw@");
        assert_eq!(of(true, Some("lab")), "US1%40lab:p%2Fw@");
    }

    #[test]
    fn curl_finds_the_vaults_proxy_where_it_has_its_own_port() {
        let with = curlrc(&facts(Some("https://127.0.0.7:8443"), false), "/b");
        assert!(
            with.contains("resolve = \"tnt1.live.verygoodproxy.com:8443:127.0.0.7\"\n"),
            "{with}"
        );
        let without = curlrc(&facts(Some("https://127.0.0.7:9000"), false), "/b");
        assert!(!without.contains("resolve") && without.contains("proxy-cacert = \"/b\"\n"));
    }
}
