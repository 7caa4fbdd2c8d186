//! The exchanges of an HTTP archive (HAR 1.2), whoever has written it. Programs leave out what the format requires, so only
//! what an exchange cannot do without must be there; what is there and makes no sense is an error, with its place.

use std::fmt::Display;

use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use super::answer::{self, Answer};
use super::shape::{Body, Shape};
use crate::journal::{PROXY, har};
use crate::limits::RECORDED_EXCHANGES_MAX;

/// A file, read.
#[derive(Debug)]
pub(super) struct Archive {
    pub(super) exchanges: Vec<Recorded>,
    /// Entries that were never answered, or not by HTTP, and those that standin itself answered.
    pub(super) passed_over: usize,
}

/// An exchange.
#[derive(Debug)]
pub(super) struct Recorded {
    /// Its place among the entries of the file.
    pub(super) place: usize,
    pub(super) asked: Shape,
    pub(super) answer: Answer,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    pub(super) value: &'a Value,
    place: String,
}

impl<'a> At<'a> {
    pub(super) fn wrong(&self, why: impl Display) -> String {
        format!("{}: {why}", self.place)
    }

    /// A member. What is null is not there.
    pub(super) fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        let dot = if self.place.is_empty() { "" } else { "." };
        let place = format!("{}{dot}{name}", self.place);
        Some(Self { value, place })
    }

    pub(super) fn need(&self, name: &str) -> Result<Self, String> {
        self.get(name)
            .ok_or_else(|| self.wrong(format_args!("the member {name:?} is missing")))
    }

    pub(super) fn text(&self) -> Result<&'a str, String> {
        let text = self.value.as_str();
        text.ok_or_else(|| self.wrong("must be a text"))
    }

    /// The text of a member, or nothing where it is not there.
    pub(super) fn text_of(&self, name: &str) -> Result<&'a str, String> {
        self.get(name).map_or(Ok(""), |at| at.text())
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, String> {
        let items = self.value.as_array();
        let items = items.ok_or_else(|| self.wrong("must be a list"))?;
        let item = |(number, value)| Self {
            value,
            place: format!("{}[{number}]", self.place),
        };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// A list of names and values, without what HTTP/2 puts among headers.
    pub(super) fn pairs(&self, name: &str) -> Result<Vec<(Self, &'a str, &'a str)>, String> {
        let Some(list) = self.get(name) else {
            return Ok(Vec::new());
        };
        let mut pairs = Vec::new();
        for item in list.list()? {
            let name = item.need("name")?.text()?;
            let value = item.text_of("value")?;
            if !name.starts_with(':') {
                pairs.push((item, name, value));
            }
        }
        Ok(pairs)
    }
}

/// Reads a file.
///
/// # Errors
/// What is wrong, and where.
pub(super) fn read(text: &str) -> Result<Archive, String> {
    let text = text.trim_start_matches('\u{feff}');
    let whole: Value =
        serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
    let top = At {
        value: &whole,
        place: String::new(),
    };
    let log = top
        .get("log")
        .ok_or("it is no HTTP archive: the member \"log\" is missing")?;
    let creator = log.get("creator").and_then(|creator| creator.get("name"));
    let is_ours = creator.is_some_and(|name| name.value == har::CREATOR);
    let entries = log.need("entries")?.list()?;
    if entries.len() > RECORDED_EXCHANGES_MAX {
        return Err(format!(
            "log.entries: there are {}, and a recording has {RECORDED_EXCHANGES_MAX} at most",
            entries.len()
        ));
    }
    let mut archive = Archive {
        exchanges: Vec::new(),
        passed_over: 0,
    };
    for (place, entry) in entries.iter().enumerate() {
        match exchange(place, entry, is_ours)? {
            Some(exchange) => archive.exchanges.push(exchange),
            None => archive.passed_over += 1,
        }
    }
    Ok(archive)
}

