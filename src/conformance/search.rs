//! Finds secrets in what a target says, however they are written: card numbers and cryptograms anywhere in a text, and a security
//! code, whose few digits may stand anywhere by chance, only as the whole of a member.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::http::{Answer, Notation};
use super::masked::shows_too_much;
use crate::crypto::encoding::{base64, base64_url, from_base64, from_hex, hex};

/// A secret, and what it is.
pub(crate) type Secret = (&'static str, String);

/// So short a secret may stand anywhere by chance.
pub(crate) const SHORT_MAX: usize = 6;
/// Every spelling that is looked for is at least so long.
const BEGIN: usize = 6;

/// Looks for many spellings in one pass over a text.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// Which pairs of bytes a spelling begins with, a bit for each.
    pairs: Vec<u64>,
    /// The spellings by how they begin.
    spelt: HashMap<[u8; BEGIN], Vec<(String, &'static str)>>,
}

impl Search {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut search = Self::default();
        for (what, secret) in secrets {
            for spelling in spellings(secret) {
                let Some(begin) = spelling.as_bytes().first_chunk::<BEGIN>() else {
                    continue;
                };
                search.pairs.resize(1024, 0);
                let pair = usize::from(begin[0]) << 8 | usize::from(begin[1]);
                if let Some(bits) = search.pairs.get_mut(pair / 64) {
                    *bits |= 1 << (pair % 64);
                }
                let known = search.spelt.entry(*begin).or_default();
                known.push((spelling, what));
            }
        }
        search
    }

    /// What of it a text holds in one of its readings.
    pub(crate) fn find(&self, text: &str) -> Option<&'static str> {
        if self.spelt.is_empty() {
            return None;
        }
        let mut readings = readings(text).into_iter();
        readings.find_map(|reading| self.find_plain(reading.as_bytes()))
    }

    fn find_plain(&self, text: &[u8]) -> Option<&'static str> {
        let begins = |pair: &[u8]| {
            let pair = usize::from(pair[0]) << 8 | usize::from(pair[1]);
            let bits = self.pairs.get(pair / 64).copied().unwrap_or_default();
            bits >> (pair % 64) & 1 == 1
        };
        let mut places = text.windows(2).enumerate().filter(|(_, pair)| begins(pair));
        places.find_map(|(at, _)| {
            let rest = text.get(at..)?;
            let known = self.spelt.get(rest.first_chunk::<BEGIN>()?)?;
            let mut known = known.iter();
            let found = known.find(|(spelling, _)| rest.starts_with(spelling.as_bytes()));
            found.map(|(_, what)| *what)
        })
    }
}

/// What of these an answer holds: a long one anywhere in it and however it is written, a short one as the whole value of a
/// member.
pub(crate) fn found_in(answer: &Answer, secrets: &[Secret]) -> Option<&'static str> {
    let documents = Notation::ALL.map(|notation| notation.read(&answer.body));
    let documents: Vec<Value> = documents.into_iter().flatten().collect();
    let mut texts = vec![answer.body.clone()];
    texts.extend(answer.headers.iter().map(|(_, value)| value.clone()));
    for document in &documents {
        texts_of(document, &mut texts);
    }
    let long = |secret: &&Secret| secret.1.len() > SHORT_MAX;
    let search = Search::new(secrets.iter().filter(long));
    if let Some(found) = texts.iter().find_map(|text| search.find(text)) {
        return Some(found);
    }
    let mut secrets = secrets.iter();
    let found = secrets.find(|(_, secret)| {
        if secret.len() > SHORT_MAX {
            let number = secret.bytes().all(|byte| byte.is_ascii_digit());
            number && texts.iter().any(|text| shows_too_much(text, secret))
        } else {
            let mut documents = documents.iter();
            documents.any(|document| is_member(document, secret))
        }
    });
    found.map(|(what, _)| *what)
}

