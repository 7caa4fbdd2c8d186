//! The conversation of a probe: one card from the beginning to the end.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::super::binding::template::shown;
use super::super::binding::{
    Binding, Control, Declared, Fact, Observed, Operation, Outcome, vocabulary,
};
use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::Client;
use super::super::leases::Lease;
use super::super::ledger::Ledger;
use super::super::listener::Listener;
use super::super::names::Names;
use super::super::pace::Pace;
use super::super::plan::{Check, Fate};
use super::super::requestor::never_used;
use super::super::target::{Condition, Target};
use super::super::told::Reading;
use super::super::world::{Who, World};
use super::order::{Turn, besides, turns};
use super::report::{Asked, Came, Entry, Report, Told};
use crate::report::{Level, Masked};

/// How much of an answer that was not accepted is shown.
const ANSWER_BYTES_MAX: usize = 600;

/// See the module.
pub(super) struct Session {
    world: World,
    target: Arc<Target>,
    binding: Declared,
    turns: Vec<Turn>,
    entries: Vec<Entry>,
    listener: Option<Listener>,
    card: Masked,
}

impl Session {
    pub(super) fn new(
        target: Arc<Target>,
        binding: Declared,
        client: Client,
        network: Option<&str>,
    ) -> Result<Self, String> {
        let space = target.spaces.then(|| "probe".to_owned());
        let pace = Arc::new(Pace::new(&target.limits));
        let run = never_used()?;
        let names = Names::new(["probe", &run, ""]);
        let talk = Conversation::new(Arc::clone(&target), client, space, pace, names);
        let bindings = Arc::new(vec![Binding::Declared(binding.clone())]);
        let lease = Lease::all_of(&target.cards);
        let ledger = Ledger::new("reference");
        let mut world = World::new(talk, &only_check(), bindings, 0, lease, ledger);
        let card = world
            .test_card(Who::One, Condition::Eligible, network)
            .map_err(|broken| broken.to_string())?;
        let shown = world.talk.secrets.text(&card.pan);
        world.take(Who::One, card);
        let provided = target.provider.iter().flat_map(Declared::all_operations);
        let declared: BTreeSet<Operation> = binding.all_operations().chain(provided).collect();
        Ok(Self {
            world,
            turns: turns(&declared),
            target,
            binding,
            entries: Vec::new(),
            listener: None,
            card: shown,
        })
    }

    /// Asks one operation after the other, until nothing answers.
    pub(super) async fn ask_everything(&mut self) {
        self.world.talk.forget_space().await;
        for turn in self.turns.clone() {
            let from = self.world.talk.exchanges.len();
            let seen = self.perform(turn.operation).await;
            let entry = self.entry(turn, &seen, from);
            self.entries.push(entry);
            let answered = self.entries.iter().any(Entry::was_answered);
            if !answered && matches!(seen, Err(Broken::NoAnswer(_))) {
                break;
            }
        }
    }

    /// What was seen. The webhooks may be on their way still.
    pub(super) async fn report(&mut self) -> Report {
        Report {
            target: self.target.name.clone(),
            base_url: self.target.base.clone(),
            card: self.card.clone(),
            webhooks: self.webhooks().await,
            operations: std::mem::take(&mut self.entries),
        }
    }

    async fn perform(&mut self, operation: Operation) -> Held<Observed> {
        let Operation::Control(control) = operation else {
            return self.world.perform(operation, Who::One).await;
        };
        if control == Control::Listen {
            self.open().await?;
        }
        let declared = self.declared_by(operation).clone();
        let mut variables = self.world.card(Who::One)?.variables.clone();
        let url = self.listener.as_ref().map(|listener| listener.url.as_str());
        let more = besides(operation, url).into_iter();
        variables.extend(more.map(|(name, value)| (name.to_owned(), value)));
        let talk = &mut self.world.talk;
        let seen = declared.perform(operation, &variables, talk).await?;
        self.world.heed(&seen);
        seen.tell(&mut self.world.card_mut(Who::One)?.variables);
        Ok(seen)
    }

    async fn open(&mut self) -> Held {
        let address = self.target.webhooks.as_ref();
        let address = address.map_or("127.0.0.1:0", |webhooks| webhooks.listen.as_str());
        let listener = Listener::open(address).await;
        let listener = listener.map_err(|error| Broken::Unready(format!("{address}: {error}")))?;
        self.listener = Some(listener);
        Ok(())
    }

    /// The binding's own operation, or else the one of `[control]`.
    fn declared_by(&self, operation: Operation) -> &Declared {
        let provider = self.target.provider.as_ref();
        let provider = provider.filter(|_| !self.binding.offers(operation));
        provider.unwrap_or(&self.binding)
    }

