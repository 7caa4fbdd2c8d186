//! What has to be waited for: a token, a payment, or the job that an answer has named. The answer that began it keeps what it
//! has told; whether it was taken or refused in the end is for the last one to say.

use std::collections::BTreeMap;

use serde::Deserialize;
use tokio::time::Instant;

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::observe::Reading;
use super::perform::{Asking, Begun};
use super::request::Template;
use super::source::Source;
use super::steps::{Steps, Time};
use super::template::Variables;
use super::{Declared, Fact, Observed, Operation, Outcome, Psp, State};

/// What is repeated until it tells one of these states or what was asked for: another operation, or a request for this alone,
/// such as for the job that a 202 named.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Poll {
    #[serde(default)]
    pub(super) operation: Option<Operation>,
    #[serde(default)]
    pub(super) request: Option<Template>,
    /// The statuses of the answers to the request that can be relied on.
    #[serde(default)]
    pub(super) accept: Vec<u16>,
    /// Where these answers tell what, in the place of those of the operation.
    #[serde(default)]
    pub(super) facts: BTreeMap<Fact, Vec<Source>>,
    #[serde(default)]
    pub(super) until: Vec<State>,
    #[serde(default = "Poll::usual_pause")]
    pub(super) every: Time,
    #[serde(default = "Poll::usual_limit")]
    pub(super) limit: Time,
}

impl Poll {
    const fn usual_pause() -> Time {
        Time(std::time::Duration::from_millis(100))
    }

    const fn usual_limit() -> Time {
        Time(std::time::Duration::from_secs(5))
    }

    /// How an answer to the request is read.
    fn reading<'a>(&'a self, steps: &'a Steps) -> Reading<'a> {
        let mut reading = steps.reading();
        reading.accepts = &self.accept;
        let own = self.facts.iter();
        reading
            .facts
            .extend(own.map(|(fact, sources)| (*fact, sources.as_slice())));
        reading
    }

    /// What was waited for has come.
    fn has_come(&self, seen: &Observed) -> bool {
        let told = |fact| seen.facts.contains_key(&fact);
        let moved = seen.state.is_some_and(|state| state != State::Pending);
        if !self.until.is_empty() && !seen.operation.pays() {
            return seen.state.is_some_and(|state| self.until.contains(&state));
        }
        match seen.operation {
            Operation::Psp(_) => seen.outcome.is_some(),
            Operation::Enrol
            | Operation::Read
            | Operation::Delete
            | Operation::Suspend
            | Operation::Resume => moved,
            Operation::Store | Operation::UpdateCard => told(Fact::Card),
            // Where the answer tells no state, it is over with the 202.
            Operation::DeleteCard => moved || seen.state.is_none() && seen.status != 202,
            Operation::CryptogramLong | Operation::CryptogramShort => told(Fact::Cryptogram),
            Operation::List => told(Fact::Tokens),
            Operation::ListCards => told(Fact::Cards),
            Operation::Control(_) => seen.status != 202,
        }
    }
}

/// An answer that says so early is no end: what was begun may not be there to be read at once, and whoever is busy says nothing.
fn is_early(more: &Observed) -> bool {
    more.fault || matches!(more.status, 404 | 429) || more.status < 400 && !more.says_no
}

impl Declared {
    /// Waits until what was begun has come to an end, and gives back what it came to.
    pub(super) async fn settle(
        &self,
        operation: Operation,
        steps: &Steps,
        begun: Begun,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        let mut seen = begun.seen;
        let Some(poll) = &steps.poll else {
            return Ok(seen);
        };
        if !seen.accepted || self.has_ended(poll, &mut seen) {
            return Ok(seen);
        }
        let mut variables = variables.clone();
        let mut of_request = begun.variables;
        if let (Some(_), Some(template)) = (&poll.request, steps.requests.last()) {
            template.keep(&begun.answer, self.answers, &mut of_request)?;
        }
        seen.begun = Some(seen.status);
        let deadline = Instant::now() + poll.limit.0;
        while Instant::now() < deadline {
            // What was begun has a name, whatever becomes of it.
            seen.name(&mut variables);
            seen.name(&mut of_request);
            tokio::time::sleep(poll.every.0).await;
            let more = match (poll.operation, &poll.request) {
                (Some(other), _) => self.once(other, &variables, conversation, None).await?.seen,
                (None, Some(template)) => {
                    let reading = poll.reading(steps);
                    let asking = Asking::new(operation, template, &reading);
                    let asked = self.asked(asking, &mut of_request, conversation, None);
                    asked.await?.0
                }
                (None, None) => break,
            };
            let (relied_on, early) = (more.accepted, is_early(&more));
            seen.follow(more);
            if relied_on && self.has_ended(poll, &mut seen) || !relied_on && !early {
                return Ok(seen);
            }
        }
        if seen.too_fast() {
            return Err(Broken::asked_too_often(&seen.summary()));
        }
        // A token that is in another state than was waited for may well stay in it.
        let other = seen.state.is_some_and(|state| state != State::Pending);
        if seen.accepted && other {
            return Ok(seen);
        }
        let limit = poll.limit.0.as_millis();
        Err(Broken::wrong(
            format!("that what was begun comes to an end within {limit} ms (poll.limit)"),
            format!("last seen: {}", seen.summary()),
        ))
    }

