//! A binding described by request templates, places in answers and words: our own for CMP and CALM, and anyone's in a
//! `target.toml`, so that an in-house API can be judged without writing Rust. What is wrong with one is for `check` to say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::super::http::Notation;
use super::request::{Member, Template};
use super::source::Source;
use super::steps::Steps;
use super::template::Variables;
use super::{Fact, Operation, Outcome, Reason, State};

/// A binding as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declared {
    #[serde(default)]
    pub(crate) name: String,
    /// The account that asks.
    #[serde(default = "Declared::usual_account")]
    pub(crate) account: String,
    /// How the bodies of its answers are written.
    #[serde(default)]
    pub(crate) answers: Notation,
    /// Where the body of an answer tells its status, for targets whose answers all have the same one.
    #[serde(default)]
    pub(super) status: Vec<Source>,
    /// The statuses that words in these places stand for.
    #[serde(default)]
    pub(super) statuses: BTreeMap<String, u16>,
    #[serde(default)]
    pub(crate) states: BTreeMap<State, Vec<String>>,
    #[serde(default)]
    pub(super) outcomes: BTreeMap<Outcome, Vec<String>>,
    #[serde(default)]
    pub(super) reasons: BTreeMap<Reason, Vec<String>>,
    /// The target's words for values of variables.
    #[serde(default)]
    pub(super) words: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) operations: BTreeMap<Operation, Steps>,
    /// What a scenario about something that was never issued puts in the place of the real thing.
    #[serde(default)]
    pub(crate) unknown: Variables,
    /// Capabilities that it has not although it looks so.
    #[serde(default)]
    pub(crate) without: BTreeSet<String>,
}

impl Declared {
    fn usual_account() -> String {
        "manual".to_owned()
    }

    /// The words of the operations.
    pub(crate) fn operations(&self) -> impl Iterator<Item = String> {
        self.operations
            .keys()
            .map(|operation| operation.word().to_owned())
    }

