//! What an archive says was answered: status, headers and body, in a form in which they can be sent again.

use bytes::Bytes;
use data_encoding::BASE64;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::archive::At;
use crate::journal::har;
use crate::masking::HIDDEN;
use crate::proxy::head;

/// See the module.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Or why it is not in the file.
    pub(super) body: Result<Bytes, String>,
}

/// With what compressed bodies begin: gzip, Zstandard, and deflate as it is used in HTTP (RFC 1952, RFC 8878, RFC 1950).
const COMPRESSED: [(&str, &[u8]); 6] = [
    ("gzip", &[0x1f, 0x8b]),
    ("zstd", &[0x28, 0xb5, 0x2f, 0xfd]),
    ("deflate", &[0x78, 0x01]),
    ("deflate", &[0x78, 0x5e]),
    ("deflate", &[0x78, 0x9c]),
    ("deflate", &[0x78, 0xda]),
];

/// The answer of an entry. None where there was none: a browser writes the status 0 for that.
pub(super) fn read(entry: &At<'_>, method: &str) -> Result<Option<Answer>, String> {
    let Some(response) = entry.get("response") else {
        return Ok(None);
    };
    let Some(status) = status(&response)? else {
        return Ok(None);
    };
    let mut headers = HeaderMap::new();
    for (item, name, values) in response.pairs("headers")? {
        let name: HeaderName = name
            .parse()
            .map_err(|_| item.wrong(format_args!("{name:?} is no name of a header")))?;
        // Browsers write one that came several times as lines of one.
        for value in values.split('\n').filter(|value| *value != HIDDEN) {
            let value = HeaderValue::from_bytes(value.trim().as_bytes());
            let value = value.map_err(|_| item.wrong("the value cannot stand in a header"))?;
            headers.append(name.clone(), value);
        }
    }
    head::strip(&mut headers);
    headers.remove(TRANSFER_ENCODING);
    let is_bodiless = method == "HEAD" || [204, 304].contains(&status.as_u16());
    if !is_bodiless {
        headers.remove(CONTENT_LENGTH);
    }
    let body = body(&response, is_bodiless)?;
    // What is said of a body that is not sent, such as its length and its coding, is said as it was.
    if let (Ok((bytes, is_text)), false) = (&body, is_bodiless) {
        settle(&mut headers, bytes, *is_text);
    }
    Ok(Some(Answer {
        status,
        headers,
        body: body.map(|(bytes, _)| bytes),
    }))
}

fn status(response: &At<'_>) -> Result<Option<StatusCode>, String> {
    let at = response.need("status")?;
    let number = at.value.as_i64();
    let number = number.or_else(|| at.value.as_str()?.parse().ok());
    let wrong = || at.wrong("must be a status, such as 200");
    let number = number.ok_or_else(wrong)?;
    // What comes before an answer, or leads to another protocol, is none.
    if number < 200 {
        return Ok(None);
    }
    let number = u16::try_from(number).map_err(|_| wrong())?;
    StatusCode::from_u16(number).map(Some).map_err(|_| wrong())
}

/// The body and whether it was written as text, or why it is not there.
fn body(response: &At<'_>, is_bodiless: bool) -> Result<Result<(Bytes, bool), String>, String> {
    let none = Ok(Ok((Bytes::new(), true)));
    let Some(content) = response.get("content").filter(|_| !is_bodiless) else {
        return none;
    };
    if let Some(why) = content.get(har::LEFT_OUT) {
        return Ok(Err(why.text()?.to_owned()));
    }
    let Some(text) = content.get("text") else {
        let size = content.get("size").and_then(|size| size.value.as_i64());
        return match size {
            Some(1..) => Ok(Err(
                "the program that wrote the file has not written it".to_owned()
            )),
            Some(_) | None => none,
        };
    };
    let text = text.text()?;
    let decoded = decoded(&content, text)?;
    let is_text = decoded.is_none();
    let bytes = decoded.unwrap_or_else(|| text.as_bytes().to_vec());
    Ok(Ok((bytes.into(), is_text)))
}

/// The bytes of a text, if it stands for bytes.
pub(super) fn decoded(holder: &At<'_>, text: &str) -> Result<Option<Vec<u8>>, String> {
    let Some(encoding) = holder.get("encoding") else {
        return Ok(None);
    };
    match encoding.value.as_str() {
        Some("") => Ok(None),
        Some("base64") => {
            let text: String = text.split_ascii_whitespace().collect();
            let bytes = BASE64.decode(text.as_bytes());
            let place = holder.need("text")?;
            bytes
                .map(Some)
                .map_err(|error| place.wrong(format_args!("is no base64: {error}")))
        }
        Some(_) | None => Err(encoding.wrong("must be \"base64\", where it is there")),
    }
}