/// An exchange, unless it is none with another host, or had no answer.
fn exchange(place: usize, entry: &At<'_>, is_ours: bool) -> Result<Option<Recorded>, String> {
    let surface = entry.get(har::SURFACE);
    if surface.is_some_and(|surface| surface.value != PROXY) {
        return Ok(None);
    }
    let request = entry.need("request")?;
    let url = request.need("url")?;
    let Some(target) = target(&url)? else {
        return Ok(None);
    };
    let method = match request.text_of("method")? {
        "" => "GET",
        method => method,
    };
    let Some(answer) = answer::read(entry, method)? else {
        return Ok(None);
    };
    let kind = request.pairs("headers")?.into_iter();
    let kind = kind.filter(|(_, name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = kind.map(|(_, _, value)| value).next();
    let (kind, body) = body_of(&request, kind)?;
    let body = match body {
        // Ours is masked already, and what is masked twice says less than what is masked once.
        Body::Text(text) if is_ours => Body::Masked(text),
        body @ (Body::Text(_) | Body::Masked(_) | Body::Bytes(_) | Body::Unknown) => body,
    };
    let target = if is_ours {
        target.to_string()
    } else {
        crate::masking::target(&target.to_string())
    };
    let asked = Shape::new(method, &target, kind, body).map_err(|why| url.wrong(why))?;
    Ok(Some(Recorded {
        place,
        asked,
        answer,
    }))
}

/// What programs write into URLs as it is, and URLs do not have.
const UNWRITTEN: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

/// None for what is not asked for by HTTP, such as `data:`.
fn target(url: &At<'_>) -> Result<Option<Uri>, String> {
    let text = url.text()?;
    let Some((scheme, _)) = text.split_once(':') else {
        return Err(url.wrong("must be a URL that begins with http:// or https://"));
    };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Ok(None);
    }
    let text = text.split('#').next().unwrap_or_default();
    let target: Uri = utf8_percent_encode(text, UNWRITTEN)
        .to_string()
        .parse()
        .map_err(|error| url.wrong(format_args!("{text:?} is no URL: {error}")))?;
    if target.host().is_none_or(str::is_empty) {
        return Err(url.wrong("must name a host"));
    }
    Ok(Some(target))
}

/// The media type and the body of a request.
fn body_of<'a>(request: &At<'a>, kind: Option<&'a str>) -> Result<(Option<&'a str>, Body), String> {
    let Some(data) = request.get("postData") else {
        return Ok((kind, Body::Text(String::new())));
    };
    let named = data.text_of("mimeType")?;
    let kind = kind.or(Some(named).filter(|named| !named.is_empty()));
    if data.get(har::LEFT_OUT).is_some() {
        return Ok((kind, Body::Unknown));
    }
    let text = data.text_of("text")?;
    if text.is_empty() {
        let pairs = data.pairs("params")?;
        let pairs = pairs.iter().map(|(_, name, value)| (name, value));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        return Ok((kind, Body::Text(form.finish())));
    }
    let body = match answer::decoded(&data, text)? {
        None => Body::Text(text.to_owned()),
        Some(bytes) => Body::of(bytes.into()),
    };
    Ok((kind, body))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(entry: &Value) -> String {
        json!({ "log": { "entries": [entry] } }).to_string()
    }

    #[test]
    fn what_is_no_archive_is_said() {
        for (text, says) in [
            (
                "{\"log\":\n [}",
                "it is not JSON: expected value at line 2 column 3",
            ),
            ("{}", "the member \"log\" is missing"),
            (r#"{"log":{}}"#, "log: the member \"entries\" is missing"),
            (r#"{"log":{"entries":{}}}"#, "log.entries: must be a list"),
        ] {
            let why = read(text).unwrap_err();
            assert!(why.contains(says), "{text}: {why}");
        }
        let many = json!({ "log": { "entries": vec![json!({}); RECORDED_EXCHANGES_MAX + 1] } });
        let why = read(&many.to_string()).unwrap_err();
        assert!(why.contains("10000 at most"), "{why}");
    }

    /// An entry, and what is said of it.
    const WRONG: [(&str, &str); 11] = [
        ("{}", ": the member \"request\" is missing"),
        (
            r#"{"request":{}}"#,
            ".request: the member \"url\" is missing",
        ),
        (r#"{"request":{"url":1}}"#, ".request.url: must be a text"),
        (r#"{"request":{"url":"/x"}}"#, ".request.url: must be a URL"),
        (r#"{"request":{"url":"http://:80/"}}"#, ".request.url: "),
        (
            r#"{"request":{"url":"http://a.test/"},"response":{"status":"ok"}}"#,
            ".response.status: must be a status",
        ),
        (
            r#"{"request":{"url":"http://a.test/"},"response":{"status":200,"headers":[{"value":"x"}]}}"#,
            ".response.headers[0]: the member \"name\" is missing",
        ),
        (
            r#"{"request":{"url":"http://a.test/"},"response":{"status":200,"headers":[{"name":"a b"}]}}"#,
            ".response.headers[0]: \"a b\" is no name of a header",
        ),
        (
            r#"{"request":{"url":"http://a.test/"},"response":{"status":200,"content":{"text":"!","encoding":"base64"}}}"#,
            ".response.content.text: is no base64",
        ),
        (
            r#"{"request":{"url":"http://a.test/"},"response":{"status":200,"content":{"text":"!","encoding":"rot13"}}}"#,
            ".response.content.encoding: must be \"base64\"",
        ),
        (
            r#"{"request":{"url":"http://a.test/","postData":{"text":[]}},"response":{"status":200}}"#,
            ".request.postData.text: must be a text",
        ),
    ];

    #[test]
    fn what_is_missing_or_makes_no_sense_is_an_error_with_its_place() {
        for (entry, says) in WRONG {
            let entry: Value = serde_json::from_str(entry).unwrap();
            let why = read(&file(&entry)).unwrap_err();
            let says = format!("log.entries[0]{says}");
            assert!(why.starts_with(&says), "{entry}: {why}");
        }
    }

    #[test]
    fn what_had_no_answer_or_is_no_exchange_with_another_host_is_passed_over() {
        let entries = json!([
            { "request": { "url": "https://a.test/blocked" }, "response": { "status": 0 } },
            { "request": { "url": "https://a.test/lost" } },
            { "request": { "url": "https://a.test/null" }, "response": null },
            { "request": { "url": "https://a.test/switched" }, "response": { "status": 101 } },
            { "request": { "url": "data:text/plain,x" }, "response": { "status": 200 } },
            { "request": { "url": "wss://a.test/" }, "response": { "status": 101 } },
            { "request": { "url": "https://api.stripe.com/" }, "response": { "status": 200 }, "_surface": "stripe" },
            { "request": { "url": "https://a.test/" }, "response": { "status": 200 }, "_surface": "proxy" },
        ]);
        let text = format!("\u{feff}{}", json!({ "log": { "entries": entries } }));
        let archive = read(&text).unwrap();
        assert_eq!((archive.exchanges.len(), archive.passed_over), (1, 7));
        assert_eq!(archive.exchanges[0].place, 7);
        assert_eq!(archive.exchanges[0].asked.method, "GET");
    }

    #[test]
    fn what_programs_write_into_urls_can_be_read() {
        let urls = [
            "https://a.test/ü b?q=\"x\"#part",
            "HTTP://A.test:80/%C3%BC b?q=%22x%22",
        ];
        let [one, other] = urls.map(|url| {
            let entry = json!({ "request": { "url": url }, "response": { "status": 200 } });
            read(&file(&entry)).unwrap().exchanges.remove(0).asked
        });
        assert_eq!((one.host.as_str(), one.path.as_str()), ("a.test", "/ü b"));
        assert_eq!(
            (&one.host, &one.path, &one.query),
            (&other.host, &other.path, &other.query)
        );
    }
}
