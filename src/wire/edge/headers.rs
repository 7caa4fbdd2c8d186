//! Headers that decide something: who asks, in which version, how the body is to be read. One that is there and cannot be
//! read, or that is there twice, is refused. It never counts as absent, because then a caller would get the answer for
//! somebody else's request: a payment without its key, a body of another kind.

use std::fmt;

use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::sentence::in_small_letters;

/// The headers that decide something at any surface or at the control plane. A header of idempotency keys is refused by its
/// own surface, which has words for it.
pub const DECISIVE: [&str; 12] = [
    "host",
    "authorization",
    "content-type",
    "content-encoding",
    "api-version",
    "stripe-account",
    "stripe-version",
    "x-api-key",
    "x-pay-token",
    "x-src-cx-flow-id",
    "x-src-response-host",
    "standin-control-token",
];

/// Why headers cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderProblem {
    /// The value of this header is no printable ASCII.
    Unreadable(&'static str),
    /// This header is there more than once, and nobody can say which is meant.
    Several(&'static str),
    /// The body is compressed.
    Encoded,
}

impl HeaderProblem {
    /// What HTTP has for it: RFC 9110, section 15.5.16, names the encoding as a reason of its own.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Unreadable(_) | Self::Several(_) => StatusCode::BAD_REQUEST,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }

    /// What tells the client how to send the body (RFC 9110, section 12.5.3).
    pub fn advice(self) -> Option<(HeaderName, HeaderValue)> {
        let identity = || (ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        matches!(self, Self::Encoded).then(identity)
    }

    /// The sentence, for whoever begins sentences with a small letter.
    pub fn in_small_letters(self) -> String {
        in_small_letters(&self.to_string())
    }
}

impl fmt::Display for HeaderProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(name) => write!(f, "The header {name} must be printable ASCII"),
            Self::Several(name) => write!(f, "The header {name} is there more than once"),
            Self::Encoded => write!(
                f,
                "The header content-encoding must be identity: send the body as it is, not compressed"
            ),
        }
    }
}

/// A header that may be there once.
///
/// # Errors
/// When it is there and cannot be read, or is there more than once.
pub fn once<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> Result<Option<&'a str>, HeaderProblem> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(HeaderProblem::Several(name)),
        (Some(value), None) => match value.to_str() {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(HeaderProblem::Unreadable(name)),
        },
    }
}

/// Whether the headers that decide something can be read.
///
/// # Errors
/// With the first that cannot.
pub fn readable(headers: &HeaderMap) -> Result<(), HeaderProblem> {
    // In nearly every request each header is there once and is ASCII, which is seen without looking for any. That it has no
    // control characters was seen when it was taken in.
    let once_each = headers.len() == headers.keys_len();
    if once_each && headers.values().all(is_ascii) {
        return Ok(());
    }
    let mut each = DECISIVE.into_iter();
    each.try_for_each(|name| once(headers, name).map(|_| ()))
}

/// Looking at all bytes of a value, and not up to the first that is none, lets the machine look at many at once: an access token
/// has several hundred.
fn is_ascii(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes().iter();
    bytes.fold(0, |all, byte| all | byte).is_ascii()
}

/// Whether the body is as its media type says, and not compressed on top of that.
///
/// # Errors
/// When it is compressed.
pub fn plain(headers: &HeaderMap, body: &[u8]) -> Result<(), HeaderProblem> {
    if body.is_empty() {
        return Ok(());
    }
    let coding = headers.get(CONTENT_ENCODING);
    let identity = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if coding.is_none_or(identity) {
        return Ok(());
    }
    Err(HeaderProblem::Encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &[u8])]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &[u8])| {
            let value = HeaderValue::from_bytes(value).unwrap();
            (HeaderName::from_static(name), value)
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn what_decides_something_is_read_or_refused() {
        for name in DECISIVE {
            assert_eq!(readable(&headers(&[(name, b"a")])), Ok(()), "{name}");
            assert_eq!(
                readable(&headers(&[(name, "clé".as_bytes())])),
                Err(HeaderProblem::Unreadable(name))
            );
            for second in [&b"a"[..], b"b", b""] {
                let twice = headers(&[(name, b"a"), (name, second)]);
                assert_eq!(readable(&twice), Err(HeaderProblem::Several(name)));
            }
        }
        let others = headers(&[("accept", b"a"), ("accept", b"b"), ("user-agent", b"\xff")]);
        assert_eq!(readable(&others), Ok(()));
    }

    #[test]
    fn a_compressed_body_is_told_by_its_header() {
        let refused = Err(HeaderProblem::Encoded);
        for (coding, body, want) in [
            (None, &b"{}"[..], Ok(())),
            (Some(&b"identity"[..]), b"{}", Ok(())),
            (Some(b"Identity"), b"{}", Ok(())),
            (Some(b"gzip"), b"", Ok(())),
            (Some(b"gzip"), b"{}", refused),
            (Some(b"deflate"), b"{}", refused),
            (Some(b"br, gzip"), b"{}", refused),
            (Some(b""), b"{}", refused),
        ] {
            let pairs: Vec<_> = coding
                .map(|coding| ("content-encoding", coding))
                .into_iter()
                .collect();
            assert_eq!(plain(&headers(&pairs), body), want, "{coding:?}");
        }
        assert!(HeaderProblem::Encoded.advice().is_some());
        assert!(HeaderProblem::Several("host").advice().is_none());
    }
}
