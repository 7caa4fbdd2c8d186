//! `standin serve`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom as _, SystemRandom};
use tracing_subscriber::EnvFilter;

use super::address::address;
use super::config_args::ConfigArgs;
use super::out::{Heard, Stream, colours};
use super::proxy_args::ProxyArgs;
use super::stop::told_to_stop;
use super::version::version;
use crate::clock::{MANUAL_START, Source};
use crate::domain::moment::Moment;
use crate::domain::words::unknown;
use crate::limits::CONTROL_TOKEN_BYTES_MIN;
use crate::proxy::Proxy;
use crate::server::{self, Gate, Running};
use crate::store::{Durability, Engine};

/// The arguments of `standin serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address to answer on: 4111, localhost:4111, 0.0.0.0:4111. Port 0 lets the system choose one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4111", value_parser = address)]
    listen: SocketAddr,
    /// What every value is derived from. The same seed and the same calls give the same bytes.
    #[arg(long, value_name = "TEXT", default_value = "standin")]
    seed: String,
    /// `real`, or `manual` to stand still until told to move; `manual=2023-05-15T12:30:45Z` says from when.
    #[arg(long, value_name = "CLOCK", default_value = "real", value_parser = clock)]
    clock: Source,
    /// Write the base URL to this file once the server answers.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Answer to this host name too, and not only to those of this machine; *.NAME is every name below it. Can be repeated.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// What the control plane asks for; `auto` makes one and prints it. Without it a server must listen on this machine only.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "STANDIN_CONTROL_TOKEN",
        hide_env_values = true
    )]
    control_token: Option<String>,
    /// What to log to standard error: a level, or a filter such as `standin=debug,hyper=info`. `info` says where it listens,
    /// which spaces begin and end, and what is refused before any surface; `debug` every request.
    #[arg(long, value_name = "FILTER", default_value = "warn")]
    log: String,
    /// How the log is written: lines for people, or a JSON object a line.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    log_format: LogFormat,
    /// A folder of keys for talking to the networks, as `standin keys` writes it, or an integrator's own.
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Begin every space with the fault rules of this file, or of a preset such as slow_friday. Can be repeated.
    #[arg(long, value_name = "FILE")]
    faults: Vec<PathBuf>,
    /// Speak TLS, over HTTP/1.1 and HTTP/2, with certificates of an authority that is made once and kept with --keys or --data.
    /// Commands believe it when --ca names that folder.
    #[arg(long, conflicts_with = "tls_cert")]
    tls: bool,
    /// The same with this certificate chain (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Keep everything in this folder, so that it is there again after a restart. Without it all is gone when the server stops.
    #[arg(long, value_name = "DIR", group = "kept")]
    data: Option<PathBuf>,
    /// Keep everything in this Redis or Valkey, which several servers may share: redis://HOST:PORT, rediss:// with TLS, or
    /// redis-cluster://HOST:PORT,HOST:PORT.
    #[arg(
        long,
        value_name = "URL",
        group = "kept",
        env = "STANDIN_STORE",
        hide_env_values = true
    )]
    store: Option<String>,
    /// What a change outlives once it is answered: the end of the process; for a folder a loss of power too, which makes every
    /// change wait for the disk; for a store the loss of one of its nodes, which makes every change wait for another one.
    #[arg(
        long,
        value_name = "WHAT",
        requires = "kept",
        value_enum,
        default_value = "process"
    )]
    durability: Outlives,
    /// Show the runs of `standin conform --json` in this folder on the page.
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Refuse what would be let pass with a warning, such as an indicator of another network (sets payments.strict).
    #[arg(long)]
    strict: bool,
    /// Look for defects of the client, and call it so in what `standin judge report` tells (sets journal.judge).
    #[arg(long, value_name = "NAME")]
    judge: Option<String>,
    /// Do not print the banner.
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    proxy: ProxyArgs,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// See [`Durability`].
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Outlives {
    Process,
    Power,
    Replicated,
}

impl From<Outlives> for Durability {
    fn from(outlives: Outlives) -> Self {
        match outlives {
            Outlives::Process => Self::Process,
            Outlives::Power => Self::Power,
            Outlives::Replicated => Self::Replicated,
        }
    }
}

