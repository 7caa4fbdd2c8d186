//! Reads a webhook as the target file says: what it tells, of which token and under which id.

use std::collections::BTreeMap;
use std::fmt;

use hyper::body::Bytes;
use serde_json::Value;

use super::binding::template::{Variables, shown};
use super::binding::{Source, first_told};
use super::http::{Answer, Notation};
use super::listener::Message;
use super::target::Webhooks;
use super::target::webhooks::{Kind, Signature};

/// How messages are read.
#[derive(Clone)]
pub(crate) struct Reading {
    body: Notation,
    events: Vec<Source>,
    kind: Vec<Source>,
    types: BTreeMap<Kind, Vec<String>>,
    token: Vec<Source>,
    id: Vec<Source>,
    state: Vec<Source>,
    pub(super) signature: Option<(Signature, String)>,
}

impl fmt::Debug for Reading {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Reading({:?})", self.types)
    }
}

/// What a message tells.
#[derive(Clone, Debug)]
pub(crate) struct Tale {
    /// None where its type is not one that the target declares. Of several that its word stands for, what has happened decides.
    pub(crate) kind: Option<Kind>,
    /// What its word stands for: a target may have one word for two kinds, such as that a token can be used.
    pub(crate) kinds: Vec<Kind>,
    /// The target's word for it.
    pub(crate) word: String,
    pub(crate) token: Option<String>,
    pub(crate) id: Option<String>,
    /// The state of the token, in the target's word.
    pub(crate) state: Option<String>,
    pub(crate) body: Bytes,
    pub(crate) taken: bool,
    /// It says nowhere what it is about, and its body is no document.
    pub(crate) unreadable: bool,
}

impl Reading {
    /// `told` is the secret that registering the endpoint has told.
    ///
    /// # Errors
    /// A text when there is no secret, or one that cannot be read.
    pub(crate) fn new(webhooks: &Webhooks, told: Option<String>) -> Result<Self, String> {
        let signature = match &webhooks.signature {
            Some(signature) => {
                let secret = told.or_else(|| signature.secret.clone());
                let secret = secret.ok_or("the endpoint was registered without a secret")?;
                Some((signature.clone(), secret))
            }
            None => None,
        };
        Ok(Self {
            body: webhooks.body,
            events: webhooks.events.clone(),
            kind: webhooks.kind.clone(),
            types: webhooks.types.clone(),
            token: webhooks.token.clone(),
            id: webhooks.id.clone(),
            state: webhooks.state.clone(),
            signature,
        })
    }

    /// What a message tells: one thing, or each of its events. Headers are those of the whole message.
    pub(crate) fn read(&self, message: &Message) -> Vec<Tale> {
        let answer = message.as_answer();
        let document = self.body.read(&answer.body);
        let is_read = document.is_some();
        let document = document.unwrap_or(Value::Null);
        let list = first_told(&self.events, &answer, &document, &Variables::new());
        let Some(Value::Array(events)) = list.map(|list| self.body.list(list)) else {
            return vec![self.tale(message, &answer, &document, message.body.clone(), is_read)];
        };
        let each = events.iter().map(|event| {
            let body = Bytes::from(event.to_string());
            self.tale(message, &answer, event, body, is_read)
        });
        let mut tales: Vec<Tale> = each.collect();
        // One id for the whole message is told apart by the place in it.
        let ids: Vec<Option<String>> = tales.iter().map(|tale| tale.id.clone()).collect();
        for (place, tale) in tales.iter_mut().enumerate() {
            let own = ids.get(place).cloned().flatten();
            let shared = ids.iter().flatten().filter(|id| Some(*id) == own.as_ref());
            if shared.count() > 1 {
                tale.id = own.map(|id| format!("{id}#{place}"));
            }
        }
        tales
    }

    fn tale(
        &self,
        message: &Message,
        answer: &Answer,
        document: &Value,
        body: Bytes,
        is_read: bool,
    ) -> Tale {
        let none = Variables::new();
        let text = |sources: &[Source]| {
            first_told(sources, answer, document, &none)
                .as_ref()
                .map(shown)
        };
        let named = text(&self.kind);
        let unreadable = named.is_none() && !is_read;
        let word = named.unwrap_or_else(|| "a body without a type".to_owned());
        let kinds = self.types.iter();
        let kinds = kinds.filter(|(_, theirs)| theirs.contains(&word));
        let kinds: Vec<Kind> = kinds.map(|(kind, _)| *kind).collect();
        Tale {
            kind: kinds.first().copied(),
            kinds,
            word,
            token: text(&self.token),
            id: text(&self.id),
            state: text(&self.state),
            body,
            taken: message.taken,
            unreadable,
        }
    }

