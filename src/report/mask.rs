//! What may leave the process: every text of a report passes here once, so that a card number, a secret or a cryptogram
//! cannot reach a file. It errs on the side of hiding.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::masking;

/// A text that has been masked and that no terminal obeys; reports hold nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked(String);

impl Masked {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
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

/// So long a secret is hidden wherever it turns up.
const LONG: usize = 8;

/// The secrets that this scenario has met. A short one, such as a code of three digits, is hidden where it is the whole of a
/// text in quotes, of a member of a form or of an element: hiding "123" everywhere would make a transcript unreadable.
#[derive(Clone, Default)]
pub(crate) struct Secrets(BTreeSet<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Secrets({} hidden)", self.0.len())
    }
}

impl Secrets {
    /// Remembers a secret.
    pub(crate) fn learn(&mut self, secret: &str) {
        if !secret.is_empty() {
            self.0.insert(secret.to_owned());
        }
    }

    /// Masks a plain text.
    pub(crate) fn text(&self, text: &str) -> Masked {
        self.without(&masking::text(text))
    }

    /// Masks a header.
    pub(crate) fn header(&self, name: &str, value: &str) -> Masked {
        self.without(&masking::header(name, value))
    }

    /// Masks a body.
    pub(crate) fn body(&self, body: &str) -> Masked {
        self.without(&masking::body(body.as_bytes()))
    }

    /// Masks what stands at a JSON pointer, by the names that lead to it.
    pub(crate) fn named(&self, pointer: &str, value: &str) -> Masked {
        let name = pointer.strip_prefix("header:");
        if let Some(name) = name {
            return self.header(name, value);
        }
        let names: Vec<&str> = pointer.split('/').skip(1).collect();
        let read = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        let shown = masking::member(&names, &read);
        if shown == read {
            return self.text(value);
        }
        match shown.as_str() {
            Some(text) => self.text(text),
            None => self.text(&shown.to_string()),
        }
    }

    /// The secrets that have been met and are hidden wherever they turn up.
    pub(crate) fn each(&self) -> impl Iterator<Item = &str> {
        let long = self.0.iter().filter(|secret| secret.len() >= LONG);
        long.map(String::as_str)
    }

    /// Masks a value that is a secret, whatever it looks like.
    pub(crate) fn secret(&self, value: &str) -> Masked {
        let shown = masking::value(value);
        Masked(if shown == value {
            masking::HIDDEN.to_owned()
        } else {
            shown
        })
    }

    /// A script of which every text has passed here already; only what has been met since is hidden. A short secret stays, because
    /// a script that says something else would not show what it is there to show.
    pub(crate) fn script(&self, script: &str) -> Masked {
        Masked(masking::visible(&self.without_long(script)).into_owned())
    }

    /// Hides the secrets that have been met in what is left.
    fn without(&self, text: &str) -> Masked {
        let mut text = self.without_long(text);
        for secret in self.0.iter().filter(|secret| secret.len() < LONG) {
            text = without_whole(&text, secret);
        }
        Masked(masking::visible(&text).into_owned())
    }

    /// Hides the long ones, the longest first.
    fn without_long(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // Most texts hold none, and there are hundreds of texts in a check.
        let mut met: Vec<&str> = self.each().collect();
        met.retain(|secret| text.contains(secret));
        met.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in met {
            if text.contains(secret) {
                let shown = masking::value(secret);
                let hides = shown != secret;
                text = text.replace(secret, if hides { &shown } else { masking::HIDDEN });
            }
        }
        text
    }
}

/// Hides a short secret where it is all that stands in quotes, in a member of a form or in an element.
fn without_whole(text: &str, secret: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, from) = rest.split_at(at);
        let after = &from[secret.len()..];
        shown.push_str(before);
        let is_whole = shown.ends_with(['"', '=', '>'])
            && (after.is_empty() || after.starts_with(['"', '&', '<']));
        shown.push_str(if is_whole { masking::HIDDEN } else { secret });
        rest = after;
    }
    shown + rest
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
        secrets.learn("284");
        let rows = [
            (
                r#"{"proof":"284","paid":1284}, said: "284""#,
                r#"{"proof":"***","paid":1284}, said: "***""#,
            ),
            ("code=284&sum=1284&again=284", "code=***&sum=1284&again=***"),
            (
                "<code>284</code><sum>1284</sum>",
                "<code>***</code><sum>1284</sum>",
            ),
            (
                "the status was 284 and not 200",
                "the status was 284 and not 200",
            ),
            (
                r#"{"pan":"4111111111111111","n":4111111111111111}"#,
                r#"{"pan":"411111******1111","n":"411111******1111"}"#,
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
    fn what_a_terminal_would_obey_is_shown() {
        let secrets = Secrets::default();
        let said = "a\u{1b}[2J\u{202e}b";
        let shown = "a\\u001b[2J\\u202eb";
        assert_eq!(secrets.text(said).as_str(), shown);
        assert_eq!(secrets.header("x-a", said).as_str(), shown);
        let body = serde_json::json!({ "a": said }).to_string();
        assert_eq!(
            secrets.body(&body).as_str(),
            format!("{{\"a\":\"{shown}\"}}")
        );
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