pub(super) fn clock(text: &str) -> Result<Source, String> {
    match text.split_once('=') {
        None if text == "real" => Ok(Source::Machine),
        None if text == "manual" => Ok(Source::Manual(MANUAL_START)),
        Some(("manual", instant)) => Moment::parse(instant)
            .map(Source::Manual)
            .map_err(|error| error.to_string()),
        None | Some(_) => {
            let known = ["real", "manual", "manual=INSTANT"];
            Err(unknown(text, &known))
        }
    }
}

impl Serve {
    pub(super) fn run(mut self) -> Result<(), String> {
        self.config = self.config.or_found();
        let filter = EnvFilter::try_new(&self.log).map_err(|error| format!("--log: {error}"))?;
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => log.with_ansi(colours(Stream::Err)).init(),
            LogFormat::Json => log.json().flatten_event(true).init(),
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        runtime
            .map_err(|error| format!("the runtime: {error}"))?
            .block_on(self.serve())
    }

    async fn serve(mut self) -> Result<(), String> {
        self.check()?;
        if self.control_token.as_deref() == Some(MAKE_ONE) {
            let token = control_token()?;
            // The only time that it is told, so that it is told whether or not there is a banner.
            writeln!(Heard::new(std::io::stdout()), "control token {token}")
                .map_err(|error| format!("standard output: {error}"))?;
            self.control_token = Some(token);
        }
        let keys = self.keys.as_deref();
        let mut options = self
            .config
            .server(&self.seed, self.clock, keys, &self.faults)?;
        options.listen = self.listen;
        options.settings.payments.strict |= self.strict;
        options.settings.journal.judge = self.judge.take().or(options.settings.journal.judge);
        let own = self.listen.ip().to_string();
        options.gate = Gate {
            hosts: self.allow_host.iter().cloned().chain([own]).collect(),
            control_token: self.control_token.take(),
        };
        options.reports = self.reports.take();
        options.engine = self.engine().await?;
        options.tls = self.secured()?;
        let folder = self.keys.as_deref().or(self.data.as_deref());
        let running = server::start(options).await.map_err(|error| {
            if error.kind() == std::io::ErrorKind::InvalidInput {
                return error.to_string();
            }
            format!(
                "cannot listen on {}: {error}; choose another with --listen",
                self.listen
            )
        })?;
        let proxy = self.proxy.start(&running, folder).await?;
        running.make_network_keys_meanwhile();
        say_where(&running, proxy.as_ref());
        // Before anybody is told that it is ready, who may tell it to stop at once.
        let stop = told_to_stop();
        if let Some(path) = &self.ready_file {
            std::fs::write(path, format!("{}\n", running.base_url()))
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        if !self.quiet {
            banner(
                &running,
                proxy.as_ref(),
                self.config.file(),
                Heard::new(std::io::stdout()),
            )
            .map_err(|error| format!("standard output: {error}"))?;
        }
        stop.await?;
        tracing::info!("told to stop");
        // Its tunnels end in the server.
        let ended = match proxy {
            Some(proxy) => Some(proxy.stop().await),
            None => None,
        };
        running.stop().await;
        for said in ended.iter().flat_map(|ended| &ended.said) {
            tracing::info!("{said}");
        }
        ended.and_then(|ended| ended.unwritten).map_or(Ok(()), Err)
    }
}

impl Serve {
    /// What keeps everything.
    async fn engine(&self) -> Result<Engine, String> {
        let durability = self.durability.into();
        match (&self.data, &self.store) {
            (Some(folder), _) => server::open_folder(folder, durability, &self.seed),
            (None, Some(address)) => server::open_shared(address, durability, &self.seed).await,
            (None, None) => Ok(Engine::Memory),
        }
    }

    /// How TLS is spoken, if it is.
    fn secured(&self) -> Result<Option<Arc<rustls::ServerConfig>>, String> {
        if let (Some(cert), Some(key)) = (&self.tls_cert, &self.tls_key) {
            return super::tls::read(cert, key).map(Some);
        }
        if !self.tls {
            return Ok(None);
        }
        let folder = self.keys.as_deref().or(self.data.as_deref());
        let folder = folder.ok_or(
            "--tls: its authority must be kept where programs find it; name a folder with --keys or --data",
        )?;
        super::tls::own(folder, self.listen, &self.allow_host).map(Some)
    }

