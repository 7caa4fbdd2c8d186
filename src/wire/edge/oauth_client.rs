//! Who the client says it is: by form members or by Basic, as RFC 6749 section 2.3.1 has it.

use std::collections::HashMap;

use http::HeaderMap;

use super::credentials::basic;

/// A client and its secret as presented.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::wire) struct Client {
    pub id: String,
    pub secret: String,
    pub by_basic: bool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.id)
    }
}

/// The members of a form, the last one winning.
pub(in crate::wire) fn form(body: &[u8]) -> HashMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The client of a request, if it names one.
pub(in crate::wire) fn client_of_request(headers: &HeaderMap, body: &[u8]) -> Option<Client> {
    client(headers, &form(body))
}

/// The client that Basic names, or else the form.
pub(in crate::wire) fn client(
    headers: &HeaderMap,
    form: &HashMap<String, String>,
) -> Option<Client> {
    if let Some((user, password)) = basic(headers) {
        return Some(Client {
            id: decode(&user),
            secret: decode(&password),
            by_basic: true,
        });
    }
    let id = form.get("client_id")?.clone();
    let secret = form.get("client_secret").cloned().unwrap_or_default();
    Some(Client {
        id,
        secret,
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
