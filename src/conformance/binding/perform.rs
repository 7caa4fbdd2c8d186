//! Carries out one operation of a binding that is described by templates: its requests one after the other, the further pages
//! of a list, and what has to be waited for. What an answer says is for [`Declared`] to read.

use serde_json::json;

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::Answer;
use super::request::{Template, translate};
use super::steps::Steps;
use super::template::{Variables, shown};
use super::{Declared, Observed, Operation};

/// What an operation has come to, before anything is waited for.
struct Begun {
    seen: Observed,
    answer: Answer,
    /// With what its requests have saved.
    variables: Variables,
}

impl Declared {
    pub(crate) async fn perform(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        let begun = self.once(operation, variables, conversation).await?;
        let mut seen = begun.seen;
        self.turn_pages(operation, variables, &mut seen, conversation)
            .await?;
        let steps = self.steps(operation)?;
        let Some(poll) = &steps.poll else {
            return Ok(seen);
        };
        let mut settled = poll.is_settled(&seen);
        let mut variables = variables.clone();
        let mut of_request = begun.variables;
        if poll.request.is_some()
            && !settled
            && let Some(template) = steps.requests.last()
        {
            template.keep(&begun.answer, self.answers, &mut of_request)?;
        }
        seen.tell(&mut variables);
        seen.tell(&mut of_request);
        let deadline = tokio::time::Instant::now() + poll.limit.0;
        while !settled && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(poll.every.0).await;
            let more = match (poll.operation, &poll.request) {
                (Some(other), _) => self.once(other, &variables, conversation).await?.seen,
                (None, Some(template)) => {
                    let asked = self.asked(operation, template, &mut of_request, conversation);
                    asked.await?.0
                }
                (None, None) => break,
            };
            seen.follow(more);
            // What was begun may not be there to be read at once, so only a success settles it.
            settled = seen.accepted && poll.is_settled(&seen);
        }
        Ok(seen)
    }

    /// Adds what the further pages of a list hold. One that does not come to an end, or of which a page cannot be read, is no
    /// list.
    async fn turn_pages(
        &self,
        operation: Operation,
        variables: &Variables,
        seen: &mut Observed,
        conversation: &mut Conversation,
    ) -> Held {
        let Some(pages) = self
            .operations
            .get(&operation)
            .and_then(|s| s.pages.as_ref())
        else {
            return Ok(());
        };
        if !seen.accepted {
            return Ok(());
        }
        let mut variables = variables.clone();
        let mut cursors: Vec<String> = Vec::new();
        while let Some(cursor) = seen.cursor.take() {
            let after = cursors.len() + 1;
            if cursors.contains(&shown(&cursor)) {
                return Err(Broken::wrong(
                    "a list that comes to an end",
                    format!("the same cursor again after {after} pages"),
                ));
            }
            // The limit is the judge's, and nothing is said of what stands behind it.
            if cursors.len() >= pages.limit {
                return Err(Broken::Unready(format!(
                    "the list goes on after {after} pages, which is all that is read of it (pages.limit)"
                )));
            }
            cursors.push(shown(&cursor));
            variables.insert("cursor".to_owned(), cursor);
            let more = self.once(operation, &variables, conversation).await?.seen;
            if more.too_fast() {
                return Err(Broken::asked_too_often(&more.summary()));
            }
            let (next, said) = (more.cursor.clone(), more.summary());
            if !seen.lengthen(more) {
                return Err(Broken::wrong("a further page of the list", said));
            }
            seen.cursor = next;
        }
        Ok(())
    }

    async fn once(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Begun> {
        let steps = self.steps(operation)?;
        let account = self.asking(steps);
        let mut variables = variables.clone();
        variables.extend(conversation.merchant(account));
        conversation.name_places(&mut variables);
        if !variables.contains_key("idempotency_key") {
            let key = super::super::requestor::never_used().map_err(Broken::Suite)?;
            variables.insert("idempotency_key".to_owned(), json!(key));
        }
        translate(&mut variables, &self.words);
        let (last, before) = steps
            .requests
            .split_last()
            .ok_or_else(|| Broken::Suite(format!("{} has no requests", operation.word())))?;
        for template in before {
            let spoken = conversation.exchanges.len();
            conversation.refresh(&mut variables)?;
            let sent = template.fill(&variables, conversation, None)?;
            let answer = conversation.ask_as(account, None, sent).await?;
            if steps.tells_card && answer.status < 400 {
                conversation.tells_card(spoken);
            }
            template.keep(&answer, self.answers, &mut variables)?;
        }
        let (seen, answer) = self
            .asked(operation, last, &mut variables, conversation)
            .await?;
        Ok(Begun {
            seen,
            answer,
            variables,
        })
    }

    /// Sends the request of an operation whose answer counts.
    async fn asked(
        &self,
        operation: Operation,
        template: &Template,
        variables: &mut Variables,
        conversation: &mut Conversation,
    ) -> Held<(Observed, Answer)> {
        let steps = self.steps(operation)?;
        let account = self.asking(steps);
        let spoken = conversation.exchanges.len();
        conversation.refresh(variables)?;
        let bend = conversation.bend.take();
        let sent = template.fill(variables, conversation, bend.as_ref())?;
        let answer = conversation.ask_as(account, None, sent).await?;
        // What refuses a card is no vault that tells of it.
        if steps.tells_card && steps.accept.contains(&answer.status) {
            conversation.tells_card(spoken);
        }
        let seen = self.observe(operation, steps, &answer, variables);
        Ok((seen, answer))
    }

    fn steps(&self, operation: Operation) -> Held<&Steps> {
        self.operations.get(&operation).ok_or_else(|| {
            let (name, word) = (&self.name, operation.word());
            Broken::NotDeclared(format!("the binding {name} has no {word}"))
        })
    }

    /// Who carries an operation out.
    fn asking<'a>(&'a self, steps: &'a Steps) -> &'a str {
        steps.account.as_ref().unwrap_or(&self.account)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::super::scripted;
    use super::super::Fact;
    use super::super::check::read;
    use super::*;

    const LEAST: &str = r#"
        name = "mine"
        states.active = ["LIVE"]
        operations.enrol = { accept = [201], facts = { state = ["/status"] }, requests = [{ method = "POST", path = "/tokens" }] }
    "#;

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
            (&[SOON, (404, "{}")], false, false),
            (&[SOON, (500, LIVE.1)], false, false),
            (&[(400, "{}"), LIVE], false, false),
        ];
        let declared = read(POLLED).unwrap();
        for (answers, accepted, active) in rows {
            let mut talk = scripted::talk(scripted::target(answers).await);
            let none = Variables::new();
            let seen = declared.perform(Operation::Enrol, &none, &mut talk).await;
            let seen = seen.unwrap();
            assert_eq!((seen.accepted, seen.is_active()), (accepted, active));
            assert_eq!(seen.fault, seen.status == 500);
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

    /// What listing comes to at a target that gives these answers.
    async fn listed(answers: &'static [scripted::Said]) -> Held<Value> {
        let text = format!(
            "{LEAST}\noperations.list = {{ accept = [200], facts.tokens = [\"/t\"], pages = {{ cursor = [\"/next\"], limit = 2 }}, requests = [{{ method = \"GET\", path = \"/t?{{cursor?}}\" }}] }}"
        );
        let declared = read(&text).unwrap();
        let mut talk = scripted::talk(scripted::target(answers).await);
        let none = Variables::new();
        let seen = declared.perform(Operation::List, &none, &mut talk).await?;
        Ok(seen.facts[&Fact::Tokens].clone())
    }

    #[tokio::test]
    async fn a_target_may_speak_xml() {
        const TEXT: &str = r#"
            name = "mine"
            answers = "xml"
            states.active = ["on"]
            [operations.enrol]
            accept = [200]
            facts = { state = ["/line/@mode"], reference = ["/line/ref"], reason = ["/fault/@no"] }
            requests = [{ method = "POST", path = "/lines", media_type = "text/xml", body = "<line to='{pan}'/>" }]
            [operations.list]
            accept = [200]
            facts = { tokens = ["/lines"] }
            requests = [{ method = "GET", path = "/lines" }]
        "#;
        let declared = read(TEXT).unwrap();
        let answers: &'static [scripted::Said] = &[
            (200, "<line mode='on'><ref>a&amp;b</ref></line>"),
            (200, "<lines><line ref='t1'/></lines>"),
            (200, "<lines/>"),
            (200, "{\"line\":1}"),
        ];
        let mut talk = scripted::talk(scripted::target(answers).await);
        let card = Variables::from([("pan".to_owned(), json!("4'&<"))]);
        let seen = declared.perform(Operation::Enrol, &card, &mut talk).await;
        let seen = seen.unwrap();
        assert!(seen.is_active());
        assert_eq!(seen.text(Fact::Reference).as_deref(), Some("a&b"));
        let sent = talk.exchanges[0].sent.body.as_deref();
        assert_eq!(sent, Some("<line to='4&apos;&amp;&lt;'/>"));
        for tokens in [Some(json!([{ "@ref": "t1" }])), Some(json!([])), None] {
            let seen = declared.perform(Operation::List, &card, &mut talk).await;
            assert_eq!(seen.unwrap().facts.get(&Fact::Tokens).cloned(), tokens);
        }
    }

    #[tokio::test]
    async fn a_list_is_read_to_its_end_or_not_at_all() {
        const ONE: scripted::Said = (200, r#"{"t":[1],"next":"a"}"#);
        const TWO: scripted::Said = (200, r#"{"t":[2],"next":"b"}"#);
        let whole = listed(&[ONE, TWO, (200, r#"{"t":[3]}"#)]).await;
        assert_eq!(whole, Ok(json!([1, 2, 3])));
        let wrong: [&'static [scripted::Said]; 4] = [
            &[ONE, ONE],
            &[ONE, (500, "{}")],
            &[ONE, (200, "<html>")],
            &[ONE, (404, "{}")],
        ];
        for answers in wrong {
            let broken = listed(answers).await;
            assert!(matches!(broken, Err(Broken::Wrong { .. })), "{broken:?}");
        }
        let unread: [&'static [scripted::Said]; 2] = [
            &[ONE, TWO, (200, r#"{"t":[3],"next":"c"}"#)],
            &[ONE, (429, "{}")],
        ];
        for answers in unread {
            let broken = listed(answers).await;
            assert!(matches!(broken, Err(Broken::Unready(_))), "{broken:?}");
        }
    }
}
