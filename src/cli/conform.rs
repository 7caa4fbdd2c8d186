//! `standin conform`: starts a private standin when no target is named, and lets the harness judge.

use std::io::{IsTerminal as _, Write, stderr, stdout};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::config_args::ConfigArgs;
use super::out::{Heard, Stream, colours};
use super::stop::told_to_stop;
use crate::clock::{MANUAL_START, Source, machine_now};
use crate::conformance::{Credentials, Looks, Options, Prepared, Tally, Verdict, prepare};
use crate::operations::network_keys::folder;
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

/// Judges, and says how it went as an exit code.
pub(super) fn run(options: Options) -> ExitCode {
    let interrupt = async {
        if told_to_stop().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let looks = looks(&options);
    let (mut out, mut err) = (Heard(stdout()), Heard(stderr()));
    let judged = judge(options, looks, &mut out, &mut err, interrupt);
    ExitCode::from(judged.verdict.exit_code())
}

/// A terminal gets colours, and a bar where it does not get a line for each check. A log gets neither.
fn looks(options: &Options) -> Looks {
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let lines_are_seen = stdout().is_terminal() && !options.quiet;
    Looks {
        colours: colours(Stream::Out),
        progress: stderr().is_terminal() && !in_ci && !lines_are_seen,
    }
}

/// Judges on a runtime of its own, because what judges stays on its thread. `interrupt` ends the run early.
pub(super) fn judge(
    options: Options,
    looks: Looks,
    out: &mut dyn Write,
    err: &mut dyn Write,
    interrupt: impl Future<Output = ()>,
) -> Judged {
    let prepared = match prepare(options, today(), err) {
        Ok(prepared) => prepared.looking(looks),
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

/// The date on the machine's clock, by which expectations expire.
fn today() -> Date {
    let now = Timestamp::from_microsecond(machine_now().micros()).unwrap_or_default();
    now.to_zoned(TimeZone::UTC).date()
}

async fn carry_out(
    prepared: Prepared,
    out: &mut dyn Write,
    err: &mut dyn Write,
    interrupt: impl Future<Output = ()>,
) -> Result<Judged, String> {
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
fn credentials(running: &Running) -> Result<Credentials, String> {
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
async fn private(config: &ConfigArgs) -> Result<Running, String> {
    let clock = Source::Manual(MANUAL_START);
    let options = config.server(SEED, clock, None, &[])?;
    server::start(options)
        .await
        .map_err(|error| error.to_string())
}
