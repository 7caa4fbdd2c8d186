//! The services as which messages are sent.

use serde_json::Value;

use super::events::Event;
use crate::crypto::webhook::Scheme;

/// One of them.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) name: &'static str,
    /// None where nothing is signed.
    pub(super) scheme: Option<Scheme>,
    pub(super) source: &'static str,
    /// Words an event.
    pub(super) body: fn(&Event<'_>) -> Value,
}

pub(super) static PROFILES: [Profile; 7] = [
    Profile {
        name: "standard",
        scheme: Some(Scheme::Standard),
        source: "Standard Webhooks specification",
        body: |event| event.standard(),
    },
    Profile {
        name: "stripe",
        scheme: Some(Scheme::Stripe),
        source: "Stripe, webhooks",
        body: |event| event.stripe(),
    },
    Profile {
        name: "vgs",
        scheme: Some(Scheme::Vgs),
        source: "VGS, notifications",
        body: |event| event.vgs(),
    },
    Profile {
        name: "checkout",
        scheme: Some(Scheme::Checkout),
        source: "Checkout.com, webhooks",
        body: |event| event.checkout(),
    },
    Profile {
        name: "adyen",
        scheme: Some(Scheme::AdyenItem),
        source: "Adyen, webhooks: handle webhook events",
        body: |event| event.adyen(),
    },
    Profile {
        name: "adyen-payload",
        scheme: Some(Scheme::AdyenPayload),
        source: "Adyen, verify HMAC signatures",
        body: |event| event.adyen_payload(),
    },
    Profile {
        name: "mastercard",
        scheme: None,
        source: "Mastercard, MDES digital enablement: notify token updated",
        body: |event| event.mastercard(),
    },
];

impl Profile {
    /// How long ago a message must have been signed for its receiver to refuse it; None where no time is signed.
    pub(super) fn stale_s(&self) -> Option<i64> {
        Some(self.scheme?.tolerance()?.behind_s + 60)
    }

    /// The same, ahead.
    pub(super) fn early_s(&self) -> Option<i64> {
        Some(self.scheme?.tolerance()?.ahead_s? + 60)
    }
}
