//! Entries as an HTTP archive (HAR 1.2), so that a browser's network panel can show them. The archive wants
//! headers of answers, protocol versions and durations, of which the journal keeps none: lists are empty, sizes unknown, times
//! zero.

use http::StatusCode;
use serde_json::{Value, json};

use super::stored::Stored;

/// The end of an archive.
pub const TAIL: &str = "]}}\n";

/// The beginning of an archive, up to its first entry.
pub fn head(evicted: u64) -> String {
    let comment = format!(
        "{evicted} earlier entries were evicted. Secrets and card numbers are masked; headers of answers, protocol versions and durations are not kept."
    );
    let creator = json!({ "name": "standin", "version": env!("CARGO_PKG_VERSION") });
    format!(
        r#"{{"log":{{"version":"1.2","creator":{creator},"comment":{},"entries":["#,
        json!(comment)
    )
}

/// One entry. `base` is put before a target that has no host of its own. What only standin knows has a name with `_`.
pub fn entry(base: &str, number: u64, stored: &Stored) -> Value {
    let shown = stored.shown(number);
    let [asked, answered] = [shown.request, shown.response].map(Option::unwrap_or_default);
    let url = if shown.target.starts_with('/') {
        format!("{base}{}", shown.target)
    } else {
        shown.target.clone()
    };
    let headers = shown.headers.iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": shown.method,
        "url": url.replace(' ', "%20"),
        "httpVersion": UNKNOWN,
        "cookies": [],
        "headers": headers,
        "queryString": query(&shown.target),
        "headersSize": -1,
        "bodySize": stored.request().len(),
    });
    if !asked.is_empty() {
        request["postData"] = json!({ "mimeType": kind(&asked), "text": asked });
    }
    let status = StatusCode::from_u16(shown.status).ok();
    let response = json!({
        "status": shown.status,
        "statusText": status.and_then(|status| status.canonical_reason()).unwrap_or_default(),
        "httpVersion": UNKNOWN,
        "cookies": [],
        "headers": [],
        "content": {
            "size": stored.response().len(),
            "mimeType": kind(&answered),
            "text": answered,
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": stored.response().len(),
    });
    json!({
        "startedDateTime": shown.at,
        "time": 0,
        "request": request,
        "response": response,
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": 0 },
        "_number": shown.number,
        "_surface": shown.surface,
        "_operation": shown.operation,
        "_client": shown.client,
        "_reason": shown.reason,
        "_legs": shown.legs,
        "_faults": shown.faults,
        "_attempt": shown.attempt,
    })
}

const UNKNOWN: &str = "unknown";

fn query(target: &str) -> Vec<Value> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

/// The type of a body by its looks, because its header is not kept.
fn kind(body: &str) -> &'static str {
    match body.trim_start().chars().next() {
        Some('{' | '[' | '"') => "application/json",
        Some('<') => "text/html",
        Some(_) if body.contains('=') && !body.contains(' ') => "application/x-www-form-urlencoded",
        Some(_) | None => "text/plain",
    }
}
