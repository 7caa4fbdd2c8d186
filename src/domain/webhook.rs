//! Telling somebody of what happened: who wants to know, and what becomes of a message after each try.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::id::Owner;
use super::moment::Moment;
use super::notice::{Event, Notice, Subject};
pub use super::webhook_profile::Profile;

/// The name of an endpoint: its place in the order of registration in its space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EndpointId(pub u32);

impl EndpointId {
    /// `we_7`
    pub fn text(self) -> String {
        format!("we_{}", self.0)
    }

    pub fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("we_")?.parse().ok().map(Self)
    }
}

/// Who wants to be told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Endpoint {
    pub id: EndpointId,
    pub url: String,
    pub profile: Profile,
    /// As the receiver knows it: `whsec_…` for the standard, any text for the others.
    pub secret: String,
    /// Which events; none given means all.
    pub events: Option<BTreeSet<Event>>,
    /// Whose tokens; none given means everybody's.
    pub owner: Option<Owner>,
    /// Whose payments; none given means everybody's.
    pub merchant: Option<String>,
    /// What the service at which it was registered keeps with it, in its own form. None when a tester registered it.
    pub note: Option<Box<str>>,
    /// Why nothing is sent there any more.
    pub disabled: Option<Cow<'static, str>>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({} {})", self.id.text(), self.url)
    }
}

impl Endpoint {
    pub fn wants(&self, notice: &Notice) -> bool {
        let event = self
            .events
            .as_ref()
            .is_none_or(|events| events.contains(&notice.event));
        self.disabled.is_none()
            && event
            && tells(self.profile, notice)
            && match &notice.payment_then {
                Some(then) => {
                    let merchant = self.merchant.as_deref();
                    merchant.is_none_or(|merchant| merchant == then.counter().0)
                }
                None => self.owner.is_none_or(|owner| notice.owner == Some(owner)),
            }
    }
}

/// Whether messages of a profile tell of such a thing at all. A network tells of what happens to a token once it is there;
/// that it is there it has answered already.
fn tells(profile: Profile, notice: &Notice) -> bool {
    if let Event::Payment(event) = notice.event {
        let then = notice.payment_then.as_deref();
        return then.is_some_and(|then| profile.tells_of(event, then));
    }
    if profile == Profile::Hyperswitch {
        // It is told of new data only, and asks for the state itself.
        return matches!(notice.event, Event::ExpiryUpdated | Event::PanReplaced);
    }
    let Some(network) = profile.network() else {
        return true;
    };
    let later = match notice.event {
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Used
        | Event::Card(_)
        | Event::Payment(_) => false,
        Event::Activated
        | Event::Suspended
        | Event::Resumed
        | Event::Deleted
        | Event::ExpiryUpdated
        | Event::PanReplaced => true,
    };
    later && Some(network) == notice.network
}

/// Which message: messages to one endpoint about one token, card or payment are numbered. The key stays the same on every try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageKey {
    pub endpoint: EndpointId,
    pub about: Subject,
    pub ordinal: u32,
}

impl MessageKey {
    /// `we_7.….3`, with the token in base58, or `we_7.CRD….3`.
    pub fn text(&self) -> String {
        let about = self.about.text();
        format!("{}.{about}.{}", self.endpoint.text(), self.ordinal)
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        Some(Self {
            endpoint: EndpointId::parse(parts.next()?)?,
            about: Subject::parse(parts.next()?)?,
            ordinal: parts.next()?.parse().ok()?,
        })
    }
}

/// A notice on its way to one endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    pub key: MessageKey,
    pub notice: Notice,
    /// When it is to be tried next.
    pub due: Moment,
    /// Tries so far.
    pub tries: u32,
    /// What it says. Written at the first try and kept, so that every try says the same.
    pub body: Option<Box<str>>,
    /// How the last try ended.
    pub last: Option<Receipt>,
    /// How the next try is made, if that was said already when it was put off.
    pub handling: Option<Box<Handling>>,
}

/// What comes of asking for a message to be sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// It waits to be sent, perhaps because somebody asked before.
    Waits,
    /// The message is not kept, or its endpoint was removed.
    NotKept,
    /// Nothing is sent to its endpoint any more.
    Disabled,
    /// Too many messages wait already.
    Full,
}

/// How one try is made. By default nothing is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Handling {
    /// How often more than once it is posted.
    pub copies: u32,
    pub signature: Signature,
    /// How long ago it claims to have been signed.
    pub age: Duration,
    /// The fault rules that want it so.
    pub rules: Vec<String>,
}

