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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::dispatch::App;
use crate::limits::{DRAIN_WAIT, FIRST_BYTE_WAIT, IDLE_WAIT};

/// Accepts connections until told to stop, then waits for the open ones.
pub(super) async fn accept(listener: TcpListener, app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = connection(stream, Arc::clone(&app), graceful.watcher());
                    tokio::spawn(connection);
                }
                Err(error) => {
                    // Out of descriptors, usually. Others need a moment to close theirs.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
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

async fn connection(stream: TcpStream, app: Arc<App>, watcher: Watcher) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let service = service_fn(move |request: http::Request<Incoming>| {
        seen.store(true, Ordering::Relaxed);
        let app = Arc::clone(&app);
        async move { Ok::<_, std::convert::Infallible>(app.answer(request).await) }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_WAIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(IDLE_WAIT);
    let serving = watcher.watch(
        builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned(),
    );
    tokio::pin!(serving);
    let first = tokio::time::sleep(FIRST_BYTE_WAIT);
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
