//! Who the client says it is: by form members or by Basic, as RFC 6749 section 2.3.1 has it.

use std::collections::HashMap;

use http::HeaderMap;

use super::credentials::{authorization, basic};

/// A client and its secret as presented.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::wire) struct Client {
    pub id: String,
    /// None equals no secret, not even an empty one.
    pub secret: Option<String>,
    pub by_basic: bool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.id)
    }
}

/// What is wrong with a form for an access token (RFC 6749, section 3.2): no parameter comes twice, and a client without a name
/// is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wire) enum FormProblem {
    Empty(&'static str),
    Several(&'static str),
}

impl std::fmt::Display for FormProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty(name) => write!(f, "The form parameter {name} has no value"),
            Self::Several(name) => write!(f, "The form parameter {name} is there more than once"),
        }
    }
}

/// Whether the parameters that say who asks, and for what, are there once at most, and the client has a name. An empty secret is
/// a wrong one, and an empty grant one that nobody knows, which the services have words for.
///
/// # Errors
/// With the first that cannot be used.
pub(in crate::wire) fn check(body: &[u8]) -> Result<(), FormProblem> {
    for name in ["grant_type", "client_id", "client_secret", "scope"] {
        let mut values = form_urlencoded::parse(body).filter(|(known, _)| known == name);
        let first = values.next();
        if values.next().is_some() {
            return Err(FormProblem::Several(name));
        }
        if name == "client_id" && first.is_some_and(|(_, value)| value.is_empty()) {
            return Err(FormProblem::Empty(name));
        }
    }
    Ok(())
}

/// The members of a form, the last one winning.
pub(in crate::wire) fn form(body: &[u8]) -> HashMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The client of a request, if it names one.
pub(in crate::wire) fn client_of_request(headers: &HeaderMap, body: &[u8]) -> Option<Client> {
    client(headers, &form(body))
}

/// The client that Basic names, or else the form. A Basic that cannot be read is no reason to look further: whoever sent it
/// meant to be known by it.
pub(in crate::wire) fn client(
    headers: &HeaderMap,
    form: &HashMap<String, String>,
) -> Option<Client> {
    let is_basic = |value: &str| {
        value
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"))
    };
    if authorization(headers).is_some_and(is_basic) {
        let (user, password) = basic(headers)?;
        return Some(Client {
            id: decode(&user),
            secret: Some(decode(&password)),
            by_basic: true,
        });
    }
    Some(Client {
        id: form.get("client_id")?.clone(),
        secret: form.get("client_secret").cloned(),
        by_basic: false,
    })
}

/// RFC 6749 has both halves form-encoded inside Basic; most clients send them plain, which reads the same unless they
/// hold `%` or `+`.
fn decode(text: &str) -> String {
    let pair = format!("x={text}");
    if text.contains('&') {
        return text.to_owned();
    }
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, v)| v.into_owned())
}
