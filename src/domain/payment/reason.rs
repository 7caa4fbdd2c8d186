//! Every reason for which a payment is declined, in the order in which the authorizer looks for them.
//!
//! The order is part of the contract: the first check that fails answers, and `src/tests/payment_table.rs` pins it.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($row:literal $name:ident $word:literal $text:literal)*) => {
        /// Why a payment was declined. The word is used in fixtures, fault rules, the journal and our own payment API; a
        /// surface that imitates another vendor says only what that vendor would.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
        )]
        pub enum DeclineReason {
            $(
                #[error($text)]
                #[serde(rename = $word)]
                $name,
            )*
        }

        impl DeclineReason {
            /// Every reason, in the order of the checks.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The row of the decision table. Of two reasons, the one in the lower row is answered.
            pub const fn row(self) -> &'static str {
                match self { $(Self::$name => $row),* }
            }

            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

reasons! {
    "1" UnknownToken "unknown_token" "no such token"
    "1" UnknownCard "unknown_card" "the number is neither a token nor a listed test card"
    "2" Inactive "inactive" "the token is not active yet"
    "2" Suspended "suspended" "the token is suspended"
    "2" Deleted "deleted" "the token has been deleted"
    "3" ExpiryMismatch "expiry_mismatch" "the expiry is not that of the token"
    "3" Expired "expired" "the expiry has passed"
    "4" DomainMismatch "domain_mismatch" "the token may not be used by this merchant"
    "4" RequestorMismatch "requestor_mismatch" "the token was not requested by this token requestor"
    "4" CredentialMerchantMismatch "credential_merchant_mismatch" "the credential is bound to another merchant"
    "4" CredentialRevoked "credential_revoked" "the credential has been revoked"
    "4" CredentialExpired "credential_expired" "the credential has expired"
    "4" CredentialConsumed "credential_consumed" "the credential was good for one payment"
    "5a" CryptogramMissing "cryptogram_missing" "a payment that the customer starts needs a cryptogram"
    "5b" CryptogramWrongKind "cryptogram_wrong_kind" "a long cryptogram came as a security code, or a short one as a cryptogram"
    "5b" CryptogramLocked "cryptogram_locked" "too many security codes of this token were wrong, and none is taken for a while"
    "5b" CryptogramInvalid "cryptogram_invalid" "not a cryptogram of this token"
    "5b" CryptogramExpired "cryptogram_expired" "the cryptogram is too old"
    "5b" CryptogramReplayed "cryptogram_replayed" "the cryptogram has been spent"
    "5c" CurrencyMismatch "currency_mismatch" "the cryptogram was issued for another currency"
    "5c" AmountExceeded "amount_exceeded" "the cryptogram was issued for a smaller amount"
    "5c" CredentialCurrencyMismatch "credential_currency_mismatch" "the credential is for another currency"
    "5c" CredentialAmountExceeded "credential_amount_exceeded" "the credential allows less"
    "6" NtiMissing "nti_missing" "a payment that the merchant starts must quote a network transaction id"
    "6" NtiUnknown "nti_unknown" "no payment has this network transaction id"
    "6" NtiNotApproved "nti_not_approved" "the payment with this network transaction id was declined"
    "6" NtiForeign "nti_foreign" "the network transaction id belongs to another account"
    "7" TlidMissing "tlid_missing" "a transaction link id must be quoted"
    "7" TlidMismatch "tlid_mismatch" "the transaction link id is not that of the quoted payment"
    "9" Lost "lost" "the card is reported lost"
    "9" Stolen "stolen" "the card is reported stolen"
    "9" SuspectedFraud "suspected_fraud" "the issuer suspects fraud"
    "9" PaymentsStopped "payments_stopped" "the cardholder stopped these payments"
    "9" StepUpRequired "step_up_required" "the issuer wants the cardholder authenticated"
    "9" DoNotHonour "do_not_honour" "the issuer declined"
    "9" InsufficientFunds "insufficient_funds" "insufficient funds"
    "9" VelocityExceeded "velocity_exceeded" "too many payments in too short a time"
    "9" IssuerUnavailable "issuer_unavailable" "the issuer did not answer"
}

impl DeclineReason {
    /// Whether the payment service refuses before it asks a network, so that there is no network's id for the attempt.
    pub const fn stays_at_the_acquirer(self) -> bool {
        matches!(self, Self::CryptogramMissing)
    }

    /// Whether the payment fails for what it asks of a proof that is not its own or not for so much, or before anybody has
    /// looked at the proof. Such a proof stays good
    /// for whoever it was given to: else anybody who saw it could spoil it. What gets as far as an issuer has spent it.
    pub const fn spares_the_proof(self) -> bool {
        match self {
            Self::DomainMismatch
            | Self::RequestorMismatch
            | Self::CredentialMerchantMismatch
            | Self::CredentialRevoked
            | Self::CredentialExpired
            | Self::CredentialConsumed
            | Self::CryptogramLocked
            | Self::CurrencyMismatch
            | Self::AmountExceeded
            | Self::CredentialCurrencyMismatch
            | Self::CredentialAmountExceeded => true,
            Self::UnknownToken
            | Self::UnknownCard
            | Self::Inactive
            | Self::Suspended
            | Self::Deleted
            | Self::ExpiryMismatch
            | Self::Expired
            | Self::CryptogramMissing
            | Self::CryptogramWrongKind
            | Self::CryptogramInvalid
            | Self::CryptogramExpired
            | Self::CryptogramReplayed
            | Self::NtiMissing
            | Self::NtiUnknown
            | Self::NtiNotApproved
            | Self::NtiForeign
            | Self::TlidMissing
            | Self::TlidMismatch
            | Self::Lost
            | Self::Stolen
            | Self::SuspectedFraud
            | Self::PaymentsStopped
            | Self::StepUpRequired
            | Self::DoNotHonour
            | Self::InsufficientFunds
            | Self::VelocityExceeded
            | Self::IssuerUnavailable => false,
        }
    }
}

macro_rules! warnings {
    ($($(#[$doc:meta])* $name:ident $word:literal $text:literal)*) => {
        /// Something wrong that does not decline, unless the rules are strict. The word is used in the journal and in our own
        /// payment API.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
        )]
        pub enum Warning {
            $(
                $(#[$doc])*
                #[error($text)]
                #[serde(rename = $word)]
                $name,
            )*
        }

        impl Warning {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

warnings! {
    /// One that came all the same is spent.
    UnneededCryptogram "unneeded_cryptogram" "a payment that the merchant starts takes no cryptogram"
    CodeIgnored "code_ignored" "a security code came beside a cryptogram"
    /// Mastercard demands it from 23 October 2026; the lenient dialect lets it pass.
    TlidMissing "tlid_missing" "a transaction link id must be quoted"
    TlidMismatch "tlid_mismatch" "the transaction link id is not that of the quoted payment"
    EciMismatch "eci_mismatch" "the electronic commerce indicator is none of the token's network"
    NetworkMismatch "network_mismatch" "the number is of another network"
    Last4Mismatch "last4_mismatch" "the card behind the token has other last digits"
    AccountMismatch "account_mismatch" "the payment account reference is another card's"
    NotAuthenticated "not_authenticated" "the customer is said not to be authenticated, and a cryptogram says otherwise"
    SecureValueIgnored "secure_value_ignored" "a value of 3-D Secure came for a token, which has a member of its own for its cryptogram"
    ReturnUrlMissing "return_url_missing" "a way of paying may send the customer away, and nothing says where to come back to"
}
