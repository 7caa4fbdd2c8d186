//! What an answer says, in the suite's words: the facts that stand where the binding says, and what the target's own words for
//! state, outcome, reason and status mean.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::http::Answer;
use super::super::pace::retry_after;
use super::paging::Pages;
use super::source::{self, Source};
use super::template::{Variables, shown};
use super::{Declared, Fact, Observed, Operation, observed};

/// Where one answer is looked at, and what of it is a success.
pub(super) struct Reading<'a> {
    /// None at all stands for 200 to 299.
    pub(super) accepts: &'a [u16],
    pub(super) facts: BTreeMap<Fact, &'a [Source]>,
    pub(super) pages: Option<&'a Pages>,
}

impl Reading<'_> {
    fn accepts(&self, status: u16) -> bool {
        self.accepts.contains(&status) || self.accepts.is_empty() && (200..300).contains(&status)
    }
}

impl Declared {
    pub(super) fn observe(
        &self,
        operation: Operation,
        reading: &Reading<'_>,
        answer: &Answer,
        variables: &Variables,
    ) -> Observed {
        let document = self.answers.read(&answer.body).unwrap_or(Value::Null);
        let (status, unread) = self.status_of(answer, &document, variables);
        // Whatever looks at the status looks at the one that is meant.
        let meant = (status != answer.status).then(|| Answer {
            status,
            ..answer.clone()
        });
        let answer = meant.as_ref().unwrap_or(answer);
        let told = |sources: &[Source]| source::first(sources, answer, &document, variables);
        let facts = reading.facts.iter().filter_map(|(fact, sources)| {
            let value = told(sources)?;
            let is_list = matches!(fact, Fact::Tokens | Fact::Cards);
            let value = if is_list {
                self.answers.list(value)
            } else {
                value
            };
            Some((*fact, value))
        });
        let facts: BTreeMap<Fact, Value> = facts.collect();
        let said = |fact| facts.get(&fact).map(shown);
        let by_status = format!("status:{status}");
        let outcome = meaning(&self.outcomes, said(Fact::Outcome), &by_status);
        let places = reading.facts.iter().filter_map(|(fact, sources)| {
            let mut each = sources.iter();
            let telling = each.find(|it| it.read(answer, &document, variables).is_some());
            let place = telling.or(sources.first())?;
            Some((*fact, place.written().to_owned()))
        });
        let mut seen = Observed {
            next: reading.pages.and_then(|pages| pages.next(told)),
            accepted: unread.is_none() && reading.accepts(status),
            unread_status: unread,
            places: places.collect(),
            declared: reading.facts.keys().copied().collect(),
            state: meaning(&self.states, said(Fact::State), &by_status),
            reason: meaning(&self.reasons, said(Fact::Reason), &by_status),
            outcome: outcome.filter(|_| operation.is_psp()),
            retry_after: retry_after(answer, None),
            facts,
            ..observed(operation, status)
        };
        seen.heed_outcome();
        seen
    }

    /// The status that an answer means.
    pub(crate) fn status_meant(&self, answer: &Answer) -> u16 {
        if self.status.is_empty() {
            return answer.status;
        }
        let document = self.answers.read(&answer.body).unwrap_or(Value::Null);
        self.status_of(answer, &document, &Variables::new()).0
    }

    /// The status that an answer means, and what it says of it where that is none that is known.
    fn status_of(
        &self,
        answer: &Answer,
        document: &Value,
        variables: &Variables,
    ) -> (u16, Option<String>) {
        let told = source::first(&self.status, answer, document, variables);
        let Some(word) = told.as_ref().map(shown) else {
            return (answer.status, None);
        };
        let number = word.parse().ok().filter(|it| (100..600).contains(it));
        match self.statuses.get(&word).copied().or(number) {
            Some(status) => (status, None),
            None => (answer.status, Some(word)),
        }
    }

    /// Whether an answer told why in a word of the binding, and not by its status alone.
    pub(super) fn says_why(&self, seen: &Observed) -> bool {
        let said = seen.facts.get(&Fact::Reason).map(shown);
        let mut words = self.reasons.values().flatten();
        said.is_some_and(|said| words.any(|word| *word == said))
    }
}

