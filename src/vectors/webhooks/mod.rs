//! Webhook messages, by the scheme that signs them.

pub(super) mod adyen;
pub(super) mod checkout;
pub(super) mod stamped;
pub(super) mod standard;

use serde_json::{Map, Value, json};

use super::material::NOW_S;
use super::pack::Cases;
use crate::crypto::webhook::{Header, Message, Scheme, WebhookError};

const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

/// A message that is signed when it is due.
#[derive(Clone, Copy)]
struct Signed<'a> {
    scheme: Scheme,
    secret: &'a str,
    id: &'a str,
    at_s: i64,
    body: &'a str,
}

impl<'a> Signed<'a> {
    fn plain(scheme: Scheme, secret: &'a str, body: &'a str) -> Self {
        Self {
            scheme,
            secret,
            id: ID,
            at_s: NOW_S,
            body,
        }
    }

    /// The same with another body, and so on.
    const fn saying(self, body: &'a str) -> Self {
        Self { body, ..self }
    }

    const fn at(self, at_s: i64) -> Self {
        Self { at_s, ..self }
    }

    const fn under(self, secret: &'a str) -> Self {
        Self { secret, ..self }
    }

    const fn called(self, id: &'a str) -> Self {
        Self { id, ..self }
    }

    const fn by(self, scheme: Scheme) -> Self {
        Self { scheme, ..self }
    }

    fn headers(&self) -> Result<Vec<Header>, WebhookError> {
        let message = Message {
            id: self.id,
            at_s: self.at_s,
            body: self.body,
        };
        self.scheme.sign(self.secret, message)
    }

    /// What the header of the signature says.
    fn signature(&self) -> Result<String, WebhookError> {
        let headers = self.headers()?;
        let found = headers
            .into_iter()
            .find(|(name, _)| *name == self.scheme.place());
        Ok(found.map(|(_, value)| value).unwrap_or_default())
    }

    fn input(&self) -> Result<Value, WebhookError> {
        Ok(message(&self.headers()?, self.body))
    }

    /// The message with its own headers, of which one is another or is gone.
    fn with(&self, name: &str, value: Option<&str>) -> Result<Value, WebhookError> {
        let mut headers = self.headers()?;
        match value {
            Some(value) => {
                for header in &mut headers {
                    if header.0 == name {
                        value.clone_into(&mut header.1);
                    }
                }
            }
            None => headers.retain(|(known, _)| *known != name),
        }
        Ok(message(&headers, self.body))
    }

    /// The message with the headers of another one.
    fn as_signed(&self, other: &Self) -> Result<Value, WebhookError> {
        Ok(message(&other.headers()?, self.body))
    }
}

/// What every scheme accepts.
fn plain_cases(cases: &mut Cases, plain: Signed<'_>) -> Result<(), WebhookError> {
    cases.add("plain", plain.input()?);
    cases.add("least", plain.saying("{}").input()?);
    cases.add("spaced", plain.saying("{ \"a\" : 1 }\n").input()?);
    Ok(())
}

/// Bodies that were changed after signing, which every scheme notices.
fn changed_cases(cases: &mut Cases, plain: Signed<'_>) -> Result<(), WebhookError> {
    for (name, body) in [
        ("changed-body", plain.body.replace("2500", "2501")),
        ("rewritten-body", plain.body.replace(": 2", ":2")),
        ("added-newline", format!("{}\n", plain.body)),
        ("emptied-body", "{}".to_owned()),
    ] {
        cases.add(name, plain.saying(&body).as_signed(&plain)?);
    }
    Ok(())
}

fn message(headers: &[Header], body: &str) -> Value {
    let headers: Map<_, _> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    json!({ "message": { "headers": headers, "body": body } })
}
