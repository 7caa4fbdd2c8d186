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
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What arrived.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// What it was answered.
    pub(super) status: u16,
}

impl Arrived {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Status and Retry-After of the answer to the so-manieth try, which is of the letter with this body.
type Manner = Box<dyn FnMut(usize, &[u8]) -> (u16, Option<u64>) + Send>;

/// See the module. It stops when it is dropped.
pub(super) struct Receiver {
    pub(super) url: String,
    inner: Arc<Mutex<Inner>>,
    serving: JoinHandle<()>,
}

struct Inner {
    arrived: Vec<Arrived>,
    manner: Manner,
}

impl Receiver {
    /// One that answers 200 to everything.
    pub(super) async fn open() -> Self {
        Self::that(|_, _| (200, None)).await
    }

    pub(super) async fn that(
        manner: impl FnMut(usize, &[u8]) -> (u16, Option<u64>) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(Inner {
            arrived: Vec::new(),
            manner: Box::new(manner),
        }));
        let serving = tokio::spawn(serve(listener, Arc::clone(&inner)));
        Self {
            url,
            inner,
            serving,
        }
    }

    /// From now on it behaves so.
    pub(super) fn behave(
        &self,
        manner: impl FnMut(usize, &[u8]) -> (u16, Option<u64>) + Send + 'static,
    ) {
        self.inner.lock().manner = Box::new(manner);
    }

    pub(super) fn arrived(&self) -> Vec<Arrived> {
        self.inner.lock().arrived.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, inner: Arc<Mutex<Inner>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let inner = Arc::clone(&inner);
        let service = service_fn(move |request| answer(Arc::clone(&inner), request));
        tokio::spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            let _cut_off = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    inner: Arc<Mutex<Inner>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let mut inner = inner.lock();
    let place = inner.arrived.len();
    let (status, retry_after) = (inner.manner)(place, &body);
    inner.arrived.push(Arrived {
        target: parts.uri.to_string(),
        headers: parts.headers,
        body,
        status,
    });
    let mut response = Response::builder().status(status);
    if let Some(seconds) = retry_after {
        response = response.header("retry-after", seconds.to_string());
    }
    Ok(response.body(Full::default()).unwrap())
}
