//! Carries out one operation of a binding that is described by templates: its requests one after the other. The further pages
//! of a list, and what has to be waited for, are asked for by the same functions.

use serde_json::json;

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::Answer;
use super::observe::Reading;
use super::request::{Template, translate};
use super::steps::Steps;
use super::template::{Variables, shown};
use super::{Declared, Observed, Operation, paging};

/// The request of an operation whose answer counts.
pub(super) struct Asking<'a> {
    operation: Operation,
    template: &'a Template,
    /// Where its answer tells what.
    reading: &'a Reading<'a>,
}

impl<'a> Asking<'a> {
    pub(super) const fn new(
        operation: Operation,
        template: &'a Template,
        reading: &'a Reading<'a>,
    ) -> Self {
        Self {
            operation,
            template,
            reading,
        }
    }
}

/// What an operation has come to, before anything is waited for.
pub(super) struct Begun {
    pub(super) seen: Observed,
    pub(super) answer: Answer,
    /// With what its requests have saved.
    pub(super) variables: Variables,
}

impl Declared {
    pub(crate) async fn perform(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
    ) -> Held<Observed> {
        let steps = self.steps(operation)?;
        let mut begun = self.once(operation, variables, conversation, None).await?;
        let first = &mut begun.seen;
        Box::pin(self.turn_pages(operation, variables, first, conversation)).await?;
        Box::pin(self.settle(operation, steps, begun, variables, conversation)).await
    }

    /// Carries out the requests once. `instead` is the address of the last one, where an answer has led to it.
    pub(super) async fn once(
        &self,
        operation: Operation,
        variables: &Variables,
        conversation: &mut Conversation,
        instead: Option<&str>,
    ) -> Held<Begun> {
        let steps = self.steps(operation)?;
        let account = self.asking(steps);
        let mut variables = variables.clone();
        if !variables.contains_key("page") {
            paging::begin(steps.pages.as_ref(), &mut variables);
        }
        variables.extend(conversation.merchant(account));
        variables.extend(conversation.asker(account));
        conversation.name_places(&mut variables);
        let key = match variables.get("idempotency_key").map(shown) {
            Some(given) => given,
            None => conversation.names.next(),
        };
        variables.insert("idempotency_key".to_owned(), json!(key));
        // The same request under the same key is for the same order.
        let order: String = key.chars().take(12).collect();
        variables.insert("order".to_owned(), json!(format!("order-{order}")));
        translate(&mut variables, &self.words);
        let (last, before) = steps
            .requests
            .split_last()
            .ok_or_else(|| Broken::Suite(format!("{} has no requests", operation.word())))?;
        let reading = steps.reading();
        // Another card under the same key is another request.
        let card = variables.get("pan").map(shown).unwrap_or_default();
        let begun = (operation, format!("{key} {card}"));
        let before_it = conversation.saved.get(&begun).cloned();
        for template in before {
            // Whoever repeats a request under its key does not begin anew.
            let repeated = before_it
                .as_ref()
                .filter(|_| !template.mentions("idempotency_key"));
            if let Some(saved) = repeated {
                variables.extend(saved.clone());
                continue;
            }
            let spoken = conversation.exchanges.len();
            conversation.refresh(&mut variables);
            let carries = steps
                .carrier()
                .is_some_and(|one| std::ptr::eq(one, template));
            let bend = conversation.bend.take_if(|_| carries);
            let sent = template.fill(&variables, conversation, bend.as_ref())?;
            let answer = conversation.ask_as(account, None, sent).await?;
            let seen = self.observe(operation, &reading, &answer, &variables);
            if steps.tells_card && seen.status < 400 {
                conversation.tells_card(spoken);
            }
            // What is refused on the way is refused.
            if seen.status >= 400 && !seen.accepted {
                return Ok(Begun {
                    seen,
                    answer,
                    variables,
                });
            }
            template.keep(&answer, self.answers, &mut variables)?;
        }
        let saved = saved(before, &variables);
        if !saved.is_empty() {
            conversation.saved.insert(begun, saved);
        }
        let asking = Asking::new(operation, last, &reading);
        let (seen, answer) = self
            .asked(asking, &mut variables, conversation, instead)
            .await?;
        Ok(Begun {
            seen,
            answer,
            variables,
        })
    }

    /// Sends the request of an operation whose answer counts.
    pub(super) async fn asked(
        &self,
        asking: Asking<'_>,
        variables: &mut Variables,
        conversation: &mut Conversation,
        instead: Option<&str>,
    ) -> Held<(Observed, Answer)> {
        let Asking {
            operation,
            template,
            reading,
        } = asking;
        let steps = self.steps(operation)?;
        let account = self.asking(steps);
        let spoken = conversation.exchanges.len();
        conversation.refresh(variables);
        let bend = conversation.bend.take();
        let mut sent = template.fill(variables, conversation, bend.as_ref())?;
        if let Some(address) = instead {
            sent.url = conversation.led_to(&sent.url, address)?;
        }
        let answer = conversation.ask_as(account, None, sent).await?;
        let seen = self.observe(operation, reading, &answer, variables);
        // What refuses a card is no vault that tells of it.
        if steps.tells_card && steps.accept.contains(&seen.status) {
            conversation.tells_card(spoken);
        }
        Ok((seen, answer))
    }

    fn steps(&self, operation: Operation) -> Held<&Steps> {
        self.operations.get(&operation).ok_or_else(|| {
            let (name, word) = (&self.name, operation.word());
            Broken::NotDeclared(format!("the binding {name} has no {word}"))
        })
    }

