//! How the target's webhooks are read: what kind each is, of which token it tells, under which id it is repeated, and how it
//! is signed.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::super::binding::{Source, Time, vocabulary};
use super::super::http::Notation;
use super::super::mistake::Mistake;

/// See the module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhooks {
    /// How a message is written.
    #[serde(default)]
    pub(crate) body: Notation,
    /// Where a message has its events, if one can tell of several. Each is read as a message of its own.
    #[serde(default)]
    pub(crate) events: Vec<Source>,
    /// Where a message says what kind it is.
    #[serde(rename = "type")]
    pub(crate) kind: Vec<Source>,
    /// The target's words for the kinds.
    pub(crate) types: BTreeMap<Kind, Vec<String>>,
    /// Where a message names the token.
    pub(crate) token: Vec<Source>,
    /// The variable of the scenario that must stand there.
    #[serde(default = "Webhooks::usual_variable")]
    pub(crate) token_is: String,
    /// Where the id stands that every try of one message has.
    #[serde(default)]
    pub(crate) id: Vec<Source>,
    /// Where a message says in which state the token is, in the words of the binding.
    #[serde(default)]
    pub(crate) state: Vec<Source>,
    /// How late a message may be. One that has not come by then was never sent, so a check that none comes takes as long.
    #[serde(default = "Webhooks::usual_wait")]
    pub(crate) wait: Time,
    /// Messages about one token arrive in the order of what happened.
    #[serde(default)]
    pub(crate) ordered: bool,
    /// A message that is refused is sent again.
    #[serde(default)]
    pub(crate) retries: bool,
    /// Where the judge listens, with a port or with 0 for a free one.
    #[serde(default = "Webhooks::usual_listen")]
    pub(crate) listen: String,
    #[serde(default)]
    pub(crate) signature: Option<Signature>,
}

/// What a message tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Provisioned,
    Suspended,
    Resumed,
    Deleted,
    Updated,
}

impl Kind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::Deleted => "deleted",
            Self::Updated => "updated",
        }
    }
}

/// How a message is signed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    pub(crate) scheme: Scheme,
    /// The header that holds it.
    #[serde(default)]
    pub(crate) header: Option<String>,
    /// What is signed: `{body}` and `{timestamp}` with anything between.
    #[serde(default = "Signature::usual_content")]
    pub(crate) content: String,
    /// The header, or the member of the header as `header:x-signature/t`, with the time.
    #[serde(default)]
    pub(crate) timestamp: Option<String>,
    /// Whose time that is. Without a word of it, the machine's unless a test can move the target's clock.
    #[serde(default)]
    pub(crate) clock: Option<SigningClock>,
    /// What stands in the header before the code.
    #[serde(default)]
    pub(crate) prefix: String,
    #[serde(default)]
    pub(crate) encoding: Encoding,
    /// The key, where registering an endpoint does not tell one (facts.secret).
    #[serde(default)]
    pub(crate) secret: Option<String>,
    /// How the key is written.
    #[serde(default)]
    pub(crate) secret_encoding: Encoding,
}

/// The schemes that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scheme {
    StandardWebhooks,
    HmacSha256,
    /// The header is the secret itself.
    Secret,
}

/// By which time messages are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SigningClock {
    /// The one that the answers' Date tells, or the judge's own; a test may have moved it on.
    Machine,
    /// One of a test's, which may stand still, and with which nothing can be compared.
    Own,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Encoding {
    #[default]
    Text,
    Hex,
    Base64,
}

impl fmt::Debug for Signature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Signature")
            .field("scheme", &self.scheme)
            .field("header", &self.header)
            .field("content", &self.content)
            .field("timestamp", &self.timestamp)
            .field("clock", &self.clock)
            .field("prefix", &self.prefix)
            .field("encoding", &self.encoding)
            .field("secret_encoding", &self.secret_encoding)
            .finish_non_exhaustive()
    }
}

impl Signature {
    /// The header, or the member of one, in which the time stands that is signed.
    pub(crate) fn time(&self) -> Option<&str> {
        match self.scheme {
            Scheme::StandardWebhooks => Some("webhook-timestamp"),
            Scheme::HmacSha256 | Scheme::Secret => self.timestamp.as_deref(),
        }
    }

    /// Whether the time that is signed can be compared with another. `moves` says that a test can move the target's clock.
    pub(crate) fn is_timed(&self, moves: bool) -> bool {
        let usual = match moves {
            true => SigningClock::Own,
            false => SigningClock::Machine,
        };
        self.time().is_some() && self.clock.unwrap_or(usual) == SigningClock::Machine
    }

    fn usual_content() -> String {
        "{body}".to_owned()
    }
}

impl Webhooks {
    fn usual_variable() -> String {
        "reference".to_owned()
    }

    const fn usual_wait() -> Time {
        Time(Duration::from_secs(5))
    }

    fn usual_listen() -> String {
        "127.0.0.1:0".to_owned()
    }

    /// What is wrong with it. `tells_secret` says that registering an endpoint tells its secret.
    pub(super) fn mistakes(&self, tells_secret: bool) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut say = |at: &[&str], message: String| {
            found.push(Mistake::new(at, message).below("webhooks"));
        };
        for (member, sources) in [("type", &self.kind), ("token", &self.token)] {
            if sources.is_empty() {
                say(&[member], "needs one place at least".to_owned());
            }
        }
        let variable = self.token_is.as_str();
        if vocabulary::fact(variable).is_none() {
            let known: Vec<&str> = vocabulary::TOLD.iter().map(|(name, _)| *name).collect();
            let hint = super::super::closest::hint(variable, &known);
            say(&["token_is"], format!("no answer tells {variable:?}{hint}"));
        }
        if self.types.is_empty() {
            say(
                &["types"],
                "needs the words of one kind at least".to_owned(),
            );
        }
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            let listen = &self.listen;
            say(
                &["listen"],
                format!("{listen:?} is not an address such as 127.0.0.1:0"),
            );
        }
        let Some(signature) = &self.signature else {
            return found;
        };
        let at = ["signature"];
        if signature.scheme != Scheme::StandardWebhooks && signature.header.is_none() {
            say(
                &at,
                "needs `header`: which one holds the signature?".to_owned(),
            );
        }
        if signature.content.contains("{timestamp}") && signature.timestamp.is_none() {
            say(&at, "needs `timestamp`: which header holds it?".to_owned());
        }
        if signature.secret.is_none() && !tells_secret {
            let message = "needs `secret`, or facts.secret in the operation listen";
            say(&at, message.to_owned());
        }
        found
    }
}
