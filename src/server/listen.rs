//! The accept loop. It is ours and not a framework's, because faults need a hold on every connection. The proxy has the same
//! one for its own listeners.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use super::connection::{Answers, Door, Held, connection};
use crate::limits::{CONNECTIONS_RESERVED, DRAIN_WAIT};

/// Accepts connections until told to stop, then waits for the open ones.
pub(crate) async fn accept<A: Answers>(
    mut listener: TcpListener,
    app: Arc<A>,
    tls: Option<TlsAcceptor>,
    mut stop: watch::Receiver<bool>,
) {
    let (open, mut none_open) = mpsc::channel(1);
    let (closed, mut closing) = watch::channel(None);
    let room = Arc::clone(app.room());
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
                        stop: stop.clone(),
                        closed: closed.clone(),
                        reserved,
                        server_name: None,
                        _held: Held::new(place, open.clone()),
                    };
                    tokio::spawn(open_door(stream, Arc::clone(&app), door, tls.clone()));
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

/// Begins TLS, where it is spoken, and serves the connection.
async fn open_door<A: Answers>(
    stream: TcpStream,
    app: Arc<A>,
    mut door: Door,
    tls: Option<TlsAcceptor>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    let Some(tls) = tls else {
        return connection(stream, app, door).await;
    };
    let patience = app.bounds().first_byte_wait;
    match tokio::time::timeout(patience, tls.accept(stream)).await {
        Ok(Ok(stream)) => {
            door.server_name = stream.get_ref().1.server_name().map(Arc::from);
            connection(stream, app, door).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}
