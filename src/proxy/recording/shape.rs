//! What of a request is compared, masked: what a recording does not show cannot be compared, and a request that is asked is
//! masked as one that was recorded.

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::journal::{Digest, digest};
use crate::masking;

/// See the module.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) method: String,
    /// In small letters, without a port that goes without saying.
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// The media type alone, in small letters.
    pub(super) kind: Option<String>,
    pub(super) content: Content,
}

/// A body, as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Empty,
    Json(Value),
    Form(Vec<(String, String)>),
    Text(String),
    Bytes(Digest),
    /// It was not recorded, and may have been anything.
    Unknown,
}

/// A body, as it is read.
#[derive(Debug)]
pub(super) enum Body {
    Text(String),
    /// A text that is masked already.
    Masked(String),
    Bytes(Digest),
    Unknown,
}

impl Body {
    pub(super) fn of(bytes: Bytes) -> Self {
        match String::from_utf8(bytes.into()) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes(digest(&[error.as_bytes()])),
        }
    }
}

impl Shape {
    /// `target` is a whole URL, masked.
    pub(super) fn new(
        method: &str,
        target: &str,
        kind: Option<&str>,
        body: Body,
    ) -> Result<Self, &'static str> {
        let (scheme, rest) = target.split_once("://").ok_or("must be a whole URL")?;
        let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let implied = match scheme.eq_ignore_ascii_case("https") {
            true => ":443",
            false => ":80",
        };
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        let media = kind.and_then(|kind| kind.split(';').next());
        let media = media.map(|kind| kind.trim().to_ascii_lowercase());
        Ok(Self {
            method: method.to_owned(),
            host: host.strip_suffix(implied).unwrap_or(&host).to_owned(),
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path
            },
            query: pairs(query),
            kind: media.filter(|kind| !kind.is_empty()),
            content: content(kind.unwrap_or_default(), body),
        })
    }

    /// As it is told: a method and a URL.
    pub(super) fn named(&self) -> String {
        format!("{} {}{}", self.method, self.host, self.path)
    }
}

fn content(kind: &str, body: Body) -> Content {
    let text = match body {
        Body::Text(text) => masking::body(plain_boundary(kind, text).as_bytes()),
        Body::Masked(text) => plain_boundary(kind, text),
        Body::Bytes(digest) => return Content::Bytes(digest),
        Body::Unknown => return Content::Unknown,
    };
    if text.is_empty() {
        return Content::Empty;
    }
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(&text) {
        return Content::Json(value);
    }
    let is_text = kind.starts_with("text/") || kind.contains("xml");
    if masking::is_form(&text) && !is_text {
        return Content::Form(pairs(&text));
    }
    Content::Text(text)
}

/// Programs draw a boundary between the parts of a body anew each time.
fn plain_boundary(kind: &str, text: String) -> String {
    let boundary = kind.split_once("boundary=").map(|(_, rest)| rest);
    let boundary = boundary.and_then(|rest| rest.split(';').next());
    match boundary.map(|boundary| boundary.trim().trim_matches('"')) {
        Some(boundary) if !boundary.is_empty() => text.replace(boundary, "boundary"),
        Some(_) | None => text,
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content_of(kind: &str, body: &'static [u8]) -> Content {
        let body = Body::of(Bytes::from_static(body));
        Shape::new("POST", "https://a.test/", Some(kind), body)
            .unwrap()
            .content
    }

    #[test]
    fn a_target_is_its_host_path_and_query() {
        let shape =
            |target: &str| Shape::new("GET", target, None, Body::Text(String::new())).unwrap();
        for (target, host, path, query) in [
            ("https://A.test", "a.test", "/", vec![]),
            ("https://a.test:443?x", "a.test", "/", vec![("x", "")]),
            (
                "http://a.test:443/b%20c?x=1&x=%20",
                "a.test:443",
                "/b c",
                vec![("x", "1"), ("x", " ")],
            ),
            ("http://***@[::1]:80/", "[::1]", "/", vec![]),
        ] {
            let shape = shape(target);
            let seen = shape
                .query
                .iter()
                .map(|(name, value)| (&name[..], &value[..]));
            assert_eq!(
                (&shape.host[..], &shape.path[..], seen.collect::<Vec<_>>()),
                (host, path, query)
            );
        }
        assert!(Shape::new("GET", "/x", None, Body::Unknown).is_err());
    }

    #[test]
    fn a_body_is_read_by_its_looks_and_masked() {
        let form = "application/x-www-form-urlencoded";
        for (kind, body, want) in [
            ("", &b""[..], Content::Empty),
            (
                "application/json",
                br#"{"cvc":"123","n":1}"#,
                Content::Json(json!({ "cvc": "***", "n": 1 })),
            ),
            (
                form,
                b"cvc=123&n=1",
                Content::Form(vec![("cvc".into(), "***".into()), ("n".into(), "1".into())]),
            ),
            ("text/plain", b"a=b", Content::Text("a=b".into())),
            ("", b"\"a\"", Content::Text("\"a\"".into())),
            ("", b"\xff\x00", Content::Bytes(digest(&[&b"\xff\x00"[..]]))),
        ] {
            assert_eq!(content_of(kind, body), want);
        }
        let one = content_of(
            "multipart/form-data; boundary=one1",
            b"--one1\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\n1\r\n--one1--",
        );
        let two = content_of(
            "multipart/form-data; boundary=\"two2\"",
            b"--two2\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\n1\r\n--two2--",
        );
        assert!(one == two && matches!(one, Content::Text(_)), "{one:?}");
    }
}
