//! What a client asks for, whatever its surface calls it: one closed set for the journal, fault rules and `verify`.

use super::vocabulary::words;

words! {
    /// What a client asks for.
    pub enum Operation {
        IssueAccessToken = "issue_access_token",
        ReadKeys = "read_keys",
        CreateAlias = "create_alias",
        ReadAlias = "read_alias",
        DeleteAlias = "delete_alias",
        CreateCard = "create_card",
        ReadCard = "read_card",
        UpdateCard = "update_card",
        DeleteCard = "delete_card",
        SubscribeCardUpdates = "subscribe_card_updates",
        UnsubscribeCardUpdates = "unsubscribe_card_updates",
        CheckCardUpdates = "check_card_updates",
        Provision = "provision",
        ReadToken = "read_token",
        SearchTokens = "search_tokens",
        ReadTask = "read_task",
        ReadAsset = "read_asset",
        ActivateToken = "activate_token",
        SuspendToken = "suspend_token",
        ResumeToken = "resume_token",
        DeleteToken = "delete_token",
        BindDevice = "bind_device",
        ChooseStepUp = "choose_step_up",
        ValidateOtp = "validate_otp",
        ReadAttestation = "read_attestation",
        IssueCryptogram = "issue_cryptogram",
        CreateIntent = "create_intent",
        UpdateIntent = "update_intent",
        Authorize = "authorize",
        ReadPayment = "read_payment",
        Capture = "capture",
        Cancel = "cancel",
        Refund = "refund",
        /// Something is said again of a refund, or of a charge.
        UpdateRefund = "update_refund",
        UpdateCharge = "update_charge",
        /// What is captured is refunded, and what is not is cancelled.
        Reverse = "reverse",
        ReadRefund = "read_refund",
        /// A merchant answers a customer who disputes a payment, or gives it up.
        UpdateDispute = "update_dispute",
        CloseDispute = "close_dispute",
        ReadCheckout = "read_checkout",
        DelegatePayment = "delegate_payment",
        CreateCustomer = "create_customer",
        ReadCustomer = "read_customer",
        UpdateCustomer = "update_customer",
        DeleteCustomer = "delete_customer",
        /// Something to pay with is put on file at a payment service.
        CreatePaymentMethod = "create_payment_method",
        /// A card is handed over to be charged once.
        CreateCardToken = "create_card_token",
        ReadPaymentMethod = "read_payment_method",
        UpdatePaymentMethod = "update_payment_method",
        /// It becomes a customer's.
        AttachPaymentMethod = "attach_payment_method",
        DetachPaymentMethod = "detach_payment_method",
        /// It is asked for that a card is made ready for later payments.
        CreateSetup = "create_setup",
        /// The issuer is asked whether it is good.
        VerifyCard = "verify_card",
        ReadSetup = "read_setup",
        UpdateSetup = "update_setup",
        CancelSetup = "cancel_setup",
        ReadEvent = "read_event",
        /// Somebody says where it wants to be told.
        RegisterEndpoint = "register_endpoint",
        ReadEndpoint = "read_endpoint",
        UpdateEndpoint = "update_endpoint",
        DeleteEndpoint = "delete_endpoint",
        /// A webhook message is sent. No client asks for it.
        Deliver = "deliver",
    }
}

impl Operation {
    /// Whether it gives back room that is wanted for what is due.
    pub const fn gives_room(self) -> bool {
        matches!(self, Self::DeleteEndpoint)
    }

    /// Whether it changes nothing, by whichever method it is asked for.
    pub const fn only_reads(self) -> bool {
        match self {
            Self::ReadKeys
            | Self::ReadAlias
            | Self::ReadCard
            | Self::ReadToken
            | Self::SearchTokens
            | Self::ReadTask
            | Self::ReadAsset
            | Self::ReadAttestation
            | Self::ReadPayment
            | Self::ReadRefund
            | Self::ReadCheckout
            | Self::ReadEvent
            | Self::ReadEndpoint
            | Self::ReadCustomer
            | Self::ReadPaymentMethod
            | Self::ReadSetup
            | Self::CheckCardUpdates => true,
            Self::IssueAccessToken
            | Self::CreateAlias
            | Self::DeleteAlias
            | Self::CreateCard
            | Self::UpdateCard
            | Self::DeleteCard
            | Self::SubscribeCardUpdates
            | Self::UnsubscribeCardUpdates
            | Self::Provision
            | Self::ActivateToken
            | Self::SuspendToken
            | Self::ResumeToken
            | Self::DeleteToken
            | Self::BindDevice
            | Self::ChooseStepUp
            | Self::ValidateOtp
            | Self::IssueCryptogram
            | Self::CreateIntent
            | Self::UpdateIntent
            | Self::UpdateSetup
            | Self::Authorize
            | Self::Capture
            | Self::Cancel
            | Self::Refund
            | Self::UpdateRefund
            | Self::UpdateCharge
            | Self::UpdateDispute
            | Self::CloseDispute
            | Self::Reverse
            | Self::DelegatePayment
            | Self::CreateCustomer
            | Self::UpdateCustomer
            | Self::DeleteCustomer
            | Self::CreatePaymentMethod
            | Self::CreateCardToken
            | Self::UpdatePaymentMethod
            | Self::AttachPaymentMethod
            | Self::DetachPaymentMethod
            | Self::CreateSetup
            | Self::VerifyCard
            | Self::CancelSetup
            | Self::RegisterEndpoint
            | Self::UpdateEndpoint
            | Self::DeleteEndpoint
            | Self::Deliver => false,
        }
    }
}

/// Some operations. A request can be about several: enrolling a card at a gateway creates the card and provisions a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Operations(u64);

impl Operations {
    #[must_use]
    pub const fn with(self, operation: Operation) -> Self {
        Self(self.0 | 1 << operation as u32)
    }

    pub const fn contains(self, operation: Operation) -> bool {
        self.0 & 1 << operation as u32 != 0
    }

    /// In the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Operation> {
        let all = Operation::ALL.iter().copied();
        all.filter(move |one| self.contains(*one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_place_in_a_set() {
        assert!(Operation::ALL.len() <= 64);
        for operation in Operation::ALL.iter().copied() {
            let set = Operations::default().with(operation);
            assert_eq!(set.iter().collect::<Vec<_>>(), [operation]);
        }
    }
}
