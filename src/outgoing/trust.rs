//! Which certificates are believed: those from the authorities that browsers believe, and from those that the user adds. The
//! configuration of TLS is made for the first request to an https address, so that nobody else waits for it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// See the module.
#[derive(Debug, Default)]
pub struct Trust {
    more: Vec<CertificateDer<'static>>,
    identity: Option<Identity>,
    made: OnceLock<Option<Arc<ClientConfig>>>,
}

/// What is shown to a server that asks for a certificate.
#[derive(Debug)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// From two PEM files.
    ///
    /// # Errors
    /// A text that names the file and what is wrong with it.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, String> {
        let complain =
            |file: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
        let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
        let chain: Vec<_> = chain.map_err(|error| complain(certificate, &error))?;
        if chain.is_empty() {
            return Err(complain(certificate, &"no PEM certificate in it"));
        }
        let read = PrivateKeyDer::from_pem_file(key).map_err(|error| complain(key, &error))?;
        let fits = rustls::crypto::ring::sign::any_supported_type(&read);
        fits.map_err(|error| complain(key, &error))?;
        Ok(Self { chain, key: read })
    }
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
            ..Self::default()
        })
    }

    /// Shows who asks to servers that want to know.
    #[must_use]
    pub fn showing(self, identity: Identity) -> Self {
        Self {
            identity: Some(identity),
            ..self
        }
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
        let config = config.with_root_certificates(roots);
        let mut config = match &self.identity {
            None => config.with_no_client_auth(),
            Some(Identity { chain, key }) => config
                .with_client_auth_cert(chain.clone(), key.clone_key())
                .inspect_err(|error| tracing::error!(%error, "TLS"))
                .ok()?,
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Some(Arc::new(config))
    }
}
