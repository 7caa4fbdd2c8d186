//! From options to a run. Everything that can be wrong with the command line, the target file and the features is found
//! here, before anything is sent; and report files are opened here, because a run whose report cannot be written is worthless.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cucumber::World as _;

use super::binding::Binding;
use super::features;
use super::http::Secrets;
use super::lint;
use super::options::Options;
use super::plan::{Check, Fate, Selection, plan};
use super::report::{CheckReport, Closing, Console, Junit, Ndjson, Opening, Reporter};
use super::runner::Run;
use super::scenario::Case;
use super::target::{Auth, Target};
use super::verdict::{Outcome, Tally, Verdict};
use super::world::World;

/// How long one request may take when nobody says otherwise.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Stands in for the address of a private standin that has not been started yet.
const NOT_STARTED: &str = "http://127.0.0.1:4111";

/// A run that is ready to begin.
pub struct Prepared {
    options: Options,
    target: Target,
    bindings: Vec<Binding>,
    profile: BTreeSet<String>,
    checks: Vec<Check>,
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

/// Reads everything and plans the run; nothing is sent.
///
/// # Errors
/// The verdict with which to exit, after the reason has been written to `err`.
pub fn prepare(options: Options, err: &mut dyn Write) -> Result<Prepared, Verdict> {
    ready(options).map_err(|complaints| {
        for complaint in complaints {
            let _ = writeln!(err, "standin conform: {complaint}");
        }
        Verdict::Misused
    })
}

fn ready(options: Options) -> Result<Prepared, Vec<String>> {
    let target = chosen_target(&options).map_err(|error| vec![error])?;
    let mut bindings = Binding::built_in().map_err(|error| vec![error])?;
    bindings.extend(target.binding.clone().map(Binding::Declared));
    let cases = checked_features(options.features.as_deref(), &bindings)?;
    let tags = match options.tags.as_deref().map(str::parse).transpose() {
        Ok(tags) => tags,
        Err(error) => return Err(vec![format!("--tags: {error}")]),
    };
    let profile = chosen_profile(&options, &target, &bindings).map_err(|error| vec![error])?;
    let selection = Selection { profile, tags };
    let checks = plan(&cases, &bindings, &target, &selection);
    Ok(Prepared {
        options,
        target,
        bindings,
        profile: selection.profile,
        checks,
    })
}

fn chosen_target(options: &Options) -> Result<Target, String> {
    match options.target.as_deref() {
        None => Target::standin(NOT_STARTED),
        Some(url) if url.contains("://") && options.standin => Target::standin(url),
        Some(url) if url.contains("://") => Target::at(url),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                format!("--target {file}: {error} (a URL begins with http:// or https://)")
            })?;
            Target::from_toml(&text, file)
        }
    }
    .map_err(|error| format!("--target: {error}").replace("--target: --target", "--target"))
}

