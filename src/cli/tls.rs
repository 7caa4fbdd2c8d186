//! The certificate with which `standin serve` speaks TLS.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Reads a chain and its key, and offers HTTP/2 and HTTP/1.1.
pub(super) fn read(chain: &Path, key: &Path) -> Result<Arc<rustls::ServerConfig>, String> {
    let chain_error =
        |error: &dyn std::fmt::Display| format!("--tls-cert {}: {error}", chain.display());
    let key_error = |error: &dyn std::fmt::Display| format!("--tls-key {}: {error}", key.display());
    let certificates: Vec<_> = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect)
        .map_err(|error| chain_error(&error))?;
    if certificates.is_empty() {
        return Err(chain_error(&"no certificate is in it"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| key_error(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| chain_error(&error))?
        .with_no_client_auth()
        .with_single_cert(certificates, secret)
        .map_err(|error| key_error(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
