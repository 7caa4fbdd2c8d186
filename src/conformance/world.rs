//! What one scenario knows: its conversation with the target, the cards it has made, and what it has seen accepted. It dies
//! with the scenario; nothing is shared between two.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::binding::template::{Variables, shown};
use super::binding::{Binding, Fact, Observed, Operation, Outcome, State};
use super::broken::{Broken, Held};
use super::conversation::{Conversation, encode_form};
use super::draft::Draft;
use super::http::Answer;
use super::orchestrator::OrchestratorKeys;
use super::steps::telling::Registered;
use super::target::{Condition, TestCard};

/// What one scenario knows.
#[derive(cucumber::World)]
#[world(init = Self::nowhere)]
pub(crate) struct World {
    pub(crate) talk: Conversation,
    pub(crate) bindings: Arc<Vec<Binding>>,
    pub(crate) binding: Option<usize>,
    pub(crate) surface: Option<String>,
    /// Spreads the scenarios over the test cards of one condition.
    pub(crate) draw: usize,
    /// What the target has been seen to accept in this scenario.
    pub(crate) proof: Vec<String>,
    pub(crate) cards: BTreeMap<Who, OnFile>,
    /// What the last operation of a behaviour came to.
    pub(crate) last: Option<Observed>,
    /// The last cryptograms, the newest last.
    pub(crate) cryptograms: Vec<String>,
    /// Variables of a wire scenario.
    pub(crate) kept: Variables,
    pub(crate) draft: Option<Draft>,
    pub(crate) answer: Option<Answer>,
    /// The keys of a token service, once the scenario has been given them.
    pub(crate) orchestrator: Option<OrchestratorKeys>,
    /// The merchant's receiver of webhooks, once it listens.
    pub(crate) registered: Option<Registered>,
    /// Names of the fault rules that the scenario has armed.
    pub(crate) armed: Vec<String>,
}

/// Which of the scenario's cards is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// "The card".
    One,
    /// "The other card".
    Other,
}

/// A card of the scenario.
#[derive(Clone)]
pub(crate) struct OnFile {
    pub(crate) card: TestCard,
    /// What templates may name.
    pub(crate) variables: Variables,
    /// The token as it was when the card was first enrolled.
    pub(crate) token: Option<Observed>,
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "World({} cards, {} exchanges)",
            self.cards.len(),
            self.talk.exchanges.len()
        )
    }
}

impl World {
    /// The crate wants a constructor without arguments; ours is the runner's, which knows the target.
    fn nowhere() -> Result<Self, fmt::Error> {
        Err(fmt::Error)
    }

    /// A scenario that has not begun.
    pub(crate) fn new(
        talk: Conversation,
        bindings: Arc<Vec<Binding>>,
        binding: Option<usize>,
        surface: Option<String>,
        draw: usize,
    ) -> Self {
        Self {
            talk,
            bindings,
            binding,
            surface,
            draw,
            proof: Vec::new(),
            cards: BTreeMap::new(),
            last: None,
            cryptograms: Vec::new(),
            kept: Variables::new(),
            draft: None,
            answer: None,
            orchestrator: None,
            registered: None,
            armed: Vec::new(),
        }
    }

    /// A test card for the condition, another one for each of the scenario's cards.
    pub(crate) fn test_card(
        &self,
        who: Who,
        condition: Condition,
        network: Option<&str>,
    ) -> Held<TestCard> {
        let binding = self.binding.and_then(|place| self.bindings.get(place));
        let network = network.or(binding.and_then(Binding::network));
        let fits = |card: &&TestCard| {
            card.condition == condition && network.is_none_or(|network| card.network == network)
        };
        let cards: Vec<&TestCard> = self.talk.target.cards.iter().filter(fits).collect();
        let taken = match who {
            Who::One => None,
            Who::Other => self.cards.get(&Who::One).map(|one| &one.card.pan),
        };
        let free: Vec<&TestCard> = cards
            .into_iter()
            .filter(|card| Some(&card.pan) != taken)
            .collect();
        let picked = free.get(self.draw.checked_rem(free.len()).unwrap_or_default());
        picked.map(|card| (*card).clone()).ok_or_else(|| {
            let network = network.map_or(String::new(), |network| format!(" of {network}"));
            let another = if taken.is_some() { "second " } else { "" };
            let word = condition.word();
            Broken::NotDeclared(format!(
                "the target declares no {another}test card{network} that is {word}"
            ))
        })
    }

