//! standin's own events, signed as the Standard Webhooks specification says: over id, timestamp and body joined by dots.

use crate::crypto::webhook::Scheme;
use crate::domain::webhook::Profile;
use crate::wire::edge::own_events::event;
use crate::wire::edge::webhook::WebhookProfile;

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Standard,
    word: |telling| Some(event(telling).into()),
    sign: |signing| signing.by(Scheme::Standard),
    within: None,
    signs: true,
    stamps: true,
    over: "{id}.{time}.BODY, HMAC-SHA256 in base64",
};
