//! What one scenario knows: its conversation with the target, the cards it has made, and what it has seen accepted. It dies
//! with the scenario; nothing is shared between two.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::binding::template::Variables;
use super::binding::{Binding, Observed, Operation};
use super::broken::{Broken, Held};
use super::conversation::{By, Conversation};
use super::draft::Draft;
use super::given::{price, set_month, token_service};
use super::http::Answer;
use super::leases::Lease;
use super::ledger::Ledger;
use super::orchestrator::OrchestratorKeys;
use super::plan::Check;
use super::steps::attempts::Tried;
use super::steps::telling::Registered;
use super::target::webhooks::Kind;
use super::target::{Condition, TestCard};
use super::turn::Turn;
use super::watch::Watch;

/// What one scenario knows.
#[derive(cucumber::World)]
#[world(init = Self::nowhere)]
pub(crate) struct World {
    pub(crate) talk: Conversation,
    pub(crate) bindings: Arc<Vec<Binding>>,
    pub(crate) binding: Option<usize>,
    pub(crate) surface: Option<String>,
    /// Its turn to ask.
    pub(crate) turn: Turn,
    /// Spreads the scenarios over the test cards of one condition.
    pub(crate) draw: usize,
    /// The cards that the scenario has for itself.
    pub(crate) lease: Lease,
    /// The tokens of all scenarios of the run.
    pub(crate) ledger: Ledger,
    /// What has happened to the scenario's first token that a merchant is told of.
    pub(crate) happened: Vec<Kind>,
    /// Cards beyond the two that scenarios speak of.
    pub(crate) further: Vec<OnFile>,
    /// How many cards were on file, once they have been counted.
    pub(crate) counted: Option<usize>,
    /// Every test card that the scenario has taken, though it may have let go of it.
    pub(crate) taken: Vec<TestCard>,
    /// What every answer of the run is searched for.
    pub(crate) watch: Watch,
    /// What the scenario speaks over.
    pub(crate) over: String,
    /// What the scenario's merchant has, and what others have tried with it.
    pub(crate) tried: Tried,
    /// Answers that came at once, where several were asked for.
    pub(crate) several: Vec<Observed>,
    /// What the target has been seen to accept in this scenario.
    pub(crate) proof: Vec<String>,
    pub(crate) cards: BTreeMap<Who, OnFile>,
    /// Who has asked last.
    pub(crate) asked_by: By,
    /// Where the exchanges of the last operation begin.
    pub(crate) asked_from: usize,
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
    /// The tokens that it has been given, by what names them and who was given them.
    pub(crate) made: Vec<(By, Variables)>,
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
        check: &Check,
        bindings: Arc<Vec<Binding>>,
        draw: usize,
        lease: Lease,
        ledger: Ledger,
    ) -> Self {
        Self {
            talk,
            bindings,
            binding: check.binding,
            surface: check.surface.clone(),
            turn: Turn::default(),
            draw,
            lease,
            ledger,
            happened: Vec::new(),
            counted: None,
            further: Vec::new(),
            taken: Vec::new(),
            watch: Watch::default(),
            over: check.over.clone(),
            tried: Tried::default(),
            several: Vec::new(),
            proof: Vec::new(),
            cards: BTreeMap::new(),
            asked_by: By::Usual,
            asked_from: 0,
            last: None,
            cryptograms: Vec::new(),
            kept: Variables::new(),
            draft: None,
            answer: None,
            orchestrator: None,
            registered: None,
            armed: Vec::new(),
            made: Vec::new(),
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
            card.condition == condition
                && network.is_none_or(|network| card.network.word() == network)
        };
        let all = if condition == Condition::Eligible {
            &self.lease.cards
        } else {
            &self.talk.target.cards
        };
        let one = self.cards.get(&Who::One).map(|one| &one.card);
        let taken = one.filter(|_| who == Who::Other);
        let cards = all.iter().filter(fits);
        let mut free: Vec<&TestCard> = cards
            .filter(|card| Some(&card.pan) != taken.map(|card| &card.pan))
            .collect();
        // One that is easily taken for the first.
        free.sort_by_key(|card| taken.is_some_and(|taken| taken.network != card.network));
        if who == Who::Other {
            free.truncate(1);
        }
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
        self.taken.push(card.clone());
        let last4 = card.pan.len().saturating_sub(4);
        let mut variables = Variables::from([
            ("pan".to_owned(), json!(card.pan)),
            ("card_last4".to_owned(), json!(card.pan.get(last4..))),
            ("network".to_owned(), json!(card.network.word())),
            (
                "token_service".to_owned(),
                json!(token_service(card.network.word())),
            ),
            (
                "customer".to_owned(),
                json!(format!("customer-{}", self.talk.names.of("customer"))),
            ),
        ]);
        set_month(&mut variables, card.exp_year, card.exp_month);
        let usual = self.talk.target.allows.usual();
        price(&mut variables, 12.5, usual.as_deref().unwrap_or("EUR"));
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
        self.cards.get(&who).ok_or_else(no_card)
    }

    /// The scenario's card, to be changed.
    pub(crate) fn card_mut(&mut self, who: Who) -> Held<&mut OnFile> {
        self.cards.get_mut(&who).ok_or_else(no_card)
    }

    /// The cryptogram that was told last had been told before.
    pub(crate) fn repeats_a_cryptogram(&self) -> bool {
        let told = self.cryptograms.split_last();
        told.is_some_and(|(now, before)| before.contains(now))
    }

    /// The status that an answer to an operation means.
    pub(crate) fn status_meant(&self, operation: Operation, answer: &Answer) -> u16 {
        let binding = self.binding.and_then(|place| self.bindings.get(place));
        let declared = binding.and_then(|binding| binding.declared_for(operation));
        declared.map_or(answer.status, |declared| declared.status_meant(answer))
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

fn no_card() -> Broken {
    Broken::Suite("the scenario speaks of a card that no Given has introduced".to_owned())
}
