//! Webhook profiles: how messages are worded and signed, of what each tells, and how often a message is tried.

use serde::{Deserialize, Serialize};

use super::card::Network;
use super::payment::event::PaymentEvent;
use super::payment::told::PaymentThen;

/// A webhook profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// standin's own events, signed as the Standard Webhooks specification says.
    #[default]
    Standard,
    /// VGS's network token events with `vgs-signature`.
    Vgs,
    /// Stripe's events about payments, and standin's own events about tokens, with `Stripe-Signature`.
    Stripe,
    /// Checkout.com's `payment_…` and `network_token_update`, and standin's own events beside them, with `Cko-Signature`.
    Checkout,
    /// Adyen's `AUTHORISATION`, `CAPTURE` and so on with `hmacSignature` in them, its `recurring.token.…`, and standin's own
    /// events beside them, with `hmacsignature`.
    Adyen,
    /// hyperswitch's call-back about tokens of its own customers, with a fixed `Authorization`.
    Hyperswitch,
    /// Visa's pings to a token requestor, signed with x-pay-token.
    Visa,
    /// Mastercard's notifyTokenUpdated, sealed for the token requestor.
    Mastercard,
}

impl Profile {
    pub const ALL: [Self; 8] = [
        Self::Standard,
        Self::Vgs,
        Self::Stripe,
        Self::Checkout,
        Self::Adyen,
        Self::Hyperswitch,
        Self::Visa,
        Self::Mastercard,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Vgs => "vgs",
            Self::Stripe => "stripe",
            Self::Checkout => "checkout",
            Self::Adyen => "adyen",
            Self::Hyperswitch => "hyperswitch",
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
        }
    }

    /// The network whose profile it is: it tells of its own tokens only, and to the one account that has its credentials.
    pub const fn network(self) -> Option<Network> {
        match self {
            Self::Standard
            | Self::Vgs
            | Self::Stripe
            | Self::Checkout
            | Self::Adyen
            | Self::Hyperswitch => None,
            Self::Visa => Some(Network::Visa),
            Self::Mastercard => Some(Network::Mastercard),
        }
    }

    /// The payment service that tells of its payments so. Under this name they are kept.
    pub const fn service(self) -> Option<&'static str> {
        match self {
            Self::Standard => Some("payments"),
            Self::Stripe => Some("stripe"),
            Self::Checkout => Some("checkout_com"),
            Self::Adyen => Some("adyen"),
            Self::Vgs | Self::Hyperswitch | Self::Visa | Self::Mastercard => None,
        }
    }

    /// The profile in which a payment service tells.
    pub fn of_service(service: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|profile| profile.service() == Some(service))
    }

    /// What the profile's service calls an event; None when it has none for it.
    pub fn name_of(self, event: PaymentEvent) -> Option<&'static str> {
        let mut names = self.names().iter();
        names.find(|(own, _)| *own == event).map(|(_, name)| *name)
    }

    const fn names(self) -> Names {
        match self {
            Self::Standard => OWN,
            Self::Stripe => STRIPE,
            Self::Checkout => CHECKOUT,
            Self::Adyen => ADYEN,
            Self::Vgs | Self::Hyperswitch | Self::Visa | Self::Mastercard => &[],
        }
    }

    /// Whether the service tells of that, having done it to this payment. Where the money moves at once no capture of its own
    /// is told, but for Checkout.com, which tells of both.
    pub fn tells_of(self, event: PaymentEvent, then: &PaymentThen) -> bool {
        let at_once = then.payment().is_some_and(|made| made.hold_ends.is_none());
        let told = match (self, event) {
            (Self::Stripe | Self::Adyen, PaymentEvent::Captured) => !at_once,
            _ => true,
        };
        told && self.service() == Some(then.counter().1) && self.name_of(event).is_some()
    }

    /// How long to wait after each failed try, in seconds; after the last one the message is dead. Standard Webhooks and
    /// Adyen publish theirs; of VGS's only the count of eight and the ten hours in all are known; the others follow the
    /// standard.
    pub(super) const fn waits_s(self) -> &'static [u64] {
        match self {
            Self::Standard
            | Self::Stripe
            | Self::Checkout
            | Self::Hyperswitch
            | Self::Visa
            | Self::Mastercard => &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
            Self::Vgs => &[60, 300, 900, 1_800, 3_600, 10_800, 18_540],
            Self::Adyen => &[
                9, 18, 27, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800,
            ],
        }
    }
}