    /// Messages have an id, by which one that comes again is known.
    pub(crate) fn tells_id(&self) -> bool {
        !self.id.is_empty()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    pub(crate) fn message(headers: &[(&str, String)], body: &'static str) -> Message {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).unwrap();
            map.insert(name, HeaderValue::try_from(value).unwrap());
        }
        Message {
            headers: map,
            body: Bytes::from_static(body.as_bytes()),
            taken: true,
        }
    }

    pub(crate) fn reading(signature: &str, secret: &str) -> Reading {
        let text = format!(
            "type = [\"/kind\"]\ntypes = {{ suspended = [\"off\"] }}\ntoken = [\"/t\"]\nid = [\"header:x-id\"]\n[signature]\n{signature}"
        );
        let webhooks: Webhooks = toml::from_str(&text).unwrap();
        Reading::new(&webhooks, Some(secret.to_owned())).unwrap()
    }

    #[test]
    fn a_message_is_read_as_the_file_says() {
        let reading = reading("scheme = \"secret\"\nheader = \"x-key\"", "s");
        let headers = [("x-id", "7".to_owned()), ("x-key", "s".to_owned())];
        let message = message(&headers, r#"{"kind":"off","t":"t1"}"#);
        let tale = &reading.read(&message)[0];
        assert_eq!(tale.kind, Some(Kind::Suspended));
        assert_eq!(
            (tale.token.as_deref(), tale.id.as_deref()),
            (Some("t1"), Some("7"))
        );
        assert_eq!(reading.signed(&message), Ok(()));
        assert!(!tale.unreadable);
    }

    #[test]
    fn a_message_may_tell_of_several_things() {
        let text = "events = [\"/all\"]\ntype = [\"/kind\"]\ntypes = { suspended = [\"off\"], resumed = [\"on\"] }\ntoken = [\"/t\"]\nid = [\"/id\", \"header:x-id\"]";
        let reading = Reading::new(&toml::from_str(text).unwrap(), None).unwrap();
        let told = |body| {
            let read = reading.read(&message(&[("x-id", "7".to_owned())], body));
            let each = read.into_iter().map(|tale| {
                let kind = tale.kind.map(Kind::word);
                (
                    kind,
                    tale.token.unwrap_or_default(),
                    tale.id.unwrap_or_default(),
                )
            });
            each.collect::<Vec<_>>()
        };
        let row = |kind, token: &str, id: &str| (Some(kind), token.to_owned(), id.to_owned());
        let (off, on) = (r#"{"kind":"off","t":"t1"}"#, r#"{"kind":"on","t":"t2"}"#);
        let body: &str = Box::leak(format!("{{\"all\":[{off},{on}]}}").into_boxed_str());
        let wanted = [row("suspended", "t1", "7#0"), row("resumed", "t2", "7#1")];
        assert_eq!(told(body), wanted);
        let own = r#"{"all":[{"kind":"off","t":"t1","id":"a"},{"kind":"on","t":"t1","id":"b"}]}"#;
        assert_eq!(
            told(own),
            [row("suspended", "t1", "a"), row("resumed", "t1", "b")]
        );
        assert_eq!(
            told(r#"{"all":[{"kind":"off","t":"t1"}]}"#),
            [row("suspended", "t1", "7")]
        );
        assert_eq!(told(r#"{"all":[]}"#), []);
        // A message without the list tells of one thing.
        assert_eq!(told(off), [row("suspended", "t1", "7")]);
        assert!(reading.read(&message(&[], "<off/>"))[0].unreadable);
    }

    #[test]
    fn a_message_may_be_a_form_or_xml() {
        for (body, notation) in [
            ("t=t1&kind=off", "form"),
            ("<m kind='off'><t>t1</t></m>", "xml"),
        ] {
            let text = match notation {
                "form" => "body = \"form\"\ntype = [\"/kind\"]\ntoken = [\"/t\"]",
                _ => "body = \"xml\"\ntype = [\"/m/@kind\"]\ntoken = [\"/m/t\"]",
            };
            let text = format!("{text}\ntypes = {{ suspended = [\"off\"] }}");
            let reading = Reading::new(&toml::from_str(&text).unwrap(), None).unwrap();
            let tale = &reading.read(&message(&[], body))[0];
            assert_eq!(tale.kind, Some(Kind::Suspended), "{body}");
            assert_eq!(tale.token.as_deref(), Some("t1"), "{body}");
            assert!(reading.read(&message(&[], "{}"))[0].unreadable);
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_to_be_so() {
        let reading = reading("scheme = \"secret\"\nheader = \"x-key\"", "s");
        let read = |body| reading.read(&message(&[], body)).remove(0);
        for body in ["", "kind=off", "<off/>", "{"] {
            assert!(read(body).unreadable, "{body}");
        }
        // It may be about something else than tokens.
        for body in [r#"{"kind":"ping"}"#, "{}"] {
            assert!(
                !read(body).unreadable && read(body).kind.is_none(),
                "{body}"
            );
        }
    }
}
