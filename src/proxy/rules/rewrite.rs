//! One exchange through the proxy: what is rewritten in it, and what is written down of that. An alias that nobody knows passes
//! unchanged, as at VGS, and the journal says so.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};

use super::{Rule, Rules};
use crate::domain::alias::Secret;
use crate::domain::card::Pan;
use crate::journal::Entry;
use crate::operations::aliases::{self, NewAlias};
use crate::operations::proxy_settings::{Action, Phase};
use crate::operations::revealed::Revealed;
use crate::operations::{Call, Space};
use crate::proxy::find::{self, Change, Piece};
use crate::proxy::tokens::{self, CardPlaces, Paid, Payment};
use crate::server::refused::Refused;

/// See the module.
#[derive(Debug)]
pub(in crate::proxy) struct Rewriting {
    rules: Vec<Rule>,
    /// The request as it came.
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    revealed: Vec<Revealed>,
    notes: Vec<String>,
    host: String,
    /// Where the card stands, if a network token is to be put there.
    card: Option<CardPlaces>,
}

/// A text that is rewritten, and the headers beside it.
struct Message<'a> {
    headers: &'a mut HeaderMap,
    body: Bytes,
}

impl Rewriting {
    /// Takes the headers off that are for the vault alone.
    pub(in crate::proxy) fn begin(
        rules: &Rules,
        host: &str,
        parts: &mut Parts,
    ) -> Result<Self, Box<Refused>> {
        let headers = parts.headers.clone();
        let wanted = tokens::take(&mut parts.headers)?;
        Ok(Self {
            rules: rules.of(host, parts),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers,
            body: Bytes::new(),
            revealed: Vec::new(),
            notes: Vec::new(),
            host: host.to_owned(),
            card: rules.card(host).filter(|_| wanted),
        })
    }

    /// Whether anything in the request is looked for.
    pub(in crate::proxy) fn of_request(&self) -> bool {
        let mut rules = self.rules.iter();
        self.card.is_some()
            || rules.any(|rule| rule.phase == Phase::Request && rule.is_for_body(&self.headers))
    }