    /// The variable with which it sends the month of a card.
    pub(crate) fn month_of_card(&self) -> &'static str {
        let names = ["exp_month", "exp_year2", "exp_year4", "expiry"];
        let asked = [Operation::Store, Operation::Enrol];
        let sends = |name: &&str| {
            asked
                .iter()
                .any(|operation| self.mentions(*operation, name))
        };
        names.into_iter().find(sends).unwrap_or("expiry")
    }

    /// Every member of the body of the request with what is asked for, which is the one that can be bent.
    pub(crate) fn members(&self, operation: Operation) -> Vec<Member> {
        let steps = self.operations.get(&operation);
        let carrier = steps.and_then(Steps::carrier);
        carrier.map(Template::members).unwrap_or_default()
    }

    /// The variables that the path of that request names.
    pub(crate) fn names_in_path(&self, operation: Operation) -> Vec<String> {
        let steps = self.operations.get(&operation);
        let carrier = steps.and_then(Steps::carrier);
        carrier.map(Template::names_in_path).unwrap_or_default()
    }

    /// The member of its request in which the month of a card is sent.
    pub(crate) fn member_of_month(&self) -> Option<String> {
        let asked = [Operation::Store, Operation::Enrol];
        let carrier = |operation| self.operations.get(&operation)?.carrier();
        let mut sent = asked.into_iter().filter_map(carrier);
        sent.find_map(|template| template.member_with(self.month_of_card()))
    }

    /// The target's word for a value of a variable.
    pub(crate) fn word(&self, variable: &str, value: &str) -> Option<String> {
        self.words.get(variable)?.get(value).cloned()
    }

    /// Every operation that it can carry out.
    pub(crate) fn all_operations(&self) -> impl Iterator<Item = Operation> {
        self.operations.keys().copied()
    }

    /// Every fact that some answer tells.
    pub(crate) fn facts(&self) -> impl Iterator<Item = Fact> {
        let steps = self.operations.values();
        steps.flat_map(Steps::told)
    }

    /// Every account that it asks as, with the member that says so.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = (Vec<String>, String)> {
        let whole = std::iter::once((vec!["account".to_owned()], self.account.clone()));
        let single = self.operations.iter().filter_map(|(operation, steps)| {
            let way = ["operations", operation.word(), "account"];
            Some((way.map(str::to_owned).to_vec(), steps.account.clone()?))
        });
        whole.chain(single)
    }

    /// Whether it can carry the operation out.
    pub(crate) fn offers(&self, operation: Operation) -> bool {
        self.operations.contains_key(&operation)
    }

    /// Whether an answer to the operation, or to what it waits for, tells the fact.
    pub(crate) fn tells(&self, operation: Operation, fact: Fact) -> bool {
        let mut steps = self.answering(operation);
        steps.any(|steps| steps.told().any(|told| told == fact))
    }

    /// The operation, and the one that it repeats until that tells the end.
    fn answering(&self, operation: Operation) -> impl Iterator<Item = &Steps> {
        let own = self.operations.get(&operation);
        let waited = own.and_then(|steps| self.operations.get(&steps.poll.as_ref()?.operation?));
        own.into_iter().chain(waited)
    }

    /// Where an answer to the operation, or to what it waits for, is looked at for the fact.
    pub(crate) fn places(&self, operation: Operation, fact: Fact) -> Vec<String> {
        let mut places: Vec<String> = Vec::new();
        for steps in self.answering(operation) {
            let polled = steps.poll.as_ref().and_then(|poll| poll.facts.get(&fact));
            let sources = steps.facts.get(&fact).into_iter().chain(polled).flatten();
            for place in sources.map(|source| source.written().to_owned()) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        places
    }

    /// The statuses that mean that the operation was accepted.
    pub(crate) fn accepts(&self, operation: Operation) -> &[u16] {
        let steps = self.operations.get(&operation);
        steps.map_or(&[], |steps| steps.accept.as_slice())
    }

    /// Whether its request says when the token expires.
    pub(crate) fn sends_expiry(&self, operation: Operation) -> bool {
        let months = ["token_month", "token_month2", "token_expiry"];
        let years = ["token_year", "token_year2", "token_year4"];
        let mut names = months.iter().chain(&years);
        names.any(|name| self.mentions(operation, name))
    }

    /// Whether a request of any operation names the variable.
    pub(crate) fn names(&self, variable: &str) -> bool {
        self.all_operations()
            .any(|operation| self.mentions(operation, variable))
    }

    /// Who carries an operation out.
    pub(crate) fn asks_as(&self, operation: Operation) -> Option<String> {
        let steps = self.operations.get(&operation)?;
        Some(self.asking(steps).to_owned())
    }

    /// Whether a request of the operation names the variable.
    pub(crate) fn mentions(&self, operation: Operation, variable: &str) -> bool {
        let steps = self.operations.get(&operation);
        let of_steps = |steps: &Steps| steps.all_requests().any(|one| one.mentions(variable));
        steps.is_some_and(of_steps)
    }

    pub(super) fn capabilities(&self) -> BTreeSet<String> {
        let mut offered: BTreeSet<String> = self.operations().collect();
        let (enrol, long) = (Operation::Enrol, Operation::CryptogramLong);
        let pays = Operation::Psp(super::Psp::Long);
        let told = |fact| self.tells(enrol, fact);
        let told_expiry = told(Fact::TokenExpires) || told(Fact::TokenExpYear);
        let last = |operation| self.operations.get(&operation)?.carrier();
        let amounts = ["amount", "amount_minor", "amount_text"];
        let bound = amounts.iter().any(|name| self.mentions(long, name));
        let structured = last(Operation::Store).or(last(enrol));
        let checked = structured.is_some_and(|one| {
            let expiry = ["expiry", "exp_month", "exp_year2", "exp_year4"];
            one.mentions("pan") && expiry.iter().any(|name| one.mentions(name))
        });
        let facts = [
            ("structured-card", checked),
            (
                "cryptogram-by-card",
                self.offers(long) && !self.mentions(long, "reference"),
            ),
            ("cryptogram-amount", bound),
            ("reference", told(Fact::Reference)),
            ("token-number", told(Fact::TokenNumber)),
            ("token-last4", told(Fact::TokenLast4)),
            ("card-last4", told(Fact::CardLast4)),
            ("token-expiry", told_expiry),
            ("eci", self.tells(long, Fact::Eci)),
            ("par", told(Fact::Par)),
            ("access", true),
            ("network-told", told(Fact::Network)),
            ("paid-amount", self.tells(pays, Fact::PaidAmount)),
            ("unknown-card", !self.unknown.is_empty()),
            (
                "structured",
                structured.is_some_and(Template::is_structured),
            ),
            (
                "structured-pay",
                last(pays).is_some_and(Template::is_structured),
            ),
            ("idempotent-enrol", self.mentions(enrol, "idempotency_key")),
            ("idempotent-pay", self.mentions(pays, "idempotency_key")),
        ];
        offered.extend(
            facts
                .iter()
                .filter(|(_, told)| *told)
                .map(|(name, _)| (*name).to_owned()),
        );
        let more = self.capabilities_of_requests().into_iter();
        let more = more.filter(|(_, has)| *has);
        offered.extend(more.map(|(name, _)| name.to_owned()));
        offered.retain(|name| !self.without.contains(name));
        offered
    }

    /// What the requests themselves show that it can be told.
    fn capabilities_of_requests(&self) -> [(&'static str, bool); 11] {
        let (enrol, long) = (Operation::Enrol, Operation::CryptogramLong);
        let psp = Operation::Psp;
        let (pays, stored) = (psp(super::Psp::Long), psp(super::Psp::Stored));
        let (capture, refund) = (psp(super::Psp::Capture), psp(super::Psp::Refund));
        let names = |operation, names: &[&str]| {
            let mut names = names.iter();
            names.any(|name| self.mentions(operation, name))
        };
        let amounts = ["amount", "amount_minor", "amount_text"];
        let keyed = |operation| self.mentions(operation, "idempotency_key");
        let body = |operation| {
            let last = self.operations.get(&operation);
            let last = last.and_then(Steps::carrier);
            last.is_some_and(Template::is_structured)
        };
        let stores = self.offers(Operation::Store);
        let with_card = if stores { Operation::Store } else { enrol };
        [
            ("card-on-file", stores && self.mentions(enrol, "card")),
            ("field", self.tells(with_card, Fact::Field)),
            ("idempotent-stored", keyed(stored)),
            ("idempotent-capture", keyed(capture)),
            ("idempotent-refund", keyed(refund)),
            ("structured-enrol", stores && body(enrol)),
            ("structured-proof", body(long)),
            (
                "paid-currency",
                names(pays, &["currency", "currency_lower"]),
            ),
            ("amount-captured", names(capture, &amounts)),
            ("amount-refunded", names(refund, &amounts)),
            (
                "currency-refunded",
                names(refund, &["currency", "currency_lower"]),
            ),
        ]
    }
}
