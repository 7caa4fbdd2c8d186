//! A new connection, with TLS if the URL wants it.

use std::net::SocketAddr;

use hyper::body::Body;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::failure::causes;
use super::origin::Origin;
use super::{Failure, Trust};

/// Connects to the first address that takes the connection.
pub(super) async fn connect<B>(
    origin: &Origin,
    addresses: &[SocketAddr],
    trust: &Trust,
) -> Result<(SocketAddr, SendRequest<B>), Failure>
where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let (address, stream) = dial(addresses).await?;
    // A request is written at once, and waits for nothing that would go into the same packet.
    let _unsupported = stream.set_nodelay(true);
    let connection = if origin.secure {
        begin(secured(origin, trust, stream).await?).await?
    } else {
        begin(stream).await?
    };
    Ok((address, connection))
}

pub(super) async fn dial(addresses: &[SocketAddr]) -> Result<(SocketAddr, TcpStream), Failure> {
    let mut refused = Failure::Connect("no address to connect to".to_owned());
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok((*address, stream)),
            Err(error) => refused = Failure::Connect(error.to_string()),
        }
    }
    Err(refused)
}

/// Speaks TLS with whoever has the name's certificate.
async fn secured(
    origin: &Origin,
    trust: &Trust,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Failure> {
    let unavailable = || Failure::Tls("is not available".to_owned());
    let config = trust.config().ok_or_else(unavailable)?;
    let name = ServerName::try_from(origin.host.clone()).map_err(|_| {
        let why = format!("{} cannot be the name of a certificate", origin.host);
        Failure::Tls(why)
    })?;
    let secured = TlsConnector::from(config).connect(name, stream).await;
    secured.map_err(|error| Failure::Tls(error.to_string()))
}

/// The connection is driven by a task of its own, which ends when nobody holds the connection and its last answer any more.
async fn begin<S, B>(stream: S) -> Result<SendRequest<B>, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let begun = http1::handshake::<_, B>(TokioIo::new(stream)).await;
    let (connection, driver) = begun.map_err(|error| Failure::Http(causes(&error)))?;
    tokio::spawn(driver);
    Ok(connection)
}
