//! A request to Checkout Solutions as its handlers see it: who asks, and the headers that every answer carries.

use http::HeaderValue;
use http::header::HeaderName;

use super::errors::{CheckoutError, Own, Place};
use crate::crypto::encoding::hex;
use crate::domain::id::Owner;
use crate::operations::{derived_ids, requestors};
use crate::wire::edge::{Answer, Exchange, Request, RequestContext};

/// Binds the calls of one client to one server.
const FLOW_ID: HeaderName = HeaderName::from_static("x-src-cx-flow-id");
const RESPONSE_HOST: HeaderName = HeaderName::from_static("x-src-response-host");

/// Lets a requestor in.
pub(super) async fn enter(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Owner, CheckoutError> {
    let entered = requestors::enter(&context.call, &request.signed()).await;
    let owner = entered.map_err(Own::NotLetIn)?;
    context.recognise(owner);
    Ok(owner)
}

/// Adds the headers by which a client stays with its server: its own come back, and else new ones.
pub(super) fn finish(answer: &mut Answer, Exchange { request, context }: Exchange<'_>) {
    let flow = request.header(FLOW_ID.as_str()).map(str::to_owned);
    let flow = flow.unwrap_or_else(|| {
        let seconds = context.call.now.seconds();
        format!(
            "{}.{}.{seconds:010}",
            &id(request, context, b"flow")[..8],
            uuid(request, context, b"flow")
        )
    });
    let host = request.header(RESPONSE_HOST.as_str()).map(str::to_owned);
    let host = host.unwrap_or_else(|| format!("http://{}/", request.host().unwrap_or("standin")));
    for (name, value) in [(FLOW_ID, flow), (RESPONSE_HOST, host)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
}

/// Follows from what was asked and when, and for what it is.
fn id(request: &Request, context: &RequestContext, purpose: &[u8]) -> String {
    let signature = request.header("authorization").unwrap_or_default();
    let inputs: [&[u8]; 3] = [purpose, signature.as_bytes(), &request.body];
    derived_ids::correlation_id(&context.call.space, context.call.now, &inputs)
}

/// The same as a UUID.
pub(super) fn uuid(request: &Request, context: &RequestContext, purpose: &[u8]) -> String {
    as_uuid(&id(request, context, purpose))
}

/// Thirty-two hexadecimal digits in five groups.
fn as_uuid(digits: &str) -> String {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let parts = [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ];
    parts.join("-")
}

/// Sixteen bytes as a UUID.
pub(super) fn uuid_of(bytes: &[u8; 16]) -> String {
    as_uuid(&hex(bytes))
}

/// By what a series of calls is spoken of: the client's own id comes back.
pub(super) fn correlation(
    request: &Request,
    context: &RequestContext,
    given: Option<String>,
) -> String {
    given.unwrap_or_else(|| uuid(request, context, b"correlation"))
}

/// A UUID, which may have eight digits and a dot in front.
pub(super) fn is_uuid(text: &str) -> bool {
    let rest = text.split_once('.').map_or(text, |(_, rest)| rest);
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = rest.split('-').collect();
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && hex(part))
}

/// A member of the query. One that must be there is named when it is not.
pub(super) fn query(request: &Request, name: &'static str) -> Option<String> {
    let query = request.sent.query()?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The two members of the query that say who asks. Any client and service is known, because standin registers none.
pub(super) fn client_of_query(request: &Request) -> Result<(), CheckoutError> {
    let wrong = |name, wrong| Err(Own::Member(Place::Query, name, wrong).into());
    let client = query(request, "srcClientId");
    match client.as_deref().map(is_uuid) {
        None => return wrong("srcClientId", Wrong::Null),
        Some(false) => return wrong("srcClientId", Wrong::Format),
        Some(true) => {}
    }
    match query(request, "serviceId") {
        Some(service) if !service.is_empty() => Ok(()),
        Some(_) | None => wrong("serviceId", Wrong::Null),
    }
}

/// What is wrong with a member outside the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Null,
    Format,
    Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_told_from_other_texts() {
        let plain = "2829642c-c5eb-46f7-a7ed-6a78c8bc3164";
        assert!(is_uuid(plain));
        assert!(is_uuid(&format!("34f4a04b.{plain}")));
        for wrong in [
            "",
            "x",
            &plain[1..],
            &plain.replace('c', "g"),
            &plain.replace('-', ""),
        ] {
            assert!(!is_uuid(wrong), "{wrong}");
        }
        assert!(is_uuid(&uuid_of(&[7; 16])));
    }
}
