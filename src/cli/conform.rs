//! `standin conform`: starts a private standin when no target is named, and lets the harness judge.

use std::io::{stderr, stdout};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::config_args::ConfigArgs;
use super::out::{Heard, notice};
use super::stop::told_to_stop;
use crate::clock::{MANUAL_START, Source, machine_now};
use crate::conformance::{
    Credentials, Options, Prepared, ReceiverOptions, Verdict, judge_receiver, prepare,
};
use crate::operations::network_keys::folder;

use crate::server::{self, Running};

/// The seed of a private standin.
const SEED: &str = "conform";

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
            let (mut out, mut err) = (Heard(stdout()), Heard(stderr()));
            let now = || machine_now().seconds();
            let judged = judge_receiver(options, now, &mut out, &mut err);
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
    let verdict = match prepare(options, today(), &mut Heard(stderr())) {
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

/// The date on the machine's clock, by which expectations expire.
fn today() -> Date {
    let now = Timestamp::from_microsecond(machine_now().micros()).unwrap_or_default();
    now.to_zoned(TimeZone::UTC).date()
}

async fn judge(prepared: Prepared) -> Verdict {
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
    let mut prepared = prepared.with_clock(|| machine_now().seconds());
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
        if told_to_stop().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let (verdict, _) = prepared
        .run(
            url.as_deref(),
            &mut Heard(stdout()),
            &mut Heard(stderr()),
            interrupt,
        )
        .await;
    if let Some(private) = private {
        private.stop().await;
    }
    verdict
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
