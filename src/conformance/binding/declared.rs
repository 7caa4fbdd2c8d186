//! A binding described by request templates, JSON pointers and words: our own for CMP and CALM, and anyone's in a
//! `target.toml`, so that an in-house API can be judged without writing Rust.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::Answer;
use super::request::Template;
use super::template::{Variables, shown};
use super::{Fact, Observed, Operation, Outcome, Reason, State, pointer};

/// A binding as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declared {
    pub(crate) name: String,
    /// The account that asks, if it is not the usual one.
    #[serde(default)]
    pub(super) account: Option<String>,
    #[serde(default)]
    pub(crate) states: BTreeMap<State, Vec<String>>,
    #[serde(default)]
    outcomes: BTreeMap<Outcome, Vec<String>>,
    #[serde(default)]
    reasons: BTreeMap<Reason, Vec<String>>,
    operations: BTreeMap<Operation, Steps>,
    #[serde(default)]
    pub(crate) unknown: Variables,
    /// By what a control plane finds the token.
    #[serde(default)]
    pub(crate) control_by: ControlBy,
}

/// By what a control plane finds the token that an answer of the target told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ControlBy {
    /// The reference of the answer.
    #[default]
    Reference,
    /// The last four digits of the token number, in the control plane's list: the target tells no reference of the token.
    TokenLast4,
}

/// How one operation is carried out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Steps {
    /// The account that asks, if it is not the binding's.
    #[serde(default)]
    account: Option<String>,
    /// The statuses that mean success.
    accept: Vec<u16>,
    /// Where the last answer tells what.
    #[serde(default)]
    facts: BTreeMap<Fact, Vec<String>>,
    requests: Vec<Template>,
}

impl Declared {
    /// Reads and checks a binding.
    ///
    /// # Errors
    /// A text that names the member.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let declared: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        declared.check()?;
        Ok(declared)
    }

    /// Reads and checks a payment service, which mints no tokens.
    ///
    /// # Errors
    /// A text that names the member.
    pub(super) fn read_psp(text: &str) -> Result<Self, String> {
        let declared: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        declared.check_requests()?;
        Ok(declared)
    }

    /// The words of the operations.
    pub(super) fn operations(&self) -> impl Iterator<Item = String> {
        self.operations
            .keys()
            .map(|operation| operation.word().to_owned())
    }

    /// Finds what the types cannot: no request, a body that is not JSON, a state with no word, no way to enrol.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.check_requests()?;
        for (operation, fact) in [
            (Operation::Enrol, Fact::State),
            (Operation::Store, Fact::Card),
        ] {
            match self.operations.get(&operation) {
                Some(steps) if !steps.facts.contains_key(&fact) => {
                    return Err(format!("{}: facts.{fact:?} is missing", at(&operation)));
                }
                None if operation == Operation::Enrol => {
                    return Err("operations.enrol is missing: there is nothing to judge".to_owned());
                }
                Some(_) | None => {}
            }
        }
        if self.states.get(&State::Active).is_none_or(Vec::is_empty) {
            return Err(
                "states.active is missing: which word means that a token is usable?".to_owned(),
            );
        }
        Ok(())
    }

    fn check_requests(&self) -> Result<(), String> {
        for (operation, steps) in &self.operations {
            if steps.requests.is_empty() || steps.accept.is_empty() {
                return Err(format!(
                    "{}: needs `accept` and one [[…requests]]",
                    at(operation)
                ));
            }
            let told = steps.facts.contains_key(&Fact::Outcome);
            let named = |outcome| self.outcomes.get(outcome).is_some_and(|o| !o.is_empty());
            let named = [Outcome::Approved, Outcome::Declined].iter().all(named);
            let pays = matches!(operation, Operation::Psp(asked) if asked.pays());
            if pays && !(told && named) {
                return Err(format!(
                    "{}: needs facts.outcome, and outcomes.approved and outcomes.declined",
                    at(operation)
                ));
            }
            for template in &steps.requests {
                if let Some(body) = template.json_body() {
                    body.map_err(|error| format!("{}: body: {error}", at(operation)))?;
                }
                if !template.path.starts_with('/') && !template.path.starts_with("http") {
                    return Err(format!(
                        "{}: path {:?} must begin with /",
                        at(operation),
                        template.path
                    ));
                }
            }
        }
        Ok(())
    }

    pub(super) fn capabilities(&self) -> BTreeSet<String> {
        let mut offered: BTreeSet<String> = self.operations().collect();
        let told = |fact| {
            let enrol = self.operations.get(&Operation::Enrol);
            enrol.is_some_and(|steps| steps.facts.contains_key(&fact))
        };
        let tells_eci = self
            .operations
            .get(&Operation::CryptogramLong)
            .is_some_and(|steps| steps.facts.contains_key(&Fact::Eci));
        let told_expiry = told(Fact::TokenExpires) || told(Fact::TokenExpYear);
        let long = self.operations.get(&Operation::CryptogramLong);
        let bound = long.is_some_and(|steps| steps.requests.iter().any(Template::names_an_amount));
        let facts = [
            ("cryptogram-amount", bound),
            ("reference", told(Fact::Reference)),
            ("token-number", told(Fact::TokenNumber)),
            ("token-last4", told(Fact::TokenLast4)),
            ("token-expiry", told_expiry),
            ("eci", tells_eci),
            ("par", told(Fact::Par)),
            ("unknown-card", !self.unknown.is_empty()),
        ];
        offered.extend(
            facts
                .iter()
                .filter(|(_, told)| *told)
                .map(|(name, _)| (*name).to_owned()),
        );
        offered
    }

    pub(super) async fn perform(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        let steps = self.operations.get(&operation).ok_or_else(|| {
            Broken::NotDeclared(format!(
                "the binding {} has no {}",
                self.name,
                operation.word()
            ))
        })?;
        let account = steps.account.as_ref().or(self.account.as_ref());
        let account = account.map_or("manual", String::as_str);
        let mut variables = variables.clone();
        variables.extend(conversation.merchant(account));
        let (last, before) = steps
            .requests
            .split_last()
            .ok_or_else(|| Broken::Suite(format!("{} has no requests", operation.word())))?;
        for template in before {
            let answer = conversation
                .ask_as(account, None, template.fill(&variables, conversation)?)
                .await?;
            template.keep(&answer, &mut variables)?;
        }
        let answer = conversation
            .ask_as(account, None, last.fill(&variables, conversation)?)
            .await?;
        Ok(self.observe(operation, steps, &answer))
    }

    fn observe(&self, operation: Operation, steps: &Steps, answer: &Answer) -> Observed {
        let document = answer.json().unwrap_or(Value::Null);
        let facts: BTreeMap<Fact, Value> = steps
            .facts
            .iter()
            .filter_map(|(fact, pointers)| {
                Some((*fact, pointer::first(&document, pointers)?.clone()))
            })
            .collect();
        let said = |fact| facts.get(&fact).map(shown);
        let state = said(Fact::State).and_then(|word| find(&self.states, &word));
        let outcome = said(Fact::Outcome).and_then(|word| find(&self.outcomes, &word));
        let status = format!("status:{}", answer.status);
        let reason = said(Fact::Reason)
            .and_then(|word| find(&self.reasons, &word))
            .or_else(|| find(&self.reasons, &status));
        let accepted = steps.accept.contains(&answer.status);
        Observed {
            operation,
            status: answer.status,
            accepted,
            facts,
            declared: steps.facts.keys().copied().collect(),
            state,
            reason,
            outcome,
        }
    }
}