    fn entry(&self, turn: Turn, seen: &Held<Observed>, from: usize) -> Entry {
        let secrets = &self.world.talk.secrets;
        let exchanges = self.world.talk.exchanges.iter().skip(from);
        let requests = exchanges.clone().map(|exchange| Asked {
            request: secrets.text(&format!("{} {}", exchange.sent.method, exchange.sent.url)),
            status: exchange.answer.as_ref().ok().map(|answer| answer.status),
            elapsed_ms: exchange.elapsed.as_millis(),
        });
        let mut entry = Entry {
            operation: turn.operation.word(),
            again_for: turn.again_for,
            requests: requests.collect(),
            accepted: None,
            facts: Vec::new(),
            by_status: Vec::new(),
            answer: None,
            problems: Vec::new(),
        };
        match seen {
            Ok(seen) => {
                entry.accepted = Some(seen.accepted);
                self.read(seen, &mut entry);
            }
            Err(broken) => entry.problems.push(secrets.text(&broken.to_string())),
        }
        if entry.accepted != Some(true) {
            let last = exchanges.last().and_then(|last| last.answer.as_ref().ok());
            let body = last.filter(|answer| !answer.body.is_empty());
            entry.answer = body.map(|answer| secrets.body(&answer.body).cut(ANSWER_BYTES_MAX));
        }
        entry
    }

    /// What an answer told, and what of it is not as the file says.
    fn read(&self, seen: &Observed, entry: &mut Entry) {
        let secrets = &self.world.talk.secrets;
        let declared = self.declared_by(seen.operation);
        if !seen.accepted {
            let (status, accepts) = (seen.status, declared.accepts(seen.operation));
            let why = format!("status {status} is not among accept = {accepts:?}");
            entry.problems.push(secrets.text(&why));
        }
        for fact in &seen.declared {
            let name = vocabulary::name_of(*fact);
            let value = seen.facts.get(fact);
            let told = Told {
                fact: name,
                value: value.map(|value| secrets.text(&in_short(value))),
                read_as: read_as(seen, *fact).filter(|_| value.is_some()),
                looked_at: declared.places(seen.operation, *fact),
                excused: self.excused(seen, *fact).filter(|_| value.is_none()),
            };
            let unread = words_of(*fact).filter(|_| told.value.is_some() && told.read_as.is_none());
            if let (Some(table), Some(value)) = (unread, &told.value) {
                let why = format!("facts.{name} told {value}, which no word of {table} is");
                entry.problems.push(secrets.text(&why));
            }
            // What was refused tells nothing else.
            if seen.accepted && told.value.is_none() && told.excused.is_none() {
                let places = told.looked_at.join(", ");
                let why = format!("facts.{name} came to nothing: looked for at {places}");
                entry.problems.push(secrets.text(&why));
            }
            entry.facts.push(told);
        }
        for fact in [Fact::State, Fact::Outcome, Fact::Reason] {
            let by_status = read_as(seen, fact).filter(|_| !seen.facts.contains_key(&fact));
            entry.by_status.extend(by_status);
        }
    }

    /// Why an answer need not tell the fact.
    fn excused(&self, seen: &Observed, fact: Fact) -> Option<&'static str> {
        let card = self.world.cards.get(&Who::One);
        let network = card.map_or("", |card| card.card.network.word());
        let declined = seen.outcome == Some(Outcome::Declined);
        let of_payment = matches!(fact, Fact::Payment | Fact::Nti | Fact::Tlid);
        if matches!(fact, Fact::Reason | Fact::Field) {
            Some("only a refusal has a reason")
        } else if fact == Fact::Tlid && network != "mastercard" {
            Some("only Mastercard gives one; try --network mastercard")
        } else if of_payment && declined {
            Some("the payment was declined")
        } else {
            None
        }
    }

    async fn webhooks(&self) -> Vec<Came> {
        let (Some(listener), Some(webhooks)) = (&self.listener, &self.target.webhooks) else {
            return Vec::new();
        };
        let messages = listener
            .messages(webhooks.wait.0, |messages| !messages.is_empty())
            .await;
        let card = self.world.card(Who::One).ok();
        let secret = card
            .and_then(|card| card.variables.get("secret"))
            .map(shown);
        let Ok(reading) = Reading::new(webhooks, secret) else {
            return Vec::new();
        };
        let tales = messages.iter().flat_map(|message| reading.read(message));
        let came = tales.map(|tale| Came {
            said: self.world.talk.secrets.text(&tale.word),
            read_as: tale.kind.map(super::super::target::webhooks::Kind::word),
        });
        came.collect()
    }
}

/// The suite's word for what an answer said of it.
fn read_as(seen: &Observed, fact: Fact) -> Option<&'static str> {
    if fact == Fact::State {
        seen.state.map(|state| state.word())
    } else if fact == Fact::Outcome {
        seen.outcome.map(|outcome| outcome.word())
    } else if fact == Fact::Reason {
        seen.reason.map(|reason| reason.key())
    } else {
        None
    }
}

/// The table of words by which the fact is read, where each word must be there.
fn words_of(fact: Fact) -> Option<&'static str> {
    if fact == Fact::State {
        Some("binding.states")
    } else if fact == Fact::Outcome {
        Some("binding.outcomes")
    } else {
        None
    }
}

/// A value on one line; of a list how long it is.
fn in_short(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            format!("{:?}", shown(value))
        }
    }
}

/// A scenario needs a check that it belongs to.
fn only_check() -> Check {
    Check {
        id: "probe".to_owned(),
        case: "probe".to_owned(),
        over: String::new(),
        clauses: Vec::new(),
        feature: "probe".to_owned(),
        name: "Each operation once".to_owned(),
        location: String::new(),
        source: String::new(),
        level: Level::Must,
        negative: false,
        disputed: false,
        binding: Some(0),
        surface: None,
        steps: Vec::new(),
        alone: None,
        looks_back: false,
        fate: Fate::Run,
    }
}
