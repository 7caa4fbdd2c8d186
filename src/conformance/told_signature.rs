//! Whether a webhook is signed as the target file says, and at which time.

use super::broken::{Broken, Held, demand};
use super::http::Answer;
use super::listener::Message;
use super::signing::key;
use super::target::webhooks::{Encoding, Scheme, Signature};
use super::told::Reading;
use crate::crypto::encoding::{base64, from_base64, from_base64_url, from_hex};
use crate::crypto::mac::{HmacKey, hmac_sha256, same};

impl Reading {
    /// The time that is signed, in Unix seconds.
    pub(crate) fn signed_at(&self, message: &Message) -> Held<i64> {
        let place = self.signature.as_ref().and_then(|(it, _)| it.time());
        let place = place
            .ok_or_else(|| Broken::NotDeclared("[webhooks.signature] names no time".to_owned()))?;
        let text = header(&message.as_answer(), place)?;
        seconds(&text).ok_or_else(|| Broken::wrong("a time", format!("{text:?}")))
    }

    /// Holds when the message is signed with the secret.
    pub(crate) fn signed(&self, message: &Message) -> Held {
        let (signature, secret) = self
            .signature
            .as_ref()
            .ok_or_else(|| Broken::NotDeclared("[webhooks] declares no signature".to_owned()))?;
        let answer = message.as_answer();
        match signature.scheme {
            Scheme::StandardWebhooks => standard(secret, message),
            Scheme::Secret => {
                let name = signature.header.as_deref().unwrap_or_default();
                let right = same(header(&answer, name)?.as_bytes(), secret.as_bytes());
                demand(right, "the secret of the endpoint", "another")
            }
            Scheme::HmacSha256 => by_hmac(signature, secret, &answer, &message.body),
        }
    }
}

/// A time in Unix seconds, however it is written: in seconds, in milliseconds, or as a date.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        // So many seconds are the year 5138.
        return Some(if number < 100_000_000_000 {
            number
        } else {
            number / 1000
        });
    }
    let stamp = text.parse::<jiff::Timestamp>().ok();
    let stamp = stamp.map(jiff::Timestamp::as_second);
    stamp.or_else(|| {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(zoned.timestamp().as_second())
    })
}

/// Standard Webhooks, HMAC-SHA256 over id, timestamp and body.
fn standard(secret: &str, message: &Message) -> Held {
    let key = secret.strip_prefix("whsec_").unwrap_or(secret);
    let key = from_base64(key).map_err(|_| {
        Broken::Unready("the endpoint's secret is not whsec_ and base64".to_owned())
    })?;
    let header = |name: &str| {
        let found = message.header(name);
        found.ok_or_else(|| Broken::wrong(format!("a header {name}"), "none"))
    };
    let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
    let parts = [id.as_bytes(), b".", at.as_bytes(), b".", &message.body];
    let code = hmac_sha256(&HmacKey::new(&key), &parts);
    let wanted = format!("v1,{}", base64(&code));
    let mut found = header("webhook-signature")?.split(' ');
    let right = found.any(|found| same(found.as_bytes(), wanted.as_bytes()));
    demand(right, "the signature of what was sent", "another")
}

