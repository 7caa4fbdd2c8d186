//! Connections that wait for the next request to the same origin at the same address.

use std::net::SocketAddr;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tokio::time::Instant;

use super::Connection;
use super::origin::Origin;
use crate::limits::{IDLE_CONNECTION_WAIT, IDLE_CONNECTIONS_MAX};

/// What a connection is for, and where it leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) address: SocketAddr,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Kept(pub(super) Arc<Mutex<Idle>>);

#[derive(Debug, Default)]
pub(super) struct Idle {
    /// The longest idle first.
    pub(super) connections: Vec<(Instant, Place, Connection)>,
    /// A task waits to close what has been idle for too long.
    attended: bool,
}

impl Kept {
    /// The connection to this place that was used last and is still open.
    pub(super) async fn take(&self, place: &Place) -> Option<Connection> {
        loop {
            let mut connection = self.0.lock().take(place)?;
            // Whatever was to be read of the last answer has been read, so this says at once whether the server has gone.
            if connection.ready().await.is_ok() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose last answer has been read.
    pub(super) fn put(&self, place: Place, connection: Connection) {
        let mut idle = self.0.lock();
        if idle.connections.len() == IDLE_CONNECTIONS_MAX {
            idle.connections.remove(0);
        }
        let now = Instant::now();
        idle.connections.push((now, place, connection));
        if !idle.attended {
            idle.attended = true;
            tokio::spawn(close_idle(Arc::downgrade(&self.0)));
        }
    }
}

impl Idle {
    fn take(&mut self, place: &Place) -> Option<Connection> {
        let mut all = self.connections.iter();
        let at = all.rposition(|(_, known, _)| known == place)?;
        Some(self.connections.remove(at).2)
    }

    /// Closes what has been idle for too long. What comes back is when to look again, if there is anything left.
    pub(super) fn close(&mut self, now: Instant) -> Option<Instant> {
        self.connections
            .retain(|(since, _, _)| *since + IDLE_CONNECTION_WAIT > now);
        let next = self.connections.first();
        let next = next.map(|(since, _, _)| *since + IDLE_CONNECTION_WAIT);
        self.attended = next.is_some();
        next
    }
}

/// Runs until nothing is kept any more.
async fn close_idle(idle: Weak<Mutex<Idle>>) {
    loop {
        let next = idle
            .upgrade()
            .and_then(|idle| idle.lock().close(Instant::now()));
        let Some(next) = next else { return };
        tokio::time::sleep_until(next).await;
    }
}
