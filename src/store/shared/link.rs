//! The connection to the engine, and what is asked over it. It never waits for long: whoever asks while the engine is away is
//! told so, and the [`super::supervisor`] makes a new connection meanwhile.
//!
//! Client libraries have been seen to hang for good after a node of a cluster was lost. So a connection is not trusted to mend
//! itself: after some timeouts in a row, or some time without any answer, it is thrown away.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::{Mutex, RwLock};
use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult,
    ServerErrorKind, Value,
};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::Durability;
use super::address::Address;
use super::script::Script;
use crate::limits::{
    SHARED_CONNECT_WAIT, SHARED_REPLICA_WAIT, SHARED_REPLY_WAIT, SHARED_SILENCE_MAX,
    SHARED_TIMEOUTS_MAX,
};
use crate::metrics::EngineMetrics;
use crate::store::StoreError;

/// A connection that many use at once.
#[derive(Clone)]
pub(super) enum Connection {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl Connection {
    pub(super) async fn open(address: &Address) -> RedisResult<Self> {
        let opened = async {
            if address.is_cluster {
                let builder = ClusterClientBuilder::new(address.nodes.clone());
                let client = builder
                    .connection_timeout(SHARED_CONNECT_WAIT)
                    .response_timeout(SHARED_REPLY_WAIT)
                    .overall_response_timeout(Some(SHARED_REPLY_WAIT))
                    .build()?;
                return client.get_async_connection().await.map(Self::Cluster);
            }
            let [node] = address.nodes.as_slice() else {
                return Err((ErrorKind::InvalidClientConfig, "one address is needed").into());
            };
            let config = AsyncConnectionConfig::new()
                .set_connection_timeout(Some(SHARED_CONNECT_WAIT))
                .set_response_timeout(Some(SHARED_REPLY_WAIT));
            let client = Client::open(node.clone())?;
            let connection = client.get_multiplexed_async_connection_with_config(&config);
            connection.await.map(Self::Single)
        };
        let waited = timeout(2 * SHARED_CONNECT_WAIT, opened).await;
        waited.unwrap_or_else(|_| Err(late()))
    }

    pub(super) async fn ask<T: FromRedisValue>(mut self, pipe: &Pipeline) -> RedisResult<T> {
        let asked = async {
            match &mut self {
                Self::Single(connection) => pipe.query_async(connection).await,
                Self::Cluster(connection) => pipe.query_async(connection).await,
            }
        };
        let waited = timeout(2 * SHARED_REPLY_WAIT, asked).await;
        waited.unwrap_or_else(|_| Err(late()))
    }
}

fn late() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

/// Failures that come again and again.
#[derive(Debug, Default)]
struct Failing {
    first: Option<Instant>,
    last: Option<Instant>,
}

/// See the module.
pub(super) struct Link {
    pub(super) address: Address,
    durability: Durability,
    connection: RwLock<Option<Connection>>,
    /// Why the engine is away, if it is.
    trouble: Mutex<Option<String>>,
    timeouts: AtomicU32,
    answered: Mutex<Instant>,
    failing: Mutex<Failing>,
    /// Rung when a connection was thrown away.
    pub(super) broken: Notify,
    pub(super) metrics: EngineMetrics,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Link({})", self.address.shown)
    }
}

impl Link {
    pub(super) fn new(address: Address, durability: Durability, connection: Connection) -> Self {
        Self {
            address,
            durability,
            connection: RwLock::new(Some(connection)),
            trouble: Mutex::default(),
            timeouts: AtomicU32::default(),
            answered: Mutex::new(Instant::now()),
            failing: Mutex::default(),
            broken: Notify::new(),
            metrics: EngineMetrics::default(),
        }
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.lock().clone()
    }

    pub(super) fn connection(&self) -> Option<Connection> {
        self.connection.read().clone()
    }

    pub(super) fn use_now(&self, connection: Connection) {
        *self.connection.write() = Some(connection);
        self.timeouts.store(0, Ordering::Relaxed);
        *self.answered.lock() = Instant::now();
    }

    /// The engine does what it is asked for again.
    pub(super) fn well(&self) {
        if let Some(why) = self.trouble.lock().take() {
            tracing::info!(
                "the engine at {} is there again; before, {why}",
                self.address.shown
            );
        }
    }

    /// Reads.
    pub(super) async fn read<T: FromRedisValue>(&self, pipe: &Pipeline) -> Result<T, StoreError> {
        let begun = Instant::now();
        let done = self.ask(pipe).await;
        self.metrics.reads.note(begun.elapsed());
        self.metrics.errors.add(usize::from(done.is_err()));
        done.map_err(|error| self.said(&error))
    }

    /// Writes, and waits for as many nodes as the durability asks for.
    pub(super) async fn write(&self, pipe: &mut Pipeline) -> Result<Vec<Value>, StoreError> {
        let begun = Instant::now();
        let done = self.write_timed(pipe).await;
        self.metrics.writes.note(begun.elapsed());
        self.metrics.errors.add(usize::from(done.is_err()));
        done
    }

