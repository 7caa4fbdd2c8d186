//! A Redis or Valkey of a test's own.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use standin::server::open_shared;
use standin::store::{Durability, Engine};

use crate::cli::Folder;
use crate::program::require;

/// See the module. It is killed when the test is over.
pub(crate) struct EngineServer {
    process: Option<Child>,
    port: u16,
    arguments: Vec<String>,
    _folder: Folder,
}

impl Drop for EngineServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, if one of the two is installed.
fn program() -> Option<&'static str> {
    let names = ["valkey-server", "redis-server"];
    let is_there = |name: &&str| {
        let mut probe = Command::new(name);
        probe.arg("--version").stdin(Stdio::null());
        probe.stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    };
    let found = names.into_iter().find(is_there);
    let why = "neither valkey-server nor redis-server is installed";
    require("a shared engine", found.is_some(), why).then_some(found?)
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

impl EngineServer {
    /// One that keeps what it has in memory. None, and said so, where there is no program for it.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&["--save", "", "--appendonly", "no"])
    }

    pub(crate) fn start_with(arguments: &[&str]) -> Option<Self> {
        let folder = Folder::new("engine");
        let mut server = Self {
            process: None,
            port: free_port(),
            arguments: arguments.iter().map(|one| (*one).to_owned()).collect(),
            _folder: folder,
        };
        server.begin(program()?);
        Some(server)
    }

    fn begin(&mut self, program: &str) {
        let mut command = Command::new(program);
        command.arg("--port").arg(self.port.to_string());
        command
            .args(["--bind", "127.0.0.1", "--dir"])
            .arg(self.folder());
        command.args(&self.arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let end = tokio::time::Instant::now() + Duration::from_secs(20);
        while self.try_ask(&["PING"]).is_none() {
            assert!(
                tokio::time::Instant::now() < end,
                "{program} does not answer"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn folder(&self) -> &PathBuf {
        &self._folder.0
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it again after it was killed.
    pub(crate) fn restart(&mut self) {
        self.begin(program().unwrap());
    }

    /// Sends its process a signal, such as STOP.
    pub(crate) fn signal(&self, name: &str) {
        let process = self.process.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status();
        assert!(sent.unwrap().success());
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What a command answers, as text.
    pub(crate) fn text(&self, command: &[&str]) -> String {
        let said = self.try_ask(command).map(redis::from_redis_value);
        said.and_then(Result::ok).unwrap_or_default()
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The engine as a server of this seed has it.
    pub(crate) async fn engine(&self, seed: &str) -> Engine {
        open_shared(&self.url(), Durability::Process, seed)
            .await
            .unwrap()
    }

    /// Has the engine carry out a command.
    pub(crate) fn ask(&self, command: &[&str]) -> redis::Value {
        self.try_ask(command).unwrap()
    }

    fn try_ask(&self, command: &[&str]) -> Option<redis::Value> {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client
            .get_connection_with_timeout(Duration::from_secs(1))
            .ok()?;
        let mut asked = redis::cmd(command[0]);
        asked.arg(&command[1..]);
        asked.query(&mut connection).ok()
    }
}
