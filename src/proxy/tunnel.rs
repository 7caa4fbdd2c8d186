//! A tunnel, from the answer to CONNECT on: its first byte says whether TLS or plain HTTP is spoken inside.

use std::sync::Arc;

use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;

use super::inside::Inside;
use super::upstream::pump;
use crate::limits::TUNNEL_FIRST_BYTE_WAIT;
use crate::server::connection::{Door, connection};
use crate::server::wire::{BoxedWire, Rewound, taken_over};

/// What a client of TLS says first (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// Serves a tunnel to its end. One that was dialled is passed on as it is.
pub(super) async fn serve(
    upgrade: OnUpgrade,
    inside: Inside,
    dialled: Option<TcpStream>,
    door: Door,
) {
    let upgraded = match upgrade.await {
        Ok(upgraded) => upgraded,
        Err(error) => return tracing::debug!(%error, "no tunnel after all"),
    };
    let Some(mut wire) = taken_over(upgraded) else {
        return tracing::error!("a tunnel on a connection that is none of ours");
    };
    if let Some(dialled) = dialled {
        return pump(wire, dialled).await;
    }
    let first = tokio::time::timeout(TUNNEL_FIRST_BYTE_WAIT, wire.read_u8()).await;
    let Ok(Ok(first)) = first else {
        return;
    };
    let rewound: BoxedWire = Box::new(Rewound::new(wire, Bytes::copy_from_slice(&[first])));
    if first == HANDSHAKE {
        secured(rewound, inside, door).await;
    } else {
        connection(rewound, Arc::new(inside), door).await;
    }
}

/// Speaks TLS as the host that the tunnel is for.
async fn secured(wire: BoxedWire, mut inside: Inside, door: Door) {
    let host = inside.place.host.clone();
    let config = match inside.shared.certificates.for_name(&host) {
        Ok(config) => config,
        Err(why) => return inside.write_down_tls(&why).await,
    };
    let patience = inside.shared.app.bounds().first_byte_wait;
    let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), wire);
    let begun = match tokio::time::timeout(patience, hello).await {
        Ok(Ok(begun)) => begun,
        Ok(Err(error)) => return inside.write_down_tls(&error.to_string()).await,
        Err(_) => return tracing::debug!("a TLS handshake took too long"),
    };
    let named = begun
        .client_hello()
        .server_name()
        .map(str::to_ascii_lowercase);
    if let Some(named) = named.filter(|named| *named != host) {
        let why = format!("TLS asks for {named:?} in a tunnel to {host}");
        if let Some(config) = nobody() {
            // It ends with an alert, which is all that TLS has to say.
            let _refused = begun.into_stream(config).await;
        }
        return inside.write_down_tls(&why).await;
    }
    match tokio::time::timeout(patience, begun.into_stream(config)).await {
        Ok(Ok(stream)) => {
            inside.implied = 443;
            let stream: BoxedWire = Box::new(stream);
            connection(stream, Arc::new(inside), door).await;
        }
        // Most likely the client does not believe the authority.
        Ok(Err(error)) => inside.write_down_tls(&error.to_string()).await,
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

/// How TLS is spoken with whom nothing is shown.
fn nobody() -> Option<Arc<ServerConfig>> {
    #[derive(Debug)]
    struct Nobody;
    impl ResolvesServerCert for Nobody {
        fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
            None
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.ok()?.with_no_client_auth();
    Some(Arc::new(config.with_cert_resolver(Arc::new(Nobody))))
}
