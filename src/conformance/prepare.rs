//! From options to a run. Everything that can be wrong with the command line, the target file and the features is found
//! here, before anything is sent; and report files are opened here, because a run whose report cannot be written is worthless.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::binding::Binding;
use super::chosen::{chosen_profile, chosen_target, failed_before, known_failures};
use super::clauses::Register;
use super::closest;
use super::credentials::Credentials;
use super::expectations::Expectations;
use super::features;
use super::files::{Files, Job};
use super::http::Client;
use super::lint;
use super::looks::Looks;
use super::options::Options;
use super::plan::{Check, Fate, Selection, alone_by_reason, plan, tags_of};
use super::requestor::never_used;
use super::requirements::levels;
use super::runner::{Run, Terms};
use super::scenario::Case;
use super::step_book::StepBook;
use super::target::Target;
use super::telling::Telling;
use crate::report::{Console, FORM, Ndjson, Opening, Progress, Reporter, Tally, Verdict};

/// So many failures are tried again as scripts: nobody reads more, and each asks the target once more.
const TRIES_MAX: usize = 20;

/// A run that is ready to begin.
pub struct Prepared {
    pub(super) options: Options,
    /// Tells the names of this run from those of other runs.
    run_id: String,
    pub(super) target: Target,
    pub(super) bindings: Vec<Binding>,
    profile: BTreeSet<String>,
    pub(super) checks: Vec<Check>,
    expectations: Expectations,
    looks: Looks,
    job: Job,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "Prepared({} checks against {})",
            self.checks.len(),
            self.target.name
        )
    }
}

/// Reads everything and plans the run; nothing is sent. `today` decides which entries of an expectation file have
/// expired.
///
/// # Errors
/// The verdict with which to exit, after the reason has been written to `err`.
pub fn prepare(options: Options, today: Date, err: &mut dyn Write) -> Result<Prepared, Verdict> {
    ready(options, today, err).map_err(|complaints| {
        for complaint in complaints {
            let _ = writeln!(err, "standin conform: {complaint}");
        }
        Verdict::Misused
    })
}

/// A level is said of the whole suite, and not where a part of it was picked.
fn requires_the_whole(options: &Options) -> Result<(), String> {
    let part = [
        ("--tags", options.tags.is_some()),
        ("--rerun-failed", options.rerun_failed.is_some()),
        ("--fail-fast", options.fail_fast),
    ];
    let mut part = part.iter().filter(|(_, given)| *given);
    match part.next().filter(|_| !options.require.is_empty()) {
        Some((flag, _)) => Err(format!(
            "--require needs the whole suite, and {flag} picks a part of it: leave one of them out"
        )),
        None => Ok(()),
    }
}

fn ready(options: Options, today: Date, err: &mut dyn Write) -> Result<Prepared, Vec<String>> {
    let mut target = chosen_target(&options)
        .map_err(|error| error.lines().map(str::to_owned).collect::<Vec<_>>())?;
    if let Some(folder) = &options.keys {
        target.credentials = Credentials::read(folder).map_err(|error| vec![error])?;
    }
    // A private standin is started with keys of its own, which whoever starts it hands over.
    if options.target.is_some() && target.credentials.visa.is_none() {
        target.claims.remove("keys.visa");
    }
    if options.target.is_some() && target.credentials.mastercard.is_none() {
        target.claims.remove("keys.mastercard");
    }
    let mut bindings = Binding::built_in().map_err(|error| vec![error])?;
    bindings.extend(target.binding.clone().map(Binding::Declared));
    bindings.extend(
        Binding::paired(target.binding.as_ref(), |account| {
            target.keys.contains_key(account)
        })
        .map_err(|error| vec![error])?,
    );
    let cases = checked_features(options.features.as_deref(), &bindings)?;
    let known = levels().map_err(|error| vec![error])?;
    let known: Vec<&str> = known.iter().map(|level| level.name.as_str()).collect();
    if let Some(stranger) = options
        .require
        .iter()
        .find(|name| !known.contains(&name.as_str()))
    {
        let hint = closest::hint(stranger, &known);
        return Err(vec![format!(
            "--require: there is no level {stranger:?}{hint}"
        )]);
    }
    requires_the_whole(&options).map_err(|error| vec![error])?;
    let tags = match options.tags.as_deref().map(str::parse).transpose() {
        Ok(tags) => tags,
        Err(error) => return Err(vec![format!("--tags: {error}")]),
    };
    let profile = chosen_profile(&options, &target, &bindings).map_err(|error| vec![error])?;
    let only = failed_before(options.rerun_failed.as_deref()).map_err(|error| vec![error])?;
    let register = Register::built_in().map_err(|error| vec![error])?;
    let selection = Selection {
        profile,
        tags,
        only,
    };
    let checks = plan(&cases, &bindings, &target, &selection, &register);
    if selection.tags.is_some() && !checks.iter().any(Check::is_selected) {
        let tags = tags_of(&cases);
        let _ = writeln!(
            err,
            "--tags: no check of the profile has these tags; there are {tags}"
        );
    }
    let expectations = known_failures(options.expect.as_deref(), &checks, today)?;
    let run_id = match &options.run_id {
        Some(given) => given.clone(),
        None => never_used().map_err(|why| vec![why])?[..8].to_owned(),
    };
    Ok(Prepared {
        options,
        run_id,
        target,
        bindings,
        profile: selection.profile,
        checks,
        expectations,
        looks: Looks::default(),
        job: Job::default(),
    })
}