/// The suite's word for what an answer says, or else for its status.
fn meaning<K: Copy>(
    words: &BTreeMap<K, Vec<String>>,
    said: Option<String>,
    status: &str,
) -> Option<K> {
    let find = |word: &str| {
        words
            .iter()
            .find(|(_, theirs)| theirs.iter().any(|known| known == word))
            .map(|(ours, _)| *ours)
    };
    said.and_then(|word| find(&word)).or_else(|| find(status))
}

#[cfg(test)]
mod tests {
    use super::super::check::{read, read_psp};
    use super::super::{Outcome, Psp, Reason, State};
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
        let declared = read(LEAST).unwrap();
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
            let seen = declared.observe(
                Operation::Enrol,
                &steps.reading(),
                &answer,
                &Variables::new(),
            );
            assert_eq!(
                (seen.accepted, seen.state, seen.reason),
                (status == 201, state, reason)
            );
        }
    }

    #[test]
    fn an_answer_may_tell_its_status_in_its_body() {
        let text = LEAST.replace("name = \"mine\"", "name = \"mine\"\nstatus = [\"/code\"]\nstatuses = { ok = 201, gone = 404, oops = 500 }");
        let declared = read(&text).unwrap();
        let steps = &declared.operations[&Operation::Enrol];
        let rows = [
            (r#"{"code":"ok","status":"LIVE"}"#, 201, true, false),
            (r#"{"code":"gone"}"#, 404, false, true),
            (r#"{"code":409}"#, 409, false, true),
            (r#"{"code":"422"}"#, 422, false, true),
            (r#"{"code":"oops"}"#, 500, false, false),
            // What is no status that is known is neither a success nor a refusal.
            (r#"{"code":"what","status":"LIVE"}"#, 201, false, false),
            (r#"{"status":"LIVE"}"#, 201, true, false),
        ];
        for (body, status, accepted, refusal) in rows {
            let answer = Answer {
                status: 201,
                headers: Vec::new(),
                body: body.to_owned(),
            };
            let none = Variables::new();
            let seen = declared.observe(Operation::Enrol, &steps.reading(), &answer, &none);
            let told = (seen.status, seen.accepted, seen.is_refusal());
            assert_eq!(told, (status, accepted, refusal), "{body}");
            let gone = seen.reason == Some(Reason::NotFound);
            assert_eq!(gone, status == 404, "{body}");
        }
    }

    #[test]
    fn what_was_not_done_with_a_payment_is_refused_whatever_the_status() {
        let psp = "
            name = \"psp\"
            outcomes = { approved = [\"yes\"], declined = [\"no\"] }
            operations.capture = { accept = [200], facts.outcome = [\"/done\"], requests = [{ method = \"POST\", path = \"/p\" }] }
            operations.read-payment = { accept = [200], facts.outcome = [\"/done\"], requests = [{ method = \"GET\", path = \"/p\" }] }
        ";
        let declared = read_psp(psp).unwrap();
        for (psp, said, accepted) in [
            (Psp::Capture, "yes", true),
            (Psp::Capture, "no", false),
            (Psp::ReadPayment, "no", true),
        ] {
            let steps = &declared.operations[&Operation::Psp(psp)];
            let answer = Answer {
                status: 200,
                headers: Vec::new(),
                body: format!("{{\"done\":\"{said}\"}}"),
            };
            let none = Variables::new();
            let seen = declared.observe(Operation::Psp(psp), &steps.reading(), &answer, &none);
            assert_eq!((seen.accepted, seen.is_refusal()), (accepted, !accepted));
        }
    }

    #[test]
    fn a_payment_is_what_its_service_calls_it() {
        let psp = "
            outcomes = { approved = [\"true\"], declined = [\"false\"] }
            operations.pay-long = { accept = [201], facts.outcome = [\"/ok\"], requests = [{ method = \"POST\", path = \"/p\" }] }
            name = \"psp\"
        ";
        let declared = read_psp(psp).unwrap();
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
            let pays = Operation::Psp(Psp::Long);
            let seen = declared.observe(pays, &steps.reading(), &answer, &Variables::new());
            assert_eq!(seen.outcome, outcome, "{body}");
        }
    }
}
