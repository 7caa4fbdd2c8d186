//! What may leave the process: every text of a report passes here once, so that a card number, a secret or a cryptogram
//! cannot reach a file. It errs on the side of hiding.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// JSON members and form fields whose value is never shown.
const HIDDEN_MEMBERS: [&str; 12] = [
    "access_token",
    "client_secret",
    "cvc",
    "cvv",
    "cvc2",
    "cvv2",
    "password",
    "secret",
    "refresh_token",
    "security_code",
    "api_key",
    "token_key",
];
/// Headers whose value is never shown.
const HIDDEN_HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
];
const PAN_DIGITS_MIN: usize = 13;
const PAN_DIGITS_MAX: usize = 19;

/// A text that has been masked; reports hold nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub(crate) struct Masked(String);

impl Masked {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// At most so many bytes of it, saying how many are left out. Cut after masking: half a card number is not recognised.
    pub(crate) fn cut(self, bytes_max: usize) -> Self {
        if self.0.len() <= bytes_max {
            return self;
        }
        let kept: String = self
            .0
            .char_indices()
            .take_while(|(at, letter)| at + letter.len_utf8() <= bytes_max)
            .map(|(_, letter)| letter)
            .collect();
        let left_out = self.0.len() - kept.len();
        Self(format!("{kept}… ({left_out} more bytes)"))
    }
}

impl std::fmt::Display for Masked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// The secrets that this scenario has met, to be hidden wherever they turn up.
#[derive(Clone, Default)]
pub(crate) struct Secrets(BTreeSet<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Secrets({} hidden)", self.0.len())
    }
}

impl Secrets {
    /// Remembers a secret. Short ones are hidden by the member they stand in, not by their text: hiding "123"
    /// everywhere would make a transcript unreadable.
    pub(crate) fn learn(&mut self, secret: &str) {
        if secret.len() >= 8 {
            self.0.insert(secret.to_owned());
        }
    }

    /// Masks a plain text.
    pub(crate) fn text(&self, text: &str) -> Masked {
        let mut text = text.to_owned();
        for secret in self.0.iter().rev() {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), &short_form(secret));
            }
        }
        for name in HIDDEN_MEMBERS {
            hide_member_in_text(&mut text, name);
        }
        Masked(mask_card_numbers(&text))
    }

    /// Masks a header.
    pub(crate) fn header(&self, name: &str, value: &str) -> Masked {
        if HIDDEN_HEADERS
            .iter()
            .any(|hidden| name.eq_ignore_ascii_case(hidden))
        {
            let scheme = value.split_once(' ').map_or("", |(scheme, _)| scheme);
            return Masked(format!("{scheme} ***").trim_start().to_owned());
        }
        self.text(value)
    }

    /// Masks a body, by member when it is JSON or a form, and as text otherwise.
    pub(crate) fn body(&self, body: &str) -> Masked {
        if let Ok(mut value) = serde_json::from_str::<Value>(body) {
            hide_members(&mut value, None);
            return self.text(&value.to_string());
        }
        let pairs = body.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_hidden(name) => format!("{name}=***"),
            Some(_) | None => pair.to_owned(),
        });
        self.text(&pairs.collect::<Vec<_>>().join("&"))
    }
}

/// Hides the values of a JSON member in a text that holds JSON but is none: an excerpt, or a sentence around it.
fn hide_member_in_text(text: &mut String, name: &str) {
    let member = format!("\"{name}\":");
    let mut from = 0;
    while let Some(at) = text[from..].find(&member) {
        let value = from + at + member.len();
        let rest = &text[value..];
        let lead = rest.len() - rest.trim_start().len();
        let ends: &[char] = if rest.trim_start().starts_with('"') {
            &['"']
        } else {
            &[',', '}', ']', ' ']
        };
        let body = &rest[lead..];
        let skip = usize::from(body.starts_with('"'));
        let length = body[skip..]
            .find(ends)
            .map_or(body.len(), |end| skip + end + skip);
        text.replace_range(value + lead..value + lead + length, "\"***\"");
        from = value + lead;
    }
}

