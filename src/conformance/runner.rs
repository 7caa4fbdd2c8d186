//! Carries out checks: seeded order, several at once, a deadline for every step, every later `Then` still tried after one has
//! failed, and a typed reason for everything that did not hold. It installs no panic hook; a panic in a step is printed as
//! always and counts as an error of the suite.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cucumber::gherkin::{Step, StepType};
use futures::{FutureExt, StreamExt};
use ring::digest::{SHA256, digest};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::binding::Binding;
use super::broken::Broken;
use super::conversation::Conversation;
use super::curl;
use super::evidence;
use super::http::Client;
use super::leases::Leases;
use super::ledger::Ledger;
use super::names::Names;
use super::pace::Pace;
use super::plan::Check;
use super::step_book::StepBook;
use super::step_time;
use super::target::Target;
use super::turn::Turn;
use super::watch::Watch;
use super::world::World;
use crate::report::{CheckReport, Curl, Masked, Outcome, Secrets, StepEnd, StepReport};

/// Everything that the checks of one run share.
pub(crate) struct Run {
    pub(crate) target: Arc<Target>,
    pub(crate) bindings: Arc<Vec<Binding>>,
    pub(crate) client: Client,
    pub(crate) steps: Arc<StepBook>,
    pub(crate) seed: String,
    /// Tells its names from those of other runs.
    pub(crate) run_id: String,
    pub(crate) step_timeout: Duration,
    pub(crate) concurrency: usize,
    /// One for each check that may ask at once.
    pub(crate) turns: Arc<Semaphore>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) leases: Leases,
    /// How many scripts of failures may still be tried again.
    pub(crate) tries: AtomicUsize,
    pub(crate) ledger: Ledger,
    pub(crate) watch: Watch,
    /// Whether the exchanges of a check are told with it.
    pub(crate) evidence: bool,
}

/// How a run is carried out, whatever the target.
pub(crate) struct Terms {
    pub(crate) client: Client,
    pub(crate) steps: Arc<StepBook>,
    pub(crate) seed: String,
    pub(crate) run_id: String,
    pub(crate) step_timeout: Duration,
    pub(crate) concurrency: usize,
    /// How many scripts of failures may be tried again.
    pub(crate) tries: usize,
    pub(crate) evidence: bool,
}

