//! The arguments about the proxy, and its authority, which is made once and kept with the keys.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use clap::Args;

use super::address::address;
use super::keys::write;
use super::proxied::trust;
use super::recording_args::RecordingArgs;
use crate::clock::machine_now;
use crate::crypto::authority::Authority;
use crate::operations::network_keys::folder::KeyFile;
use crate::proxy::{self, Proxy};
use crate::server::Running;

/// What the authority is called where programs list whom they believe.
pub(super) const COMMON_NAME: &str = "standin proxy authority (test data only)";
pub(super) const CERTIFICATE: &str = "proxy-authority.pem";
const KEY: &str = "proxy-authority-key.pem";

/// The arguments about the proxy.
#[derive(Debug, Args)]
pub(super) struct ProxyArgs {
    /// Answer as a forward proxy at this address too, speaking TLS, with the credentials of a vault.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    proxy: Option<SocketAddr>,
    /// The same without TLS, for programs that cannot speak it to a proxy.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    proxy_plain: Option<SocketAddr>,
    /// Let programs use the proxy without credentials, such as Java's.
    #[arg(long)]
    proxy_open: bool,
    /// Let the proxy pass on requests for this host, wherever it leads. Can be repeated.
    #[arg(long, value_name = "HOST")]
    proxy_allow: Vec<String>,
    #[command(flatten)]
    recording: RecordingArgs,
}

impl ProxyArgs {
    /// Starts the proxy, if one is wanted. Its authority is kept in the folder, if there is one.
    pub(super) async fn start(
        self,
        server: &Running,
        folder: Option<&Path>,
    ) -> Result<Option<Proxy>, String> {
        let addresses = [self.proxy, self.proxy_plain];
        if addresses == [None, None] {
            if self.proxy_open || !self.proxy_allow.is_empty() || self.recording.is_given() {
                return Err("--proxy-open, --proxy-allow, --record and --replay are for a proxy; start one with --proxy or --proxy-plain".to_owned());
            }
            return Ok(None);
        }
        if self.proxy_open && addresses.iter().flatten().any(|at| !at.ip().is_loopback()) {
            return Err(
                "--proxy-open: other machines can reach the proxy, so it asks for credentials"
                    .to_owned(),
            );
        }
        let options = proxy::Options {
            tls: self.proxy,
            plain: self.proxy_plain,
            open: self.proxy_open,
            allow: self.proxy_allow,
            authority: authority(folder)?,
            trust: trust(),
            recorder: self.recording.recorder()?,
            replay: self.recording.replay()?,
        };
        let started = proxy::start(server, options).await;
        started.map(Some).map_err(|error| {
            if error.kind() == ErrorKind::InvalidInput {
                return error.to_string();
            }
            format!("the proxy cannot listen: {error}; choose another address with --proxy or --proxy-plain")
        })
    }
}

/// The authority of a folder, or one that nobody keeps.
pub(super) fn authority(folder: Option<&Path>) -> Result<Authority, String> {
    let now_s = machine_now().seconds();
    let new =
        || Authority::make(COMMON_NAME, now_s).map_err(|error| format!("the authority: {error}"));
    let Some(folder) = folder else {
        return new();
    };
    let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
    let read = |path: &Path| match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    };
    match (read(&certificate)?, read(&key)?) {
        (Some(pem), Some(secret)) => Authority::read(&pem, &secret, now_s).map_err(|error| {
            format!(
                "{}: {error}; take {CERTIFICATE} and {KEY} out of the folder to have others made, which programs must then be told to believe",
                certificate.display()
            )
        }),
        (None, None) => {
            let made = new()?;
            for (path, bytes, is_secret) in [
                (&key, made.key_pem(), true),
                (&certificate, made.pem().to_owned(), false),
            ] {
                let file = KeyFile {
                    name: path.display().to_string(),
                    bytes: bytes.into_bytes(),
                    is_secret,
                };
                write(path, &file).map_err(|error| format!("{}: {error}", file.name))?;
            }
            Ok(made)
        }
        (Some(_), None) => Err(format!("{} is missing beside {CERTIFICATE}", key.display())),
        (None, Some(_)) => Err(format!("{} is missing beside {KEY}", certificate.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_made_once_and_kept() {
        let folder = std::env::temp_dir().join(format!("standin-authority-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let made = authority(Some(&folder)).unwrap();
        let again = authority(Some(&folder)).unwrap();
        assert_eq!(made.pem(), again.pem());
        assert_ne!(made.pem(), authority(None).unwrap().pem());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.join(KEY))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(folder.join(CERTIFICATE), "x").unwrap();
        let why = authority(Some(&folder)).unwrap_err();
        assert!(
            why.contains("is not an X.509 certificate") && why.contains("take"),
            "{why}"
        );
        std::fs::remove_file(folder.join(CERTIFICATE)).unwrap();
        let why = authority(Some(&folder)).unwrap_err();
        assert!(why.contains("is missing beside"), "{why}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