/// Makes the headers say what the body is by now: archives have bodies without the coding in which they came, and texts in
/// Unicode.
fn settle(headers: &mut HeaderMap, body: &Bytes, is_text: bool) {
    let coding = headers.get(CONTENT_ENCODING);
    let coding = coding
        .and_then(|coding| coding.to_str().ok())
        .unwrap_or_default();
    let coding = coding.trim().trim_start_matches("x-").to_ascii_lowercase();
    let mut begins = COMPRESSED.iter();
    if is_text || !begins.any(|(name, begin)| *name == coding && body.starts_with(begin)) {
        headers.remove(CONTENT_ENCODING);
    }
    let kind = headers.get(CONTENT_TYPE);
    let Some(kind) = kind.and_then(|kind| kind.to_str().ok()).filter(|_| is_text) else {
        return;
    };
    let is_charset = |part: &&str| part.trim().to_ascii_lowercase().starts_with("charset=");
    if kind.split(';').any(|part| is_charset(&part)) {
        let parts = kind.split(';').map(|part| match is_charset(&part) {
            true => " charset=utf-8",
            false => part,
        });
        let parts: Vec<_> = parts.collect();
        if let Ok(kind) = HeaderValue::from_str(&parts.join(";")) {
            headers.insert(CONTENT_TYPE, kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::archive;
    use super::*;

    fn answer(method: &str, response: &Value) -> Answer {
        let request = json!({ "method": method, "url": "https://a.test/" });
        let entry = json!({ "request": request, "response": response });
        let file = json!({ "log": { "entries": [entry] } });
        archive::read(&file.to_string())
            .unwrap()
            .exchanges
            .remove(0)
            .answer
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
        let values = answer.headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap()).collect()
    }

    #[test]
    fn bodies_come_as_text_as_base64_or_not_at_all() {
        for (content, want) in [
            (json!({ "text": "hällo" }), Ok("hällo")),
            (
                json!({ "text": "aGkg\nLQ==", "encoding": "base64" }),
                Ok("hi -"),
            ),
            (json!({ "text": "hi", "encoding": "" }), Ok("hi")),
            (json!({ "text": null, "size": 0 }), Ok("")),
            (json!({ "size": -1 }), Ok("")),
            (
                json!({ "size": 9 }),
                Err("the program that wrote the file has not written it"),
            ),
            (
                json!({ "text": "", "_left_out": "too long" }),
                Err("too long"),
            ),
        ] {
            let answer = answer("GET", &json!({ "status": 200, "content": content }));
            let body = answer
                .body
                .map(|body| String::from_utf8(body.to_vec()).unwrap());
            assert_eq!(
                body,
                want.map(str::to_owned).map_err(str::to_owned),
                "{content}"
            );
        }
        let head = answer(
            "HEAD",
            &json!({ "status": "200", "content": { "size": 9 },
            "headers": [
                { "name": "Content-Length", "value": "9" },
                { "name": "Content-Encoding", "value": "gzip" },
                { "name": "Content-Type", "value": "text/html; charset=ISO-8859-1" }
            ] }),
        );
        assert_eq!(head.body, Ok(Bytes::new()));
        assert_eq!(header(&head, "content-length"), ["9"]);
        assert_eq!(header(&head, "content-encoding"), ["gzip"]);
        assert_eq!(
            header(&head, "content-type"),
            ["text/html; charset=ISO-8859-1"]
        );
    }

    #[test]
    fn headers_say_what_is_sent() {
        let headers = json!([
            { "name": ":status", "value": "200" },
            { "name": "Content-Encoding", "value": "gzip" },
            { "name": "content-length", "value": "7" },
            { "name": "Transfer-Encoding", "value": "chunked" },
            { "name": "Connection", "value": "x-hop" },
            { "name": "X-Hop", "value": "1" },
            { "name": "set-cookie", "value": "a=1\nb=2" },
            { "name": "set-cookie", "value": "***" },
            { "name": "content-type", "value": "text/html; charset=ISO-8859-1; x=y" },
            { "name": "x-none" }
        ]);
        let of = |content: Value| {
            answer(
                "GET",
                &json!({ "status": 200, "headers": headers, "content": content }),
            )
        };
        let text = of(json!({ "text": "ü" }));
        assert_eq!(header(&text, "content-encoding"), [""; 0]);
        assert_eq!(header(&text, "set-cookie"), ["a=1", "b=2"]);
        assert_eq!(
            header(&text, "content-type"),
            ["text/html; charset=utf-8; x=y"]
        );
        assert_eq!(header(&text, "x-none"), [""]);
        assert_eq!(text.headers.len(), 4);
        // Some programs write the bytes as they came.
        let gzip = of(json!({ "text": BASE64.encode(&[0x1f, 0x8b, 8, 0]), "encoding": "base64" }));
        assert_eq!(header(&gzip, "content-encoding"), ["gzip"]);
        assert_eq!(
            header(&gzip, "content-type"),
            ["text/html; charset=ISO-8859-1; x=y"]
        );
        let plain = of(json!({ "text": BASE64.encode(b"\xff\x00"), "encoding": "base64" }));
        assert_eq!(header(&plain, "content-encoding"), [""; 0]);
    }
}
