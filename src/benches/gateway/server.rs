//! Servers as processes of their own: standin, and a bare hyper server that answers the same bytes. Each is pinned to the
//! first core where the machine has two, and its processor time is read off the system.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpListener;

/// What the bench calls itself to become a bare server.
pub(crate) const BARE: &str = "bare-server";
/// Clock ticks a second in `/proc`, on every Linux.
const TICKS: f64 = 100.0;

/// A server under load. Ends with the value.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    process: Child,
}

/// Processor time that a process has taken.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    pub(crate) all: Duration,
    user_ticks: f64,
    system_ticks: f64,
}

impl Spent {
    /// What has been taken since. The time of a thread that has ended is gone from the sum, which can therefore shrink.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            all: self.all.saturating_sub(earlier.all),
            user_ticks: self.user_ticks - earlier.user_ticks,
            system_ticks: self.system_ticks - earlier.system_ticks,
        }
    }

    /// Whether next to nothing was done, by the ticks of the whole process: keys are made in threads that end, and what those
    /// have spent goes from the exact sum with them.
    pub(crate) fn is_rest(self) -> bool {
        self.user_ticks + self.system_ticks < TICKS / 10.0
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            user_ticks: self.user_ticks + other.user_ticks,
            system_ticks: self.system_ticks + other.system_ticks,
        }
    }

    /// Microseconds in user and system mode, for so many requests. The scheduler's exact sum is divided as the ticks are.
    pub(crate) fn each(self, requests: u64) -> (f64, f64) {
        let each = self.all.as_secs_f64() * 1e6 / requests as f64;
        let ticks = (self.user_ticks + self.system_ticks).max(1.0 / TICKS);
        (
            each * self.user_ticks / ticks,
            each * self.system_ticks / ticks,
        )
    }
}

impl Server {
    /// standin as anybody starts it.
    pub(crate) fn standin(address: &str, more: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_standin");
        let arguments = [&["serve", "--quiet", "--listen", address], more].concat();
        Self::start(program, &arguments, address)
    }

    /// standin under valgrind, which counts what it does into files of this name, a number behind it.
    pub(crate) fn counted(address: &str, file: &Path) -> Self {
        let program = env!("CARGO_BIN_EXE_standin");
        let file = format!("--callgrind-out-file={}", file.display());
        let arguments = [
            "-q",
            "--tool=callgrind",
            &file,
            program,
            "serve",
            "--quiet",
            "--listen",
            address,
        ];
        Self::start("valgrind", &arguments, address)
    }

    /// A server that answers each method always the same: what it is to say stands in a file.
    pub(crate) fn bare(address: &str, answers: &str) -> Self {
        let program = std::env::current_exe().unwrap();
        Self::start(
            program.to_str().unwrap(),
            &[BARE, address, answers],
            address,
        )
    }

    fn start(program: &str, arguments: &[&str], address: &str) -> Self {
        let mut command = match pinned(0) {
            Some(mut taskset) => {
                taskset.arg(program);
                taskset
            }
            None => Command::new(program),
        };
        let process = command
            .args(arguments)
            // One worker, so that server and client have a core each.
            .env("TOKIO_WORKER_THREADS", "1")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // The port lies below those that the system gives out: who asks for one of them before anybody listens there may be
        // given it, and then speaks to itself.
        while TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Self {
            address: address.parse().unwrap(),
            process,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn spent(&self) -> Spent {
        let id = self.process.id();
        let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
        let nanos = threads.flatten().map(|thread| {
            let text = std::fs::read_to_string(thread.path().join("schedstat"));
            let text = text.unwrap_or_default();
            text.split(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap_or(0)
        });
        let all = Duration::from_nanos(nanos.sum());
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        let fields: Vec<_> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        Spent {
            all,
            user_ticks: fields[11].parse().unwrap(),
            system_ticks: fields[12].parse().unwrap(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A command that runs another on one core only, where that can be had.
fn pinned(core: usize) -> Option<Command> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut command = Command::new("taskset");
    let there = Command::new("taskset").arg("--version").output();
    there.ok().filter(|_| cores > 1)?;
    command.args(["-c", &core.to_string()]);
    Some(command)
}

/// Puts this process on the second core, away from the servers.
pub(crate) fn pin_client() {
    let me = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-cp", "1", &me]).output();
    if !pinned.is_ok_and(|output| output.status.success()) {
        println!("client and server share their cores: taskset or a second core is missing");
    }
}

/// Becomes a bare hyper server: the same builder, the same timer for heads, the same headers, and no thought.
pub(crate) fn serve_bare(address: &str, answers: &str) {
    let text = std::fs::read_to_string(answers).unwrap();
    let answers: Vec<(HeaderMap, Bytes)> = serde_json::from_str::<Vec<serde_json::Value>>(&text)
        .unwrap()
        .iter()
        .map(read_answer)
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async move {
        let listener = TcpListener::bind(address).await.unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let answers = answers.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let place = usize::from(request.method() != http::Method::GET);
                let (headers, body) = answers[place].clone();
                async move {
                    request.into_body().collect().await.unwrap();
                    let mut response = Response::new(Full::new(body));
                    *response.headers_mut() = headers;
                    Ok::<_, Infallible>(response)
                }
            });
            tokio::spawn(async move {
                let mut builder = Builder::new(TokioExecutor::new());
                builder
                    .http1()
                    .timer(TokioTimer::new())
                    .header_read_timeout(Duration::from_secs(30));
                // A client that goes away in the middle of a request is no news.
                let _ended = builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}

fn read_answer(answer: &serde_json::Value) -> (HeaderMap, Bytes) {
    let headers = answer["headers"].as_object().unwrap();
    let headers = headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        let value: HeaderValue = value.as_str().unwrap().parse().unwrap();
        (name, value)
    });
    let body = answer["body"].as_str().unwrap().to_owned();
    (headers.collect(), Bytes::from(body))
}
