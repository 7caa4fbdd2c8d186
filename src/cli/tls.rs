//! The certificate with which `standin serve` speaks TLS.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::proxy_args::authority;
use crate::proxy::for_server;

/// Makes what is needed of it, by the authority of a folder.
pub(super) fn own(
    folder: &Path,
    listen: SocketAddr,
    names: &[String],
) -> Result<Arc<rustls::ServerConfig>, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let address = match listen.ip() {
        // It is asked by another one.
        address if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        address => address,
    };
    let made = for_server(authority(Some(folder))?, address, names.to_vec());
    made.map_err(|why| format!("--tls: {why}"))
}

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
