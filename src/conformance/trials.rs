//! Trials of a target that no feature was written for: a scenario that somebody has made up, and operations of several clients at
//! once upon one token. What either must come to is not known here; whoever asks brings the rules.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::future::join_all;
use serde_json::json;
use tokio::time::Instant;

use super::binding::{Binding, Observed, Operation};
use super::broken::Broken;
use super::conversation::Conversation;
use super::features::{self, FeatureText};
use super::plan::{Check, Fate};
use super::prepare::Prepared;
use super::runner::Run;
use super::scenario;
use super::world::{Who, World};
use crate::report::{CheckReport, Level};

/// A binding and what it has.
#[derive(Clone, Debug)]
pub struct Spoken {
    pub name: String,
    pub capabilities: BTreeSet<String>,
}

/// An operation that a client asks for, by the word of the operation.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub operation: &'static str,
    /// Who does it, where it is done behind the merchant's back.
    pub actor: Option<&'static str>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// When it was asked and answered, in microseconds of the trial.
    pub from: u64,
    pub to: u64,
    /// None where no answer came.
    pub answer: Option<Heeded>,
}

/// What an answer said, in the suite's words.
#[derive(Clone, Debug)]
pub struct Heeded {
    pub status: u16,
    pub accepted: bool,
    /// The target itself failed.
    pub fault: bool,
    /// The state of the token, if it was told.
    pub state: Option<&'static str>,
}

/// See the module.
pub struct Trials {
    run: Run,
}

impl std::fmt::Debug for Trials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Trials(of {})", self.run.target.name)
    }
}

impl Trials {
    /// Trials of the target of a run that does not take place. `private_url` is the address of a private standin, if it wants one.
    ///
    /// # Errors
    /// A text for the caller.
    pub fn new(prepared: Prepared, private_url: Option<&str>) -> Result<Self, String> {
        Ok(Self {
            run: prepared.shared(private_url)?,
        })
    }

