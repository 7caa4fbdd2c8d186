//! A binding described by request templates, JSON pointers and words: our own for CMP and CALM, and anyone's in a
//! `target.toml`, so that an in-house API can be judged without writing Rust.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::{Answer, Sent};
use super::template::{Variables, fill_json, fill_text, shown};
use super::{Fact, Observed, Operation, Reason, State, pointer};

/// A binding as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) states: BTreeMap<State, Vec<String>>,
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
    /// The statuses that mean success.
    accept: Vec<u16>,
    /// Where the last answer tells what.
    #[serde(default)]
    facts: BTreeMap<Fact, Vec<String>>,
    requests: Vec<Template>,
}

/// One request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    method: String,
    path: String,
    #[serde(default)]
    media_type: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
    /// Variables for the requests that follow, by pointer into this one's answer.
    #[serde(default)]
    save: BTreeMap<String, String>,
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

    /// Finds what the types cannot: no request, a body that is not JSON, a state with no word, no way to enrol.
    pub(crate) fn check(&self) -> Result<(), String> {
        let at = |operation: &Operation| format!("operations.{}", operation.word());
        for (operation, steps) in &self.operations {
            if steps.requests.is_empty() || steps.accept.is_empty() {
                return Err(format!(
                    "{}: needs `accept` and one [[…requests]]",
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

    pub(super) fn capabilities(&self) -> BTreeSet<String> {
        let mut offered: BTreeSet<String> = Operation::ALL
            .iter()
            .filter(|operation| self.operations.contains_key(operation))
            .map(|operation| operation.word().to_owned())
            .collect();
        let told = |fact| {
            let enrol = self.operations.get(&Operation::Enrol);
            enrol.is_some_and(|steps| steps.facts.contains_key(&fact))
        };
        let tells_eci = self
            .operations
            .get(&Operation::CryptogramLong)
            .is_some_and(|steps| steps.facts.contains_key(&Fact::Eci));
        let told_expiry = told(Fact::TokenExpires) || told(Fact::TokenExpYear);
        let facts = [
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
        let mut variables = variables.clone();
        let (last, before) = steps
            .requests
            .split_last()
            .ok_or_else(|| Broken::Suite(format!("{} has no requests", operation.word())))?;
        for template in before {
            let answer = conversation
                .ask(template.fill(&variables, conversation)?)
                .await?;
            template.keep(&answer, &mut variables)?;
        }
        let answer = conversation
            .ask(last.fill(&variables, conversation)?)
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
        }
    }
}

/// The suite's word for one of the target's.
fn find<K: Copy>(words: &BTreeMap<K, Vec<String>>, word: &str) -> Option<K> {
    words
        .iter()
        .find(|(_, theirs)| theirs.iter().any(|known| known == word))
        .map(|(ours, _)| *ours)
}

impl Template {
    /// The body as JSON, if the media type says that it is.
    fn json_body(&self) -> Option<Result<Value, String>> {
        let is_json = self
            .media_type
            .as_deref()
            .is_none_or(|kind| kind.contains("json"));
        let body = self.body.as_ref().filter(|_| is_json)?;
        Some(serde_json::from_str(body).map_err(|error| error.to_string()))
    }

    fn fill(&self, variables: &Variables, conversation: &Conversation) -> Held<Sent> {
        let suite =
            |error: String| Broken::Suite(format!("{} {}: {error}", self.method, self.path));
        let path = fill_text(&self.path, variables).map_err(suite)?;
        let mut sent = Sent::new(&self.method, conversation.url(&path));
        for (name, value) in &self.headers {
            sent.set_header(name, Some(fill_text(value, variables).map_err(suite)?));
        }
        let body = match (self.json_body(), &self.body) {
            (Some(template), _) => Some(
                fill_json(&template.map_err(suite)?, variables)
                    .map_err(suite)?
                    .to_string(),
            ),
            (None, Some(text)) => Some(fill_text(text, variables).map_err(suite)?),
            (None, None) => None,
        };
        if let Some(body) = body {
            let kind = self.media_type.as_deref().unwrap_or("application/json");
            sent = sent.header("content-type", kind).body(body);
        }
        Ok(sent)
    }

    fn keep(&self, answer: &Answer, variables: &mut Variables) -> Held {
        let document = answer.json().unwrap_or(Value::Null);
        for (name, place) in &self.save {
            let value = pointer::at(&document, place).ok_or_else(|| {
                let asked = format!("{} {}", self.method, self.path);
                Broken::Unready(format!(
                    "{asked} answered {} without {place}",
                    answer.status
                ))
            })?;
            variables.insert(name.clone(), value.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
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
