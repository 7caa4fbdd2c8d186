//! A request of a wire scenario before it is sent, so that "the same request" can be sent again with one thing changed. What
//! is refused then differs from what was accepted in exactly that one thing.

use serde_json::Value;

use super::binding::pointer;
use super::binding::template::shown;
use super::broken::{Broken, Held};
use super::conversation::encode_form;
use super::credentials::Forgery;

/// The header in which a request names itself, so that it is carried out once.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Who sends a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// An account of the target, perhaps narrowed to scopes.
    Account {
        /// Its name in the target's claims.
        name: String,
        /// The scopes asked for; all when there are none.
        scopes: Option<String>,
    },
    /// The token requestor at Visa, perhaps by a forged signature.
    Requestor(Option<Forgery>),
    /// This text as the Authorization header.
    Given(String),
    /// Nobody.
    None,
}

/// A request before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) by: Credential,
}

impl Draft {
    /// Sets one member of the body, or takes it away.
    pub(crate) fn change(&mut self, place: &str, value: Option<Value>) -> Held {
        let body = self.body.as_deref().unwrap_or("{}");
        let changed = if self.is_form() {
            change_form(body, place, value)
        } else {
            let mut document: Value = serde_json::from_str(body).map_err(|error| {
                Broken::Suite(format!("the same request has no JSON body: {error}"))
            })?;
            pointer::change(&mut document, place, value).map(|()| document.to_string())
        };
        self.body = Some(changed.map_err(Broken::Suite)?);
        Ok(())
    }

    /// Gives the request a key of its own where it has one: with the key of another request, that would be what is refused.
    pub(crate) fn renew_key(&mut self, key: String) {
        if self.headers.iter().any(|(name, _)| name == IDEMPOTENCY_KEY) {
            self.set_header(IDEMPOTENCY_KEY, Some(key));
        }
    }

    /// Sets a header, or takes it away.
    pub(crate) fn set_header(&mut self, name: &str, value: Option<String>) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers
            .extend(value.map(|value| (name.to_owned(), value)));
    }

    fn is_form(&self) -> bool {
        self.headers
            .iter()
            .any(|(name, value)| name == "content-type" && value.contains("form"))
    }
}

fn change_form(body: &str, place: &str, value: Option<Value>) -> Result<String, String> {
    let name = place
        .strip_prefix('/')
        .ok_or_else(|| format!("{place:?} must begin with /"))?;
    let is_it = |pair: &&str| pair.split('=').next() == Some(name);
    let had = body.split('&').any(|pair| is_it(&pair));
    let mut pairs: Vec<String> = body
        .split('&')
        .filter(|pair| !is_it(pair))
        .map(str::to_owned)
        .collect();
    match value {
        Some(value) => pairs.push(encode_form(&[(name, &shown(&value))])),
        None if !had => return Err(format!("{place}: nothing to leave out there")),
        None => {}
    }
    Ok(pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_thing_is_changed() {
        let mut draft = Draft {
            method: "POST".to_owned(),
            path: "/t".to_owned(),
            headers: vec![(
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            )],
            body: Some("grant_type=x&scope=a".to_owned()),
            by: Credential::None,
        };
        draft.change("/grant_type", Some(json!("a b"))).unwrap();
        assert_eq!(draft.body.as_deref(), Some("scope=a&grant_type=a+b"));
        draft.change("/scope", None).unwrap();
        assert_eq!(draft.body.as_deref(), Some("grant_type=a+b"));
        assert!(draft.change("/scope", None).is_err());
        draft.renew_key("k2".to_owned());
        assert_eq!(draft.headers.len(), 1, "none where there was none");
        draft.set_header(IDEMPOTENCY_KEY, Some("k1".to_owned()));
        draft.renew_key("k2".to_owned());
        assert_eq!(draft.headers[1].1, "k2");
        draft.set_header("Content-Type", Some("application/json".to_owned()));
        draft.body = Some(r#"{"a":{"b":1}}"#.to_owned());
        draft.change("/a/b", Some(json!([]))).unwrap();
        assert_eq!(draft.body.as_deref(), Some(r#"{"a":{"b":[]}}"#));
    }
}
