//! What is told of payments: one closed set of events. Services distinguish the attempt to take money from the order that it is
//! to pay; here are both, so that each can be told in its own words.

use crate::domain::vocabulary::words;

words! {
    /// Something that a payment service tells its merchant.
    pub enum PaymentEvent {
        /// Money is asked for, and nobody has been asked to pay yet.
        IntentCreated = "intent_created",
        /// The money that was asked for is held, and waits to be captured.
        IntentCapturable = "intent_capturable",
        /// The money that was asked for is there.
        IntentPaid = "intent_paid",
        /// The issuer declined; somebody may try again.
        IntentFailed = "intent_failed",
        /// The customer is to be authenticated before anybody is asked to pay.
        IntentRequiresAction = "intent_requires_action",
        /// Nothing will come of it any more.
        IntentCancelled = "intent_cancelled",
        Approved = "payment_approved",
        Declined = "payment_declined",
        Captured = "payment_captured",
        CaptureFailed = "payment_capture_failed",
        Voided = "payment_voided",
        VoidFailed = "payment_void_failed",
        /// A refund has its own record.
        RefundCreated = "refund_created",
        Refunded = "payment_refunded",
        RefundFailed = "payment_refund_failed",
        /// Nobody captured in time.
        Expired = "payment_expired",
        /// A card is to be made ready for later payments, and nobody has been asked whether it is good.
        SetupCreated = "setup_created",
        SetupRequiresAction = "setup_requires_action",
        SetupSucceeded = "setup_succeeded",
        /// The issuer says that the card is not good; somebody may try again.
        SetupFailed = "setup_failed",
        SetupCancelled = "setup_cancelled",
        CustomerCreated = "customer_created",
        CustomerUpdated = "customer_updated",
        CustomerDeleted = "customer_deleted",
        /// A payment method is a customer's.
        MethodAttached = "payment_method_attached",
        MethodDetached = "payment_method_detached",
        MethodUpdated = "payment_method_updated",
        /// A customer disputes what was paid.
        DisputeCreated = "dispute_created",
        /// The money is taken from the merchant while it is disputed.
        DisputeWithdrawn = "dispute_funds_withdrawn",
        DisputeUpdated = "dispute_updated",
        /// The merchant has won, and has the money again.
        DisputeReinstated = "dispute_funds_reinstated",
        DisputeClosed = "dispute_closed",
    }
}

impl PaymentEvent {
    /// Whether an issuer did it, also where it does so upon a call of the merchant's.
    pub const fn is_by_issuer(self) -> bool {
        matches!(
            self,
            Self::DisputeCreated | Self::DisputeWithdrawn | Self::DisputeReinstated
        )
    }
}