    /// Whether there is nothing more to wait for. What was begun and says then that it came to nothing is refused.
    fn has_ended(&self, poll: &Poll, seen: &mut Observed) -> bool {
        let failed = seen.state == Some(State::Failed);
        let open = matches!(seen.state, None | Some(State::Pending));
        let why = self.says_why(seen) && open && seen.outcome.is_none();
        let says_no = match seen.operation {
            // A token that has failed, and a payment that is declined, is what was asked for, and says so.
            Operation::Enrol | Operation::Read => why,
            operation if operation.pays() => why || failed && seen.outcome.is_none(),
            Operation::Psp(Psp::ReadPayment) => why,
            Operation::Store
            | Operation::CryptogramLong
            | Operation::CryptogramShort
            | Operation::Delete
            | Operation::UpdateCard
            | Operation::DeleteCard
            | Operation::List
            | Operation::ListCards
            | Operation::Suspend
            | Operation::Resume
            | Operation::Psp(_)
            | Operation::Control(_) => why || failed || seen.outcome == Some(Outcome::Declined),
        };
        if says_no {
            seen.refuse();
        }
        says_no || failed || poll.has_come(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted;
    use super::super::check::read;
    use super::*;

    #[tokio::test]
    async fn what_is_waited_for_is_what_was_read_last() {
        const POLLED: &str = r#"
            name = "mine"
            states.active = ["LIVE"]
            states.pending = ["SOON"]
            [operations.enrol]
            accept = [202]
            facts = { state = ["/status"] }
            poll = { operation = "read", until = ["active"], every = "1ms", limit = "200ms" }
            requests = [{ method = "POST", path = "/tokens" }]
            [operations.read]
            accept = [200]
            facts = { state = ["/status"] }
            requests = [{ method = "GET", path = "/tokens" }]
        "#;
        const SOON: scripted::Said = (202, r#"{"status":"SOON"}"#);
        const LIVE: scripted::Said = (200, r#"{"status":"LIVE"}"#);
        let rows: [(&'static [scripted::Said], bool, bool); 5] = [
            (&[SOON, LIVE], true, true),
            (&[SOON, (404, "{}"), LIVE], true, true),
            (&[SOON, (500, "{}"), LIVE], true, true),
            (&[SOON, (410, "{}"), LIVE], false, false),
            (&[(400, "{}"), LIVE], false, false),
        ];
        let declared = read(POLLED).unwrap();
        let none = Variables::new();
        for (answers, accepted, active) in rows {
            let mut talk = scripted::talk(scripted::target(answers).await);
            let seen = declared.perform(Operation::Enrol, &none, &mut talk).await;
            let seen = seen.unwrap();
            assert_eq!((seen.accepted, seen.is_active()), (accepted, active));
        }
        // What has no end is the target's doing, and what it said last is told.
        let endless: [(&'static [scripted::Said], &str); 3] = [
            (&[SOON, SOON], "state pending"),
            (&[SOON, (404, "{}")], "status 404"),
            (&[SOON, (500, LIVE.1)], "status 500"),
        ];
        for (answers, last) in endless {
            let mut talk = scripted::talk(scripted::target(answers).await);
            let seen = declared.perform(Operation::Enrol, &none, &mut talk).await;
            let Err(Broken::Wrong { actual, .. }) = &seen else {
                panic!("{seen:?}");
            };
            assert!(actual.contains(last), "{actual}");
        }
    }

    /// A 202 names a job, and the job tells of the token; a token that is there at once names none.
    #[tokio::test]
    async fn a_job_is_asked_for_until_it_is_done() {
        const JOB: &str = r#"
            name = "mine"
            states.active = ["LIVE"]
            states.pending = ["SOON"]
            [operations.enrol]
            accept = [200, 202]
            facts = { state = ["/status"], reference = ["/token"] }
            poll = { until = ["active"], every = "1ms", limit = "200ms", request = { method = "GET", path = "/jobs/{job}" } }
            requests = [{ method = "POST", path = "/tokens", save = { job = "/job" } }]
        "#;
        const SOON: scripted::Said = (202, r#"{"status":"SOON","job":"j1"}"#);
        const WORKING: scripted::Said = (200, r#"{"status":"SOON"}"#);
        const LIVE: scripted::Said = (200, r#"{"status":"LIVE","token":"t1"}"#);
        let rows: [(&'static [scripted::Said], usize); 3] = [
            (&[SOON, WORKING, LIVE], 3),
            (&[SOON, LIVE], 2),
            (&[LIVE], 1),
        ];
        let declared = read(JOB).unwrap();
        let none = Variables::new();
        for (answers, asked) in rows {
            let mut talk = scripted::talk(scripted::target(answers).await);
            let seen = declared.perform(Operation::Enrol, &none, &mut talk).await;
            let seen = seen.unwrap();
            assert!(seen.is_active(), "{answers:?}");
            assert_eq!(seen.text(Fact::Reference).as_deref(), Some("t1"));
            let sent = talk.exchanges.iter().skip(1).map(|it| it.sent.url.as_str());
            assert!(sent.clone().all(|url| url.ends_with("/jobs/j1")));
            assert_eq!(sent.count() + 1, asked);
        }
        const NAMELESS: scripted::Said = (202, r#"{"status":"SOON"}"#);
        let mut talk = scripted::talk(scripted::target(&[NAMELESS, LIVE]).await);
        let seen = declared.perform(Operation::Enrol, &none, &mut talk).await;
        assert!(matches!(seen, Err(Broken::Unready(_))), "{seen:?}");
    }

    const PAID_LATER: &str = r#"
            name = "mine"
            states.active = ["LIVE"]
            outcomes = { approved = ["done"], declined = ["no"] }
            reasons = { not-possible = ["too_much"], invalid = ["bad"], declined = ["stolen"] }
            [operations.enrol]
            accept = [201]
            facts = { state = ["/status"] }
            requests = [{ method = "POST", path = "/tokens" }]
            [operations.pay-long]
            accept = [202]
            facts = { outcome = ["/end"], payment = ["header:location as tail"], reason = ["/why"] }
            poll = { operation = "read-payment", every = "1ms", limit = "200ms" }
            requests = [{ method = "POST", path = "/p" }]
            [operations.read-payment]
            accept = [200]
            facts = { outcome = ["/end"], payment = ["/id"], reason = ["/why"] }
            requests = [{ method = "GET", path = "/p/{payment}" }]
            [operations.capture]
            accept = [202]
            facts = { reason = ["/why"] }
            [operations.capture.poll]
            facts = { outcome = ["/job/end"], reason = ["/job/why"] }
            request = { method = "GET", path = "/jobs/{job}" }
            every = "1ms"
            limit = "200ms"
            [[operations.capture.requests]]
            method = "POST"
            path = "/p/c"
            save = { job = "/job/id" }
        "#;

    /// A request that was taken and whose job says no is refused for the job's reason, and was not a wrong request.
    #[tokio::test]
    async fn what_a_job_says_is_read_as_an_answer_is() {
        const TAKEN: scripted::Said = (202, r#"{"job":{"id":"j1","end":"wait"}}"#);
        let declared = read(PAID_LATER).unwrap();
        let none = Variables::new();
        let capture = Operation::Psp(Psp::Capture);
        // Accepted; a refusal; a refusal of the request itself.
        let rows: [(&'static [scripted::Said], [bool; 3]); 6] = [
            (
                &[TAKEN, (200, r#"{"job":{"end":"done"}}"#)],
                [true, false, false],
            ),
            (
                &[TAKEN, TAKEN, (200, r#"{"job":{"end":"no"}}"#)],
                [false, true, false],
            ),
            (
                &[TAKEN, (200, r#"{"job":{"why":"too_much"}}"#)],
                [false, true, true],
            ),
            (
                &[TAKEN, (200, r#"{"job":{"why":"bad"}}"#)],
                [false, true, true],
            ),
            (
                &[TAKEN, (409, r#"{"job":{"why":"stolen"}}"#)],
                [false, true, false],
            ),
            (&[(409, r#"{"why":"too_much"}"#)], [false, true, true]),
        ];
        for (answers, wanted) in rows {
            let mut talk = scripted::talk(scripted::target(answers).await);
            let seen = declared.perform(capture, &none, &mut talk).await.unwrap();
            let said = [seen.accepted, seen.is_refusal(), seen.refuses_the_request()];
            assert_eq!(said, wanted, "{answers:?}: {}", seen.summary());
        }
        let pays = Operation::Psp(Psp::Long);
        let declined: &'static [scripted::Said] =
            &[(202, "{}"), (200, r#"{"end":"no","id":"p1"}"#)];
        let mut talk = scripted::talk(scripted::target(declined).await);
        let named = Variables::from([("payment".to_owned(), serde_json::json!("p1"))]);
        let seen = declared.perform(pays, &named, &mut talk).await.unwrap();
        assert!(seen.accepted && seen.outcome == Some(Outcome::Declined));
        assert_eq!((seen.status, seen.begun), (200, Some(202)));
        assert_eq!(seen.text(Fact::Payment).as_deref(), Some("p1"));
    }
}