    /// Whether anything in an answer with this head is looked for.
    pub(in crate::proxy) fn of_response(&self, head: &http::response::Parts) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| {
            rule.phase == Phase::Response
                && rule.is_for_status(head.status)
                && rule.is_for_body(&head.headers)
        })
    }

    /// Whether an answer may be looked into, and should come in a form that can be read.
    pub(in crate::proxy) fn wants_plain(&self) -> bool {
        self.rules.iter().any(|rule| rule.phase == Phase::Response)
    }

    /// Which values stand in the place of which aliases.
    pub(in crate::proxy) fn revealed(&self) -> Vec<Revealed> {
        self.revealed.clone()
    }

    /// Rewrites a request and returns its body.
    pub(in crate::proxy) async fn request(
        &mut self,
        call: &Call,
        parts: &mut Parts,
        body: Bytes,
    ) -> Result<Bytes, Box<Refused>> {
        let message = Message {
            headers: &mut parts.headers,
            body,
        };
        self.body = message.body.clone();
        let body = self.apply(call, Phase::Request, None, message).await?;
        let body = self.with_token(call, body).await?;
        if parts.headers.contains_key(CONTENT_LENGTH) {
            parts.headers.insert(CONTENT_LENGTH, body.len().into());
        }
        Ok(body)
    }

    /// The body with a network token in the place of its card, if that is wanted and there is one.
    async fn with_token(&mut self, call: &Call, body: Bytes) -> Result<Bytes, Box<Refused>> {
        let (Some(places), Ok(text)) = (&self.card, std::str::from_utf8(&body)) else {
            return Ok(body);
        };
        let payment = Payment {
            host: &self.host,
            places,
            revealed: &self.revealed,
            body: text,
        };
        let Paid { body: paid, note } = tokens::put_in(call, &payment).await;
        self.notes.push(note);
        Ok(paid.map_or(body, Bytes::from))
    }

    /// Rewrites an answer.
    pub(in crate::proxy) async fn response(
        &mut self,
        call: &Call,
        response: Response<Bytes>,
    ) -> Result<Response<Bytes>, Box<Refused>> {
        let (mut head, body) = response.into_parts();
        let message = Message {
            headers: &mut head.headers,
            body,
        };
        let body = self.apply(call, Phase::Response, Some(head.status), message);
        let body = body.await?;
        if head.headers.contains_key(CONTENT_LENGTH) {
            head.headers.insert(CONTENT_LENGTH, body.len().into());
        }
        Ok(Response::from_parts(head, body))
    }

    async fn apply(
        &mut self,
        call: &Call,
        phase: Phase,
        status: Option<StatusCode>,
        message: Message<'_>,
    ) -> Result<Bytes, Box<Refused>> {
        let Message { headers, mut body } = message;
        let rules = std::mem::take(&mut self.rules);
        let mut applied = Ok(());
        for rule in &rules {
            let fits = rule.phase == phase && rule.is_for_body(headers);
            if !fits || status.is_some_and(|status| !rule.is_for_status(status)) {
                continue;
            }
            applied = self.by_rule(call, rule, headers, &mut body).await;
            if applied.is_err() {
                break;
            }
        }
        self.rules = rules;
        applied?;
        Ok(body)
    }

    async fn by_rule(
        &mut self,
        call: &Call,
        rule: &Rule,
        headers: &mut HeaderMap,
        body: &mut Bytes,
    ) -> Result<(), Box<Refused>> {
        for name in &rule.headers {
            let values: Vec<_> = headers.get_all(name).iter().cloned().collect();
            headers.remove(name);
            for value in values {
                let other = match value.to_str() {
                    Ok(text) => self.other(call, rule, text, name.as_str()).await?,
                    Err(_) => {
                        self.unread(rule, &format!("the header {name}, which is no ASCII,"))?;
                        None
                    }
                };
                let other = other.and_then(|text| HeaderValue::from_str(&text).ok());
                headers.append(name, other.unwrap_or(value));
            }
        }
        let in_body = rule.json.len() + rule.form.len() + rule.text.len() > 0;
        if !in_body || body.is_empty() {
            return Ok(());
        }
        let coding = headers.get(CONTENT_ENCODING);
        if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return self.unread(rule, "a body that is compressed");
        }
        let Ok(mut text) = String::from_utf8(body.to_vec()) else {
            return self.unread(rule, "a body that is no text");
        };
        for path in &rule.json {
            let pieces = find::json(&text, path);
            text = self
                .changed(call, rule, text, pieces, &path.to_string())
                .await?;
        }
        for name in &rule.form {
            let pieces = find::form(&text, name);
            text = self.changed(call, rule, text, pieces, name).await?;
        }
        for pattern in &rule.text {
            let pieces = find::text(&text, pattern);
            text = self
                .changed(call, rule, text, pieces, pattern.as_str())
                .await?;
        }
        *body = text.into();
        Ok(())
    }

    /// What a rule is about cannot be read. An alias may pass as it is; what was to be redacted must not.
    fn unread(&mut self, rule: &Rule, what: &str) -> Result<(), Box<Refused>> {
        match rule.action {
            Action::Reveal => {
                self.notes.push(format!("{what} was not looked into"));
                Ok(())
            }
            Action::Redact => {
                let why = format!("{what} cannot be redacted, and is not passed on");
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                Err(Refused::with(status, "proxy_unreadable", &why))
            }
        }
    }

    async fn changed(
        &mut self,
        call: &Call,
        rule: &Rule,
        text: String,
        pieces: Vec<Piece>,
        place: &str,
    ) -> Result<String, Box<Refused>> {
        let mut changes = Vec::new();
        for piece in pieces {
            if let Some(other) = self.other(call, rule, &piece.text, place).await? {
                changes.push(Change { piece, text: other });
            }
        }
        if changes.is_empty() {
            return Ok(text);
        }
        Ok(find::splice(&text, &changes))
    }

    /// What is to stand in the place of a value, if anything else than it.
    async fn other(
        &mut self,
        call: &Call,
        rule: &Rule,
        value: &str,
        place: &str,
    ) -> Result<Option<String>, Box<Refused>> {
        let failed = |rejection| {
            let why = format!("the value at {place} is not rewritten: {rejection}");
            Refused::with(StatusCode::UNPROCESSABLE_ENTITY, "proxy_alias", &why)
        };
        let known = aliases::find(call, value).await.map_err(failed)?;
        match (rule.action, known) {
            (Action::Reveal, Some(record)) => {
                let secret = match record.secret {
                    Secret::Pan(pan) => pan.expose(),
                    Secret::Text(text) => text.into(),
                };
                self.notes.push(format!("revealed {value} at {place}"));
                self.revealed.push(Revealed {
                    alias: value.to_owned(),
                    value: secret.clone(),
                });
                Ok(Some(secret))
            }
            (Action::Reveal, None) => {
                if could_be_an_alias(value) {
                    self.notes
                        .push(format!("unknown alias at {place}, passed unchanged"));
                }
                Ok(None)
            }
            // It is an alias already.
            (Action::Redact, Some(_)) => Ok(None),
            (Action::Redact, None) if value.is_empty() => Ok(None),
            (Action::Redact, None) => {
                self.notes.push(format!("redacted at {place}"));
                // What was revealed on the way out goes back as it came.
                if let Some(known) = self.revealed.iter().find(|known| known.value == value) {
                    return Ok(Some(known.alias.clone()));
                }
                let new = NewAlias {
                    value: value.to_owned(),
                    format: rule.format,
                    storage: rule.storage,
                    chosen: None,
                };
                let mut call = Call::at(Arc::clone(&call.space), call.now);
                let made = aliases::create(&mut call, new).await.map_err(failed)?;
                Ok(Some(made.0))
            }
        }
    }

    /// Writes down what was rewritten, if anything was.
    pub(in crate::proxy) fn write_down(&self, space: &Space, status: StatusCode, response: &[u8]) {
        if self.notes.is_empty() {
            return;
        }
        self.record(space, status, response);
    }

    /// Writes down the exchange as the client saw it.
    pub(in crate::proxy) fn record(&self, space: &Space, status: StatusCode, response: &[u8]) {
        let reason = (!self.notes.is_empty()).then(|| self.notes.join("; ").into());
        space.journal.record(Entry {
            headers: Some(&self.headers),
            status: status.as_u16(),
            reason,
            request: &self.body,
            response,
            ..Entry::of_proxy(space.clock.now(), &self.method, &self.uri)
        });
    }
}

/// A card's own number is none, nor is a security code.
fn could_be_an_alias(value: &str) -> bool {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let is_a_code = digits && value.len() <= 4;
    !is_a_code && Pan::parse(value).is_err()
}
