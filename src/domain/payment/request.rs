//! What a merchant asks, as far as every payment API says it.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::reason::Warning;
use super::reference::{Nti, Tlid};
use crate::crypto::digest::sha256;
use crate::domain::card::{Expiry, Network, PresentedNumber};
use crate::domain::id::DraftId;
use crate::domain::money::Amount;
use crate::domain::operation::Operation;
use crate::domain::written::{self, Word, in_hex};

/// Who starts a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    /// CIT: the customer is there.
    Customer,
    /// MIT: the merchant charges a credential that the customer left.
    Merchant,
}

/// The field in which the number came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// A field for network tokens. A card number there is an unknown token.
    Token,
    /// The card number field of a form or API. Both a card's and a token's number may come there.
    Card,
}

/// When the money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// At once, all of it.
    Now,
    /// When the merchant says so. The authorization lasts this long without it.
    Within(Duration),
    /// By itself, this long after the authorization, if the merchant has not said so before.
    After(Duration),
    /// Never: the issuer is asked whether the card is good, so that it can be paid with later (account verification).
    Never,
}

/// What has come of authenticating the customer (3-D Secure).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    #[default]
    NotAsked,
    /// It is the customer, or nobody can ask, as it orders by mail or telephone.
    Passed,
    Failed,
    /// The customer was sent away for it and did not come back in time.
    Lapsed,
    /// The card takes no part in it, and the payment was not to be made without.
    Impossible,
}

impl Authentication {
    /// Whether it was due and did not come about, so that nobody is asked for money.
    pub const fn is_missed(self) -> bool {
        match self {
            Self::Failed | Self::Lapsed | Self::Impossible => true,
            Self::NotAsked | Self::Passed => false,
        }
    }

    /// Reads it where it is kept. Earlier releases kept only whether it had come about.
    pub(super) fn kept<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Passed(bool),
            Outcome(Authentication),
        }
        Ok(match Kept::deserialize(from)? {
            Kept::Passed(true) => Self::Passed,
            Kept::Passed(false) => Self::NotAsked,
            Kept::Outcome(outcome) => outcome,
        })
    }
}

/// The proofs, as sent. Texts of any content; the authorizer says what they are.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What came in the cryptogram field.
    pub cryptogram: Option<String>,
    /// What came in the security code field.
    pub code: Option<String>,
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |there: &Option<String>| if there.is_some() { "***" } else { "-" };
        write!(
            f,
            "Proof({}, {})",
            shown(&self.cryptogram),
            shown(&self.code)
        )
    }
}

/// What makes the second arrival of a request the same request: the first sixteen bytes of a SHA-256 over who sent it and
/// the key that they gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId([u8; 16]);

impl RequestId {
    pub fn of(sender: &str, key: &str) -> Self {
        let mut message = Vec::with_capacity(sender.len() + key.len() + 8);
        message.extend_from_slice(&sender.len().to_be_bytes());
        message.extend_from_slice(sender.as_bytes());
        message.extend_from_slice(key.as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&sha256(&message)[..16]);
        Self(id)
    }

    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

in_hex!(RequestId, 16, |id| &id.0, RequestId);

/// What is said of the token, as far as a service has members for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenClaims {
    /// The network that it is said to be of.
    pub network: Option<ClaimedNetwork>,
    /// The last digits of the card behind it.
    pub last4: Option<String>,
    /// Payment account reference.
    pub account: Option<String>,
    /// What the surface itself noticed while it read the request.
    pub noticed: BTreeSet<Warning>,
}

/// The network that a token is said to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedNetwork {
    One(Network),
    /// One that standin has no tokens of.
    Another,
}

/// One request to authorize a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRequest {
    /// The name of the merchant whose key signed the request.
    pub merchant: String,
    /// The payment service at which it was made, in its surface's word. It is kept and not judged.
    #[serde(with = "written")]
    pub service: Word,
    pub initiator: Initiator,
    #[serde(with = "written")]
    pub number: PresentedNumber,
    pub slot: Slot,
    /// The expiry as sent, which must be the token's and not the card's.
    pub expiry: Expiry,
    pub proof: Proof,
    /// Electronic commerce indicator, as sent. One of another network is let pass with a warning.
    pub eci: Option<String>,
    pub claims: TokenClaims,
    /// The token requestor id that the merchant says the token belongs to.
    pub token_requestor_id: Option<String>,
    pub amount: Amount,
    pub capture: Capture,
    /// The network transaction id that a payment of the merchant's quotes.
    pub nti: Option<Nti>,
    /// The transaction link id that it quotes.
    pub tlid: Option<Tlid>,
    /// A payment of the merchant's need quote nothing: the agreement is older than network transaction ids, or the service
    /// asks for none with such a card.
    pub nothing_to_quote: bool,
    pub authentication: Authentication,
    /// Under which name it waited for that, if it did.
    pub waited_as: Option<DraftId>,
    /// The word by which the request chooses the issuer's answer, where its service's test environment looks for one.
    pub asked: Option<String>,
    pub id: Option<RequestId>,
    /// What the payment service wants to keep with the payment, such as the merchant's own reference.
    pub note: Option<Box<str>>,
}

impl PaymentRequest {
    /// What is asked for.
    pub fn operation(&self) -> Operation {
        match self.capture {
            Capture::Never => Operation::VerifyCard,
            Capture::Now | Capture::Within(_) | Capture::After(_) => Operation::Authorize,
        }
    }

    /// Whether a customer pays with a network token and nothing proves it.
    pub fn lacks_cryptogram(&self) -> bool {
        self.initiator == Initiator::Customer
            && self.slot == Slot::Token
            && self.proof == Proof::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_keeps_sender_and_key_apart() {
        assert_eq!(RequestId::of("a", "b"), RequestId::of("a", "b"));
        assert_ne!(RequestId::of("ab", "c"), RequestId::of("a", "bc"));
    }

    #[test]
    fn a_proof_does_not_show_itself() {
        let proof = Proof {
            cryptogram: None,
            code: Some("123".to_owned()),
        };
        assert_eq!(format!("{proof:?}"), "Proof(-, ***)");
    }

    #[test]
    fn what_an_earlier_release_kept_of_an_authentication_is_read() {
        for (kept, want) in [
            ("true", Authentication::Passed),
            ("false", Authentication::NotAsked),
            ("\"lapsed\"", Authentication::Lapsed),
            ("\"passed\"", Authentication::Passed),
        ] {
            let mut from = serde_json::Deserializer::from_str(kept);
            assert_eq!(Authentication::kept(&mut from).unwrap(), want, "{kept}");
        }
        let mut from = serde_json::Deserializer::from_str("\"elapsed\"");
        Authentication::kept(&mut from).unwrap_err();
    }
}