    /// Takes a test card into the scenario without telling the target.
    pub(crate) fn take(&mut self, who: Who, card: TestCard) {
        self.talk.secrets.learn(&card.pan);
        let mut variables = Variables::from([
            ("pan".to_owned(), json!(card.pan)),
            ("exp_month".to_owned(), json!(card.exp_month)),
            ("exp_year2".to_owned(), json!(card.exp_year % 100)),
            ("exp_year4".to_owned(), json!(card.exp_year)),
            ("network".to_owned(), json!(card.network)),
            (
                "token_service".to_owned(),
                json!(token_service(&card.network)),
            ),
        ]);
        price(&mut variables, 12.5, "EUR");
        if let Some(cvc) = &card.cvc {
            variables.insert("cvc".to_owned(), json!(cvc));
        }
        self.cards.insert(
            who,
            OnFile {
                card,
                variables,
                token: None,
            },
        );
    }

    /// The scenario's card.
    pub(crate) fn card(&self, who: Who) -> Held<&OnFile> {
        self.cards.get(&who).ok_or_else(|| {
            Broken::Suite("the scenario speaks of a card that no Given has introduced".to_owned())
        })
    }

    /// Carries out an operation on one of the scenario's cards, and keeps what came back.
    pub(crate) async fn perform(&mut self, operation: Operation, who: Who) -> Held<Observed> {
        let variables = self.card(who)?.variables.clone();
        let seen = self.perform_with(operation, &variables).await?;
        if let Some(on_file) = self.cards.get_mut(&who) {
            if let Some(card) = seen.facts.get(&Fact::Card) {
                on_file.variables.insert("card".to_owned(), card.clone());
            }
            if let Some(reference) = seen.facts.get(&Fact::Reference) {
                on_file
                    .variables
                    .insert("reference".to_owned(), reference.clone());
            }
            learn_token(&mut on_file.variables, &seen);
            if operation == Operation::Enrol && on_file.token.is_none() {
                on_file.token = Some(seen.clone());
            }
        }
        Ok(seen)
    }

    /// Carries out an operation with given variables.
    pub(crate) async fn perform_with(
        &mut self,
        operation: Operation,
        variables: &Variables,
    ) -> Held<Observed> {
        let bindings = Arc::clone(&self.bindings);
        let binding = self
            .binding
            .and_then(|place| bindings.get(place))
            .ok_or_else(|| {
                Broken::Suite("a behaviour step in a scenario without a binding".to_owned())
            })?;
        let seen = binding
            .perform(operation, variables, &mut self.talk)
            .await?;
        for fact in [Fact::Cryptogram, Fact::TokenNumber] {
            if let Some(secret) = seen.facts.get(&fact) {
                let secret = shown(secret);
                self.talk.secrets.learn(&secret);
                // As it stands in a form.
                let pair = encode_form(&[("", &secret)]);
                self.talk.secrets.learn(pair.trim_start_matches('='));
            }
        }
        let tells = seen.state == Some(State::Active)
            || seen.outcome == Some(Outcome::Approved)
            || seen.facts.contains_key(&Fact::Cryptogram)
            || seen.facts.contains_key(&Fact::Card);
        if seen.accepted && tells {
            self.proof.push(operation.word().to_owned());
        }
        if let Some(cryptogram) = seen.text(Fact::Cryptogram).filter(|_| seen.accepted) {
            self.cryptograms.push(cryptogram);
        }
        self.last = Some(seen.clone());
        Ok(seen)
    }

