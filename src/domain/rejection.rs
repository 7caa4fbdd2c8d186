//! Every reason for which something is refused. The inside knows exactly why; a surface says only what the real system
//! would say, through one table of its own without a wildcard.

use serde::{Deserialize, Serialize};

/// Why an operation was refused. The snake_case word is used in fixtures, fault rules and the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    // What is wrong with the card as given.
    #[error("the card number fails its check digit")]
    CardNumberInvalid,
    #[error("the card number is not a listed test number")]
    NotATestCard,
    #[error("no impersonated network issues this card number")]
    NetworkNotSupported,
    #[error("the card has expired")]
    CardExpired,

    // What the network or the issuer answers; each is a persona and can be armed as a fault.
    #[error("the issuer does not take part in tokenization for this card")]
    CardNotEligible,
    #[error("the issuer does not allow this card to be tokenized")]
    CardNotAllowed,
    #[error("number, expiry or security code could not be verified")]
    CardVerificationFailed,
    #[error("the issuer declined")]
    Declined,
    #[error("the provisioning data is too old")]
    ProvisionDataExpired,
    #[error("provisioning is not allowed")]
    ProvisionNotAllowed,
    #[error("the token is in a state that does not allow this")]
    InvalidTokenStatus,
    #[error("the network finds the request invalid")]
    InvalidRequest,
    #[error("the issuer did not answer")]
    IssuerUnavailable,
    #[error("the network's service is unavailable")]
    ServiceUnavailable,
    #[error("the network's system failed")]
    SystemError,

    // What the records say.
    #[error("no such card")]
    CardUnknown,
    #[error("no such alias")]
    AliasUnknown,
    #[error("the alias stands for another value")]
    AliasTaken,
    #[error("no such token")]
    TokenUnknown,
    #[error("the card has no token")]
    TokenMissing,
    #[error("the token has been deleted")]
    TokenDeleted,
    #[error("the token is suspended")]
    TokenSuspended,
    #[error("the token is not active yet")]
    TokenInactive,
    #[error("the token cannot do that in its present state")]
    StateForbids,
    #[error("the token has expired")]
    TokenExpired,
    #[error("too many unexpired short cryptograms of this token")]
    ShortCryptogramsOutstanding,
    #[error("the token has issued as many cryptograms as its counter can count")]
    CryptogramsExhausted,
    #[error("no token number is left for this card")]
    TokenNumbersExhausted,
    #[error("others kept changing the same record")]
    Contention,
    #[error("the records cannot be reached at the moment")]
    StoreUnavailable,
    #[error(
        "there is no room for more records, tasks or messages; reset or drop spaces, or remove webhook endpoints that take nothing"
    )]
    StoreFull,
}

impl Rejection {
    /// Whether it means that there is no token that could be used now.
    pub const fn is_unusable_token(self) -> bool {
        matches!(
            self,
            Self::TokenUnknown
                | Self::TokenMissing
                | Self::TokenDeleted
                | Self::TokenSuspended
                | Self::TokenInactive
                | Self::TokenExpired
        )
    }

    /// What a surface says in its place, unless the records could not be reached: then nobody knows whether that is so.
    pub fn worded<E: From<Self>>(self, word: impl FnOnce() -> E) -> E {
        if self.is_of_the_store() {
            self.into()
        } else {
            word()
        }
    }

    /// Whether it says nothing about what was asked, but that it cannot be looked up or kept.
    pub const fn is_of_the_store(self) -> bool {
        matches!(self, Self::StoreUnavailable | Self::StoreFull)
    }

    /// The snake_case word.
    pub fn word(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}
