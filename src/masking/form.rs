//! Forms and queries. What the client sent is shown, unless something in it is hidden: then it is shown as it is meant.

use super::place::Place;
use super::words::QUERY_CREDENTIALS;
use super::{shapes, text_at};

/// Whether a body can be a form: pairs on one line that are in no other notation.
pub fn is_form(plain: &str) -> bool {
    plain.contains('=')
        && !plain.trim_start().starts_with(['<', '{', '[', '"'])
        && !plain.trim_end().contains(['\n', '\r'])
        && !plain.contains("&quot;")
}

pub(super) fn masked(plain: &str, place: Place, depth: usize) -> String {
    pairs(plain, depth, |name| below(place, name))
}

/// The query of an absolute URL, such as that of a webhook. Its `token` is a credential.
pub(super) fn masked_in_url(plain: &str, depth: usize) -> String {
    pairs(plain, depth, |name| {
        let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
        let plain = plain.to_lowercase();
        if QUERY_CREDENTIALS.contains(&plain.as_str()) {
            Place::SECRET
        } else {
            below(Place::TOP, name)
        }
    })
}

fn pairs(plain: &str, depth: usize, place: impl Fn(&str) -> Place) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => {
            let name_meant = meant(name);
            let value_meant = meant(value);
            let value = shown(value, &value_meant, |meant| {
                place(&name_meant).shown(meant, depth + 1)
            });
            let name = shown(name, &name_meant, |meant| text_at(meant, depth + 1));
            format!("{name}={value}")
        }
        None => shown(pair, &meant(pair), |meant| text_at(meant, depth + 1)),
    };
    // Before anything is decoded: whoever encodes no plus and no equals sign has sent a credential all the same.
    let plain = shapes::masked(plain);
    plain.split('&').map(pair).collect::<Vec<_>>().join("&")
}

fn shown(encoded: &str, meant: &str, mask: impl Fn(&str) -> String) -> String {
    let masked = mask(meant);
    if masked == decoded(encoded) {
        encoded.to_owned()
    } else {
        masked
    }
}

/// The place of a name such as `card[cvc]` or `card.cvc`.
pub(super) fn below(place: Place, name: &str) -> Place {
    let names = name.split(['[', ']', '.', '/']);
    place.below_all(names.map(str::trim).filter(|name| !name.is_empty()))
}

/// How often something may be encoded.
const CODINGS_MAX: usize = 4;

/// A part of a form or a path as it is meant, without the credentials that are told by what they look like. They are looked for
/// each time that something is decoded, because the plus sign of a key becomes a space when it is decoded once too often.
pub(super) fn meant(part: &str) -> String {
    let mut last = part.to_owned();
    for stage in stages(part) {
        let shaped = shapes::masked(&stage);
        if shaped != stage {
            return shaped;
        }
        last = stage;
    }
    last
}

/// The same with everything in it.
pub(super) fn decoded(part: &str) -> String {
    stages(part).pop().unwrap_or_else(|| part.to_owned())
}

/// A part after each time that it is decoded, as often as that changes anything.
fn stages(part: &str) -> Vec<String> {
    let mut stages: Vec<String> = Vec::new();
    while stages.len() < CODINGS_MAX {
        let plain = stages.last().map_or(part, String::as_str);
        // Behind a first equals sign further ones are ordinary letters.
        let pair = format!("={}", plain.replace('&', "%26"));
        let mut pairs = form_urlencoded::parse(pair.as_bytes());
        let Some((_, once)) = pairs.next() else {
            break;
        };
        if once == plain || !plain.contains(['%', '+']) {
            break;
        }
        let once = once.into_owned();
        stages.push(once);
    }
    stages
}