    /// Leaves as little behind as the target allows, where scenarios share one world. It is nobody's evidence and changes no
    /// result.
    pub(crate) async fn clean_up(&mut self) {
        if self.talk.space.is_some() {
            return self.talk.forget_space().await;
        }
        let endpoint = self.registered.take();
        let endpoint = endpoint.map(|endpoint| format!("/webhooks/{}", endpoint.id));
        let rules = self.armed.drain(..).map(|name| format!("/faults/{name}"));
        for path in endpoint.into_iter().chain(rules.collect::<Vec<_>>()) {
            let evidence = self.talk.exchanges.len();
            let _unimportant = self.talk.control("DELETE", &path, None).await;
            self.talk.exchanges.truncate(evidence);
        }
        if self.talk.target.fresh || !self.offers(Operation::Delete) {
            return;
        }
        let evidence = self.talk.exchanges.len();
        let silent = self
            .talk
            .exchanges
            .last()
            .is_none_or(|exchange| exchange.answer.is_err());
        let enrolled: Vec<Who> = self
            .cards
            .iter()
            .filter(|(_, card)| card.token.is_some())
            .map(|(who, _)| *who)
            .collect();
        for who in enrolled.into_iter().filter(|_| !silent) {
            if self.perform(Operation::Delete, who).await.is_err() {
                break;
            }
        }
        self.talk.exchanges.truncate(evidence);
    }

    /// The binding offers the operation.
    pub(crate) fn offers(&self, operation: Operation) -> bool {
        let binding = self.binding.and_then(|place| self.bindings.get(place));
        binding.is_some_and(|binding| binding.capabilities().contains(operation.word()))
    }

    /// What the last operation came to.
    pub(crate) fn last(&self) -> Held<&Observed> {
        self.last
            .as_ref()
            .ok_or_else(|| Broken::Suite("nothing has been asked of the target yet".to_owned()))
    }

    /// What the last wire request was answered.
    pub(crate) fn answer(&self) -> Held<&Answer> {
        self.answer
            .as_ref()
            .ok_or_else(|| Broken::Suite("no request has been sent yet".to_owned()))
    }

    /// A refusal proves nothing unless the target has accepted something comparable in the same scenario.
    pub(crate) fn require_proof(&self) -> Held {
        if self.proof.is_empty() {
            let why =
                "the target has accepted nothing in this scenario, so a refusal proves nothing";
            return Err(Broken::Unready(why.to_owned()));
        }
        Ok(())
    }

    /// The last answer's body as JSON.
    pub(crate) fn document(&self) -> Held<Value> {
        let answer = self.answer()?;
        answer.json().ok_or_else(|| {
            let kind = answer
                .media_type()
                .unwrap_or_else(|| "no media type".to_owned());
            Broken::wrong(
                "a JSON body",
                format!("status {} with {kind}", answer.status),
            )
        })
    }
}

/// Sets what a payment or a cryptogram is for: major units of a currency with two decimals.
pub(crate) fn price(variables: &mut Variables, amount: f64, currency: &str) {
    let minor = format!("{:.0}", amount * 100.0).parse::<u64>();
    for (name, value) in [
        ("amount", json!(amount)),
        ("amount_minor", json!(minor.unwrap_or_default())),
        ("currency", json!(currency)),
        ("currency_lower", json!(currency.to_lowercase())),
    ] {
        variables.insert(name.to_owned(), value);
    }
}

/// Which token service a payment service says it is.
fn token_service(network: &str) -> &'static str {
    if network == "visa" { "vts" } else { "mdes" }
}

/// Takes what an answer tells of a token, a cryptogram or a payment for the requests that follow.
fn learn_token(variables: &mut Variables, seen: &Observed) {
    if !seen.accepted {
        return;
    }
    for (fact, name) in [
        (Fact::TokenNumber, "token_number"),
        (Fact::Cryptogram, "cryptogram"),
    ] {
        if let Some(value) = seen.facts.get(&fact) {
            variables.insert(name.to_owned(), value.clone());
        }
    }
    if let Some((year, month)) = seen.expiry() {
        expire(variables, year, month);
    }
    if seen.outcome != Some(Outcome::Approved) {
        return;
    }
    for (fact, name) in [
        (Fact::Payment, "payment"),
        (Fact::Nti, "nti"),
        (Fact::Tlid, "tlid"),
    ] {
        match seen.facts.get(&fact) {
            Some(value) => variables.insert(name.to_owned(), value.clone()),
            None => variables.remove(name),
        };
    }
}

/// Sets the token's expiry in the forms in which payment services want it.
pub(crate) fn expire(variables: &mut Variables, year: u16, month: u8) {
    for (name, value) in [
        ("token_month", json!(month)),
        ("token_year", json!(year)),
        ("token_month2", json!(format!("{month:02}"))),
        ("token_year4", json!(year.to_string())),
    ] {
        variables.insert(name.to_owned(), value);
    }
}
