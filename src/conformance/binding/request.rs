//! One request of a binding as it is written: filled with what the scenario knows, sent, and read for what follows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::{Answer, Notation, Sent};
use super::bend::Bend;
use super::leaves::leaves;
use super::source::Source;
use super::template::{Variables, fill_form, fill_json, fill_path, fill_text, names, shown};
use super::template_xml::fill_xml;

/// See the module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default = "Template::usual_media_type")]
    media_type: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
    /// Variables for the requests that follow, by place in this one's answer.
    #[serde(default)]
    pub(super) save: BTreeMap<String, Source>,
}

impl Template {
    fn usual_media_type() -> String {
        "application/json".to_owned()
    }

    /// Its address is one that an answer has told.
    fn is_told(&self) -> bool {
        let own = ["{base}", "{control}"];
        self.path.starts_with('{') && !own.iter().any(|own| self.path.starts_with(own))
    }

    /// The body as JSON, if the media type says that it is.
    fn json_body(&self) -> Option<Result<Value, String>> {
        let is_json = self.notation() == Some(Notation::Json);
        let body = self.body.as_ref().filter(|_| is_json)?;
        Some(serde_json::from_str(body).map_err(|error| error.to_string()))
    }

    /// Every text in which variables may stand, with the member that it is.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let headers = self.headers.values().map(|text| ("headers", text.as_str()));
        let body = self.body.iter().map(|text| ("body", text.as_str()));
        let path = std::iter::once(("path", self.path.as_str()));
        path.chain(headers).chain(body)
    }

    /// Whether it names the variable.
    pub(super) fn mentions(&self, variable: &str) -> bool {
        let mut named = self.texts().flat_map(|(_, text)| names(text));
        named.any(|name| name.trim_end_matches('?') == variable)
    }

    /// The member of its body, or the pair of its form, that holds the variable.
    pub(super) fn member_with(&self, variable: &str) -> Option<String> {
        let holds = |text: &str| {
            let mut named = names(text).into_iter();
            named.any(|name| name.trim_end_matches('?') == variable)
        };
        let document = self.notation()?.read(self.body.as_ref()?)?;
        let name = member_in(&document, &holds)?;
        Some(name.trim_start_matches('@').to_owned())
    }

    /// Every member of its body, in the order in which [`Leaf::Nth`](super::bend::Leaf::Nth) counts them.
    pub(super) fn members(&self) -> Vec<Member> {
        let Some(body) = &self.body else {
            return Vec::new();
        };
        let mut found = Vec::new();
        match self.notation() {
            Some(Notation::Json) => {
                if let Some(Ok(document)) = self.json_body() {
                    leaves(&document, "", &mut found);
                }
            }
            Some(Notation::Form) => found.extend(body.split('&').map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (name.to_owned(), value.to_owned())
            })),
            Some(Notation::Xml) => {
                let all = names(body).into_iter();
                found.extend(all.map(|name| (name.clone(), format!("{{{name}}}"))));
            }
            None => {}
        }
        let typed = self.notation() == Some(Notation::Json);
        let member = |(name, text): (String, String)| Member {
            name,
            variables: plain_names(&text),
            typed,
        };
        found.into_iter().map(member).collect()
    }

    /// The variables that its path names.
    pub(super) fn names_in_path(&self) -> Vec<String> {
        plain_names(&self.path)
    }

    /// Whether its body can be sent with one thing wrong.
    pub(super) fn is_structured(&self) -> bool {
        self.body.is_some() && self.notation().is_some()
    }

    /// How its body is written, if that is known.
    fn notation(&self) -> Option<Notation> {
        let mut all = Notation::ALL.into_iter();
        all.find(|one| one.is_called(&self.media_type))
    }

    /// Why its body cannot be read as what it is called.
    pub(super) fn misread(&self) -> Option<String> {
        let body = self.body.as_deref()?;
        match self.notation()? {
            Notation::Json => self
                .json_body()?
                .err()
                .map(|why| format!("is not JSON: {why}")),
            Notation::Xml => {
                let read = Notation::Xml.read(body);
                read.is_none().then(|| "is not XML".to_owned())
            }
            Notation::Form => None,
        }
    }

    /// The request, perhaps with one thing wrong with it.
    pub(super) fn fill(
        &self,
        variables: &Variables,
        conversation: &Conversation,
        bend: Option<&Bend>,
    ) -> Held<Sent> {
        let untold =
            |error: String| Broken::Unready(format!("{} {}: {error}", self.method, self.path));
        let path = match bend {
            // Whatever else sets the variable, in the path it is wrong.
            Some(Bend::Path(name, wrong)) => {
                let mut variables = variables.clone();
                variables.insert(name.clone(), json!(wrong));
                fill_path(&self.path, &variables)
            }
            Some(_) | None => fill_path(&self.path, variables),
        };
        let path = path.map_err(untold)?;
        let url = if self.is_told() {
            conversation.led_to(&conversation.url("/"), &path)?
        } else {
            conversation.url(&path)
        };
        let mut sent = Sent::new(&self.method, url);
        for (name, value) in &self.headers {
            sent.set_header(name, Some(fill_text(value, variables).map_err(untold)?));
        }
        let body = match (&self.body, self.notation()) {
            (Some(text), Some(Notation::Json)) => {
                let template = serde_json::from_str(text);
                let mut template = template
                    .map_err(|error: serde_json::Error| Broken::Suite(error.to_string()))?;
                if let Some(bend) = bend {
                    bend.template(&mut template)?;
                }
                Some(fill_json(&template, variables).map_err(untold)?.to_string())
            }
            (Some(text), Some(Notation::Form)) => {
                let text = match bend {
                    Some(bend) => bend.form(text)?,
                    None => text.clone(),
                };
                Some(fill_form(&text, variables).map_err(untold)?)
            }
            (Some(text), Some(Notation::Xml)) => {
                let text = match bend {
                    Some(bend) => bend.xml(text)?,
                    None => text.clone(),
                };
                Some(fill_xml(&text, variables).map_err(untold)?)
            }
            (Some(text), None) => Some(fill_text(text, variables).map_err(untold)?),
            (None, _) => None,
        };
        if let Some(body) = body {
            sent = sent.header("content-type", &self.media_type).body(body);
        }
        if let Some(bend) = bend {
            bend.sent(&mut sent)?;
        }
        Ok(sent)
    }

    pub(super) fn keep(
        &self,
        answer: &Answer,
        written: Notation,
        variables: &mut Variables,
    ) -> Held {
        let document = written.read(&answer.body).unwrap_or(Value::Null);
        for (name, source) in &self.save {
            let value = source.read(answer, &document, variables).ok_or_else(|| {
                let (method, path, status) = (&self.method, &self.path, answer.status);
                Broken::Unready(format!(
                    "{method} {path} answered {status} without what is saved as {name}"
                ))
            })?;
            variables.insert(name.clone(), value);
        }
        Ok(())
    }
}

