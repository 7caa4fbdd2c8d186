//! `standin conform`: starts a private standin when no target is named, and lets the harness judge.

use std::io::{stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::config_args::ConfigArgs;
use super::out::{Heard, notice};
use super::stop::told_to_stop;
use crate::clock::{MANUAL_START, Source, machine_now};
use crate::conformance::{Credentials, Job, Options, Prepared, prepare};
use crate::operations::network_keys::folder;
use crate::report::Verdict;

use crate::server::{self, Running};

/// The seed of a private standin.
const SEED: &str = "conform";

/// Judges, and says how it went as an exit code.
pub(super) fn run(options: Options) -> ExitCode {
    let verdict = match prepare(options, today(), &mut Heard::new(stderr())) {
        Err(verdict) => verdict,
        Ok(prepared) => {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(judge(prepared)),
                Err(error) => {
                    notice(format_args!("standin conform: the runtime: {error}"));
                    Verdict::HarnessFailed
                }
            }
        }
    };
    ExitCode::from(verdict.exit_code())
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

async fn judge(prepared: Prepared) -> Verdict {
    // It listens from the beginning, or a signal that comes early would end the run without a word.
    let stop = tokio::spawn(told_to_stop());
    let private = if prepared.wants_private() {
        match private(&ConfigArgs::default()).await {
            Ok(running) => Some(running),
            Err(error) => {
                notice(format_args!(
                    "standin conform: the private standin: {error}"
                ));
                return Verdict::HarnessFailed;
            }
        }
    } else {
        None
    };
    let prepared = prepared.with_clock(|| machine_now().seconds());
    let mut prepared = prepared.with_job(job());
    if let Some(running) = &private {
        match credentials(running) {
            Ok(keys) => prepared = prepared.with_credentials(keys),
            Err(error) => {
                notice(format_args!(
                    "standin conform: the keys of the private standin: {error}"
                ));
                return Verdict::HarnessFailed;
            }
        }
    }
    let url = private.as_ref().map(Running::base_url);
    let interrupt = async {
        if !matches!(stop.await, Ok(Ok(()))) {
            std::future::pending::<()>().await;
        }
    };
    let (verdict, _) = prepared
        .run(
            url.as_deref(),
            &mut Heard::new(stdout()),
            &mut Heard::new(stderr()),
            interrupt,
        )
        .await;
    if let Some(private) = private {
        private.stop().await;
    }
    verdict
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
