//! Requests to other machines: the only place that opens a connection. A name is looked up for every request, every address
//! it has is checked, and the request goes to an address that was checked, over a connection kept from an earlier request if
//! there is one. By https the certificate must be the name's. No redirect is followed and no proxy is asked.

mod failure;
mod kept;
mod origin;
mod stream;
#[cfg(test)]
mod tests;
mod trust;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::SendRequest;
use tokio::net::TcpStream;

pub use failure::Failure;
use kept::{Kept, Place};
use origin::Origin;
pub use trust::{Identity, Trust};

/// Sends requests, and keeps connections between them.
#[derive(Debug)]
pub struct Client {
    trust: Trust,
    resend: Resend,
    kept: Kept,
}

/// When a request that failed on a kept connection is sent once more, on a new one. A server may close a connection that
/// nobody uses, and a request can be on its way by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resend {
    /// If nothing of it was sent. The server sees each request at most once.
    Unsent,
    /// If no answer began. For requests that may arrive twice.
    Unanswered,
}

/// What a request may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Until the answer has been read.
    pub wait: Duration,
    /// Of the body of the answer.
    pub bytes_max: usize,
}

/// The address that has answered, among the extensions of an answer that is passed on.
#[derive(Clone, Copy, Debug)]
pub struct Reached(pub SocketAddr);

/// An answer, and its body unless that broke off or was too long.
pub type Answer = Response<Result<Bytes, String>>;

type Connection = SendRequest<Full<Bytes>>;

/// A host and a port to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// An IPv6 address without its brackets.
    pub host: String,
    pub port: u16,
}

impl Peer {
    /// Connects, and sends nothing.
    ///
    /// # Errors
    /// When an address is not admitted or nobody answers there.
    pub async fn dial(
        &self,
        admit: impl Fn(IpAddr) -> Result<(), String>,
    ) -> Result<TcpStream, Failure> {
        let (_, stream) = stream::dial(&self.addresses(admit).await?).await?;
        Ok(stream)
    }

    async fn addresses(
        &self,
        admit: impl Fn(IpAddr) -> Result<(), String>,
    ) -> Result<Vec<SocketAddr>, Failure> {
        let origin = Origin {
            secure: false,
            host: self.host.clone(),
            port: self.port,
        };
        origin.addresses(admit).await
    }
}

/// Lets a request go to any address.
pub fn anywhere(_: IpAddr) -> Result<(), String> {
    Ok(())
}

impl Client {
    pub fn new(trust: Trust, resend: Resend) -> Self {
        Self {
            trust,
            resend,
            kept: Kept::default(),
        }
    }

    /// Sends a request to its URL and reads the answer. `admit` says why an address may not be connected to.
    ///
    /// # Errors
    /// When there is no answer, or not in time.
    pub async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        admit: impl Fn(IpAddr) -> Result<(), String>,
        bounds: Bounds,
    ) -> Result<Answer, Failure> {
        let exchange = async {
            let (answer, place, connection) = self.answer(request, admit).await?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, bounds.bytes_max).collect().await;
            let body = body.map(|body| body.to_bytes());
            if body.is_ok() {
                self.kept.put(place, connection);
            }
            let body = body.map_err(|error| failure::causes(&*error));
            Ok(Response::from_parts(head, body))
        };
        let exchange = tokio::time::timeout(bounds.wait, exchange).await;
        exchange.unwrap_or(Err(Failure::Late(bounds.wait)))
    }

    /// The same, with the body as it comes and for as long as it comes. Its connection is not kept.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn open(
        &self,
        request: Request<Full<Bytes>>,
        admit: impl Fn(IpAddr) -> Result<(), String>,
    ) -> Result<Response<Incoming>, Failure> {
        let (answer, _, _) = self.answer(request, admit).await?;
        Ok(answer)
    }

    /// Sends a request for its URL to a peer, on a connection of its own, both bodies as they come and for as long as they come.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn pass<B>(
        &self,
        mut request: Request<B>,
        peer: &Peer,
        admit: impl Fn(IpAddr) -> Result<(), String>,
    ) -> Result<Response<Incoming>, Failure>
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        let origin = Origin::of(request.uri()).ok_or(Failure::Url)?;
        let addresses = peer.addresses(admit).await?;
        address_to(&origin, &mut request)?;
        let (address, mut connection) = stream::connect(&origin, &addresses, &self.trust).await?;
        let answer = connection.send_request(request).await;
        let mut answer = answer.map_err(|error| Failure::Http(failure::causes(&error)))?;
        answer.extensions_mut().insert(Reached(address));
        Ok(answer)
    }

    async fn answer(
        &self,
        mut request: Request<Full<Bytes>>,
        admit: impl Fn(IpAddr) -> Result<(), String>,
    ) -> Result<(Response<Incoming>, Place, Connection), Failure> {
        let origin = Origin::of(request.uri()).ok_or(Failure::Url)?;
        let addresses = origin.addresses(admit).await?;
        address_to(&origin, &mut request)?;
        for address in &addresses {
            let place = Place {
                origin: origin.clone(),
                address: *address,
            };
            if let Some(mut connection) = self.kept.take(&place).await {
                match connection.try_send_request(request.clone()).await {
                    Ok(answer) => return Ok((answer, place, connection)),
                    Err(error) if self.resend.covers(&error) => break,
                    Err(error) => return Err(Failure::Http(failure::causes(error.error()))),
                }
            }
        }
        let (address, mut connection) = stream::connect(&origin, &addresses, &self.trust).await?;
        let answer = connection.send_request(request).await;
        let answer = answer.map_err(|error| Failure::Http(failure::causes(&error)))?;
        Ok((answer, Place { origin, address }, connection))
    }
}

impl Resend {
    fn covers(self, error: &hyper::client::conn::TrySendError<Request<Full<Bytes>>>) -> bool {
        match self {
            Self::Unsent => error.message().is_some(),
            Self::Unanswered => !error.error().is_parse(),
        }
    }
}

/// The request as it is sent: the path alone, and the authority in `Host`.
fn address_to<B>(origin: &Origin, request: &mut Request<B>) -> Result<(), Failure> {
    if !request.headers().contains_key(HOST) {
        let host = HeaderValue::try_from(origin.authority()).map_err(|_| Failure::Url)?;
        request.headers_mut().insert(HOST, host);
    }
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map_or_else(Uri::default, Uri::from);
    Ok(())
}
