//! What a server says when it does not do what it was asked for, in its own words: the control plane's, or those of whichever
//! API it impersonates.

use http::StatusCode;
use serde_json::Value;

/// Where the words of a refusal stand, in the order in which they are looked for. Sources: the control plane and Stripe; OAuth
/// (RFC 6749, section 5.2); Adyen; problem details (RFC 9457); JSON:API; what a server says that cannot do its work.
const PLACES: [&str; 9] = [
    "/error/message",
    "/error_description",
    "/message",
    "/detail",
    "/errors/0/detail",
    "/errors/0/title",
    "/title",
    "/reason",
    "/error",
];

/// A text of another server than ours is shown up to here.
const LETTERS_MAX: usize = 200;

/// The words of a refusal of `url`.
pub(super) fn words(url: &str, status: StatusCode, body: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut places = PLACES.iter();
    let found = places.find_map(|place| answer.pointer(place)?.as_str());
    if let Some(message) = found.filter(|message| !message.is_empty()) {
        let asks = answer["error"]["code"] == "control_token";
        let hint = if asks {
            "; give it with --control-token, or in STANDIN_CONTROL_TOKEN"
        } else {
            ""
        };
        return format!("{message}{hint}");
    }
    // Checkout.com tells codes and no sentence.
    if let Some(codes) = answer["error_codes"].as_array() {
        let codes: Vec<_> = codes.iter().filter_map(Value::as_str).collect();
        return format!("{url} answered {status}: {}", codes.join(", "));
    }
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if text.is_empty() {
        return format!("{url} answered {status}");
    }
    if text.starts_with('<') {
        return format!(
            "{url} answered {status} and a page, which standin does not; is it the right --server?"
        );
    }
    let shown: String = text.chars().take(LETTERS_MAX).collect();
    format!("{url} answered {status}: {shown}")
}

/// The object that an answer must be. An empty one has nothing to say.
pub(super) fn object(url: &str, body: &[u8]) -> Result<Value, String> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    let read = serde_json::from_slice::<Value>(body).ok();
    read.filter(Value::is_object).ok_or_else(|| {
        format!("{url} answered no JSON object, which standin does; is it the right --server?")
    })
}

/// A member that the answer must have: without it nobody knows whether anything was done.
pub(super) fn having(answer: Value, member: &str) -> Result<Value, String> {
    if answer.get(member).is_some() {
        return Ok(answer);
    }
    Err(format!(
        "the server's answer has no member {member}, which that of standin has; is it the right --server?"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_is_heard_in_its_own_words() {
        let url = "http://a.test/b";
        for (body, said) in [
            (r#"{"error":{"code":"x","message":"no"}}"#, "no"),
            (
                r#"{"error":{"code":"control_token","message":"no"}}"#,
                "no; give it with --control-token, or in STANDIN_CONTROL_TOKEN",
            ),
            (
                r#"{"error":"invalid_client","error_description":"no"}"#,
                "no",
            ),
            (r#"{"error":"invalid_client"}"#, "invalid_client"),
            (r#"{"status":403,"errorCode":"901","message":"no"}"#, "no"),
            (r#"{"errors":[{"status":"422","detail":"no"}]}"#, "no"),
            (r#"{"ready":false,"reason":"no"}"#, "no"),
            (
                r#"{"error_type":"x","error_codes":["a_required","b"]}"#,
                "http://a.test/b answered 403 Forbidden: a_required, b",
            ),
            ("", "http://a.test/b answered 403 Forbidden"),
            ("{}", "http://a.test/b answered 403 Forbidden: {}"),
            (" gone\n", "http://a.test/b answered 403 Forbidden: gone"),
            (
                "<html>",
                "http://a.test/b answered 403 Forbidden and a page, which standin does not; is it the right --server?",
            ),
        ] {
            assert_eq!(words(url, StatusCode::FORBIDDEN, body.as_bytes()), said);
        }
        assert_eq!(object(url, b""), Ok(Value::Null));
        for body in ["[]", "<html>", "1", "{"] {
            let why = object(url, body.as_bytes()).unwrap_err();
            let begins = "http://a.test/b answered no JSON object";
            assert!(why.starts_with(begins), "{why}");
        }
        let answer = serde_json::json!({ "rules": [] });
        assert_eq!(having(answer.clone(), "rules"), Ok(answer.clone()));
        let why = having(answer, "armed").unwrap_err();
        assert!(why.contains("no member armed"), "{why}");
    }
}