/// The texts of a document as they are without JSON's escapes.
pub(crate) fn texts_of(place: &Value, texts: &mut Vec<String>) {
    match place {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, texts)),
        Value::Object(members) => {
            for (name, member) in members {
                texts.push(name.clone());
                texts_of(member, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text as it stands, as it was before it was put into a URL or a JSON text, each without what people put between the digits of
/// a number, and in small letters, in which hexadecimal digits are looked for.
fn readings(text: &str) -> Vec<String> {
    let mut found = vec![text.to_owned()];
    if text.contains('%') {
        found.push(percent_decode_str(text).decode_utf8_lossy().into_owned());
    }
    if text.contains("\\/") {
        found.push(text.replace("\\/", "/"));
    }
    let closed: Vec<String> = found.iter().map(|text| closed_up(text)).collect();
    found.extend(closed);
    found.push(text.to_ascii_lowercase());
    found
}

fn closed_up(text: &str) -> String {
    let between = |letter: char| letter.is_whitespace() || "-._+".contains(letter);
    text.replace(between, "")
}

/// How a secret may be written: as it is, in hexadecimal, and in base64 of either alphabet, wherever in a longer text it begins.
/// A secret that is itself an encoding of bytes may be written in another one.
fn spellings(secret: &str) -> Vec<String> {
    let mut found = vec![secret.to_owned(), closed_up(secret)];
    let bytes = [
        Some(secret.as_bytes().to_vec()),
        from_base64(secret).ok(),
        from_hex(secret).ok(),
    ];
    for bytes in bytes.into_iter().flatten() {
        found.push(hex(&bytes));
        for before in 0..3 {
            let mut shifted = vec![0; before];
            shifted.extend(&bytes);
            // The characters that depend on nothing but the secret.
            let own = (before * 8).div_ceil(6)..shifted.len() * 8 / 6;
            for text in [base64(&shifted), base64_url(&shifted)] {
                found.extend(text.get(own.clone()).map(str::to_owned));
            }
        }
    }
    found
}

/// Whether something in it is the secret and nothing else.
pub(crate) fn is_member(place: &Value, secret: &str) -> bool {
    match place {
        Value::String(text) => text == secret,
        Value::Number(number) => number.to_string() == secret,
        Value::Array(items) => items.iter().any(|item| is_member(item, secret)),
        Value::Object(members) => members.values().any(|member| is_member(member, secret)),
        Value::Null | Value::Bool(_) => false,
    }
}

/// Takes out of a document the members that are the secret.
pub(crate) fn take_out(place: &mut Value, secret: &str) {
    match place {
        Value::Array(items) => items.iter_mut().for_each(|item| take_out(item, secret)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| take_out(member, secret)),
        Value::String(_) | Value::Number(_) if is_member(place, secret) => *place = Value::Null,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_hidden() {
        let answer = |body: &str, header: &str| Answer {
            status: 400,
            headers: vec![("x-a".to_owned(), header.to_owned())],
            body: body.to_owned(),
        };
        let cryptogram = "+/ECAwQFBgcICQoLDA0ODxAREhM=";
        let secrets = [
            ("pan", "4111111111111111".to_owned()),
            ("cvc", "123".to_owned()),
            ("proof", cryptogram.to_owned()),
        ];
        let wrapped = base64(br#"{"a":"4111111111111111","b":2}"#);
        let shifted = base64_url(br#"{"ab":"4111111111111111"}"#);
        let upper = hex(&from_base64(cryptogram).unwrap()).to_uppercase();
        for (body, header, found) in [
            (r#"{"error":"bad 4111111111111111"}"#, "", Some("pan")),
            (r#"{"error":"bad 4111 1111 1111 1111"}"#, "", Some("pan")),
            ("{}", "n=4111111111111111", Some("pan")),
            ("{}", "n=4111-1111-1111-1111", Some("pan")),
            ("4111%201111%201111%201111", "", Some("pan")),
            (r#"{"a":"\u00341111111111\u003111111"}"#, "", Some("pan")),
            (
                r#"{"a":"34313131313131313131313131313131"}"#,
                "",
                Some("pan"),
            ),
            (&wrapped, "", Some("pan")),
            ("{}", &shifted, Some("pan")),
            (
                r#"{"a":"+\/ECAwQFBgcICQoLDA0ODxAREhM="}"#,
                "",
                Some("proof"),
            ),
            ("", "/p?c=%2B%2FECAwQFBgcICQoLDA0ODxAREhM%3D", Some("proof")),
            (r#"{"a":"-_ECAwQFBgcICQoLDA0ODxAREhM"}"#, "", Some("proof")),
            (&upper, "", Some("proof")),
            (r#"{"pan":"411111111***1111"}"#, "", Some("pan")),
            (r#"{"pan":"411111******1111","b":"1111111111"}"#, "", None),
            (r#"{"a":[{"code":"123"}]}"#, "", Some("cvc")),
            (r#"{"a":[{"code":123}]}"#, "", Some("cvc")),
            (r#"{"id":"a123","last4":"1111"}"#, "123", None),
            ("<c><n>4&#49;11111111111111</n></c>", "", Some("pan")),
            ("<c n='4111 1111 1111 1111'/>", "", Some("pan")),
            ("<c><code>123</code></c>", "", Some("cvc")),
            ("<c><id>a123</id></c>", "", None),
            ("ok=1&code=123", "", Some("cvc")),
            ("ok=1&id=a123", "", None),
        ] {
            assert_eq!(found_in(&answer(body, header), &secrets), found, "{body}");
        }
    }
}
