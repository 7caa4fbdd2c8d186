//! Judges a receiver of webhooks: sends it messages as a service would, right ones and wrong ones, and looks at how it answers. What
//! it does with them nobody can see from outside, unless it says so at a URL of its own.

mod check;
mod deliver;
mod effect;
mod events;
mod given;
mod judge;
mod profile;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::closest;
use super::files::{Files, Job, Named};
use super::options::parse_duration;
use crate::report::{Closing, Console, FORM, Opening, Outcome, Reporter, Tally, Verdict};
use check::CHECKS;
use deliver::Session;
use profile::{PROFILES, Profile};

/// Judge a receiver of webhooks: does it take what is right, refuse what is wrong, and answer in time?
///
/// Messages are sent to the URL as the service of the profile would send them, signed with the secret that the receiver has.
#[derive(Args, Clone, Debug)]
#[command(after_long_help = "\
Examples:
  standin conform receiver --url http://localhost:3000/hooks --profile stripe --secret whsec_…
  standin conform receiver --url … --profile standard --secret whsec_… --count-url http://localhost:3000/handled

Exit codes:
  0  every required check ran and passed
  1  at least one check failed
  2  the command line is wrong; nothing was sent
  3  inconclusive: no answer, or a required check could not be tried
  5  the harness itself failed")]
pub struct ReceiverOptions {
    /// Where the receiver takes messages.
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// As which service to send: standard, stripe, vgs, checkout, adyen, adyen-payload or mastercard.
    #[arg(long, value_name = "NAME")]
    pub profile: String,
    /// The secret by which the receiver checks signatures, as its service writes it.
    #[arg(
        long,
        value_name = "SECRET",
        env = "STANDIN_RECEIVER_SECRET",
        hide_env_values = true
    )]
    pub secret: Option<String>,
    /// Mastercard: the receiver's public key or certificate, for which messages are sealed (PEM).
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// A URL that tells, as a number or as {"count": 7}, how many events the receiver has carried out.
    #[arg(long, value_name = "URL")]
    pub count_url: Option<String>,
    /// How long the receiver may take to answer, and to carry out what it has answered.
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = parse_duration)]
    pub within: Duration,
    /// Decides the names of the events.
    #[arg(long, value_name = "TEXT", default_value = "standin")]
    pub seed: String,
    /// Write the event log, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a JUnit report.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Write a page, in one file.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write a summary in Markdown.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Authorities that an https receiver may be signed by, beside those of browsers, as PEM.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Leave out the lines of checks that passed.
    #[arg(long, short)]
    pub quiet: bool,
}

/// Judges, and says how it went. `now` tells the time in Unix seconds, by which messages are signed.
pub async fn judge_receiver(
    options: &ReceiverOptions,
    job: Job,
    now: fn() -> i64,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> (Verdict, Tally) {
    match prepared(options, job, now) {
        Ok((session, files)) => run(options, session, files, out, err).await,
        Err(why) => {
            let _ = writeln!(err, "standin conform receiver: {why}");
            (Verdict::Misused, Tally::default())
        }
    }
}

fn prepared(
    options: &ReceiverOptions,
    job: Job,
    now: fn() -> i64,
) -> Result<(Session, Files), String> {
    let names = PROFILES.each_ref().map(|profile| profile.name);
    let profile = PROFILES.iter().find(|row| row.name == options.profile);
    let profile: &'static Profile = profile.ok_or_else(|| {
        let hint = closest::hint(&options.profile, &names);
        format!("--profile: there is no {:?}{hint}", options.profile)
    })?;
    let session = Session::new(options, profile, now)?;
    let named = Named {
        json: options.json.as_deref(),
        html: options.html.as_deref(),
        junit: options.junit.as_deref(),
        markdown: options.markdown.as_deref(),
    };
    let files = Files::open(named, job)?;
    Ok((session, files))
}

async fn run(
    options: &ReceiverOptions,
    mut session: Session,
    mut files: Files,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> (Verdict, Tally) {
    let started = tokio::time::Instant::now();
    let mut console = Console::new(out, options.quiet);
    let mut reporters: Vec<&mut dyn Reporter> = vec![&mut console];
    reporters.extend(files.listeners());
    let mut tally = Tally::default();
    let opening = Opening {
        form: FORM,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_s: Some(session.now()),
        target: "a receiver of webhooks".to_owned(),
        base_url: crate::masking::target(&options.url),
        profile: vec![options.profile.clone()],
        run_id: String::new(),
        seed: options.seed.clone(),
        checks: CHECKS.len(),
        to_run: CHECKS.len(),
        picked: true,
        fail_fast: false,
        behaviour: false,
        require: Vec::new(),
        alone: Vec::new(),
    };
    let mut complete = tell(&mut reporters, |one| one.opened(&opening));
    let mut takes = None;
    for check in &CHECKS {
        let report = judge::carry_out(check, &mut session, takes).await;
        if takes.is_none() {
            takes = Some(report.outcome);
        }
        tally.add(report.outcome, report.level, report.negative);
        complete &= tell(&mut reporters, |one| one.checked(&report));
    }
    tally.report_lost |= !complete;
    let verdict = tally.verdict();
    let counts = Outcome::ALL
        .iter()
        .map(|outcome| (*outcome, tally.count(*outcome)));
    let closing = Closing {
        levels: Vec::new(),
        verdict,
        exit_code: verdict.exit_code(),
        interrupted: false,
        negative_passes: tally.negative_passes(),
        counts: counts.collect(),
        below_core: tally.below_core,
        below_required: tally.below_required,
        expectations_stale: tally.expectations_stale,
        elapsed: started.elapsed(),
    };
    let told = tell(&mut reporters, |one| one.closed(&closing));
    drop(reporters);
    let written = files.finish();
    if let Err(error) = &written {
        let _ = writeln!(
            err,
            "standin conform receiver: a report could not be written: {error}"
        );
    }
    tally.report_lost |= !told || written.is_err();
    (tally.verdict(), tally)
}

/// Tells everyone who listens. False when somebody could not be told.
fn tell(
    reporters: &mut [&mut dyn Reporter],
    mut what: impl FnMut(&mut dyn Reporter) -> std::io::Result<()>,
) -> bool {
    let mut told = true;
    for reporter in reporters {
        told &= what(*reporter).is_ok();
    }
    told
}

/// Whether the first check, which the others stand on, has shown that a right message is taken.
fn stands(takes: Option<Outcome>) -> bool {
    takes == Some(Outcome::Pass)
}
