//! A receiver of webhooks.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use rustls::pki_types::PrivatePkcs8KeyDer;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// What it was answered.
    pub(crate) status: u16,
    /// The name that was asked for when TLS began.
    pub(crate) server_name: Option<String>,
}

impl Arrived {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Chooses status and Retry-After of an answer, from the number of requests before and the body of this one.
type Behaviour = Box<dyn FnMut(usize, &[u8]) -> (u16, Option<u64>) + Send>;

/// See the module. It stops when it is dropped.
pub(crate) struct Receiver {
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
    serving: JoinHandle<()>,
}

struct Inner {
    connections: usize,
    arrived: Vec<Arrived>,
    behaviour: Behaviour,
}

impl Receiver {
    /// One that answers 200 to everything.
    pub(crate) async fn open() -> Self {
        Self::that(|_, _| (200, None)).await
    }

    pub(crate) async fn that(
        behaviour: impl FnMut(usize, &[u8]) -> (u16, Option<u64>) + Send + 'static,
    ) -> Self {
        Self::on(Box::new(behaviour), None).await
    }

    async fn on(behaviour: Behaviour, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = match tls {
            None => format!("http://{address}/hooks"),
            Some(_) => format!("https://localhost:{}/hooks", address.port()),
        };
        let inner = Arc::new(Mutex::new(Inner {
            connections: 0,
            arrived: Vec::new(),
            behaviour,
        }));
        let serving = tokio::spawn(serve(listener, tls, Arc::clone(&inner)));
        Self {
            url,
            inner,
            serving,
        }
    }

    /// One that answers 200 by https, with a certificate for `localhost`, and that certificate in PEM.
    pub(crate) async fn secure() -> (Self, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let receiver = Self::on(Box::new(|_, _| (200, None)), Some(acceptor)).await;
        (receiver, made.cert.pem())
    }

    /// From now on it behaves so.
    pub(crate) fn behave(
        &self,
        behaviour: impl FnMut(usize, &[u8]) -> (u16, Option<u64>) + Send + 'static,
    ) {
        self.inner.lock().behaviour = Box::new(behaviour);
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.inner.lock().arrived.clone()
    }

    /// How many were accepted.
    pub(crate) fn connections(&self) -> usize {
        self.inner.lock().connections
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, inner: Arc<Mutex<Inner>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        inner.lock().connections += 1;
        let (inner, tls) = (Arc::clone(&inner), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => attend::<TcpStream>(stream, None, inner).await,
                Some(acceptor) => {
                    // A client that does not believe the certificate is gone by now.
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let name = stream.get_ref().1.server_name().map(str::to_owned);
                    attend(stream, name, inner).await;
                }
            }
        });
    }
}

async fn attend<S>(stream: S, server_name: Option<String>, inner: Arc<Mutex<Inner>>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service =
        service_fn(move |request| answer(Arc::clone(&inner), server_name.clone(), request));
    let http = hyper::server::conn::http1::Builder::new();
    let _cut_off = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    inner: Arc<Mutex<Inner>>,
    server_name: Option<String>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let mut inner = inner.lock();
    let place = inner.arrived.len();
    let (status, retry_after) = (inner.behaviour)(place, &body);
    inner.arrived.push(Arrived {
        target: parts.uri.to_string(),
        headers: parts.headers,
        body,
        status,
        server_name,
    });
    let mut response = Response::builder().status(status);
    if let Some(seconds) = retry_after {
        response = response.header("retry-after", seconds.to_string());
    }
    Ok(response.body(Full::default()).unwrap())
}
