//! What a binding saw, in the suite's words.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::super::broken::{Broken, Mismatch, NOTHING_THERE};
use super::facts::{Fact, Outcome, Reason, State};
use super::format::read_month;
use super::paging::Next;
use super::template::{Variables, shown};
use super::{Operation, Psp};

/// What came back from one operation.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) operation: Operation,
    pub(crate) status: u16,
    /// The status is one that the binding declares for success.
    pub(crate) accepted: bool,
    pub(crate) facts: BTreeMap<Fact, Value>,
    /// Where a fact was found, or looked for first.
    pub(crate) places: BTreeMap<Fact, String>,
    /// The facts that an answer to this operation is declared to tell.
    pub(crate) declared: BTreeSet<Fact>,
    pub(crate) state: Option<State>,
    pub(crate) reason: Option<Reason>,
    pub(crate) outcome: Option<Outcome>,
    /// Where a list goes on, if it does.
    pub(crate) next: Option<Next>,
    /// The status with which it was begun, where the end had to be waited for.
    pub(crate) begun: Option<u16>,
    /// Whatever its status, the answer says that what was asked is not done.
    pub(crate) says_no: bool,
    /// What the answer says of its status, where no word of the binding is it.
    pub(crate) unread_status: Option<String>,
    /// When the target wants to be asked again, from the answer on.
    pub(crate) retry_after: Option<Duration>,
    /// The status says that the target itself failed.
    pub(crate) fault: bool,
}

impl Observed {
    /// It does not tell what it must in a fact.
    pub(crate) fn lacks(&self, fact: Fact, wanted: impl Into<String>) -> Broken {
        let wanted = wanted.into();
        let told = self.facts.get(&fact).map(Value::to_string);
        let place = self.places.get(&fact);
        let (pointer, got) = match (place, told) {
            (Some(place), told) => (
                place.clone(),
                told.unwrap_or_else(|| NOTHING_THERE.to_owned()),
            ),
            (None, _) => ("status".to_owned(), self.status.to_string()),
        };
        Broken::wrong(wanted.clone(), self.summary()).in_place(Mismatch {
            pointer,
            wanted,
            got,
        })
    }

    /// A fact as text.
    pub(crate) fn text(&self, fact: Fact) -> Option<String> {
        self.facts.get(&fact).map(shown)
    }

    /// The token's expiry as year and month, however the target writes it.
    pub(crate) fn expiry(&self) -> Option<(u16, u8)> {
        if let Some(text) = self.text(Fact::TokenExpires) {
            return read_month("YYYY-MM", &text);
        }
        let year: u16 = self.text(Fact::TokenExpYear)?.parse().ok()?;
        let month: u8 = self.text(Fact::TokenExpMonth)?.parse().ok()?;
        let year = if year < 100 { year + 2000 } else { year };
        (1..=12).contains(&month).then_some((year, month))
    }

    /// Puts what it tells into variables for the requests that follow. What belongs to a payment is only learnt of one that
    /// was approved.
    pub(crate) fn tell(&self, variables: &mut Variables) {
        for (fact, value) in &self.facts {
            let of_payment = matches!(fact, Fact::Payment | Fact::Nti | Fact::Tlid);
            let named = matches!(fact, Fact::Card | Fact::Reference);
            let learnt = if of_payment {
                self.outcome == Some(Outcome::Approved)
            } else {
                self.accepted || named
            };
            if let Some(name) = fact.variable().filter(|_| learnt) {
                variables.insert(name.to_owned(), value.clone());
            }
        }
        if self.outcome == Some(Outcome::Approved) {
            for (fact, name) in [(Fact::Nti, "nti"), (Fact::Tlid, "tlid")] {
                if !self.facts.contains_key(&fact) && self.operation.pays() {
                    variables.remove(name);
                }
            }
        }
        if let Some((year, month)) = self.expiry().filter(|_| self.accepted) {
            expire(variables, year, month);
        }
    }

    /// Puts every name that it tells into variables, for what is asked next about the same thing, whatever becomes of it.
    pub(super) fn name(&self, variables: &mut Variables) {
        self.tell(variables);
        for (fact, value) in &self.facts {
            if let Some(name) = fact.variable() {
                variables.insert(name.to_owned(), value.clone());
            }
        }
    }

    /// A payment was made.
    pub(crate) fn is_approved(&self) -> bool {
        self.accepted && !self.fault && self.outcome == Some(Outcome::Approved)
    }

    /// There is a token that can be used.
    pub(crate) fn is_active(&self) -> bool {
        self.accepted && !self.fault && self.state == Some(State::Active)
    }

    /// The caller is taken for somebody who may not ask at all.
    pub(crate) fn wants_access(&self) -> bool {
        !self.accepted && [401, 403].contains(&self.status)
    }

    /// The target says nothing of what was asked, only that it was asked too often.
    pub(crate) fn too_fast(&self) -> bool {
        !self.accepted && self.status == 429
    }

    /// The target says that what was asked may not be.
    pub(crate) fn is_refusal(&self) -> bool {
        let said = self.status >= 400 || self.says_no;
        !self.accepted && !self.fault && said && !self.too_fast()
    }

    /// What was asked is refused, and not whoever asked.
    pub(crate) fn refuses_what_was_asked(&self) -> bool {
        self.is_refusal() && (!self.wants_access() || self.reason.is_some())
    }

    /// The request itself is refused. One that was taken and came to nothing later was none that was wrong, unless the reason is
    /// the caller's.
    pub(crate) fn refuses_the_request(&self) -> bool {
        let issuers = [
            Reason::CardNotAllowed,
            Reason::Declined,
            Reason::VerificationFailed,
        ];
        let callers = self.reason.is_some_and(|reason| !issuers.contains(&reason));
        (self.begun.is_none() || callers) && self.refuses_what_was_asked()
    }

