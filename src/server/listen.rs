//! The accept loop. It is ours and not a framework's, because faults need a hold on every connection, and because hyper
//! closes no peer that connects and then says nothing, nor one of HTTP/2 that has no more to say.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use super::dispatch::App;
use super::fault_io::{Abort, FaultIo};
use super::gate::KnownHost;
use super::inject::Line;
use super::streams::Streams;
use super::write_timeout::WriteTimeout;
use crate::limits::{CONNECTIONS_RESERVED, DRAIN_WAIT, RESERVED_WAIT, STREAMS_MAX};
use crate::operations::settings::ClientBounds;

/// Accepts connections until told to stop, then waits for the open ones.
pub(super) async fn accept(
    mut listener: TcpListener,
    app: Arc<App>,
    tls: Option<TlsAcceptor>,
    mut stop: watch::Receiver<bool>,
) {
    let (open, mut none_open) = mpsc::channel(1);
    let (closed, mut closing) = watch::channel(None);
    let room = Arc::new(Semaphore::new(app.bounds().connections_max));
    let reserve = Arc::new(Semaphore::new(CONNECTIONS_RESERVED));
    loop {
        // Whoever finds no room at all waits in the system's queue.
        let (place, reserved) = tokio::select! {
            biased;
            place = Arc::clone(&room).acquire_owned() => (place.ok(), false),
            place = Arc::clone(&reserve).acquire_owned() => (place.ok(), true),
            _ = stop.changed() => break,
        };
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let door = Door {
                        app: Arc::clone(&app),
                        stop: stop.clone(),
                        closed: closed.clone(),
                        reserved,
                        _place: place,
                        _open: open.clone(),
                    };
                    tokio::spawn(door.open(stream, tls.clone()));
                }
                Err(error) => {
                    // Out of descriptors, usually. Others need a moment to close theirs.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            _ = closing.changed() => match reopened(listener, &mut closing, &mut stop).await {
                Some(again) => listener = again,
                None => return,
            },
            // A place that is free again is better than a reserved one.
            free = Arc::clone(&room).acquire_owned(), if reserved => drop(free),
            _ = stop.changed() => break,
        }
    }
    drop((listener, open));
    if tokio::time::timeout(DRAIN_WAIT, none_open.recv())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still open and have been cut off");
    }
}

/// Lets nobody in until the time is over: who connects meanwhile is refused by the system. None when the server is stopped
/// or the address has been taken by somebody else.
async fn reopened(
    listener: TcpListener,
    closing: &mut watch::Receiver<Option<Instant>>,
    stop: &mut watch::Receiver<bool>,
) -> Option<TcpListener> {
    let address = listener.local_addr().ok()?;
    drop(listener);
    loop {
        let until = (*closing.borrow_and_update())?;
        tokio::select! {
            () = tokio::time::sleep_until(until) => break,
            _ = closing.changed() => {}
            _ = stop.changed() => return None,
        }
    }
    match TcpListener::bind(address).await {
        Ok(listener) => Some(listener),
        Err(error) => {
            tracing::error!(%error, %address, "the listener that a fault closed cannot be opened again");
            None
        }
    }
}

/// What one connection needs.
struct Door {
    app: Arc<App>,
    stop: watch::Receiver<bool>,
    closed: watch::Sender<Option<Instant>>,
    /// See [`Line::reserved`].
    reserved: bool,
    /// Given back when the connection ends.
    _place: Option<OwnedSemaphorePermit>,
    /// Says until then that it is open.
    _open: mpsc::Sender<Infallible>,
}

impl Door {
    async fn open(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "nodelay");
        }
        let Some(tls) = tls else {
            return connection(stream, self).await;
        };
        let patience = self.app.bounds().first_byte_wait;
        match tokio::time::timeout(patience, tls.accept(stream)).await {
            Ok(Ok(stream)) => connection(stream, self).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }
}

async fn connection<S>(stream: S, door: Door)
where
    S: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
{
    let Door {
        app,
        mut stop,
        closed,
        reserved,
        _place,
        _open,
    } = door;
    let bounds = app.bounds().clone();
    let (stream, handle) = FaultIo::new(WriteTimeout::new(stream, bounds.answer_wait));
    let line = Arc::new(Line {
        handle,
        closed,
        connection: Arc::default(),
        host: KnownHost::default(),
        reserved,
    });
    let asked = Arc::new(Asked::default());
    let service = {
        let (app, asked) = (Arc::clone(&app), Arc::clone(&asked));
        service_fn(move |request: http::Request<Incoming>| {
            asked.note(request.version());
            let (app, line) = (Arc::clone(&app), Arc::clone(&line));
            async move { app.answer(request, &line).await }
        })
    };
    let streams = Streams::new(bounds.answer_wait);
    let builder = builder(&bounds, streams.clone());
    let serving = builder.serve_connection(TokioIo::new(stream), service);
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
                    unread(&app, error.as_ref());
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
fn unread(app: &App, error: &(dyn Error + Send + Sync + 'static)) {
    let Some(error) = error.downcast_ref::<hyper::Error>() else {
        return;
    };
    if error.is_parse() {
        let status = if error.is_parse_too_large() {
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
        } else {
            StatusCode::BAD_REQUEST
        };
        app.write_down_unread(status, error.to_string());
    }
}
