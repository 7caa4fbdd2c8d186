//! `standin run`: one command, offline. A private server and its proxy answer what the command asks of the services that standin
//! imitates; nothing else is reached, and whoever tried is told of at the end.

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

use clap::Args;
use serde_json::json;
use tokio::process::{Child, Command};

use super::child;
use super::config_args::ConfigArgs;
use super::out::notice;
use super::proxied::{Variable, prepare, trust};
use super::proxy_args::COMMON_NAME;
use super::recording_args::RecordingArgs;
use super::serve::clock;
use crate::clock::{Source, machine_now};
use crate::crypto::authority::Authority;
use crate::proxy::{self, Ended, Proxy, Told};
use crate::server::{self, Running};

/// The arguments of `standin run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Run {
    /// What every value is derived from.
    #[arg(long, value_name = "TEXT", default_value = "standin")]
    seed: String,
    /// `real`, or `manual` to stand still until told to move; `manual=2023-05-15T12:30:45Z` says from when.
    #[arg(long, value_name = "CLOCK", default_value = "real", value_parser = clock)]
    clock: Source,
    /// A folder of keys for talking to the networks, as `standin keys` writes it, or an integrator's own.
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Begin with the fault rules of this file, or of a preset such as slow_friday. Can be repeated.
    #[arg(long, value_name = "FILE")]
    faults: Vec<PathBuf>,
    /// Pass on requests for this host, wherever it leads. Can be repeated.
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
    /// Write what was asked of whom to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    recording: RecordingArgs,
    #[command(flatten)]
    config: ConfigArgs,
    /// The command and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

const EXAMPLES: &str = "Examples:
  standin run -- npm test
  standin run --clock manual=2023-05-15T12:30:45Z -- sh enrol.sh
  standin run --allow packages.example.com --report asked.json -- npm test
  standin run --allow api.example.com --record calls.har -- npm test
  standin run --replay calls.har -- npm test

Exit codes: that of the command, or 128 and the number of the signal that ended it; 1 where the command succeeded and
asked for a host that was refused, or for what no recorded exchange answers; 2 wrong usage; 126 and 127 the command cannot be run or found";

/// What the command succeeds with and the world was asked for.
const REFUSED: u8 = 1;
const WRONG: u8 = 2;
const NOT_RUN: u8 = 126;
const NOT_FOUND: u8 = 127;
/// The port of a vault's proxy, and how many addresses of this machine are tried for it.
const VAULT_PORT: u16 = 8443;
const ADDRESSES_TRIED: u8 = 16;

/// A server and its proxy for one command.
struct Private {
    server: Running,
    proxy: Proxy,
}

/// A folder that is gone with this.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            notice(format_args!("standin run: {}: {error}", self.0.display()));
        }
    }
}

impl Run {
    pub(super) fn run(self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        let done = match runtime {
            Ok(runtime) => runtime.block_on(self.carry_out()),
            Err(error) => Err(format!("the runtime: {error}")),
        };
        done.unwrap_or_else(|why| {
            notice(format_args!("standin run: {why}"));
            ExitCode::from(WRONG)
        })
    }

