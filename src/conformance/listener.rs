//! A merchant's receiver of webhooks, on the judge's machine. It keeps what arrives and takes it or refuses it, as it is
//! told; whether the right things arrived is not its business.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::http::Answer;

/// Standard Webhooks advises bodies below 20 kB; what is longer is cut off as an error.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// More than any scenario makes happen. What comes after is refused and not kept.
const MESSAGES_MAX: usize = 256;
/// See the module. It listens until it is dropped.
pub(crate) struct Listener {
    pub(crate) url: String,
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

/// A webhook that arrived.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// It was answered so that nobody sends it again.
    pub(crate) taken: bool,
}

#[derive(Default)]
struct Inner {
    messages: Mutex<Vec<Message>>,
    down: AtomicBool,
    arrived: Notify,
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Listener({})", self.url)
    }
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// As an answer, in which places are looked up.
    pub(crate) fn as_answer(&self) -> Answer {
        let headers = self.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        });
        Answer {
            status: 200,
            headers: headers.collect(),
            body: String::from_utf8_lossy(&self.body).into_owned(),
        }
    }
}

impl Listener {
    /// Begins to listen at an address, whose port 0 stands for one that is free.
    pub(crate) async fn open(address: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let url = format!("http://{}/webhooks", listener.local_addr()?);
        let inner = Arc::new(Inner::default());
        let serving = tokio::spawn(serve(listener, Arc::clone(&inner)));
        Ok(Self {
            url,
            inner,
            serving,
        })
    }

    /// From now on it takes nothing, or everything.
    pub(crate) fn set_down(&self, down: bool) {
        self.inner.down.store(down, Ordering::SeqCst);
    }

    /// What has arrived so far.
    pub(crate) fn arrived(&self) -> Vec<Message> {
        self.inner.messages.lock().clone()
    }

    /// What has arrived, as soon as it is enough, and after a while in any case.
    pub(crate) async fn messages(
        &self,
        wait: Duration,
        enough: impl Fn(&[Message]) -> bool,
    ) -> Vec<Message> {
        let waiting = async {
            loop {
                let arrived = self.inner.arrived.notified();
                let messages = self.inner.messages.lock().clone();
                if enough(&messages) {
                    return messages;
                }
                arrived.await;
            }
        };
        let in_time = tokio::time::timeout(wait, waiting).await;
        in_time.unwrap_or_else(|_| self.inner.messages.lock().clone())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    // A port that cannot be listened on any more is one where nothing arrives, and that is seen.
    while let Ok((stream, _)) = listener.accept().await {
        let inner = Arc::clone(&inner);
        let service = service_fn(move |request| {
            let inner = Arc::clone(&inner);
            async move { Ok::<_, Infallible>(inner.take(request).await) }
        });
        tokio::spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            let _broke_off = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Inner {
    async fn take(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, MESSAGE_BYTES_MAX).collect().await;
        let body = body.map(Collected::to_bytes);
        let kept = body.is_ok_and(|body| self.keep(parts.headers, body));
        let mut response = Response::new(Full::default());
        if !kept {
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
        response
    }

    /// Whether it is taken.
    fn keep(&self, headers: HeaderMap, body: Bytes) -> bool {
        let taken = !self.down.load(Ordering::SeqCst);
        let mut messages = self.messages.lock();
        if messages.len() == MESSAGES_MAX {
            return false;
        }
        messages.push(Message {
            headers,
            body,
            taken,
        });
        self.arrived.notify_one();
        taken
    }
}