impl Run {
    /// A run against a target, no wider than the target wants it.
    pub(crate) fn new(target: Target, bindings: Arc<Vec<Binding>>, terms: Terms) -> Self {
        let named_by = target.webhooks.as_ref();
        let named_by = named_by.map_or("reference", |webhooks| webhooks.token_is.as_str());
        let limits = &target.limits;
        let concurrency = limits.concurrency.unwrap_or(usize::MAX);
        let concurrency = concurrency.min(terms.concurrency);
        let turns = concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            turns: Arc::new(Semaphore::new(turns)),
            pace: Arc::new(Pace::new(limits)),
            leases: Leases::new(&target),
            ledger: Ledger::new(named_by),
            watch: Watch::new(&target.cards),
            tries: AtomicUsize::new(terms.tries),
            concurrency,
            bindings,
            client: terms.client,
            steps: terms.steps,
            seed: terms.seed,
            run_id: terms.run_id,
            step_timeout: terms.step_timeout,
            evidence: terms.evidence,
            target: Arc::new(target),
        }
    }

    /// Carries out checks in the seed's order and hands each report over as it is made, until all are done, `interrupt` comes or
    /// `told` says that it is enough. Gives back whether it was interrupted.
    pub(crate) async fn carry_out(
        &self,
        checks: &[Check],
        interrupt: impl Future<Output = ()>,
        mut told: impl FnMut(CheckReport) -> bool,
    ) -> bool {
        let mut order: Vec<&Check> = checks.iter().collect();
        order.sort_by_cached_key(|check| self.draw(&check.id));
        let (back, ahead): (Vec<&Check>, Vec<&Check>) =
            order.iter().partition(|check| check.looks_back);
        // Those that need the target for themselves come before all others, or when they are done.
        let (alone, together): (Vec<&Check>, Vec<&Check>) =
            ahead.iter().partition(|check| check.alone.is_some());
        let (first, last): (Vec<&Check>, Vec<&Check>) = alone
            .iter()
            .partition(|check| check.alone.is_some_and(|alone| alone.first));
        let together = futures::stream::iter(together)
            .map(|check| self.check(check))
            // As many again may be waiting for time to pass.
            .buffer_unordered(self.concurrency.max(1).saturating_mul(2));
        let first = futures::stream::iter(first).then(|check| self.check(check));
        let last = futures::stream::iter(last).then(|check| self.check(check));
        let mut running = std::pin::pin!(first.chain(together).chain(last));
        let mut again: Vec<&Check> = Vec::new();
        let mut interrupt = std::pin::pin!(interrupt);
        let mut done = std::collections::BTreeSet::new();
        let mut interrupted = false;
        let mut enough = false;
        while !enough {
            tokio::select! {
                biased;
                () = &mut interrupt => {
                    interrupted = true;
                    break;
                }
                report = running.next() => match report {
                    Some(report) => {
                        let check = order.iter().find(|check| check.id == report.id);
                        match check.filter(|check| self.was_disturbed(check, &report)) {
                            Some(check) => again.push(check),
                            None => {
                                done.insert(report.id.clone());
                                enough = told(report);
                            }
                        }
                    }
                    None => break,
                },
            }
        }
        // With idempotency keys of its own: those of the first time stand for what was sent then.
        let again = again.into_iter().map(|check| (check, " again"));
        for (check, more) in again.chain(back.into_iter().map(|check| (check, ""))) {
            if interrupted || enough {
                break;
            }
            let purpose = format!("{}{more}", check.id);
            let report = tokio::select! {
                biased;
                () = &mut interrupt => {
                    interrupted = true;
                    break;
                }
                report = self.check_named(check, &purpose) => report,
            };
            done.insert(report.id.clone());
            enough = told(report);
        }
        for check in order.iter().filter(|check| !done.contains(&check.id)) {
            told(left_out(check, enough));
        }
        interrupted
    }

    /// Scenarios that share a target may have been in each other's way: what could not be tried together is tried alone.
    fn was_disturbed(&self, check: &Check, report: &CheckReport) -> bool {
        let together = !self.target.spaces && check.alone.is_none() && self.concurrency > 1;
        together && report.outcome == Outcome::Untestable
    }

    /// A value that depends on nothing but the seed and the check's id.
    fn draw(&self, id: &str) -> Vec<u8> {
        let text = format!("{}:{}\n{id}", self.seed.len(), self.seed);
        digest(&SHA256, text.as_bytes()).as_ref().to_vec()
    }

    /// A conversation of its own, for a check or another purpose.
    pub(crate) fn conversation(&self, space: Option<String>, purpose: &str) -> Conversation {
        let (target, pace) = (Arc::clone(&self.target), Arc::clone(&self.pace));
        let names = Names::new([&self.seed, &self.run_id, purpose]);
        Conversation::new(target, self.client.clone(), space, pace, names)
    }

    /// What no report may show, before any scenario has begun.
    pub(crate) fn secrets(&self) -> Secrets {
        self.conversation(None, "").secrets
    }

    /// A world in which a check has not begun.
    pub(crate) async fn world(&self, check: &Check) -> World {
        self.world_named(check, &check.id).await
    }

    /// The same, with names that are drawn for a purpose.
    async fn world_named(&self, check: &Check, purpose: &str) -> World {
        let turn = Turn::take(&self.turns).await;
        let draw = self.draw(&check.id);
        let hex: String = draw
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let space = self.target.spaces.then(|| format!("c{hex}"));
        let mut talk = self.conversation(space, purpose);
        talk.forget_space().await;
        let pick = draw.first().copied().map_or(0, usize::from);
        let bindings = Arc::clone(&self.bindings);
        let binding = check.binding.and_then(|place| bindings.get(place));
        let network = binding.and_then(Binding::network);
        let lease = self.leases.take(&check.steps, network, pick).await;
        let ledger = self.ledger.clone();
        let mut world = World::new(talk, check, Arc::clone(&bindings), pick, lease, ledger);
        world.turn = turn;
        world.watch = self.watch.clone();
        world
    }

    /// Carries out one check.
    pub(crate) async fn check(&self, check: &Check) -> CheckReport {
        self.check_named(check, &check.id).await
    }

    async fn check_named(&self, check: &Check, purpose: &str) -> CheckReport {
        let mut world = self.world_named(check, purpose).await;
        let started = Instant::now();
        let came = self.walk(&mut world, check).await;
        if check.binding.is_some() && !check.looks_back {
            self.watch.look(&world, &check.over, &check.id);
        }
        let unrun = evidence::unrun(check, came.outcome, came.reason.clone());
        if !self.evidence {
            world.clean_up().await;
            let elapsed = evidence::told(started.elapsed());
            return CheckReport { elapsed, ..unrun };
        }
        let messages = evidence::messages(&world);
        world.clean_up().await;
        let curl = match (&came.why, came.decided) {
            (Some(why), Some(decided)) if came.outcome == Outcome::Fail => {
                self.try_again(&world, &check.id, why, decided).await
            }
            (_, _) => None,
        };
        let exchanges = evidence::exchanges(&world, came.decided);
        CheckReport {
            steps: came.steps,
            exchanges,
            messages,
            curl,
            elapsed: evidence::told(started.elapsed()),
            ..unrun
        }
    }

    /// Takes the steps one after the other.
    async fn walk(&self, world: &mut World, check: &Check) -> Came {
        let mut came = Came::default();
        let mut stopped = false;
        let mut failed = false;
        for (place, step) in check.steps.iter().enumerate() {
            // After a failed statement only further statements about the same situation make sense.
            stopped = stopped || failed && step.ty != StepType::Then;
            let text = format!("{} {}", step.keyword.trim(), step.value);
            if stopped {
                let secrets = &world.talk.secrets;
                let unrun = evidence::step(secrets, &text, StepEnd::NotRun, None);
                came.steps.push(unrun);
                continue;
            }
            world.talk.step = place;
            let held = self.step(world, step).await;
            let secrets = &world.talk.secrets;
            let (end, broken) = match held {
                Ok(()) => (StepEnd::Held, None),
                Err(broken) => (StepEnd::Broken, Some(broken)),
            };
            let report = evidence::step(secrets, &text, end, broken.as_ref());
            came.steps.push(report);
            let Some(broken) = broken else { continue };
            failed = true;
            stopped = step.ty != StepType::Then;
            let came_to = judge(step.ty, check.disputed, &broken);
            if came_to.outranks(came.outcome) {
                came.outcome = came_to;
                came.decided = world.talk.exchanges.len().checked_sub(1);
                came.reason = secrets.text(&format!("{text}: {broken}"));
                came.why = Some(broken);
            }
        }
        came
    }

    /// The failure as a script, tried again while there are tries left.
    async fn try_again(
        &self,
        world: &World,
        id: &str,
        why: &Broken,
        decided: usize,
    ) -> Option<Curl> {
        let one_less = |left: usize| left.checked_sub(1);
        let (order, tries) = (Ordering::SeqCst, &self.tries);
        let may_run = tries.fetch_update(order, order, one_less).is_ok();
        curl::script(world, id, why, decided, may_run).await
    }

    /// Carries out one step.
    pub(crate) async fn step(&self, world: &mut World, step: &Step) -> Result<(), Broken> {
        let (function, context) = self.steps.find(step)?;
        let spoken = world.talk.exchanges.len();
        let heard = Arc::clone(&world.talk.heard);
        let future = AssertUnwindSafe(function(world, context)).catch_unwind();
        let ended = step_time::within(self.step_timeout, &heard, future).await;
        match ended {
            Ok(Ok(())) => Ok(()),
            Ok(Err(payload)) => Err(thrown(payload)),
            Err(_) => {
                let why = format!("the step did not end within {:?}", self.step_timeout);
                // Whoever has asked has waited for the target.
                Err(if world.talk.exchanges.len() > spoken {
                    Broken::NoAnswer(why)
                } else {
                    Broken::Suite(why)
                })
            }
        }
    }
}

