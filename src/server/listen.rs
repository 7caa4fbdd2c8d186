//! The accept loop. It is ours and not a framework's, because faults need a hold on every connection, and because hyper
//! closes no peer that connects and then says nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use super::dispatch::App;
use super::fault_io::{Abort, FaultIo};
use super::gate::KnownHost;
use super::inject::Line;
use super::write_timeout::WriteTimeout;
use crate::limits::DRAIN_WAIT;

/// Accepts connections until told to stop, then waits for the open ones.
pub(super) async fn accept(
    mut listener: TcpListener,
    app: Arc<App>,
    tls: Option<TlsAcceptor>,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let (closed, mut closing) = watch::channel(None);
    let room = Arc::new(Semaphore::new(app.bounds().connections_max));
    loop {
        // Whoever finds no room waits in the system's queue.
        let place = tokio::select! {
            place = Arc::clone(&room).acquire_owned() => place.ok(),
            _ = stop.changed() => break,
        };
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let door = Door {
                        app: Arc::clone(&app),
                        watcher: graceful.watcher(),
                        closed: closed.clone(),
                        _place: place,
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
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_WAIT, graceful.shutdown())
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
    watcher: Watcher,
    closed: watch::Sender<Option<Instant>>,
    /// Given back when the connection ends.
    _place: Option<OwnedSemaphorePermit>,
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
        watcher,
        closed,
        _place,
    } = door;
    let bounds = app.bounds().clone();
    let (stream, handle) = FaultIo::new(WriteTimeout::new(stream, bounds.answer_wait));
    let line = Arc::new(Line {
        handle,
        closed,
        connection: Arc::default(),
        host: KnownHost::default(),
    });
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let service = service_fn(move |request: http::Request<Incoming>| {
        seen.store(true, Ordering::Relaxed);
        let (app, line) = (Arc::clone(&app), Arc::clone(&line));
        async move { app.answer(request, &line).await }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // Head and body of an answer go out in one piece.
        .writev(false)
        .header_read_timeout(bounds.idle_wait)
        .max_buf_size(bounds.head_bytes_max);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(bounds.idle_wait)
        .max_header_list_size(u32::try_from(bounds.head_bytes_max).unwrap_or(u32::MAX));
    let serving = watcher.watch(
        builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned(),
    );
    tokio::pin!(serving);
    let first = tokio::time::sleep(bounds.first_byte_wait);
    tokio::pin!(first);
    let mut waiting = true;
    loop {
        tokio::select! {
            biased;
            ended = &mut serving => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended badly");
                }
                return;
            }
            () = &mut first, if waiting => {
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
                waiting = false;
            }
        }
    }
}