/// Whether a receiver that checks the signature can be content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    #[default]
    Genuine,
    /// Made with a secret that the receiver does not have.
    OtherSecret,
    /// Made over another body.
    OtherBody,
    Missing,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    Answered {
        status: u16,
        retry_after: Option<Duration>,
    },
    /// Nothing came back; the text says why.
    Silence(String),
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { status, .. } => write!(f, "{status}"),
            Self::Silence(why) => f.write_str(why),
        }
    }
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Delivered,
    /// To be tried again then.
    Again(Moment),
    /// Tried as often as it is to be.
    Dead,
    /// The receiver is gone for good (410), and nothing more is to be sent there.
    Disable,
}

impl Fate {
    /// When it is tried again.
    pub const fn next(self) -> Option<Moment> {
        match self {
            Self::Again(due) => Some(due),
            Self::Delivered | Self::Dead | Self::Disable => None,
        }
    }
}

/// Decides after a try at `at`. `tries` counts this one; `spread`, from 0 to 1, keeps many messages from coming back at
/// once: up to a tenth is added to the wait.
pub fn fate(
    profile: Profile,
    receipt: &Receipt,
    tries: u32,
    at: Moment,
    spread: impl FnOnce() -> f64,
) -> Fate {
    let (status, retry_after) = match receipt {
        Receipt::Answered {
            status,
            retry_after,
        } => (*status, *retry_after),
        Receipt::Silence(_) => (0, None),
    };
    match status {
        200..=299 => return Fate::Delivered,
        410 => return Fate::Disable,
        _ => {}
    }
    let waits = profile.waits_s();
    let place = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let Some(wait) = waits.get(place).copied().map(Duration::from_secs) else {
        return Fate::Dead;
    };
    let wait = wait + wait.mul_f64(spread().clamp(0.0, 1.0) / 10.0);
    // Whoever asks for time gets it, and no less than the schedule gives anyway.
    Fate::Again(at.plus(retry_after.map_or(wait, |asked| asked.max(wait))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{CardId, PaymentId, TokenReference};

    const AT: Moment = Moment::from_seconds(1_700_000_000);

    fn answered(status: u16) -> Receipt {
        Receipt::Answered {
            status,
            retry_after: None,
        }
    }

    #[test]
    fn each_answer_has_its_consequence() {
        let fate = |receipt: &Receipt, tries| fate(Profile::Standard, receipt, tries, AT, || 0.0);
        let again = |seconds| Fate::Again(AT.plus(Duration::from_secs(seconds)));
        assert_eq!(fate(&answered(204), 1), Fate::Delivered);
        assert_eq!(fate(&answered(410), 1), Fate::Disable);
        for status in [301, 400, 404, 429, 500, 503] {
            assert_eq!(fate(&answered(status), 1), again(5), "{status}");
        }
        assert_eq!(fate(&Receipt::Silence("refused".to_owned()), 2), again(300));
        assert_eq!(fate(&answered(500), 9), again(86_400));
        assert_eq!(fate(&answered(500), 10), Fate::Dead);
    }

    #[test]
    fn whoever_asks_for_time_gets_it() {
        let asked = |seconds| Receipt::Answered {
            status: 429,
            retry_after: Some(Duration::from_secs(seconds)),
        };
        let again = |seconds| Fate::Again(AT.plus(Duration::from_secs(seconds)));
        assert_eq!(
            fate(Profile::Standard, &asked(60), 1, AT, || 0.0),
            again(60)
        );
        assert_eq!(fate(Profile::Standard, &asked(1), 1, AT, || 0.0), again(5));
    }

    #[test]
    fn a_schedule_is_as_long_as_published() {
        for (profile, tries, hours) in [
            (Profile::Standard, 10, 75),
            (Profile::Vgs, 8, 10),
            (Profile::Adyen, 13, 16),
        ] {
            let waits = profile.waits_s();
            assert_eq!(waits.len() + 1, tries);
            assert_eq!(waits.iter().sum::<u64>() / 3_600, hours, "{profile:?}");
        }
    }

    #[test]
    fn a_message_is_found_by_its_name() {
        for about in [
            Subject::Token(TokenReference::from_bytes([9; 16])),
            Subject::Card(CardId::from_bytes([9; 16])),
            Subject::Payment(PaymentId::from_bytes([9; 16])),
        ] {
            let key = MessageKey {
                endpoint: EndpointId(7),
                about,
                ordinal: 3,
            };
            assert_eq!(MessageKey::parse(&key.text()), Some(key), "{about:?}");
        }
        for wrong in ["", "we_7", "we_7.x.3", "7.x.3"] {
            assert_eq!(MessageKey::parse(wrong), None);
        }
    }
}