/// What the steps of a check have come to.
struct Came {
    outcome: Outcome,
    reason: Masked,
    why: Option<Broken>,
    /// The place of the exchange by which it was decided.
    decided: Option<usize>,
    steps: Vec<StepReport>,
}

impl Default for Came {
    fn default() -> Self {
        Self {
            outcome: Outcome::Pass,
            reason: Masked::default(),
            why: None,
            decided: None,
            steps: Vec::new(),
        }
    }
}

/// What a broken step makes of its check: the same mismatch is a failure in a statement, and in a prerequisite only the
/// reason why nothing can be said. Where sources disagree, a mismatch with one of them is told and is no failure.
fn judge(kind: StepType, disputed: bool, broken: &Broken) -> Outcome {
    match (broken, kind) {
        (Broken::Wrong { .. }, StepType::Given) | (Broken::Unready(_), _) => Outcome::Untestable,
        (Broken::Wrong { .. }, StepType::When | StepType::Then) if disputed => Outcome::Disputed,
        (Broken::Wrong { .. }, StepType::When | StepType::Then) => Outcome::Fail,
        (Broken::NoAnswer(_), _) => Outcome::Transport,
        (Broken::NotDeclared(_), _) => Outcome::NotDeclared,
        (Broken::Suite(_), _) => Outcome::SuiteError,
    }
}

/// The typed value that a step gave back, or a real panic.
fn thrown(payload: Box<dyn Any + Send>) -> Broken {
    match payload.downcast::<Broken>() {
        Ok(broken) => *broken,
        Err(payload) => {
            let text = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("a value without a text");
            Broken::Suite(format!("the step panicked: {text}"))
        }
    }
}
/// A check that was not carried out: there was `enough`, or somebody interrupted.
fn left_out(check: &Check, enough: bool) -> CheckReport {
    let (outcome, why) = if enough {
        let why = "left out after the first failure (--fail-fast)";
        (Outcome::NotSelected, why)
    } else {
        (Outcome::Untestable, "interrupted before it was done")
    };
    evidence::unrun(check, outcome, Secrets::default().text(why))
}