fn at(operation: &Operation) -> String {
    format!("operations.{}", operation.word())
}

/// The suite's word for one of the target's.
fn find<K: Copy>(words: &BTreeMap<K, Vec<String>>, word: &str) -> Option<K> {
    words
        .iter()
        .find(|(_, theirs)| theirs.iter().any(|known| known == word))
        .map(|(ours, _)| *ours)
}

#[cfg(test)]
mod tests {
    use super::super::Psp;
    use super::*;

    const LEAST: &str = r#"
        name = "mine"
        states.active = ["LIVE"]
        reasons.not-found = ["gone", "status:404"]
        reasons.declined = ["no"]
        operations.enrol = { accept = [201], facts = { state = ["/status"], reason = ["/why"] }, requests = [{ method = "POST", path = "/tokens", body = '{"number":"{pan}"}' }] }
    "#;

    #[test]
    fn words_are_translated_and_codes_beat_statuses() {
        let declared = Declared::read(LEAST).unwrap();
        let rows = [
            (201, r#"{"status":"LIVE"}"#, Some(State::Active), None),
            (404, r#"{"why":"no"}"#, None, Some(Reason::Declined)),
            (404, "<html>", None, Some(Reason::NotFound)),
            (500, "{}", None, None),
        ];
        let steps = &declared.operations[&Operation::Enrol];
        for (status, body, state, reason) in rows {
            let answer = Answer {
                status,
                headers: Vec::new(),
                body: body.to_owned(),
            };
            let seen = declared.observe(Operation::Enrol, steps, &answer);
            assert_eq!(
                (seen.accepted, seen.state, seen.reason),
                (status == 201, state, reason)
            );
        }
    }

    #[test]
    fn a_payment_is_what_its_service_calls_it() {
        let psp = "
            outcomes = { approved = [\"true\"], declined = [\"false\"] }
            operations.pay-long = { accept = [201], facts.outcome = [\"/ok\"], requests = [{ method = \"POST\", path = \"/p\" }] }
            name = \"psp\"
        ";
        let declared = Declared::read_psp(psp).unwrap();
        let steps = &declared.operations[&Operation::Psp(Psp::Long)];
        for (status, body, outcome) in [
            (201, r#"{"ok":true}"#, Some(Outcome::Approved)),
            (201, r#"{"ok":false}"#, Some(Outcome::Declined)),
            (201, r#"{"ok":"perhaps"}"#, None),
            (500, "oops", None),
        ] {
            let answer = Answer {
                status,
                headers: Vec::new(),
                body: body.to_owned(),
            };
            let seen = declared.observe(Operation::Psp(Psp::Long), steps, &answer);
            assert_eq!(seen.outcome, outcome, "{body}");
        }
        let silent = psp.replace("declined = [\"false\"]", "declined = []");
        assert!(
            Declared::read_psp(&silent)
                .unwrap_err()
                .contains("outcomes")
        );
        let unread = psp.replace("facts.outcome = [\"/ok\"],", "");
        assert!(
            Declared::read_psp(&unread)
                .unwrap_err()
                .contains("facts.outcome")
        );
    }

    #[test]
    fn says_what_is_missing() {
        let rows = [
            (
                LEAST.replace("states.active", "states.failed"),
                "states.active",
            ),
            (
                LEAST.replace("operations.enrol", "operations.read"),
                "operations.enrol",
            ),
            (LEAST.replace("\"{pan}\"", "{pan}"), "body"),
            (LEAST.replace("/tokens", "tokens"), "must begin with /"),
            (LEAST.replace("accept = [201]", "accept = []"), "accept"),
            (LEAST.replace("state = [\"/status\"],", ""), "facts.State"),
            (LEAST.replace("accept", "acept"), "acept"),
        ];
        for (text, complaint) in rows {
            let error = Declared::read(&text).unwrap_err();
            assert!(error.contains(complaint), "{error}");
        }
    }
}
