//! Names of records. Each holds sixteen derived bytes, of which the first two say which partition the record lives in, so
//! that a token and its card can change in one step.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::card::Pan;
use super::written;
use crate::crypto::encoding;
use crate::seed::{Purpose, Seed};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Puts the partition of `home` in front of derived bytes.
            pub fn at(home: Partition, mut bytes: [u8; 16]) -> Self {
                bytes[..2].copy_from_slice(&home.0.to_be_bytes());
                Self(bytes)
            }

            pub const fn bytes(&self) -> &[u8; 16] {
                &self.0
            }

            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            pub const fn partition(&self) -> Partition {
                Partition(u16::from_be_bytes([self.0[0], self.0[1]]))
            }

            /// Twenty-two base58 characters, always.
            pub fn base58(&self) -> String {
                encoding::base58(self.0)
            }

            /// The same, appended to a text.
            pub fn write_base58(&self, text: &mut Vec<u8>) {
                text.extend_from_slice(&encoding::base58_letters(self.0));
            }

            pub fn from_base58(text: &str) -> Option<Self> {
                encoding::from_base58(text).ok().map(Self)
            }

            /// Thirty-two lower-case hexadecimal digits.
            pub fn hex(&self) -> String {
                encoding::hex(&self.0)
            }

            pub fn from_hex(text: &str) -> Option<Self> {
                let bytes = encoding::from_hex(text).ok()?;
                Some(Self(bytes.try_into().ok()?))
            }
        }

        written::in_hex!($name, 16, |id| &id.0, $name);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.base58())
            }
        }
    };
}

id! {
    /// A vaulted card.
    CardId
}
id! {
    /// A network token, whatever a surface calls it: `NT…`, vProvisionedTokenID, tokenUniqueReference.
    TokenReference
}
id! {
    /// A payment.
    PaymentId
}
id! {
    /// A payment that waits to be confirmed.
    DraftId
}
id! {
    /// A customer of a merchant, as a payment service knows it.
    CustomerId
}
id! {
    /// What a customer pays with, as a payment service keeps it.
    MethodId
}
id! {
    /// What has been paid with one token, or by one merchant with one card number.
    LedgerId
}
id! {
    /// A credential that somebody was given to pay with, within an allowance.
    CredentialId
}

impl PaymentId {
    /// How many bytes name a payment; the others follow from them. Eighty bits are sixteen characters of base 32, which is
    /// the longest reference that one payment service gives out.
    pub const HEAD: usize = 10;

    /// The id whose first bytes are these.
    pub fn of_head(seed: &Seed, head: [u8; Self::HEAD]) -> Self {
        let mut bytes = seed.derive16(Purpose::PaymentTail, &[&head]);
        bytes[..Self::HEAD].copy_from_slice(&head);
        Self(bytes)
    }

    pub fn head(&self) -> [u8; Self::HEAD] {
        let mut head = [0; Self::HEAD];
        head.copy_from_slice(&self.0[..Self::HEAD]);
        head
    }
}

/// Where in the store a record lives: records of one account number share a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Partition(pub u16);

impl Partition {
    pub fn of_account(seed: &Seed, pan: &Pan) -> Self {
        let bytes = seed.derive(Purpose::Account, &[pan.expose().as_bytes()]);
        Self(u16::from_be_bytes([bytes[0], bytes[1]]))
    }
}

/// Who owns cards and asks for tokens: the place of an account in the list of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner(pub u16);