use PaymentEvent as E;

/// What a service tells of payments, and what it calls that. Of everything else it tells nothing.
type Names = &'static [(PaymentEvent, &'static str)];

/// standin's own.
const OWN: Names = &[
    (E::Approved, "payment.approved"),
    (E::Declined, "payment.declined"),
    (E::Captured, "payment.captured"),
    (E::Voided, "payment.voided"),
    (E::Refunded, "payment.refunded"),
    (E::Expired, "payment.expired"),
];

/// Stripe, API reference, types of events.
const STRIPE: Names = &[
    (E::IntentCreated, "payment_intent.created"),
    (
        E::IntentCapturable,
        "payment_intent.amount_capturable_updated",
    ),
    (E::IntentPaid, "payment_intent.succeeded"),
    (E::IntentFailed, "payment_intent.payment_failed"),
    (E::IntentCancelled, "payment_intent.canceled"),
    (E::Approved, "charge.succeeded"),
    (E::Declined, "charge.failed"),
    (E::Captured, "charge.captured"),
    (E::RefundCreated, "refund.created"),
    (E::Refunded, "charge.refunded"),
    // What was held and is let go of is shown as refunded.
    (E::Voided, "charge.refunded"),
    (E::Expired, "charge.expired"),
    (E::SetupCreated, "setup_intent.created"),
    (E::IntentRequiresAction, "payment_intent.requires_action"),
    (E::SetupRequiresAction, "setup_intent.requires_action"),
    (E::SetupSucceeded, "setup_intent.succeeded"),
    (E::SetupFailed, "setup_intent.setup_failed"),
    (E::SetupCancelled, "setup_intent.canceled"),
    (E::CustomerCreated, "customer.created"),
    (E::CustomerUpdated, "customer.updated"),
    (E::CustomerDeleted, "customer.deleted"),
    (E::MethodAttached, "payment_method.attached"),
    (E::MethodDetached, "payment_method.detached"),
    (E::MethodUpdated, "payment_method.updated"),
    (E::DisputeCreated, "charge.dispute.created"),
    (E::DisputeWithdrawn, "charge.dispute.funds_withdrawn"),
    (E::DisputeUpdated, "charge.dispute.updated"),
    (E::DisputeReinstated, "charge.dispute.funds_reinstated"),
    (E::DisputeClosed, "charge.dispute.closed"),
];

/// Checkout.com, webhook event types. What is not possible there is refused in the answer and not told.
const CHECKOUT: Names = &[
    (E::Approved, "payment_approved"),
    (E::Declined, "payment_declined"),
    (E::Captured, "payment_captured"),
    (E::Voided, "payment_voided"),
    (E::Refunded, "payment_refunded"),
    (E::Expired, "payment_expired"),
];

/// Adyen, webhook types, default and additional event codes.
const ADYEN: Names = &[
    (E::Approved, "AUTHORISATION"),
    (E::Declined, "AUTHORISATION"),
    (E::Captured, "CAPTURE"),
    (E::CaptureFailed, "CAPTURE"),
    (E::Voided, "CANCELLATION"),
    (E::VoidFailed, "CANCELLATION"),
    (E::Refunded, "REFUND"),
    (E::RefundFailed, "REFUND"),
    (E::Expired, "EXPIRE"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_tells_of_payments_has_a_service_and_the_other_way_round() {
        for profile in Profile::ALL {
            let names = PaymentEvent::ALL.iter();
            let tells = names.filter_map(|event| profile.name_of(*event)).count() > 0;
            assert_eq!(tells, profile.service().is_some(), "{profile:?}");
        }
        for event in PaymentEvent::ALL.iter().copied() {
            let told = Profile::ALL
                .iter()
                .filter(|profile| profile.name_of(event).is_some());
            assert!(told.count() > 0, "{event:?} is nobody's");
            for profile in Profile::ALL {
                let rows = profile.names().iter().filter(|(own, _)| *own == event);
                assert!(rows.count() <= 1, "{profile:?} has {event:?} twice");
            }
        }
        assert_eq!(Profile::of_service("adyen"), Some(Profile::Adyen));
        assert_eq!(Profile::of_service("acp"), None);
    }
}