/// A member of a body as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// A JSON pointer, the name of a pair, or in XML the variable.
    pub(crate) name: String,
    /// What it names; one that may be absent has a `?` behind it.
    pub(crate) variables: Vec<String>,
    /// Whether texts, numbers and lists can be told apart.
    pub(crate) typed: bool,
}

/// The name of the member whose text is the one that is looked for.
fn member_in(place: &Value, wanted: &impl Fn(&str) -> bool) -> Option<String> {
    match place {
        Value::Object(members) => members.iter().find_map(|(name, member)| match member {
            Value::String(text) => wanted(text).then(|| name.clone()),
            Value::Object(_) | Value::Array(_) => member_in(member, wanted),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }),
        Value::Array(items) => items.iter().find_map(|item| member_in(item, wanted)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Puts in what is new in every request.
pub(crate) fn refresh(variables: &mut Variables, now_ms: i64, nonce: &str) {
    let part = |from: usize, to: usize| nonce.get(from..to).unwrap_or_default();
    let uuid = format!(
        "{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    );
    let now_s = now_ms.div_euclid(1000);
    let iso = jiff::Timestamp::from_second(now_s).map(|at| at.to_string());
    for (name, value) in [
        ("uuid", json!(uuid)),
        ("nonce", json!(nonce)),
        ("now", json!(now_s)),
        ("now_ms", json!(now_ms)),
        ("now_iso", json!(iso.unwrap_or_default())),
    ] {
        variables.insert(name.to_owned(), value);
    }
}

/// Puts the target's own words in the place of the suite's.
pub(crate) fn translate(
    variables: &mut Variables,
    words: &BTreeMap<String, BTreeMap<String, String>>,
) {
    for (name, theirs) in words {
        let word = variables.get(name).map(shown);
        if let Some(word) = word.and_then(|word| theirs.get(&word)) {
            variables.insert(name.clone(), json!(word));
        }
    }
}

/// The names of the variables in a text, whether they may be absent or not.
fn plain_names(text: &str) -> Vec<String> {
    let names = names(text).into_iter();
    let plain = names.map(|name| name.trim_end_matches('?').to_owned());
    plain.collect()
}
