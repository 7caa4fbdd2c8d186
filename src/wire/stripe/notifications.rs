//! standin's own events about tokens, with Stripe's signature.

use crate::domain::webhook::Profile;
use crate::wire::edge::own_events::event;
use crate::wire::edge::webhook::WebhookProfile;

pub(super) const PROFILE: WebhookProfile = WebhookProfile {
    profile: Profile::Stripe,
    word: |telling| Some(event(telling).into()),
    sign: |signing| {
        let signature = format!("t={},v1={}", signing.time(), signing.over_time());
        vec![("stripe-signature", signature)]
    },
    signs: true,
    stamps: true,
};
