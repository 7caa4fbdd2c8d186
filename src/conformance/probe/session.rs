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
use super::super::world::{Who, World};
use super::order::{Turn, besides, turns};
use super::report::{Asked, Entry, Report, Told, Webhooks};
use crate::report::{Level, Masked};

/// How much of an answer that was not accepted is shown.
const ANSWER_BYTES_MAX: usize = 600;

/// See the module.
pub(super) struct Session {
    pub(super) world: World,
    pub(super) target: Arc<Target>,
    binding: Declared,
    turns: Vec<Turn>,
    pub(super) entries: Vec<Entry>,
    pub(super) listener: Option<Listener>,
    webhooks: Webhooks,
    /// Whose cards are to be used.
    pub(super) network: Option<String>,
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
            webhooks: Webhooks::default(),
            network: network.map(str::to_owned),
            card: shown,
        })
    }

    /// Asks one operation after the other, until nothing answers.
    pub(super) async fn ask_everything(&mut self) {
        self.world.talk.forget_space().await;
        for turn in self.turns.clone() {
            // What is on its way still would find nobody there.
            if turn.operation == Operation::Control(Control::Unlisten) {
                self.webhooks = self.arrived().await;
            }
            let from = self.world.talk.exchanges.len();
            let seen = self.perform(turn.operation).await;
            let entry = self.entry(turn, &seen, from);
            self.entries.push(entry);
            let answered = self.entries.iter().any(Entry::was_answered);
            if !answered && matches!(seen, Err(Broken::NoAnswer(_))) {
                return;
            }
        }
        if !self
            .turns
            .iter()
            .any(|turn| turn.operation == Operation::Control(Control::Unlisten))
        {
            self.webhooks = self.arrived().await;
        }
        self.ask_for_refused_cards().await;
    }

    /// What was seen. What the probe has made is taken away, as far as the target allows.
    pub(super) async fn report(&mut self) -> Report {
        self.world.clean_up().await;
        Report {
            target: self.target.name.clone(),
            base_url: self.target.base.clone(),
            card: self.card.clone(),
            webhooks: std::mem::take(&mut self.webhooks),
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
        let mut entry = self.asked(turn.operation, from);
        entry.again_for = turn.again_for;
        match seen {
            Ok(seen) => self.read(seen, &mut entry),
            Err(broken) => {
                let secrets = &self.world.talk.secrets;
                entry.problems.push(secrets.text(&broken.to_string()));
            }
        }
        if entry.accepted != Some(true) {
            entry.answer = self.last_body(from);
        }
        entry
    }

    /// An operation with the requests that it took, of which nothing has been read.
    pub(super) fn asked(&self, operation: Operation, from: usize) -> Entry {
        let secrets = &self.world.talk.secrets;
        let exchanges = self.world.talk.exchanges.iter().skip(from);
        let requests = exchanges.map(|exchange| Asked {
            request: secrets.text(&format!("{} {}", exchange.sent.method, exchange.sent.url)),
            status: exchange.answer.as_ref().ok().map(|answer| answer.status),
            elapsed_ms: exchange.elapsed.as_millis(),
        });
        Entry {
            operation: operation.word(),
            again_for: None,
            card: None,
            requests: requests.collect(),
            accepted: None,
            facts: Vec::new(),
            by_status: Vec::new(),
            answer: None,
            problems: Vec::new(),
        }
    }

    /// The body of the last answer, if it has one.
    pub(super) fn last_body(&self, from: usize) -> Option<Masked> {
        let exchanges = self.world.talk.exchanges.get(from..)?;
        let last = exchanges.last()?.answer.as_ref().ok()?;
        let body = Some(&last.body).filter(|body| !body.is_empty())?;
        Some(self.world.talk.secrets.body(body).cut(ANSWER_BYTES_MAX))
    }

    /// What an answer told, and what of it is not as the file says.
    fn read(&self, seen: &Observed, entry: &mut Entry) {
        let secrets = &self.world.talk.secrets;
        entry.accepted = Some(seen.accepted);
        if !seen.accepted {
            let accepts = self.declared_by(seen.operation).accepts(seen.operation);
            let status = seen.status;
            let why = format!("status {status} is not among accept = {accepts:?}");
            entry.problems.push(secrets.text(&why));
        }
        for fact in &seen.declared {
            let told = self.told(seen, *fact);
            let name = told.fact;
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
        entry
            .problems
            .extend(no_month(seen).map(|why| secrets.text(&why)));
        entry.by_status.extend(by_status(seen));
    }

    /// What an answer told of one thing.
    pub(super) fn told(&self, seen: &Observed, fact: Fact) -> Told {
        let value = seen.facts.get(&fact);
        let shown = value.map(|value| self.world.talk.secrets.text(&in_short(value)));
        Told {
            fact: vocabulary::name_of(fact),
            read_as: read_as(seen, fact).filter(|_| value.is_some()),
            looked_at: self
                .declared_by(seen.operation)
                .places(seen.operation, fact),
            excused: self.excused(seen, fact).filter(|_| value.is_none()),
            value: shown,
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
}

/// Why a month that was told is none, if it was.
fn no_month(seen: &Observed) -> Option<String> {
    let whole = seen.text(Fact::TokenExpires);
    let year = seen.text(Fact::TokenExpYear);
    let parts = year.zip(seen.text(Fact::TokenExpMonth));
    if seen.expiry().is_some() {
        None
    } else if let Some(text) = whole {
        Some(format!(
            "facts.token_expires told {text:?}, and a month as YYYY-MM is due: say behind its source how it is written, as MM/YY"
        ))
    } else {
        let (year, month) = parts?;
        Some(format!(
            "facts.token_exp_month told {month:?} and facts.token_exp_year {year:?}: that is no month of a year"
        ))
    }
}

/// What follows from the status alone, in the suite's words.
pub(super) fn by_status(seen: &Observed) -> impl Iterator<Item = &'static str> {
    let facts = [Fact::State, Fact::Outcome, Fact::Reason].into_iter();
    let facts = facts.filter(|fact| !seen.facts.contains_key(fact));
    facts.filter_map(|fact| read_as(seen, fact))
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