/// All features, linted. A complaint for every problem, each with its place.
fn checked_features(folder: Option<&Path>, bindings: &[Binding]) -> Result<Vec<Case>, Vec<String>> {
    let mut sources = features::embedded();
    if let Some(folder) = folder {
        sources.extend(features::directory(folder).map_err(|error| vec![error])?);
    }
    let names: Vec<&str> = bindings.iter().map(Binding::name).collect();
    lint::checked(&sources, &names)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn chosen_profile(
    options: &Options,
    target: &Target,
    bindings: &[Binding],
) -> Result<BTreeSet<String>, String> {
    let wanted = if options.profile.is_empty() {
        &target.profile
    } else {
        &options.profile
    };
    let mut known: Vec<&str> = bindings.iter().map(Binding::name).collect();
    known.extend(lint::SURFACES.iter().filter(|surface| **surface == "oauth"));
    if let Some(stranger) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!(
            "--profile: no binding {stranger:?}; there are: {}",
            known.join(", ")
        ));
    }
    let mut profile: BTreeSet<String> = wanted.iter().cloned().collect();
    // The token endpoint is part of every surface that it opens, so its failure is a failure and not only an obstacle.
    if matches!(target.auth, Auth::ClientCredentials { .. }) && !profile.is_empty() {
        profile.insert("oauth".to_owned());
    }
    Ok(profile)
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
            self.target.base = url.trim_end_matches('/').to_owned();
        }
        let mut files = match Files::open(&self.options) {
            Ok(files) => files,
            Err(complaint) => return misused(err, &complaint),
        };
        let ca = self.options.ca.as_deref().or(self.target.ca.as_deref());
        if self.target.base.starts_with("https:") && ca.is_none() {
            let complaint = "an https target needs --ca FILE (or `ca` in the target file) with the authorities to trust";
            return misused(err, complaint);
        }
        let request_timeout = self
            .options
            .request_timeout
            .or(self.target.request_timeout)
            .unwrap_or(REQUEST_TIMEOUT);
        let client = match super::http::client(ca, request_timeout) {
            Ok(client) => client,
            Err(complaint) => return misused(err, &complaint),
        };
        let mut console = Console::new(out, self.options.quiet);
        let mut reporters: Vec<&mut dyn Reporter> = vec![&mut console];
        reporters.extend(files.json.iter_mut().map(|json| json as &mut dyn Reporter));
        reporters.extend(
            files
                .junit
                .iter_mut()
                .map(|junit| junit as &mut dyn Reporter),
        );
        let opening = self.opening();
        let (to_run, left_out): (Vec<Check>, Vec<Check>) = self
            .checks
            .into_iter()
            .partition(|check| check.fate == Fate::Run);
        let run = Run {
            target: Arc::new(self.target),
            bindings: Arc::new(self.bindings),
            client,
            steps: World::collection(),
            seed: self.options.seed,
            step_timeout: self.options.step_timeout,
            concurrency: self.options.concurrency,
        };
        let mut told = Told {
            reporters,
            tally: Tally::default(),
            lost: None,
        };
        let verdict = judge(&run, &opening, &to_run, &left_out, interrupt, &mut told).await;
        if let Some(error) = &told.lost {
            let _ = writeln!(
                err,
                "standin conform: a report could not be written: {error}"
            );
        }
        (verdict, told.tally)
    }

    fn opening(&self) -> Opening {
        Opening {
            target: self.target.name.clone(),
            base: self.target.base.clone(),
            profile: self.profile.iter().cloned().collect(),
            seed: self.options.seed.clone(),
            checks: self.checks.len(),
            to_run: self.to_run(),
        }
    }

    fn list(&self, out: &mut dyn Write) -> (Verdict, Tally) {
        for check in &self.checks {
            let (id, name, location) = (&check.id, &check.name, &check.location);
            let written = match &check.fate {
                Fate::Run => writeln!(out, "{id}  {name}  ({location})"),
                Fate::NotDeclared(why) => writeln!(out, "{id}  not-declared: {why}"),
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

/// The report files, open.
struct Files {
    json: Option<Ndjson<File>>,
    junit: Option<Junit<BufWriter<File>>>,
}

impl Files {
    fn open(options: &Options) -> Result<Self, String> {
        let create = |path: &Path, flag: &str| {
            File::create(path).map_err(|error| format!("{flag} {}: {error}", path.display()))
        };
        let json = options
            .json
            .as_deref()
            .map(|path| create(path, "--json"))
            .transpose()?;
        let junit = options
            .junit
            .as_deref()
            .map(|path| create(path, "--junit"))
            .transpose()?;
        Ok(Self {
            json: json.map(Ndjson),
            junit: junit.map(|file| Junit::new(BufWriter::new(file))),
        })
    }
}

/// Who listens, and what has been counted.
struct Told<'a> {
    reporters: Vec<&'a mut dyn Reporter>,
    tally: Tally,
    lost: Option<std::io::Error>,
}

impl Told<'_> {
    fn each(&mut self, mut tell: impl FnMut(&mut dyn Reporter) -> std::io::Result<()>) {
        for reporter in &mut self.reporters {
            if let Err(error) = tell(*reporter) {
                self.tally.report_lost = true;
                self.lost.get_or_insert(error);
            }
        }
    }

    fn checked(&mut self, report: &CheckReport) {
        self.tally
            .add(report.outcome, report.level, report.negative);
        self.each(|reporter| reporter.checked(report));
    }
}

async fn judge(
    run: &Run,
    opening: &Opening,
    to_run: &[Check],
    left_out: &[Check],
    interrupt: impl Future<Output = ()>,
    told: &mut Told<'_>,
) -> Verdict {
    let started = tokio::time::Instant::now();
    told.each(|reporter| reporter.opened(opening));
    for check in left_out {
        let (outcome, why) = match &check.fate {
            Fate::NotDeclared(why) => (Outcome::NotDeclared, why.as_str()),
            Fate::NotSelected(why) => (Outcome::NotSelected, why.as_str()),
            Fate::Run => (Outcome::SuiteError, "left out although it was to run"),
        };
        told.checked(&CheckReport::unrun(
            check,
            outcome,
            Secrets::default().text(why),
        ));
    }
    let interrupted = run
        .carry_out(to_run, interrupt, |report| told.checked(&report))
        .await;
    let closing = Closing {
        verdict: told.tally.verdict(),
        tally: told.tally.clone(),
        interrupted,
        elapsed: started.elapsed(),
    };
    told.each(|reporter| reporter.closed(&closing));
    told.tally.verdict()
}
