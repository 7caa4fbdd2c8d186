//! What Mastercard tells a requestor of its own accord: `notifyTokenUpdated`, with the token sealed for the requestor. The
//! real network authenticates itself by its TLS certificate and signs nothing. Delivery is not decided here.

use serde_json::{Value, json};

use super::{messages, sealed};
use crate::crypto::mastercard_jwe::IvLength;
use crate::domain::digitization::SealedForm;
use crate::domain::notice::{Event, Notice};
use crate::domain::webhook::Profile;
use crate::operations::sealing::{self, SealError};
use crate::operations::tokens::Shown;
use crate::operations::{Space, derived_ids};
use crate::wire::edge::webhook::{Telling, WebhookProfile, Worded};

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Mastercard,
    word,
    sign: |_| Vec::new(),
    within: None,
    signs: false,
    stamps: false,
    over: "nothing; the body is sealed",
};

fn word(telling: &Telling<'_>) -> Option<Worded> {
    let shown = Shown {
        token: telling.token()?.clone(),
        card: telling.card().cloned(),
    };
    let form = telling
        .form
        .unwrap_or_else(|| sealed::usual(&telling.space.config.settings.mastercard));
    let told = notify_token_updated(telling.space, telling.notice(), &shown, form, telling.base);
    let told = told
        .inspect_err(|error| tracing::warn!(?error, "a notification cannot be sealed"))
        .ok()??;
    Some(Worded {
        body: told.body,
        path_and_query: Some(told.path),
        headers: Vec::new(),
    })
}

/// A request that is to be sent with POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// To be put behind the scheme and host of the receiver.
    pub path: String,
    pub headers: [(&'static str, &'static str); 1],
    pub body: String,
}

/// What the requestor is told of an event, if anything. `base_path` is the path that the requestor registered, without a slash
/// at its end; `form` the form in which it seals. Its own changes it knows already, but it is told of them as of any other: no
/// source says that it is not. The instant is that
/// of the event, and of the space only keys, seed and accounts are used: no record is read.
///
/// # Errors
/// [`SealError`] when a key cannot be made or used.
pub fn notify_token_updated(
    space: &Space,
    notice: &Notice,
    shown: &Shown,
    form: SealedForm,
    base_path: &str,
) -> Result<Option<Notification>, SealError> {
    let Some(reason) = told(notice.event) else {
        return Ok(None);
    };
    let mut token = messages::whole(space, shown);
    if let Some(reason) = reason {
        token["eventReasonCode"] = reason.into();
    }
    // Told only with what has changed.
    if let Value::Object(members) = &mut token {
        members.shift_remove("productConfig");
        let data_changed = matches!(notice.event, Event::ExpiryUpdated | Event::PanReplaced);
        if !data_changed {
            members.shift_remove("tokenInfo");
        }
    }
    let plain = json!({ "tokens": [token] }).to_string();
    let sealed = sealing::seal(space, notice.at, form, IvLength::Sixteen, plain.as_bytes());
    let sealed = sealed::members(sealed?);
    let at = notice.at.micros().to_be_bytes();
    let reference = shown.token.reference;
    let inputs: [&[u8]; 3] = [b"notifyTokenUpdated", reference.bytes(), &at];
    let body = json!({
        "responseHost": "standin",
        "requestId": derived_ids::correlation_id(space, notice.at, &inputs),
        "encryptedPayload": Value::from(sealed),
    });
    Ok(Some(Notification {
        path: format!("{base_path}/digitization/static/1/0/notifyTokenUpdated"),
        headers: [("content-type", "application/json")],
        body: body.to_string(),
    }))
}

/// Whether an event is told, and with which reason. An issuer gives a reason or none; standin's gives one only where the
/// specification ties it to the event.
const fn told(event: Event) -> Option<Option<&'static str>> {
    match event {
        Event::Activated
        | Event::Suspended
        | Event::Resumed
        | Event::Deleted
        | Event::PanReplaced => Some(None),
        Event::ExpiryUpdated => Some(Some("REDIGITIZATION_COMPLETE")),
        Event::Provisioned
        | Event::ProvisioningFailed
        | Event::Used
        | Event::Card(_)
        | Event::Payment(_) => None,
    }
}