    /// What the target is called.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.run.target.name
    }

    /// The bindings that mint tokens.
    #[must_use]
    pub fn bindings(&self) -> Vec<Spoken> {
        let claimed = self.run.target.capabilities();
        let profile = &self.run.target.profile;
        let plain = self.run.bindings.iter().filter(|it| it.gateway().is_none());
        let named = plain.filter(|it| profile.iter().any(|name| name == it.name()));
        named
            .map(|binding| {
                let mut all = claimed.clone();
                all.extend(binding.capabilities());
                Spoken {
                    name: binding.name().to_owned(),
                    capabilities: all,
                }
            })
            .collect()
    }

    /// Carries out the one scenario of a feature, over a binding; with `script` a failure is tried again as one.
    ///
    /// # Errors
    /// A text where the feature is none or there is no such binding.
    pub async fn scenario(
        &self,
        binding: &str,
        number: usize,
        text: &str,
        script: bool,
    ) -> Result<CheckReport, String> {
        self.run.tries.store(usize::from(script), Ordering::SeqCst);
        let check = self.made_up(binding, number, text)?;
        Ok(self.run.check(&check).await)
    }

    fn made_up(&self, binding: &str, number: usize, text: &str) -> Result<Check, String> {
        let source = FeatureText {
            path: "explored.feature".to_owned(),
            text: text.to_owned(),
        };
        let feature = features::parse(&source).map_err(|problem| problem.to_string())?;
        let cases = scenario::cases(feature).map_err(|problem| problem.to_string())?;
        let case = cases.first().ok_or("the feature has no scenario")?;
        let mut bindings = self.run.bindings.iter();
        let place = bindings.position(|it| it.name() == binding);
        let place = place.ok_or_else(|| format!("there is no binding {binding:?}"))?;
        let id = format!("explored.{number}");
        Ok(Check {
            id: format!("{id}/{binding}"),
            case: id,
            over: binding.to_owned(),
            clauses: Vec::new(),
            feature: "explored".to_owned(),
            name: case.name.clone(),
            location: format!("{}:{}", case.path, case.line),
            source: "the rules of tokens".to_owned(),
            level: Level::Must,
            negative: false,
            disputed: false,
            binding: Some(place),
            surface: None,
            steps: case.steps.clone(),
            alone: None,
            looks_back: false,
            fate: Fate::Run,
        })
    }

    /// Enrols a card, and then has each client carry out its operations on the token, one after the other, all clients at once; when
    /// all are done, the token is read once more.
    ///
    /// # Errors
    /// A text where there was no token to begin with, or a request could not be made.
    pub async fn race(
        &self,
        binding: &str,
        number: usize,
        clients: &[Vec<Wanted>],
    ) -> Result<Vec<Vec<Heard>>, String> {
        let begin = "Feature: a\n  Scenario: a\n    Given an enrolled card\n";
        let check = self.made_up(binding, number, begin)?;
        let mut world = self.run.world(&check).await;
        // Whatever comes of it, nothing of it is left behind: there may be more trials than a server has room for.
        let heard = self.raced(&check, &mut world, clients).await;
        world.clean_up().await;
        heard
    }

    async fn raced(
        &self,
        check: &Check,
        world: &mut World,
        clients: &[Vec<Wanted>],
    ) -> Result<Vec<Vec<Heard>>, String> {
        for step in &check.steps {
            let begun = self.run.step(world, step).await;
            begun.map_err(|broken| broken.to_string())?;
        }
        let bindings = Arc::clone(&self.run.bindings);
        let place = check.binding.and_then(|place| bindings.get(place));
        let spoken = place.ok_or_else(|| format!("there is no binding {:?}", check.over))?;
        let variables = world.card(Who::One).map_err(|it| it.to_string())?;
        let variables = variables.variables.clone();
        let started = Instant::now();
        let each = clients.iter().map(|wanted| {
            let mut client = Client {
                talk: world.talk.clone(),
                variables: variables.clone(),
                binding: spoken,
                started,
            };
            async move { client.all(wanted).await }
        });
        let heard: Result<Vec<Vec<Heard>>, Broken> = join_all(each).await.into_iter().collect();
        let mut heard = heard.map_err(|broken| broken.to_string())?;
        let mut last = Client {
            talk: world.talk.clone(),
            variables,
            binding: spoken,
            started,
        };
        let read = Wanted {
            operation: "read",
            actor: None,
        };
        let read = last.all(&[read]).await;
        heard.push(read.map_err(|broken| broken.to_string())?);
        Ok(heard)
    }
}

/// One of those who ask at once.
struct Client<'a> {
    talk: Conversation,
    variables: super::binding::template::Variables,
    binding: &'a Binding,
    started: Instant,
}

impl Client<'_> {
    async fn all(&mut self, wanted: &[Wanted]) -> Result<Vec<Heard>, Broken> {
        let mut heard = Vec::new();
        for wanted in wanted {
            heard.push(self.one(*wanted).await?);
        }
        Ok(heard)
    }

    async fn one(&mut self, wanted: Wanted) -> Result<Heard, Broken> {
        let operation = Operation::try_from(wanted.operation.to_owned()).map_err(Broken::Suite)?;
        let mut variables = self.variables.clone();
        if let Some(actor) = wanted.actor {
            variables.insert("actor".to_owned(), json!(actor));
        }
        let from = self.now();
        let answer = self.binding.perform(operation, &variables, &mut self.talk);
        let answer = match answer.await {
            Ok(seen) => Some(heeded(&seen)),
            Err(Broken::NoAnswer(_)) => None,
            Err(broken) => return Err(broken),
        };
        Ok(Heard {
            from,
            to: self.now(),
            answer,
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

fn heeded(seen: &Observed) -> Heeded {
    Heeded {
        status: seen.status,
        accepted: seen.accepted,
        fault: seen.fault,
        state: seen.state.map(|state| state.word()),
    }
}
