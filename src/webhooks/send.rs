//! Sending one message. The host's name is looked up once, every address it has is checked, and the connection goes to the
//! address that was checked; by https the certificate must be the name's. No redirect is followed and no proxy is asked.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::Trust;
use crate::domain::webhook::Receipt;
use crate::limits::{DELIVERY_WAIT, RECEIPT_BYTES_MAX};
use crate::operations::target::Target;

/// What came back, and the beginning of its body.
pub(super) type Answer = (Receipt, Bytes);

/// Sends a body. Whatever goes wrong is a receipt.
pub(super) async fn send(
    target: &Target,
    trust: &Trust,
    path: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Bytes,
) -> Answer {
    match tokio::time::timeout(DELIVERY_WAIT, try_send(target, trust, path, headers, body)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(why)) => (Receipt::Silence(why), Bytes::new()),
        Err(_) => {
            let why = format!("no answer within {} s", DELIVERY_WAIT.as_secs());
            (Receipt::Silence(why), Bytes::new())
        }
    }
}

async fn try_send(
    target: &Target,
    trust: &Trust,
    path: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Bytes,
) -> Result<Answer, String> {
    let request = request(target, path, headers, body)?;
    let stream = connect(target).await?;
    if target.secure {
        exchange(secured(target, trust, stream).await?, request).await
    } else {
        exchange(stream, request).await
    }
}

/// Speaks TLS with whoever has the name's certificate.
async fn secured(
    target: &Target,
    trust: &Trust,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, String> {
    let config = trust.config().ok_or("TLS is not to be had")?;
    let name = ServerName::try_from(target.host.clone());
    let name = name.map_err(|_| format!("{} cannot be the name of a certificate", target.host))?;
    let secured = TlsConnector::from(config).connect(name, stream).await;
    secured.map_err(|error| {
        let unknown = error.to_string().contains("UnknownIssuer");
        let advice = if unknown {
            "; give its authority with --webhook-ca"
        } else {
            ""
        };
        format!("TLS: {error}{advice}")
    })
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut send, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let answer = send.send_request(request).await;
    let answer = answer.map_err(|error| error.to_string());
    let answer = match answer {
        Ok(answer) => Ok(read(answer).await),
        Err(why) => Err(why),
    };
    connection.abort();
    answer
}

async fn connect(target: &Target) -> Result<TcpStream, String> {
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    let found: Vec<_> = found.map_err(|error| error.to_string())?.collect();
    for address in &found {
        target
            .admit(address.ip())
            .map_err(|why| format!("{} {why}", target.host))?;
    }
    let mut refused = format!("{} has no address", target.host);
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = error.to_string(),
        }
    }
    Err(refused)
}

fn request(
    target: &Target,
    path: &str,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Bytes,
) -> Result<Request<Full<Bytes>>, String> {
    let authority = target.uri.authority().map_or("", |name| name.as_str());
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, authority)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, concat!("standin/", env!("CARGO_PKG_VERSION")));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request
        .body(Full::new(body))
        .map_err(|error| error.to_string())
}

async fn read(answer: Response<Incoming>) -> Answer {
    let status = answer.status().as_u16();
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|seconds| seconds.trim().parse().ok())
        .map(Duration::from_secs);
    // An answer that is too long to keep has still arrived.
    let body = Limited::new(answer.into_body(), RECEIPT_BYTES_MAX)
        .collect()
        .await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    (
        Receipt::Answered {
            status,
            retry_after,
        },
        body,
    )
}
