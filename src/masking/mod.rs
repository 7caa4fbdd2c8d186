//! Makes text fit to be shown: card and token numbers keep their first six and last four digits, secrets lose everything.
//! What is secret is decided by meaning: by the name under which something stands, at any depth and in any notation, and
//! by what a card number looks like. Nothing here runs while a request is answered; texts are masked when they are read.
//!
//! | notation | file |
//! |---|---|
//! | names and what they say of what stands under them | `names`, `words`, `place` |
//! | numbers in any text | `digits` |
//! | credentials in any text, by what they look like | `shapes`, `keys` |
//! | this program's own | `own` |
//! | JSON | `json` |
//! | forms, queries, paths and URLs | `form`, `url` |
//! | multipart bodies | `multipart` |
//! | base64, JWT and JWE | `coded` |
//! | XML and HTML | `markup` |
//! | headers, broken JSON and whatever else | `loose` |
//! | what a terminal would obey | `visible` |

mod coded;
mod digits;
mod form;
mod json;
mod keys;
mod loose;
mod markup;
mod multipart;
mod names;
mod own;
mod place;
mod shapes;
#[cfg(test)]
mod tests;
mod url;
mod visible;
mod words;

pub use form::is_form;
pub use json::member;
pub use own::hide;
pub use url::{path, target, webhook_path};
pub use visible::{Lines, visible};

use place::Place;

/// What stands in for a secret.
pub const HIDDEN: &str = "***";

/// How many texts may stand inside each other, such as JSON in a string of JSON. What lies deeper is hidden.
const DEPTH_MAX: usize = 8;

/// A body: JSON member by member, a form pair by pair, multipart part by part, anything else by what it looks like.
pub fn body(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(plain) => body_at(plain, 0),
        Err(_) => format!("({} bytes that are not text)", bytes.len()),
    }
}

/// Text of which nothing is known: a sentence, a line of a log, a value by itself.
pub fn text(plain: &str) -> String {
    text_at(plain, 0)
}

/// A value of which only this is known: when it is nothing but the digits of a number, it is a card's or a token's.
pub fn value(plain: &str) -> String {
    digits::grouped_number(plain).unwrap_or_else(|| text(plain))
}

/// The value of a header. Credentials keep their scheme.
pub fn header(name: &str, value: &str) -> String {
    Place::of_header(name).header(value)
}

fn body_at(plain: &str, depth: usize) -> String {
    if depth > DEPTH_MAX {
        return HIDDEN.to_owned();
    }
    if let Ok(mut value) = serde_json::from_str(plain) {
        json::hide(Place::TOP, &mut value, depth);
        return value.to_string();
    }
    if let Some(shown) = multipart::masked(plain, depth) {
        return shown;
    }
    if form::is_form(plain) {
        return form::masked(plain, Place::TOP, depth);
    }
    text_at(plain, depth)
}

fn text_at(plain: &str, depth: usize) -> String {
    if depth > DEPTH_MAX {
        return HIDDEN.to_owned();
    }
    if plain.trim_start().starts_with(['{', '['])
        && let Ok(mut value) = serde_json::from_str::<serde_json::Value>(plain)
    {
        let before = value.clone();
        json::hide(Place::TOP, &mut value, depth);
        // What hides nothing keeps its spaces.
        return if value == before {
            plain.to_owned()
        } else {
            value.to_string()
        };
    }
    let own = own::masked(plain);
    let shaped = shapes::masked(own.as_deref().unwrap_or(plain));
    coded::masked(&shaped, depth)
        .unwrap_or_else(|| digits::masked(&loose::masked(&url::within(&shaped, depth), depth)))
}