fn is_hidden(name: &str) -> bool {
    HIDDEN_MEMBERS
        .iter()
        .any(|hidden| name.eq_ignore_ascii_case(hidden))
}

fn hide_members(value: &mut Value, above: Option<&str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let cryptogram = above.is_some_and(|above| above.contains("cryptogram"))
                    && name == "value"
                    || name.contains("cryptogram")
                        && member.is_string()
                        && name != "cryptogram_type";
                if is_hidden(name) && !member.is_object() || cryptogram {
                    *member = Value::from("***");
                } else {
                    hide_members(member, Some(name));
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide_members(item, above)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Hides the middle of every run of 13 to 19 digits with a valid check digit.
fn mask_card_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = String::new();
    for letter in text.chars().chain(std::iter::once('\0')) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let pan_like = (PAN_DIGITS_MIN..=PAN_DIGITS_MAX).contains(&digits.len());
        if pan_like && check_digit_holds(&digits) {
            out.push_str(&short_form(&digits));
        } else {
            out.push_str(&digits);
        }
        digits.clear();
        if letter != '\0' {
            out.push(letter);
        }
    }
    out
}

/// First six and last four of a number, nothing of anything else.
fn short_form(secret: &str) -> String {
    if secret.len() >= PAN_DIGITS_MIN && secret.bytes().all(|byte| byte.is_ascii_digit()) {
        let (first, rest) = secret.split_at(6);
        let (middle, last) = rest.split_at(rest.len() - 4);
        return format!("{first}{}{last}", "*".repeat(middle.len()));
    }
    "***".to_owned()
}

fn check_digit_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match place % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_could_be_used_is_left() {
        let mut secrets = Secrets::default();
        secrets.learn("standin-secret");
        secrets.learn("AAECAwQFBgcICQoLDA0ODxAREhM=");
        secrets.learn("4604220000000001");
        let rows = [
            (
                r#"{"pan":"4111111111111111","n":4111111111111111}"#,
                r#"{"pan":"411111******1111","n":411111******1111}"#,
            ),
            (
                r#"{"cvc":"123","access_token":"ey.J.x","exp":12}"#,
                r#"{"cvc":"***","access_token":"***","exp":12}"#,
            ),
            (
                r#"{"cryptogram":{"value":"321","eci":"07","type":"DTVV"}}"#,
                r#"{"cryptogram":{"value":"***","eci":"07","type":"DTVV"}}"#,
            ),
            (
                "grant_type=client_credentials&client_secret=whatever",
                "grant_type=client_credentials&client_secret=***",
            ),
            (
                r#"got 200 {"cvc":"987","cvv": 12,"access_token":"abc"#,
                r#"got 200 {"cvc":"***","cvv": "***","access_token":"***""#,
            ),
            ("the secret standin-secret leaked", "the secret *** leaked"),
            ("AAECAwQFBgcICQoLDA0ODxAREhM= leaked", "*** leaked"),
            ("number 4111111111111111.", "number 411111******1111."),
            (
                "a number without a check digit: 4604220000000001",
                "a number without a check digit: 460422******0001",
            ),
            (
                "V0010014610000000085141000282",
                "V0010014610000000085141000282",
            ),
        ];
        for (text, masked) in rows {
            assert_eq!(secrets.body(text).as_str(), masked);
        }
    }

    #[test]
    fn credentials_in_headers_are_hidden_and_their_scheme_is_kept() {
        let secrets = Secrets::default();
        assert_eq!(
            secrets.header("Authorization", "Bearer abc").as_str(),
            "Bearer ***"
        );
        assert_eq!(secrets.header("x-api-key", "abc").as_str(), "***");
        assert_eq!(secrets.header("accept", "*/*").as_str(), "*/*");
    }
}