/// Prints the clause register with the checks in the binary.
///
/// # Errors
/// A text when a built-in file is wrong, or when nothing can be written.
pub fn print_clauses(out: &mut dyn Write) -> Result<(), String> {
    let bindings = Binding::built_in()?;
    let cases = checked_features(None, &bindings).map_err(|problems| problems.join("\n"))?;
    let register = Register::built_in()?;
    let mistakes = register.mistakes(&cases);
    if !mistakes.is_empty() {
        return Err(mistakes.join("\n"));
    }
    register
        .print(&cases, out)
        .map_err(|error| error.to_string())
}

/// All features, linted. A complaint for every problem, each with its place.
pub(super) fn checked_features(
    folder: Option<&Path>,
    bindings: &[Binding],
) -> Result<Vec<Case>, Vec<String>> {
    let mut sources = features::embedded();
    if let Some(folder) = folder {
        sources.extend(features::directory(folder).map_err(|error| vec![error])?);
    }
    let names: Vec<&str> = bindings.iter().map(Binding::name).collect();
    lint::checked(&sources, &names)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

impl Prepared {
    /// Nobody named a server: the caller is to start a private standin and pass its address to [`Prepared::run`].
    #[must_use]
    pub fn wants_private(&self) -> bool {
        self.options.target.is_none() && !self.options.list && self.to_run() > 0
    }

    fn to_run(&self) -> usize {
        self.checks
            .iter()
            .filter(|check| check.fate == Fate::Run)
            .count()
    }

    /// Hands over how the machine's clock is read, in Unix seconds. It is needed for signatures, where the target does not
    /// tell the time itself.
    #[must_use]
    pub fn with_clock(mut self, clock: fn() -> i64) -> Self {
        self.target.clock = Some(clock);
        self
    }

    /// Says how the run is shown; plainly when nothing is said.
    #[must_use]
    pub fn looking(mut self, looks: Looks) -> Self {
        self.looks = looks;
        self
    }

    /// Hands over where a CI job wants to be told.
    #[must_use]
    pub fn with_job(mut self, job: Job) -> Self {
        self.job = job;
        self
    }

    /// Hands over the keys of a private standin.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.target.credentials = credentials;
        self
    }

    /// Judges. `private_url` is the address of the private standin if [`Prepared::wants_private`]; `interrupt` ends the run
    /// early (Ctrl-C), with complete reports.
    ///
    /// The future is not `Send`; block on it, or run it in a `LocalSet`.
    ///
    /// # Errors
    /// None: whatever goes wrong is in the verdict, and its reason in `out` or `err`.
    pub async fn run(
        mut self,
        private_url: Option<&str>,
        out: &mut dyn Write,
        err: &mut dyn Write,
        interrupt: impl Future<Output = ()>,
    ) -> (Verdict, Tally) {
        if self.options.list {
            return self.list(out);
        }
        if let Some(url) = private_url {
            self.stands_at(url);
        }
        let job = std::mem::take(&mut self.job);
        let mut files = match Files::open(self.options.named(), job) {
            Ok(files) => files,
            Err(complaint) => return misused(err, &complaint),
        };
        let client = match self.client() {
            Ok(client) => client,
            Err(complaint) => return misused(err, &complaint),
        };
        let prints_json = self.options.prints_json();
        let keeps = files.keep_evidence() || prints_json;
        let tries = if keeps { TRIES_MAX } else { 0 };
        let mut printed: Box<dyn Reporter + '_> = if prints_json {
            Box::new(Ndjson(out))
        } else {
            let colours = self.looks.colours.map(|stream| stream());
            Box::new(Console::new(out, self.options.quiet).in_colour(colours))
        };
        let mut bar = self.looks.progress.then(Progress::default);
        let mut reporters: Vec<&mut dyn Reporter> = vec![printed.as_mut()];
        reporters.extend(bar.iter_mut().map(|bar| bar as &mut dyn Reporter));
        reporters.extend(files.listeners());
        let mut telling = Telling::new(reporters, self.expectations.clone());
        let opening = self.opening();
        let (to_run, left_out): (Vec<Check>, Vec<Check>) = std::mem::take(&mut self.checks)
            .into_iter()
            .partition(|check| check.fate == Fate::Run);
        let run = self.into_run(client, tries);
        let verdict = telling
            .session(&run, &opening, &to_run, &left_out, interrupt)
            .await;
        let (mut tally, lost) = telling.end();
        let written = files.finish();
        let Some(error) = lost.or(written.err()) else {
            return (verdict, tally);
        };
        tally.report_lost = true;
        let _ = writeln!(
            err,
            "standin conform: a report could not be written: {error}"
        );
        (tally.verdict(), tally)
    }

    /// Everything that checks share, for trials in the place of the run.
    ///
    /// # Errors
    /// A text for the caller when there can be no client.
    pub(super) fn shared(mut self, private_url: Option<&str>) -> Result<Run, String> {
        if let Some(url) = private_url {
            self.stands_at(url);
            // There may be more trials than a server has spaces, so that each must take its own away.
            self.target.fresh = false;
        }
        let client = self.client()?;
        Ok(self.into_run(client, 0))
    }

    /// The private standin has been started there.
    fn stands_at(&mut self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.target.base);
        self.target.fresh = true;
        // It has seen no other run.
        self.run_id = self.options.run_id.clone().unwrap_or_default();
    }

    fn client(&self) -> Result<Client, String> {
        let ca = self.options.ca.as_deref().or(self.target.ca.as_deref());
        let given = self.options.request_timeout;
        let wait = given.unwrap_or(self.target.request_timeout);
        super::http::client(ca, self.target.identity.as_ref(), wait)
    }

    fn into_run(self, client: Client, tries: usize) -> Run {
        let terms = Terms {
            client,
            steps: Arc::new(StepBook::new()),
            seed: self.options.seed,
            run_id: self.run_id,
            step_timeout: self.options.step_timeout,
            concurrency: self.options.concurrency.get(),
            tries,
            evidence: true,
        };
        Run::new(self.target, Arc::new(self.bindings), terms)
    }

    pub(super) fn opening(&self) -> Opening {
        Opening {
            form: FORM,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_s: self.target.clock.map(|clock| clock()),
            target: self.target.name.clone(),
            base_url: self.target.base.clone(),
            profile: self.profile.iter().cloned().collect(),
            seed: self.options.seed.clone(),
            run_id: self.run_id.clone(),
            checks: self.checks.len(),
            to_run: self.to_run(),
            picked: self.options.tags.is_some()
                || self.options.rerun_failed.is_some()
                || self.options.fail_fast,
            fail_fast: self.options.fail_fast,
            behaviour: self
                .checks
                .iter()
                .any(|check| check.binding.is_some() && check.fate == Fate::Run),
            require: self.options.require.clone(),
            alone: alone_by_reason(&self.checks),
        }
    }

    fn list(&self, out: &mut dyn Write) -> (Verdict, Tally) {
        for check in &self.checks {
            let (id, name, location) = (&check.id, &check.name, &check.location);
            let written = match &check.fate {
                Fate::Run => writeln!(out, "{id}  {name}  ({location})"),
                Fate::NotDeclared(lack) => writeln!(out, "{id}  not-declared: {}", lack.why),
                Fate::NotSelected(_) => Ok(()),
            };
            if written.is_err() {
                return (Verdict::HarnessFailed, Tally::default());
            }
        }
        let count = self.to_run();
        let _ = writeln!(out, "{count} checks to run");
        let verdict = if count == 0 {
            Verdict::Inconclusive
        } else {
            Verdict::Conformant
        };
        (verdict, Tally::default())
    }
}

fn misused(err: &mut dyn Write, complaint: &str) -> (Verdict, Tally) {
    let _ = writeln!(err, "standin conform: {complaint}");
    (Verdict::Misused, Tally::default())
}