    async fn write_timed(&self, pipe: &mut Pipeline) -> Result<Vec<Value>, StoreError> {
        let replicated = self.durability == Durability::Replicated;
        if replicated {
            let millis = u64::try_from(SHARED_REPLICA_WAIT.as_millis()).unwrap_or(u64::MAX);
            pipe.cmd("WAIT").arg(1).arg(millis);
        }
        let done: RedisResult<Vec<Value>> = self.ask(pipe).await;
        let mut done = done.map_err(|error| self.said(&error))?;
        if replicated && !matches!(done.pop(), Some(Value::Int(1..))) {
            let at = &self.address.shown;
            let why = format!("no replica of {at} has confirmed a change in time");
            self.note(&why);
            return Err(StoreError::Away(why.into()));
        }
        Ok(done)
    }

    /// Runs a script.
    pub(super) async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[String],
        args: &[Vec<u8>],
    ) -> Result<T, StoreError> {
        let begun = Instant::now();
        let mut done = Err(StoreError::Away("it has lost its scripts".into()));
        for known in [true, false] {
            let mut pipe = Pipeline::new();
            pipe.add_command(script.command(known, keys, args));
            done = self.write_timed(&mut pipe).await;
            // Without its script the engine has done nothing.
            if !matches!(&done, Err(StoreError::Away(why)) if why == NO_SCRIPT) {
                break;
            }
        }
        self.metrics.writes.note(begun.elapsed());
        self.metrics.errors.add(usize::from(done.is_err()));
        let answer = done?.into_iter().next().unwrap_or(Value::Nil);
        T::from_redis_value(answer).map_err(|error| unreadable(&error.to_string()))
    }

    async fn ask<T: FromRedisValue>(&self, pipe: &Pipeline) -> RedisResult<T> {
        let Some(connection) = self.connection() else {
            let io = std::io::Error::from(std::io::ErrorKind::NotConnected);
            return Err(io.into());
        };
        let done = connection.ask(pipe).await;
        match &done {
            Err(error) if self.words(error).1 => self.failed(error),
            Ok(_) | Err(_) => {
                self.timeouts.store(0, Ordering::Relaxed);
                *self.answered.lock() = Instant::now();
            }
        }
        done
    }

    /// Counts a failure of the connection, and throws that away when there is no hope left for it.
    fn failed(&self, error: &RedisError) {
        let timeouts = self.timeouts.fetch_add(1, Ordering::Relaxed) + 1;
        let silent = self.answered.lock().elapsed() > SHARED_SILENCE_MAX;
        let cut = !self.address.is_cluster && error.is_io_error() && !error.is_timeout();
        if cut || silent || timeouts >= SHARED_TIMEOUTS_MAX || self.goes_on_failing() {
            *self.connection.write() = None;
            self.broken.notify_one();
        }
    }

    /// Whether a part of a cluster cannot be reached for too long, however well the others answer.
    fn goes_on_failing(&self) -> bool {
        let mut failing = self.failing.lock();
        let now = Instant::now();
        let (first, last) = (failing.first, failing.last);
        let goes_on = last.is_some_and(|last| now - last < SHARED_SILENCE_MAX / 2);
        failing.last = Some(now);
        if !goes_on {
            failing.first = Some(now);
            return false;
        }
        let too_long = first.is_some_and(|first| now - first > SHARED_SILENCE_MAX);
        if too_long {
            *failing = Failing::default();
        }
        too_long
    }

    /// Says an error as the store's contract does, and notes it if it is of the engine as a whole.
    pub(super) fn said(&self, error: &RedisError) -> StoreError {
        // Of several commands, the error of one has no code of its own.
        if error.code() == Some("OOM") || error.to_string().contains("\"OOM\"") {
            return StoreError::Full("records: the engine has as much as its maxmemory allows");
        }
        let (why, of_engine) = self.words(error);
        if of_engine {
            self.note(&why);
        }
        StoreError::Away(why)
    }

    fn note(&self, why: &str) {
        let mut trouble = self.trouble.lock();
        if trouble.is_none() {
            tracing::error!("{why}");
        }
        *trouble = Some(why.to_owned());
    }

    fn words(&self, error: &RedisError) -> (Cow<'static, str>, bool) {
        let at = &self.address.shown;
        if error.is_timeout() {
            return (format!("{at} does not answer in time").into(), true);
        }
        if error.is_io_error() {
            return (format!("{at} cannot be reached ({error})").into(), true);
        }
        let kind = error.kind();
        let is_one_of =
            |kinds: &[ServerErrorKind]| kinds.iter().any(|one| kind == ErrorKind::Server(*one));
        if is_one_of(&[ServerErrorKind::NoScript]) {
            return (NO_SCRIPT.into(), false);
        }
        if is_one_of(&AWAY) || kind == ErrorKind::ClusterConnectionNotFound {
            let why = format!("{at} takes no changes for now ({error})");
            return (why.into(), true);
        }
        if kind == ErrorKind::AuthenticationFailed {
            let why = format!("{at} refuses the credentials ({error})");
            return (why.into(), true);
        }
        (format!("{at}: {error}").into(), false)
    }
}

/// What a node says that has not got what it is asked for, or not yet.
const AWAY: [ServerErrorKind; 5] = [
    ServerErrorKind::ClusterDown,
    ServerErrorKind::MasterDown,
    ServerErrorKind::BusyLoading,
    ServerErrorKind::ReadOnly,
    ServerErrorKind::TryAgain,
];

const NO_SCRIPT: &str = "it does not have the script";

/// What is in the engine and was written by something else.
pub(super) fn unreadable(why: &str) -> StoreError {
    StoreError::Away(format!("what the engine has cannot be read: {why}").into())
}
