//! `standin conform`: starts a private standin when no target is named, and lets the harness judge.

use std::io::{IsTerminal as _, Write, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::config_args::ConfigArgs;
use super::out::{Heard, Stream, colours, notice};
use super::stop::told_to_stop;
use crate::clock::{MANUAL_START, Source, machine_now};
use crate::conformance::{
    Credentials, Job, Looks, Options, Prepared, ReceiverOptions, judge_receiver, prepare,
};
use crate::operations::network_keys::folder;
use crate::report::{Tally, Verdict};
use crate::server::{self, Running};

/// The seed of a private standin.
const SEED: &str = "conform";

/// How a run went.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) tally: Tally,
}

impl From<Verdict> for Judged {
    fn from(verdict: Verdict) -> Self {
        let tally = Tally::default();
        Self { verdict, tally }
    }
}

/// The arguments of `standin conform`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Conform {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    options: Options,
}

/// What can be judged beside a server.
#[derive(Debug, Subcommand)]
enum Other {
    /// Judge a receiver of webhooks.
    Receiver(Box<ReceiverOptions>),
}

impl Conform {
    /// Judges, and says how it went as an exit code.
    pub(super) fn run(self) -> ExitCode {
        match self.other {
            None => run(self.options),
            Some(Other::Receiver(options)) => receiver(&options),
        }
    }
}

fn receiver(options: &ReceiverOptions) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let verdict = match runtime {
        Ok(runtime) => {
            let (mut out, mut err) = (Heard::new(stdout()), Heard::new(stderr()));
            let now = || machine_now().seconds();
            let judged = judge_receiver(options, job(), now, &mut out, &mut err);
            runtime.block_on(judged).0
        }
        Err(error) => {
            notice(format_args!(
                "standin conform receiver: the runtime: {error}"
            ));
            Verdict::HarnessFailed
        }
    };
    ExitCode::from(verdict.exit_code())
}

fn run(options: Options) -> ExitCode {
    let interrupt = || {
        let stop = told_to_stop();
        async move {
            if stop.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let looks = looks(&options);
    let (mut out, mut err) = (Heard::new(stdout()), Heard::new(stderr()));
    let judged = judge(options, looks, job(), &mut out, &mut err, interrupt);
    ExitCode::from(judged.verdict.exit_code())
}

/// A terminal gets colours, and a bar where it does not get a line for each check. A log gets neither.
fn looks(options: &Options) -> Looks {
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let lines_are_seen = stdout().is_terminal() && !options.quiet;
    Looks {
        colours: colours(Stream::Out).then_some(|| Box::new(stdout())),
        progress: stderr().is_terminal() && !in_ci && !lines_are_seen,
    }
}

/// Judges on a runtime of its own, because what judges stays on its thread. What `interrupt` begins ends the run early.
pub(super) fn judge<Ends>(
    options: Options,
    looks: Looks,
    job: Job,
    out: &mut dyn Write,
    err: &mut dyn Write,
    interrupt: impl FnOnce() -> Ends,
) -> Judged
where
    Ends: Future<Output = ()>,
{
    let prepared = match prepare(options, today(), err) {
        Ok(prepared) => prepared.looking(looks).with_job(job),
        Err(verdict) => return verdict.into(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let judged = match runtime {
        Ok(runtime) => runtime.block_on(carry_out(prepared, out, err, interrupt)),
        Err(error) => Err(format!("the runtime: {error}")),
    };
    judged.unwrap_or_else(|why| {
        // When nobody hears it, there is nobody left to tell.
        let _unheard = writeln!(err, "standin conform: {why}");
        Verdict::HarnessFailed.into()
    })
}

/// What GitHub wants to be told, if this is one of its jobs. Its commands are written as they are: they are what is meant.
fn job() -> Job {
    let on_github = std::env::var_os("GITHUB_ACTIONS").is_some_and(|it| it == "true");
    if !on_github {
        return Job::default();
    }
    let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
    Job {
        annotations: Some(Box::new(stdout())),
        summary: summary.map(PathBuf::from),
    }
}

/// The date on the machine's clock, by which expectations expire.
pub(super) fn today() -> Date {
    let now = Timestamp::from_microsecond(machine_now().micros()).unwrap_or_default();
    now.to_zoned(TimeZone::UTC).date()
}

async fn carry_out<Ends>(
    prepared: Prepared,
    out: &mut dyn Write,
    err: &mut dyn Write,
    interrupt: impl FnOnce() -> Ends,
) -> Result<Judged, String>
where
    Ends: Future<Output = ()>,
{
    let interrupt = interrupt();
    let private = if prepared.wants_private() {
        let running = private(&ConfigArgs::default()).await;
        Some(running.map_err(|error| format!("the private standin: {error}"))?)
    } else {
        None
    };
    let mut prepared = prepared.with_clock(|| machine_now().seconds());
    if let Some(running) = &private {
        let keys = credentials(running);
        let keys = keys.map_err(|error| format!("the keys of the private standin: {error}"))?;
        prepared = prepared.with_credentials(keys);
    }
    let url = private.as_ref().map(Running::base_url);
    let (verdict, tally) = prepared.run(url.as_deref(), out, err, interrupt).await;
    if let Some(private) = private {
        private.stop().await;
    }
    Ok(Judged { verdict, tally })
}

/// What a running standin has given its one token requestor.
pub(super) fn credentials(running: &Running) -> Result<Credentials, String> {
    let origin = super::keys::origin(Source::Manual(MANUAL_START), SEED);
    let files = folder::of(&running.spaces().config().networks, &origin);
    let files = files.map_err(|error| error.to_string())?;
    let file = |name: &str| {
        let mut files = files.iter();
        let found = files.find(|file| file.name == name);
        found.map_or_else(
            || Err("is not there".to_owned()),
            |file| Ok(file.bytes.clone()),
        )
    };
    let index = String::from_utf8(file(folder::INDEX)?).map_err(|error| error.to_string())?;
    Credentials::from_files(&index, &file)
}

/// A standin for this run alone, with a clock that moves when told, so that no check waits for time to pass.
pub(super) async fn private(config: &ConfigArgs) -> Result<Running, String> {
    let clock = Source::Manual(MANUAL_START);
    let options = config.server(SEED, clock, None, &[])?;
    server::start(options)
        .await
        .map_err(|error| error.to_string())
}
