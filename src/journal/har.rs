//! Entries as an HTTP archive (HAR 1.2), so that a browser's network panel can show them. The archive wants
//! headers of answers, protocol versions and durations, of which the journal keeps none: lists are empty, sizes unknown, times
//! zero. Whoever has them hands them in beside an entry.

use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode, Version};
use serde_json::{Value, json};

use super::entry::Entry;
use super::room::TextRoom;
use super::stored::Stored;
use crate::masking;

/// What only standin knows, in archives: why a body is not there, and the API that has answered.
pub const LEFT_OUT: &str = "_left_out";
pub const SURFACE: &str = "_surface";

/// What an archive tells of an exchange beside what the journal keeps of it.
#[derive(Debug)]
pub struct Beside<'a> {
    /// Of the answer.
    pub headers: &'a HeaderMap,
    /// Of request and answer.
    pub versions: [Version; 2],
    /// Until the head of the answer was there, and from then on until its end.
    pub waited: Duration,
    pub received: Duration,
    /// Who has answered, where that is another machine.
    pub from: Option<IpAddr>,
    /// Bytes of the bodies of request and answer as they were sent, where all of them were seen.
    pub sizes: [Option<u64>; 2],
    /// Why the body of the request is not there, and that of the answer.
    pub left_out: [Option<&'a str>; 2],
}

/// The end of an archive.
pub const TAIL: &str = "]}}\n";

/// Who has written an archive of ours.
pub const CREATOR: &str = "standin";

/// What an archive of a journal says of itself.
pub fn of_journal(evicted: u64) -> String {
    format!(
        "{evicted} earlier entries were evicted. Secrets and card numbers are masked; headers of answers, protocol versions and durations are not kept."
    )
}

/// The beginning of an archive, up to its first entry.
pub fn head(comment: &str) -> String {
    let creator = json!({ "name": CREATOR, "version": env!("CARGO_PKG_VERSION") });
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
        SURFACE: shown.surface,
        "_operation": shown.operation,
        "_client": shown.client,
        "_reason": shown.reason,
        "_legs": shown.legs,
        "_faults": shown.faults,
        "_attempt": shown.attempt,
    })
}

/// An exchange that no journal keeps, with everything that an archive can tell of it.
pub fn exchange(number: u64, handed: Entry<'_>, beside: &Beside<'_>) -> Value {
    let asked = handed.headers.cloned().unwrap_or_default();
    let stored = Stored::new(handed, &mut TextRoom::default(), 0);
    let mut told = entry("", number, &stored);
    let [waited, received] = [beside.waited, beside.received].map(|one| one.as_secs_f64() * 1e3);
    told["time"] = json!(waited + received);
    told["timings"]["wait"] = json!(waited);
    told["timings"]["receive"] = json!(received);
    if let Some(from) = beside.from {
        told["serverIPAddress"] = json!(from.to_string());
    }
    let sides = ["request", "response"].into_iter();
    for ((side, version), size) in sides.zip(beside.versions).zip(beside.sizes) {
        told[side]["httpVersion"] = json!(format!("{version:?}"));
        told[side]["bodySize"] = size.map_or(json!(-1), |size| json!(size));
    }
    if let Some(size) = beside.sizes[1] {
        told["response"]["content"]["size"] = json!(size);
    }
    let listed = beside.headers.iter().map(|(name, value)| {
        let value = masking::header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        json!({ "name": name.as_str(), "value": value })
    });
    told["response"]["headers"] = listed.collect();
    if let Some(place) = text_of(beside.headers.get(LOCATION)) {
        told["response"]["redirectURL"] = json!(masking::header("location", place));
    }
    let [of_request, of_answer] = beside.left_out;
    if !stored.request().is_empty() || of_request.is_some() {
        let body = body(stored.request(), &asked, of_request);
        put(&mut told["request"]["postData"], &asked, body);
    }
    let body = body(stored.response(), beside.headers, of_answer);
    put(&mut told["response"]["content"], beside.headers, body);
    told
}

/// A body as an archive has it.
enum Body {
    /// As the journal would show it.
    Shown,
    Base64(String),
    LeftOut(String),
}

/// Pictures and the like are kept as they are. Nothing else that is no text is: what cannot be read cannot be masked.
fn body(bytes: &[u8], headers: &HeaderMap, left_out: Option<&str>) -> Body {
    if let Some(why) = left_out {
        return Body::LeftOut(why.to_owned());
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Body::Shown;
    }
    let kind = text_of(headers.get(CONTENT_TYPE)).unwrap_or_default();
    let kind = kind.trim_start().to_ascii_lowercase();
    let is_shown = ["image/", "audio/", "video/", "font/"];
    let is_shown = is_shown.iter().any(|start| kind.starts_with(start));
    if is_shown && !headers.contains_key(CONTENT_ENCODING) {
        return Body::Base64(BASE64.encode(bytes));
    }
    Body::LeftOut("it is no text, and what cannot be read cannot be masked".to_owned())
}

fn put(place: &mut Value, headers: &HeaderMap, body: Body) {
    if let Some(kind) = text_of(headers.get(CONTENT_TYPE)) {
        place["mimeType"] = json!(masking::header("content-type", kind));
    }
    match body {
        Body::Shown => {}
        Body::Base64(text) => {
            place["text"] = json!(text);
            place["encoding"] = json!("base64");
        }
        Body::LeftOut(why) => {
            place["text"] = json!("");
            place[LEFT_OUT] = json!(why);
        }
    }
}

fn text_of(value: Option<&http::HeaderValue>) -> Option<&str> {
    value.and_then(|value| value.to_str().ok())
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
