//! One connection, from its first byte to its last: whatever answers its requests. hyper itself closes no peer that connects
//! and then says nothing, nor one of HTTP/2 that has no more to say.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{Request, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::Instant;

use super::fault_io::{Abort, FaultIo};
use super::gate::KnownHost;
use super::inject::{Line, Outcome};
use super::streams::Streams;
use super::write_timeout::WriteTimeout;
use crate::limits::{RESERVED_WAIT, STREAMS_MAX};
use crate::operations::settings::ClientBounds;

/// Who answers the requests of a connection.
pub(crate) trait Answers: Send + Sync + 'static {
    /// How slow and how large a client may be.
    fn bounds(&self) -> &ClientBounds;

    /// Answers a request that came on this line.
    fn answer(
        &self,
        request: Request<Incoming>,
        line: &Arc<Line>,
    ) -> impl Future<Output = Outcome> + Send;

    /// Is told of a head that could not be read, which has been answered already.
    fn unread(&self, status: StatusCode, why: String);

    /// Where each connection has a place.
    fn room(&self) -> &Arc<Semaphore>;
}

/// What a connection has until it ends: its place among all of them, and a sign for whoever waits for the last.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    _place: Option<Arc<OwnedSemaphorePermit>>,
    _open: mpsc::Sender<Infallible>,
}

impl Held {
    pub(super) fn new(place: Option<OwnedSemaphorePermit>, open: mpsc::Sender<Infallible>) -> Self {
        Self {
            _place: place.map(Arc::new),
            _open: open,
        }
    }
}

/// What one connection needs. A tunnel inside it needs the same.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(super) stop: watch::Receiver<bool>,
    /// Until when nobody is let in.
    pub(super) closed: watch::Sender<Option<Instant>>,
    /// Whether it is for the control plane alone, because all the others are taken.
    pub(crate) reserved: bool,
    /// The name that was asked for when TLS began.
    pub(crate) server_name: Option<Arc<str>>,
    pub(super) _held: Held,
}

/// Serves HTTP/1.1 or HTTP/2, whichever the client speaks.
pub(crate) async fn connection<S, A>(stream: S, app: Arc<A>, door: Door)
where
    S: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
    A: Answers,
{
    let bounds = app.bounds().clone();
    let reserved = door.reserved;
    let mut stop = door.stop.clone();
    let (stream, handle) = FaultIo::new(WriteTimeout::new(stream, bounds.answer_wait));
    let line = Arc::new(Line {
        handle,
        connection: Arc::default(),
        host: KnownHost::default(),
        door,
    });
    let asked = Arc::new(Asked::default());
    let service = {
        let (app, asked) = (Arc::clone(&app), Arc::clone(&asked));
        service_fn(move |request: Request<Incoming>| {
            asked.note(request.version());
            let (app, line) = (Arc::clone(&app), Arc::clone(&line));
            async move { app.answer(request, &line).await }
        })
    };
    let streams = Streams::new(bounds.answer_wait);
    let builder = builder(&bounds, streams.clone());
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(serving);
    // One that is reserved is soon wanted by somebody else.
    let first = if reserved {
        RESERVED_WAIT
    } else {
        bounds.first_byte_wait
    };
    let wake = tokio::time::sleep(first.min(bounds.first_byte_wait));
    tokio::pin!(wake);
    // hyper itself closes a connection of HTTP/1 that says nothing between two requests.
    let (mut begun, mut watched, mut going) = (false, true, false);
    loop {
        tokio::select! {
            biased;
            ended = &mut serving => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended badly");
                    unread(&*app, error.as_ref());
                }
                return;
            }
            () = &mut wake, if watched => {
                let lately = asked.lately.swap(false, Ordering::Relaxed);
                if going || !(begun || lately) {
                    return;
                }
                begun = true;
                watched = asked.by_two.load(Ordering::Relaxed);
                let mut wait = bounds.idle_wait;
                if !lately && !streams.any() {
                    // It is asked to go, and then shown the door: what it has not taken by then it never takes.
                    serving.as_mut().graceful_shutdown();
                    (going, wait) = (true, bounds.answer_wait);
                }
                wake.as_mut().reset(Instant::now() + wait);
            }
            _ = stop.changed(), if !going => {
                serving.as_mut().graceful_shutdown();
                (going, watched) = (true, false);
            }
        }
    }
}

/// What a connection has been asked.
#[derive(Debug, Default)]
struct Asked {
    /// Anything, since that was last looked at.
    lately: AtomicBool,
    by_two: AtomicBool,
}

impl Asked {
    fn note(&self, version: Version) {
        self.lately.store(true, Ordering::Relaxed);
        if version == Version::HTTP_2 {
            self.by_two.store(true, Ordering::Relaxed);
        }
    }
}

fn builder(bounds: &ClientBounds, streams: Streams) -> Builder<Streams> {
    let mut builder = Builder::new(streams);
    builder
        .http1()
        .timer(TokioTimer::new())
        // Who has said all that they wanted to say still gets an answer.
        .half_close(true)
        // Head and body of an answer go out in one piece.
        .writev(false)
        .header_read_timeout(bounds.idle_wait)
        .max_buf_size(bounds.head_bytes_max);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(bounds.idle_wait)
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(u32::try_from(bounds.head_bytes_max).unwrap_or(u32::MAX));
    builder
}

/// Writes down that a head could not be read, which hyper has answered by itself.
fn unread(app: &impl Answers, error: &(dyn Error + Send + Sync + 'static)) {
    let Some(error) = error.downcast_ref::<hyper::Error>() else {
        return;
    };
    if error.is_parse() {
        let status = if error.is_parse_too_large() {
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
        } else {
            StatusCode::BAD_REQUEST
        };
        app.unread(status, error.to_string());
    }
}