    /// What was to be done with a payment is not done, although the status is one of a success.
    pub(super) fn heed_outcome(&mut self) {
        if self.settles() && self.accepted && self.outcome == Some(Outcome::Declined) {
            self.refuse();
        }
    }

    /// From now on it is a refusal, whatever its status. That something is not done with a payment is no payment that is declined.
    pub(super) fn refuse(&mut self) {
        self.accepted = false;
        self.says_no = true;
        if self.settles() {
            self.outcome = None;
        }
    }

    /// It is about something that is done with a payment.
    const fn settles(&self) -> bool {
        matches!(
            self.operation,
            Operation::Psp(Psp::Capture | Psp::Void | Psp::Refund)
        )
    }

    /// The list that an answer to this operation is declared to tell.
    pub(super) fn list(&self) -> Option<Fact> {
        let mut lists = [Fact::Tokens, Fact::Cards].into_iter();
        lists.find(|fact| self.declared.contains(fact))
    }

    /// Puts the items of a further page behind those that are there, unless the page has none that can be read.
    pub(crate) fn lengthen(&mut self, page: Self) -> bool {
        if !page.accepted {
            return false;
        }
        let Some(list) = self.list() else {
            return true;
        };
        let mut told = page.facts;
        match (self.facts.get_mut(&list), told.remove(&list)) {
            (Some(Value::Array(items)), Some(Value::Array(more))) => {
                items.extend(more);
                true
            }
            _ => false,
        }
    }

    /// Takes over what a later answer says of the same thing, and whether it is one that can be relied on.
    pub(crate) fn follow(&mut self, later: Self) {
        self.facts.extend(later.facts);
        self.declared.extend(later.declared);
        self.state = later.state.or(self.state);
        self.reason = later.reason.or(self.reason);
        self.outcome = later.outcome.or(self.outcome);
        self.status = later.status;
        self.accepted = later.accepted;
        self.fault = later.fault;
        self.says_no = later.says_no;
        self.unread_status = later.unread_status;
        self.retry_after = later.retry_after;
    }

    /// One line for a report: what the target said.
    pub(crate) fn summary(&self) -> String {
        let mut words = vec![format!("status {}", self.status)];
        if let Some(word) = &self.unread_status {
            words.push(format!("the unknown status {word:?} (binding.statuses)"));
        }
        match (self.outcome, self.text(Fact::Outcome)) {
            (Some(outcome), _) => words.push(format!("payment {}", outcome.word())),
            (None, Some(_)) if self.says_no => {}
            (None, Some(word)) => words.push(format!("the unknown outcome {word:?}")),
            (None, None) => {}
        }
        match (self.state, self.text(Fact::State)) {
            (Some(state), _) => words.push(format!("state {}", state.word())),
            (None, Some(word)) => words.push(format!("the unknown state {word:?}")),
            (None, None) if self.operation.is_psp() => {}
            (None, None) => words.push("no state".to_owned()),
        }
        match (self.reason, self.text(Fact::Reason)) {
            (_, Some(word)) => words.push(format!("reason {word:?}")),
            (Some(reason), None) => words.push(format!("meaning {}", reason.word())),
            (None, None) => {}
        }
        if self.says_no {
            words.push("not done".to_owned());
        }
        if let Some(after) = self.retry_after {
            words.push(format!("to be asked again in {} s", after.as_secs()));
        }
        if let Some(status) = self.begun {
            words.push(format!("begun with status {status}"));
        }
        format!("{} to {}", words.join(", "), self.operation.word())
    }
}

/// Sets the token's expiry in the forms in which payment services want it.
pub(crate) fn expire(variables: &mut Variables, year: u16, month: u8) {
    for (name, value) in [
        ("token_month", json!(month)),
        ("token_year", json!(year)),
        ("token_month2", json!(format!("{month:02}"))),
        ("token_year2", json!(format!("{:02}", year % 100))),
        ("token_year4", json!(year.to_string())),
        ("token_expiry", json!(format!("{year:04}-{month:02}"))),
    ] {
        variables.insert(name.to_owned(), value);
    }
}

/// An answer that tells nothing but its status.
pub(crate) fn observed(operation: Operation, status: u16) -> Observed {
    Observed {
        operation,
        status,
        accepted: (200..300).contains(&status),
        facts: BTreeMap::new(),
        places: BTreeMap::new(),
        declared: BTreeSet::new(),
        state: None,
        reason: None,
        outcome: None,
        next: None,
        begun: None,
        says_no: false,
        unread_status: None,
        retry_after: None,
        fault: status >= 500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, tokens: Option<Value>) -> Observed {
        let mut page = observed(Operation::List, status);
        page.declared.insert(Fact::Tokens);
        page.facts
            .extend(tokens.map(|tokens| (Fact::Tokens, tokens)));
        page
    }

    #[test]
    fn a_page_without_a_list_is_not_taken_for_an_empty_one() {
        let mut seen = page(200, Some(json!([1])));
        assert!(seen.lengthen(page(200, Some(json!([2])))));
        assert!(seen.lengthen(page(200, Some(json!([])))));
        assert_eq!(seen.facts[&Fact::Tokens], json!([1, 2]));
        for unread in [
            page(200, None),
            page(200, Some(json!({}))),
            page(500, Some(json!([3]))),
            page(404, None),
        ] {
            assert!(!seen.lengthen(unread));
        }
    }

    #[test]
    fn being_too_fast_is_no_refusal() {
        let refused = |status| observed(Operation::Read, status).is_refusal();
        assert!(refused(400) && refused(404) && refused(422));
        assert!(!refused(200) && !refused(302) && !refused(429) && !refused(500));
    }
}
