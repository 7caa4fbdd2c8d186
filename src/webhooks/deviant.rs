//! What an instance that deviates makes of messages.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each place knows a few of the deviations, and the others are none of its business"
)]

use http::HeaderValue;
use serde_json::{Value, json};

use super::attempt::DeliveryAttempt;
use super::webhook_fault::{Handled, Instead};
use crate::domain::deviation::Deviation;
use crate::domain::notice::Event;
use crate::domain::webhook::{Fate, Handling, Message, Signature};
use crate::limits::LATE_MESSAGE_WAIT;
use crate::operations::{Space, derived_ids};
use crate::wire::edge::webhook::Worded;

/// How a try is made, where the deviation says something of it.
pub(super) fn handled(space: &Space, message: &Message) -> Option<Handled> {
    use Deviation::*;
    let deviation = space.config.deviation?;
    let instead = match (deviation, message.notice.event) {
        (EnrolmentUntold, Event::Provisioned)
        | (SuspensionUntold, Event::Suspended)
        | (ResumptionUntold, Event::Resumed)
        | (DeletionUntold, Event::Deleted)
        | (RenewalUntold, Event::ExpiryUpdated)
        | (ReplacementUntold, Event::PanReplaced) => Some(Instead::Drop),
        (ToldOutOfOrder, Event::Suspended) => Some(Instead::Past(1)),
        (_, _) => None,
    };
    let (signature, copies) = match deviation {
        SignedByAnother => (Signature::OtherSecret, 0),
        SignedOverAnother => (Signature::OtherBody, 0),
        Unsigned => (Signature::Missing, 0),
        DeliveredTwice => (Signature::Genuine, 1),
        _ => (Signature::Genuine, 0),
    };
    if instead.is_none() && signature == Signature::Genuine && copies == 0 {
        return None;
    }
    let handling = Handling {
        signature,
        copies,
        ..Handling::default()
    };
    Some(Handled {
        instead,
        handling,
        faults: None,
    })
}

/// The name of a message for its next try.
pub(super) fn message_id(space: &Space, message: &Message) -> String {
    let name = derived_ids::message_id(space, &message.key);
    if message.tries > 0 && space.config.deviates(Deviation::ToldAgainAnew) {
        return format!("{name}{}", message.tries);
    }
    name
}

/// What becomes of a message after a try.
pub(super) fn fate(space: &Space, fate: Fate) -> Fate {
    match fate {
        Fate::Again(_) if space.config.deviates(Deviation::NotToldAgain) => Fate::Dead,
        fate => fate,
    }
}

/// Changes the headers of a message once it is signed.
pub(super) fn head(space: &Space, headers: &mut Vec<(&'static str, HeaderValue)>) {
    match space.config.deviation {
        Some(Deviation::TwoSignatures) => {
            for (_, value) in headers {
                let second = value.to_str().ok().filter(|text| text.starts_with("v1,"));
                let both = second.map(|text| format!("v1,c29tZWJvZHkgZWxzZSdz {text}"));
                if let Some(Ok(both)) = both.map(HeaderValue::try_from) {
                    *value = both;
                }
            }
        }
        Some(Deviation::MoreMessageHeaders) => {
            headers.push(("x-trace", HeaderValue::from_static("4bf92f3577b34da6")));
        }
        Some(_) | None => {}
    }
}

impl DeliveryAttempt<'_> {
    /// Changes what a message says, or sends another one beside it, as the deviation has it.
    pub(super) async fn deviate(&self, message: &Message, written: &mut Worded, handled: &Handled) {
        use Deviation::*;
        let handling = &handled.handling;
        let Some(deviation) = self.space.config.deviation else {
            return;
        };
        let document = serde_json::from_str(&written.body);
        let Ok(mut document): Result<Value, _> = document else {
            return;
        };
        match deviation {
            ToldOfAnother => document["data"]["last4"] = json!("0000"),
            ToldStale => document["data"]["state"] = json!("active"),
            MessageTellsCardNumber => {
                let card = message.notice.card_then.as_deref();
                document["card"] = json!(card.map(|card| card.pan.expose()));
            }
            MessagesSayMore => document["x_environment"] = json!({ "region": "eu", "try": 1 }),
            MessagesSpaced => {
                let spaced = serde_json::to_string_pretty(&document);
                written.body = spaced.unwrap_or_default();
                return;
            }
            DeliveredLate => {
                tokio::time::sleep(LATE_MESSAGE_WAIT).await;
                return;
            }
            ToldTwice => return self.beside(&document, handling).await,
            MessagesOfOtherTypes => {
                document["type"] = json!("endpoint.alive");
                return self.beside(&document, handling).await;
            }
            _ => return,
        }
        written.body = document.to_string();
    }

    /// Sends a message of another name beside this one.
    async fn beside(&self, document: &Value, handling: &Handling) {
        let id = format!("{}beside", self.id);
        let another = DeliveryAttempt { id: &id, ..*self };
        let written = Worded {
            body: document.to_string(),
            ..Worded::default()
        };
        let _nobody_waits_for_it = another.send(&written, handling).await;
    }
}