    async fn carry_out(mut self) -> Result<ExitCode, String> {
        self.config = self.config.or_found();
        let folder = folder()?;
        let private = self.start().await?;
        let variables = variables(&private, &folder.0)?;
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).kill_on_drop(true);
        for Variable { name, value } in variables {
            command.env(name, value);
        }
        let shown = Path::new(&self.command[0]).display();
        let code = match command.spawn() {
            Ok(process) => {
                let ended = ended(process).await;
                code(ended.map_err(|error| format!("{shown}: {error}"))?)
            }
            Err(error) => {
                notice(format_args!("standin run: {shown}: {error}"));
                let missing = error.kind() == ErrorKind::NotFound;
                if missing { NOT_FOUND } else { NOT_RUN }
            }
        };
        let Ended {
            told,
            said,
            unwritten,
        } = private.proxy.stop().await;
        private.server.stop().await;
        let code = match code {
            0 if !told.refused.is_empty() => REFUSED,
            code => code,
        };
        for more in told.missed.iter().chain(&said) {
            notice(format_args!("standin: {more}"));
        }
        notice(format_args!("standin: {}", sentence(&told)));
        if let Some(path) = &self.report {
            let command: Vec<_> = self
                .command
                .iter()
                .map(|part| part.to_string_lossy())
                .collect();
            let report = json!({ "command": command, "exit_code": code, "asked": told });
            write(path, &format!("{report:#}\n"))?;
        }
        unwritten.map_or(Ok(ExitCode::from(code)), Err)
    }

    /// Starts the server, and a proxy that asks for no credentials: nobody else knows where it is.
    async fn start(&self) -> Result<Private, String> {
        let keys = self.keys.as_deref();
        let options = self
            .config
            .server(&self.seed, self.clock, keys, &self.faults)?;
        let server = server::start(options).await;
        let server = server.map_err(|error| format!("the server: {error}"))?;
        server.make_network_keys_meanwhile();
        let authority = Authority::make(COMMON_NAME, machine_now().seconds());
        let options = proxy::Options {
            tls: Some(vault_address()),
            plain: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            open: true,
            allow: self.allow.clone(),
            authority: authority.map_err(|error| format!("the authority: {error}"))?,
            trust: trust(),
            recorder: self.recording.recorder()?,
            replay: self.recording.replay()?,
        };
        let proxy = proxy::start(&server, options).await;
        let proxy = proxy.map_err(|error| format!("the proxy: {error}"))?;
        Ok(Private { server, proxy })
    }
}

/// The variables of the command.
fn variables(private: &Private, folder: &Path) -> Result<Vec<Variable>, String> {
    let config = private.server.spaces().config();
    let facts = config.proxy.get().ok_or("the proxy is not there")?;
    let mut variables = prepare(folder, facts, None)?;
    variables.push(Variable {
        name: "STANDIN_SERVER",
        value: private.server.base_url(),
    });
    Ok(variables)
}

/// An address of this machine's own where nobody has the port of a vault's proxy yet. Systems other than Linux give their
/// programs one such address only.
fn vault_address() -> SocketAddr {
    let id = std::process::id().to_be_bytes();
    let own = (0..ADDRESSES_TRIED).map(|try_| {
        let last = id[3].wrapping_add(try_).clamp(1, 254);
        Ipv4Addr::new(127, id[1].max(1), id[2], last)
    });
    let mut all = own.chain([Ipv4Addr::LOCALHOST]);
    let free = all.find(|address| TcpListener::bind((*address, VAULT_PORT)).is_ok());
    match free {
        Some(address) => SocketAddr::from((address, VAULT_PORT)),
        None => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    }
}

fn folder() -> Result<Folder, String> {
    let now = machine_now().micros();
    let path = std::env::temp_dir().join(format!("standin-run-{}-{now}", std::process::id()));
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(&path)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Folder(path))
}

/// Waits for the command, and passes on what this program is told.
async fn ended(mut process: Child) -> std::io::Result<ExitStatus> {
    let id = process.id();
    let mut signals = child::Signals::new()?;
    loop {
        tokio::select! {
            status = process.wait() => return status,
            signal = signals.next() => child::pass_on(id, signal),
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .or_else(|| child::signal_of(status).map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(u8::MAX)
}

/// What was asked of whom, in one line.
fn sentence(told: &Told) -> String {
    let list = |hosts: &std::collections::BTreeMap<String, u64>| {
        let hosts = hosts
            .iter()
            .map(|(host, count)| format!("{host} ({count})"));
        hosts.collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    for (hosts, word) in [
        (&told.answered, "answered for"),
        (&told.passed, "passed on to"),
        (&told.replayed, "replayed"),
        (&told.refused, "refused"),
    ] {
        if !hosts.is_empty() {
            parts.push(format!("{word} {}", list(hosts)));
        }
    }
    if parts.is_empty() {
        return "nothing was asked of any host".to_owned();
    }
    parts.join("; ")
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = std::fs::File::create(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("--report {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_is_one_line() {
        let mut told = Told::default();
        assert_eq!(sentence(&told), "nothing was asked of any host");
        told.answered.insert("api.stripe.com".to_owned(), 3);
        told.refused.insert("canary.example".to_owned(), 1);
        assert_eq!(
            sentence(&told),
            "answered for api.stripe.com (3); refused canary.example (1)"
        );
    }
}