    fn check(&self) -> Result<(), String> {
        if !self.listen.ip().is_loopback() && self.control_token.is_none() {
            return Err(format!(
                "--listen {}: other machines can reach it, so the control plane needs a token; give one with --control-token, or --control-token auto to have one made",
                self.listen
            ));
        }
        match (self.durability, &self.data, &self.store) {
            (Outlives::Replicated, Some(_), _) => {
                return Err(
                    "--durability replicated: a folder has no other node; give --store, or --durability power".to_owned(),
                );
            }
            (Outlives::Power, _, Some(_)) => {
                return Err(
                    "--durability power: what a store outlives is its own to say (appendonly yes, appendfsync always); give --durability replicated to wait for another node".to_owned(),
                );
            }
            (Outlives::Process | Outlives::Power | Outlives::Replicated, _, _) => {}
        }
        check_control_token(self.control_token.as_deref())
    }
}

/// Asks for a control token that nobody knows yet.
const MAKE_ONE: &str = "auto";

/// A control token by the machine's chance: 32 hexadecimal digits.
fn control_token() -> Result<String, String> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| "the machine has no random numbers for a control token".to_owned())?;
    Ok(HEXLOWER.encode(&bytes))
}

/// A token that can be guessed keeps nobody out, and an empty one is what a variable holds that was never set.
fn check_control_token(token: Option<&str>) -> Result<(), String> {
    let Some(token) = token.filter(|token| *token != MAKE_ONE) else {
        return Ok(());
    };
    if token.len() < CONTROL_TOKEN_BYTES_MIN {
        return Err(format!(
            "--control-token: it has {} characters and needs {CONTROL_TOKEN_BYTES_MIN} at least; without the option, and without STANDIN_CONTROL_TOKEN, nothing is asked for",
            token.chars().count()
        ));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "--control-token: it must be printable ASCII without spaces, as a header can carry it"
                .to_owned(),
        );
    }
    Ok(())
}

/// Says in the log where the server and its proxy listen.
fn say_where(running: &Running, proxy: Option<&Proxy>) {
    tracing::info!(url = %running.base_url(), version = version(), "listening");
    let proxies = [proxy.and_then(Proxy::tls), proxy.and_then(Proxy::plain)];
    for address in proxies.into_iter().flatten() {
        tracing::info!(%address, "the proxy is listening");
    }
}

/// Says where everything is, and gives one command to paste.
fn banner(
    running: &Running,
    proxy: Option<&Proxy>,
    settings: Option<&Path>,
    mut out: impl Write,
) -> std::io::Result<()> {
    let base = running.base_url();
    let config = running.spaces().config();
    let networks = &config.networks;
    let client = config.accounts.get(networks.owner());
    let client = client.map(|account| account.client_id.as_str());
    writeln!(out, "standin {} answers at {base}", version())?;
    writeln!(out)?;
    writeln!(
        out,
        "  OAuth            {base}/auth/realms/vgs/protocol/openid-connect/token"
    )?;
    writeln!(out, "  card management  {base}/cards")?;
    writeln!(out, "  enrolment        {base}/network-tokens")?;
    writeln!(out, "  aliases          {base}/aliases")?;
    writeln!(
        out,
        "  the networks     {base}/vts, {base}/mdes   keys: standin keys --dir DIR, then serve --keys DIR"
    )?;
    writeln!(
        out,
        "                   token requestor id {}, that of {}",
        networks.requestor(),
        client.unwrap_or_default()
    )?;
    writeln!(out, "  control plane    {base}/_standin/health")?;
    for (scheme, address) in [
        ("https", proxy.and_then(Proxy::tls)),
        ("http", proxy.and_then(Proxy::plain)),
    ] {
        if let Some(address) = address {
            writeln!(
                out,
                "  proxy            {scheme}://{address}   what programs need: standin env"
            )?;
        }
    }
    writeln!(
        out,
        "  an own space     {base}/~ANY-NAME/…, or client id ACCOUNT@ANY-NAME"
    )?;
    writeln!(out)?;
    writeln!(
        out,
        "  accounts         standin-manual, standin-on-create   secret standin-secret"
    )?;
    writeln!(out, "  test cards       standin cards")?;
    if let Some(file) = settings {
        writeln!(out, "  settings         {}", file.display())?;
    }
    writeln!(out)?;
    writeln!(out, "Try it:")?;
    writeln!(
        out,
        "  curl -s {base}/auth/realms/vgs/protocol/openid-connect/token \\"
    )?;
    writeln!(
        out,
        "    -d grant_type=client_credentials -d client_id=standin-manual -d client_secret=standin-secret"
    )?;
    writeln!(out)?;
    writeln!(out, "Test data only. Ctrl-C stops it.")?;
    out.flush()
}