fn by_hmac(signature: &Signature, secret: &str, answer: &Answer, body: &[u8]) -> Held {
    let key = key(secret, signature.secret_encoding).map_err(|why| {
        Broken::Unready(format!(
            "the endpoint: {why}; is webhooks.signature.secret_encoding right?"
        ))
    })?;
    let at = match &signature.timestamp {
        Some(place) => header(answer, place)?,
        None => String::new(),
    };
    // The body need not be text, so the template is cut around it.
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for (place, text) in signature.content.split("{body}").enumerate() {
        if place > 0 {
            parts.push(body.to_vec());
        }
        parts.push(text.replace("{timestamp}", &at).into_bytes());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let code = hmac_sha256(&key, &parts);
    // Digits of either case and both alphabets of base64 say the same bytes.
    let read = |text: &str| match signature.encoding {
        Encoding::Text | Encoding::Hex => from_hex(text).ok(),
        Encoding::Base64 => from_base64_url(text).ok(),
    };
    let is_right = |found: &str| {
        let told = found.trim().strip_prefix(&signature.prefix).and_then(read);
        told.is_some_and(|told| same(&told, &code))
    };
    let name = signature.header.as_deref().unwrap_or_default();
    let value = header(answer, name)?;
    let mut found = value.split([',', ' ']).chain([value.as_str()]);
    let right = found.any(is_right);
    demand(right, "the signature of what was sent", "another")
}

/// A header, or with `/member` behind its name one `member=value` of it.
fn header(answer: &Answer, place: &str) -> Held<String> {
    let place = place.strip_prefix("header:").unwrap_or(place);
    let (name, member) = match place.split_once('/') {
        Some((name, member)) => (name, Some(member)),
        None => (place, None),
    };
    let missing = || Broken::wrong(format!("a header {place}"), "none");
    let value = answer.header(name).ok_or_else(missing)?;
    let Some(member) = member else {
        return Ok(value.to_owned());
    };
    let mut pairs = value
        .split(',')
        .filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.find(|(key, _)| *key == member);
    found.map(|(_, value)| value.to_owned()).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::super::told::tests::{message, reading};
    use super::*;

    #[test]
    fn a_standard_signature_is_of_the_key_the_id_the_time_and_the_body() {
        let secret = format!("whsec_{}", base64(b"key"));
        let reading = reading("scheme = \"standard-webhooks\"", &secret);
        let key = HmacKey::new(b"key");
        let code = base64(&hmac_sha256(&key, &[b"msg_1.1.{}"]));
        let headers = [
            ("webhook-id", "msg_1".to_owned()),
            ("webhook-timestamp", "1".to_owned()),
            ("webhook-signature", format!("v1a,x v1,{code}")),
        ];
        assert_eq!(reading.signed(&message(&headers, "{}")), Ok(()));
        assert!(reading.signed(&message(&headers, "{ }")).is_err());
        for place in 0..3 {
            let mut bent = headers.clone();
            bent[place].1 = "2".to_owned();
            assert!(reading.signed(&message(&bent, "{}")).is_err());
            let mut fewer = headers.to_vec();
            fewer.remove(place);
            assert!(reading.signed(&message(&fewer, "{}")).is_err());
        }
    }

    #[test]
    fn a_code_of_ones_own_is_checked_too() {
        let signature = "scheme = \"hmac-sha256\"\nheader = \"x-sig\"\nprefix = \"v1=\"\ntimestamp = \"header:x-sig/t\"\ncontent = \"{timestamp}.{body}\"";
        let reading = reading(signature, "s");
        let code = crate::crypto::encoding::hex(&hmac_sha256(&HmacKey::new(b"s"), &[b"5.{}"]));
        let headers = [("x-sig", format!("t=5,v1={code}"))];
        assert_eq!(reading.signed(&message(&headers, "{}")), Ok(()));
        assert!(reading.signed(&message(&headers, "[]")).is_err());
        let headers = [("x-sig", format!("t=5,v1={}", code.to_uppercase()))];
        assert_eq!(reading.signed(&message(&headers, "{}")), Ok(()));
        let headers = [("x-sig", format!("t=6,v1={code}"))];
        assert!(reading.signed(&message(&headers, "{}")).is_err());
    }

    #[test]
    fn base64_is_read_in_either_alphabet_padded_or_not() {
        let signature = "scheme = \"hmac-sha256\"\nheader = \"x-sig\"\nencoding = \"base64\"";
        let reading = reading(signature, "s");
        // A body whose code has both of the letters in which the alphabets differ.
        let code = |body: &str| base64(&hmac_sha256(&HmacKey::new(b"s"), &[body.as_bytes()]));
        let bodies = (0..).map(|number: u32| number.to_string());
        let body = bodies.filter(|body| code(body).contains('+') && code(body).contains('/'));
        let body: &str = body.take(1).next().unwrap().leak();
        let code = code(body);
        let url = code.replace('+', "-").replace('/', "_");
        for told in [&code, &url, url.trim_end_matches('=')] {
            let headers = [("x-sig", told.to_owned())];
            assert_eq!(reading.signed(&message(&headers, body)), Ok(()), "{told}");
        }
        let headers = [("x-sig", code.to_lowercase())];
        assert!(reading.signed(&message(&headers, body)).is_err());
    }
}
