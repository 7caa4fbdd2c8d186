//! Webhook messages, by the scheme that signs them.

pub(super) mod adyen;
pub(super) mod checkout;
pub(super) mod stamped;
pub(super) mod standard;

use serde_json::{Map, Value, json};

use super::material::NOW_S;
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

fn message(headers: &[Header], body: &str) -> Value {
    let headers: Map<_, _> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    json!({ "message": { "headers": headers, "body": body } })
}