    /// Who carries an operation out.
    pub(super) fn asking<'a>(&'a self, steps: &'a Steps) -> &'a str {
        steps.account.as_ref().unwrap_or(&self.account)
    }
}

/// What the requests have saved of their answers.
fn saved(requests: &[Template], variables: &Variables) -> Variables {
    let saves = requests.iter().flat_map(|template| template.save.keys());
    let saved = saves.filter_map(|name| Some((name.clone(), variables.get(name)?.clone())));
    saved.collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted;
    use super::super::Fact;
    use super::super::check::read;
    use super::*;

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

    const TWO_STEPS: &str = r#"
        name = "mine"
        states.active = ["on"]
        reasons.invalid = ["bad"]
        [operations.enrol]
        accept = [200]
        facts = { state = ["/state"], reason = ["/why"] }
        [[operations.enrol.requests]]
        method = "POST"
        path = "/sessions"
        body = '{"number":"{pan}"}'
        save = { at = "/at" }
        [[operations.enrol.requests]]
        method = "POST"
        path = "{at}"
        headers = { once = "{idempotency_key}" }
    "#;
    const BEGUN: scripted::Said = (200, r#"{"at":"https://elsewhere.example/sessions/s1"}"#);

    #[tokio::test]
    async fn what_is_refused_on_the_way_is_refused() {
        let declared = read(TWO_STEPS).unwrap();
        let card = Variables::from([("pan".to_owned(), json!("4"))]);
        let mut talk = scripted::talk(scripted::target(&[(400, r#"{"why":"bad"}"#)]).await);
        talk.bend = Some(super::super::Bend::Empty);
        let seen = declared.perform(Operation::Enrol, &card, &mut talk).await;
        assert!(seen.unwrap().refuses_the_request());
        // What is wrong on purpose is wrong in the request that carries the card.
        assert_eq!(
            talk.exchanges[0].sent.body.as_deref().unwrap_or_default(),
            ""
        );
        assert_eq!((talk.exchanges.len(), talk.bend), (1, None));
    }

    #[tokio::test]
    async fn what_is_repeated_under_its_key_does_not_begin_anew() {
        let declared = read(TWO_STEPS).unwrap();
        let on: scripted::Said = (200, r#"{"state":"on"}"#);
        let mut card = Variables::from([("pan".to_owned(), json!("4"))]);
        let answers: &'static [scripted::Said] = Vec::leak(vec![BEGUN, on, on, BEGUN, on]);
        let mut talk = scripted::talk(scripted::target(answers).await);
        card.insert("idempotency_key".to_owned(), json!("k1"));
        for key in ["k1", "k1", "k2"] {
            card.insert("idempotency_key".to_owned(), json!(key));
            let seen = declared.perform(Operation::Enrol, &card, &mut talk).await;
            assert!(seen.unwrap().is_active(), "{key}");
        }
        let base = talk.target.base.clone();
        let asked = talk.exchanges.iter();
        let asked: Vec<String> = asked.map(|it| it.sent.url.replace(&base, "")).collect();
        let (first, then) = ("/sessions", "/sessions/s1");
        assert_eq!(asked, [first, then, then, first, then]);
    }

    #[tokio::test]
    async fn another_card_under_the_same_key_begins_anew() {
        let declared = read(TWO_STEPS).unwrap();
        let on: scripted::Said = (200, r#"{"state":"on"}"#);
        let answers: &'static [scripted::Said] = Vec::leak(vec![BEGUN, on, BEGUN, on]);
        let mut talk = scripted::talk(scripted::target(answers).await);
        for pan in ["4", "5"] {
            let card = [("pan", pan), ("idempotency_key", "k1")];
            let card = card.map(|(name, value)| (name.to_owned(), json!(value)));
            let card = Variables::from(card);
            let seen = declared.perform(Operation::Enrol, &card, &mut talk);
            assert!(seen.await.unwrap().is_active(), "{pan}");
        }
        assert_eq!(talk.exchanges.len(), 4);
    }

    #[tokio::test]
    async fn what_is_bent_stands_in_the_request_with_what_is_asked_for() {
        let text = TWO_STEPS.replace("{pan}", "{pan}\",\"code\":\"{cvc?}");
        let declared = read(&text.replace("\"/sessions\"", "\"/of/{merchant}\"")).unwrap();
        let members = declared.members(Operation::Enrol);
        let variables: Vec<_> = members.into_iter().flat_map(|it| it.variables).collect();
        assert_eq!(variables, ["pan", "cvc"]);
        assert_eq!(declared.names_in_path(Operation::Enrol), ["merchant"]);
        // Whoever asks is called otherwise, and in the path is wrong all the same.
        let mut talk = scripted::talk(scripted::target(&[(404, "{}")]).await);
        talk.bend = Some(super::super::Bend::Path(
            "merchant".to_owned(),
            "%00".to_owned(),
        ));
        let card = [("pan", "4"), ("merchant", "mine")];
        let card = card.map(|(name, value)| (name.to_owned(), json!(value)));
        let card = Variables::from(card);
        let seen = declared.perform(Operation::Enrol, &card, &mut talk);
        seen.await.unwrap();
        let url = talk.exchanges[0].sent.url.as_str();
        assert!(
            url.ends_with("/of/%00") || url.ends_with("/of/%2500"),
            "{url}"
        );
    }
}
