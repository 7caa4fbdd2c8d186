//! Which certificates are believed: those from the authorities that browsers believe, and from those that the user adds. The
//! configuration of TLS is made for the first request to an https address, so that nobody else waits for it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// See the module.
#[derive(Debug, Default)]
pub struct Trust {
    more: Vec<CertificateDer<'static>>,
    made: OnceLock<Option<Arc<ClientConfig>>>,
}

impl Trust {
    /// With the authorities of a PEM file beside those of browsers.
    ///
    /// # Errors
    /// A text that names the file and what is wrong with it.
    pub fn read(file: Option<&Path>) -> Result<Self, String> {
        let Some(path) = file else {
            return Ok(Self::default());
        };
        let complain = |why: String| format!("{}: {why}", path.display());
        let found = CertificateDer::pem_file_iter(path);
        let found = found.map_err(|error| complain(error.to_string()))?;
        let more: Result<Vec<_>, _> = found.collect();
        let more = more.map_err(|error| complain(error.to_string()))?;
        if more.is_empty() {
            return Err(complain("no PEM certificate in it".to_owned()));
        }
        let mut roots = RootCertStore::empty();
        for certificate in &more {
            let added = roots.add(certificate.clone());
            added.map_err(|error| complain(error.to_string()))?;
        }
        Ok(Self {
            more,
            made: OnceLock::new(),
        })
    }

    /// None when TLS cannot be configured at all.
    pub(super) fn config(&self) -> Option<Arc<ClientConfig>> {
        self.made.get_or_init(|| self.make()).clone()
    }

    fn make(&self) -> Option<Arc<ClientConfig>> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add_parsable_certificates(self.more.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .inspect_err(|error| tracing::error!(%error, "TLS"))
            .ok()?;
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Some(Arc::new(config))
    }
}
