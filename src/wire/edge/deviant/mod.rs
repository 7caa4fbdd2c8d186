//! What an instance that deviates makes of answers, whichever surface has given them: where what is wrong is in the answer alone,
//! nothing else of the instance needs to be.

mod members;
mod status;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue};
use hyper::ext::ReasonPhrase;
use serde_json::Value;

use super::{Answer, Request};
use crate::domain::deviation::{Deviation, Kind};
use crate::domain::operation::Operation;
use crate::limits::SLOW_ANSWER_WAIT;
use crate::operations::cards;

/// An answer that is to be changed, and what it answers.
struct Case<'a> {
    deviation: Deviation,
    operation: Option<Operation>,
    request: &'a Request,
    /// The numbers of the cards on file, where the deviation tells them.
    numbers: Vec<String>,
}

/// Changes an answer as the deviation has it.
pub(super) async fn answer(
    deviation: Deviation,
    answer: &mut Answer,
    request: &Request,
    operation: Option<Operation>,
) {
    // Without a key nothing else could be seen, so only what is about keys touches them.
    let about_keys = matches!(
        deviation,
        Deviation::AccessTokenPlain | Deviation::KeyRefusedWith200
    );
    let key = operation == Some(Operation::IssueAccessToken);
    if deviation.kind() == Kind::Defect && key != about_keys {
        return;
    }
    if deviation == Deviation::Slow {
        tokio::time::sleep(SLOW_ANSWER_WAIT).await;
    }
    let tells = matches!(
        deviation,
        Deviation::TellsCardNumbers | Deviation::RefusalTellsCardNumber | Deviation::NumberTold
    );
    let numbers = if tells {
        let numbers = cards::numbers(&request.space).await;
        numbers.unwrap_or_default()
    } else {
        Vec::new()
    };
    let case = Case {
        deviation,
        operation,
        request,
        numbers,
    };
    status::change(&case, answer);
    if let Ok(mut document) = serde_json::from_slice::<Value>(answer.body())
        && members::change(&case, answer.status(), &mut document)
    {
        *answer.body_mut() = Bytes::from(document.to_string());
    }
    text(deviation, answer);
    headers(&case, answer);
}

/// Writes the same document otherwise, or spoils it.
fn text(deviation: Deviation, answer: &mut Answer) {
    let body = answer.body();
    if body.is_empty() {
        return;
    }
    let document = || serde_json::from_slice::<Value>(body).ok();
    let text = || std::str::from_utf8(body).ok();
    let otherwise = match deviation {
        Deviation::Spaced => document().and_then(|json| serde_json::to_vec_pretty(&json).ok()),
        Deviation::OtherOrder => document().map(|json| reversed(json).to_string().into_bytes()),
        Deviation::Escaped => document().and_then(|_| Some(escaped(text()?).into_bytes())),
        Deviation::LineBreak => document().map(|_| [body, &b"\n"[..]].concat()),
        Deviation::CutOff => document().map(|_| body[..body.len() - 1].to_vec()),
        Deviation::SentTwice => document().map(|_| [&body[..], &body[..]].concat()),
        _ => None,
    };
    if let Some(otherwise) = otherwise {
        *answer.body_mut() = Bytes::from(otherwise);
    }
}

/// The members of each object from the last to the first.
fn reversed(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            let members = members.into_iter().rev();
            Value::Object(
                members
                    .map(|(name, value)| (name, reversed(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(reversed).collect()),
        other => other,
    }
}

/// The same JSON with each letter of its texts as an escape (RFC 8259, section 7).
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 4);
    let (mut inside, mut after_backslash) = (false, false);
    for letter in json.chars() {
        match letter {
            _ if after_backslash => {
                after_backslash = false;
                out.push(letter);
            }
            '\\' => {
                after_backslash = true;
                out.push(letter);
            }
            '"' => {
                inside = !inside;
                out.push(letter);
            }
            _ if inside && letter.is_ascii_lowercase() => {
                let code = u32::from(letter);
                out.push_str(&format!("\\u{code:04x}"));
            }
            _ => out.push(letter),
        }
    }
    out
}

fn headers(case: &Case<'_>, answer: &mut Answer) {
    let add = |answer: &mut Answer, name: &'static str, value: &'static str| {
        let name = HeaderName::from_static(name);
        answer
            .headers_mut()
            .append(name, HeaderValue::from_static(value));
    };
    let typed = answer.headers().get(CONTENT_TYPE);
    let json = typed
        .and_then(|value| value.to_str().ok())
        .filter(|text| text.contains("json"));
    match case.deviation {
        Deviation::CalledHtml if json.is_some() => {
            let html = HeaderValue::from_static("text/html");
            answer.headers_mut().insert(CONTENT_TYPE, html);
        }
        Deviation::Charset => {
            let with = json.map(|json| HeaderValue::try_from(format!("{json}; charset=utf-8")));
            if let Some(Ok(with)) = with {
                answer.headers_mut().insert(CONTENT_TYPE, with);
            }
        }
        Deviation::HeaderRepeatsRequest if answer.status().is_client_error() => {
            if let Ok(sent) = HeaderValue::from_bytes(&case.request.body) {
                answer.headers_mut().insert("x-request", sent);
            }
        }
        Deviation::MoreHeaders => {
            add(answer, "x-served-by", "node-7");
            add(answer, "x-request-id", "4bf92f3577b34da6a3ce929d0e0e4736");
            add(answer, "strict-transport-security", "max-age=31536000");
        }
        Deviation::Cookies => add(answer, SET_COOKIE.as_str(), "lb=7; Path=/; HttpOnly"),
        Deviation::RateTold => {
            add(answer, "ratelimit-limit", "1000");
            add(answer, "ratelimit-remaining", "999");
            add(answer, "ratelimit-reset", "1");
        }
        Deviation::Closes => add(answer, CONNECTION.as_str(), "close"),
        Deviation::OtherReason => {
            let phrase = ReasonPhrase::from_static(b"As You Wish");
            answer.extensions_mut().insert(phrase);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_otherwise_means_the_same() {
        let document = json!({ "a": "b\"c\\d\n", "e": [1, { "f": "g", "h": null }], "ü": "ß" });
        for text in [
            escaped(&document.to_string()),
            reversed(document.clone()).to_string(),
        ] {
            assert_eq!(
                serde_json::from_str::<Value>(&text).unwrap(),
                document,
                "{text}"
            );
        }
        assert!(!escaped(&document.to_string()).contains("\"a\""));
    }
}
