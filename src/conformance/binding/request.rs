//! One request of a binding as it is written: filled with what the scenario knows, sent, and read for what follows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::broken::{Broken, Held};
use super::super::conversation::Conversation;
use super::super::http::{Answer, Sent};
use super::pointer;
use super::template::{Variables, fill_form, fill_json, fill_text};

/// See the module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    method: String,
    pub(super) path: String,
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

impl Template {
    /// The body as JSON, if the media type says that it is.
    pub(super) fn json_body(&self) -> Option<Result<Value, String>> {
        let is_json = self
            .media_type
            .as_deref()
            .is_none_or(|kind| kind.contains("json"));
        let body = self.body.as_ref().filter(|_| is_json)?;
        Some(serde_json::from_str(body).map_err(|error| error.to_string()))
    }

    /// Whether it says for what amount.
    pub(super) fn names_an_amount(&self) -> bool {
        self.body
            .as_ref()
            .is_some_and(|body| body.contains("{amount"))
    }

    fn is_form(&self) -> bool {
        let kind = self.media_type.as_deref();
        kind.is_some_and(|kind| kind.contains("form-urlencoded"))
    }

    pub(super) fn fill(&self, variables: &Variables, conversation: &Conversation) -> Held<Sent> {
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
            (None, Some(text)) if self.is_form() => {
                Some(fill_form(text, variables).map_err(suite)?)
            }
            (None, Some(text)) => Some(fill_text(text, variables).map_err(suite)?),
            (None, None) => None,
        };
        if let Some(body) = body {
            let kind = self.media_type.as_deref().unwrap_or("application/json");
            sent = sent.header("content-type", kind).body(body);
        }
        Ok(sent)
    }

    pub(super) fn keep(&self, answer: &Answer, variables: &mut Variables) -> Held {
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
