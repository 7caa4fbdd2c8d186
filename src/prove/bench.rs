//! Judges many private servers in this process, each with a seed of its own: one thread for each core, and on each several runs
//! at once, because a run also waits for messages that must not come.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use futures::StreamExt;
use tokio::time::Instant;

use crate::conformance::{Credentials, Judged, Subject, Suite};
use crate::domain::deviation::{Deviation, Kind};
use crate::operations::keyring::Keyring;
use crate::server::{Instance, Options, start_instance};

/// How many checks of a run go on at once.
const CONCURRENCIES: [usize; 2] = [1, 8];
/// How many runs one thread has going.
const RUNS_PER_THREAD: usize = 6;

/// What every run takes.
pub struct Bench<'a> {
    pub suite: &'a Suite,
    /// Makes the options of a server with this seed.
    pub options: &'a (dyn Fn(&str) -> Result<Options, String> + Sync),
    /// Keys that have been made.
    pub keyring: Keyring,
    /// What the networks have given the judge.
    pub credentials: Credentials,
    pub threads: usize,
}

/// One run that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// None for the clean server.
    pub deviation: Option<Deviation>,
    pub concurrency: usize,
    /// Only the checks that must notice the defect, and not the whole suite.
    pub brief: bool,
}

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    pub case: Case,
    /// What each check came to, or why nothing could be judged.
    pub judged: Result<Vec<Judged>, String>,
    pub elapsed: Duration,
}

/// The runs for these deviations, the clean server first. What is right and what is permitted must raise no alarm in the whole
/// suite, however many checks go on at once. A defect is to be noticed by each check that names it, at each width; what else
/// notices it is asked once.
#[must_use]
pub fn cases(deviations: &[Deviation], brief: bool) -> Vec<Case> {
    let clean = std::iter::once(None);
    let all = clean.chain(deviations.iter().copied().map(Some));
    let is_defect = |one: Option<Deviation>| one.is_some_and(|one| one.kind() == Kind::Defect);
    let each = all.flat_map(|deviation| {
        CONCURRENCIES.map(|concurrency| Case {
            deviation,
            concurrency,
            brief: is_defect(deviation) && (brief || concurrency == 1),
        })
    });
    each.collect()
}

impl Case {
    /// The name of what is judged.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.deviation.map_or("clean", Deviation::name)
    }
}

impl std::fmt::Debug for Bench<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Bench({:?}, {} threads)", self.suite, self.threads)
    }
}

impl Bench<'_> {
    /// Makes the runs, tells of each as it ends, and hands over all in the order of `cases`.
    ///
    /// # Errors
    /// A text when a thread cannot be begun.
    pub fn run(&self, cases: &[Case], mut told: impl FnMut(&Ran)) -> Result<Vec<Ran>, String> {
        let next = AtomicUsize::new(0);
        let (done, ended) = mpsc::channel::<Result<(usize, Ran), String>>();
        let mut all: Vec<Option<Ran>> = cases.iter().map(|_| None).collect();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.max(1) {
                let (next, done) = (&next, done.clone());
                scope.spawn(move || self.work(cases, next, &done));
            }
            drop(done);
            for ran in ended {
                let (place, ran) = ran?;
                told(&ran);
                all[place] = Some(ran);
            }
            Ok(all.into_iter().flatten().collect())
        })
    }

    /// Makes runs until none is left.
    fn work(
        &self,
        cases: &[Case],
        next: &AtomicUsize,
        done: &mpsc::Sender<Result<(usize, Ran), String>>,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => {
                let _nobody_waits = done.send(Err(format!("the runtime: {error}")));
                return;
            }
        };
        let places = std::iter::from_fn(|| {
            let place = next.fetch_add(1, Ordering::Relaxed);
            cases.get(place).map(|case| (place, case))
        });
        let runs = futures::stream::iter(places)
            .map(|(place, case)| async move { (place, self.judge(case).await) })
            .buffer_unordered(RUNS_PER_THREAD);
        runtime.block_on(runs.for_each(|ran| {
            let _nobody_waits = done.send(Ok(ran));
            std::future::ready(())
        }));
    }

    /// Starts a server, judges it and stops it.
    async fn judge(&self, case: &Case) -> Ran {
        let begun = Instant::now();
        let judged = self.judged(case).await;
        Ran {
            case: case.clone(),
            judged,
            elapsed: begun.elapsed(),
        }
    }

    async fn judged(&self, case: &Case) -> Result<Vec<Judged>, String> {
        let (name, concurrency) = (case.name(), case.concurrency);
        let seed = format!("prove {name} {concurrency}");
        let instance = Instance {
            deviation: case.deviation,
            keyring: Some(self.keyring.clone()),
        };
        let running = start_instance((self.options)(&seed)?, instance).await;
        let running = running.map_err(|error| error.to_string())?;
        let only = case.deviation.filter(|_| case.brief);
        let subject = Subject {
            url: &running.base_url(),
            credentials: self.credentials.clone(),
            seed: name,
            concurrency,
            only: only.map_or(&[], Deviation::checks),
        };
        self.suite.judge(&subject).await
    }
}
