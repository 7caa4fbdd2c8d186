//! One request and what came back, as it went over the wire.

use std::time::Duration;

use serde_json::Value;

use super::super::operation::Operation;

/// A request to be sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

impl Sent {
    /// A request without headers or body.
    pub(crate) fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            ..Self::default()
        }
    }

    /// Adds a header, replacing any of that name.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set_header(name, Some(value.into()));
        self
    }

    /// Adds a body.
    pub(crate) fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Replaces a header, or takes it away.
    pub(crate) fn set_header(&mut self, name: &str, value: Option<String>) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            self.headers.push((name.to_owned(), value));
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Every header of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter();
        let named = named.filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    /// The media type without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> Option<String> {
        let whole = self.header("content-type")?;
        Some(
            whole
                .split(';')
                .next()
                .unwrap_or(whole)
                .trim()
                .to_ascii_lowercase(),
        )
    }

    /// The answer in a few words, without its body: that is in the transcript.
    pub(crate) fn gist(&self) -> String {
        let document = self.json().unwrap_or(Value::Null);
        let codes = [
            "/errors/0/code",
            "/error",
            "/error_code",
            "/errorResponse/reason",
            "/responseStatus/code",
        ];
        let code = codes
            .iter()
            .find_map(|place| document.pointer(place)?.as_str());
        match (code, self.media_type()) {
            (Some(code), _) => format!("{} {code}", self.status),
            (None, Some(kind)) => format!("{} with {kind}", self.status),
            (None, None) => format!("{} without a media type", self.status),
        }
    }

    /// The body as JSON, if it is JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }
}

/// One request, what came back, and which step of the scenario asked.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    /// The operation of the binding that it is part of.
    pub(crate) about: Option<Operation>,
    pub(crate) step: usize,
    pub(crate) sent: Sent,
    pub(crate) answer: Result<Answer, String>,
    pub(crate) elapsed: Duration,
    /// The statuses with which the target had put it off, and for how long: it was sent again then.
    pub(crate) put_off: Vec<(u16, Duration)>,
}
