//! What goes out: a status, a few headers, and the body in one piece.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};

/// An answer of a surface.
pub type Answer = Response<Bytes>;

/// A body of this media type.
pub fn answer(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(body.into());
    *answer.status_mut() = status;
    let media_type = HeaderValue::from_static(media_type);
    answer.headers_mut().insert(CONTENT_TYPE, media_type);
    answer
}

/// A body of JSON.
pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, "application/json", body)
}

/// No body.
pub fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = status;
    answer
}

/// A number as a status; one that cannot be says that the server failed.
pub fn status_code(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What a status is called.
pub fn title_of(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

/// What a status is called as a code: `Bad Gateway` as `bad-gateway`, with `between` between the words.
pub fn code_of(status: StatusCode, between: char) -> String {
    let letters = title_of(status).chars();
    let letters = letters.filter(|c| c.is_ascii_alphanumeric() || *c == ' ');
    letters
        .map(|c| {
            if c == ' ' {
                between
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}

/// A sentence that begins with a capital letter.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
