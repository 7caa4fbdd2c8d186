//! Reads what the command line gives.

use std::path::Path;

use http::Uri;

use crate::crypto::certificate::Certificate;
use crate::crypto::rsa_key::PublicKey;
use crate::outgoing::Peer;

/// A URL that can be asked.
pub(super) fn address(flag: &str, text: &str) -> Result<Uri, String> {
    let shown = crate::masking::target(text);
    let url: Uri = text
        .parse()
        .map_err(|error| format!("{flag} {shown}: {error}"))?;
    let known = matches!(url.scheme_str(), Some("http" | "https"));
    if !known || url.host().is_none_or(str::is_empty) {
        return Err(format!(
            "{flag} {shown}: it must begin with http:// or https:// and a host"
        ));
    }
    Ok(url)
}

/// Where a connection goes.
pub(super) fn peer(url: &Uri) -> Option<Peer> {
    let usual = if url.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    let host = url.host()?.trim_start_matches('[').trim_end_matches(']');
    Some(Peer {
        host: host.to_owned(),
        port: url.port_u16().unwrap_or(usual),
    })
}

/// The key of a PEM file, by itself or in a certificate.
pub(super) fn key(file: &Path) -> Result<PublicKey, String> {
    let shown = file.display();
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("--certificate {shown}: {error}"))?;
    if let Ok(certificate) = Certificate::from_pem(&text) {
        return Ok(certificate.public().clone());
    }
    PublicKey::from_spki_pem(&text).map_err(|error| format!("--certificate {shown} {error}"))
}
