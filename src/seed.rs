//! Chance as an argument: every value that looks random is derived from a seed, a purpose and the thing it is drawn for.
//!
//! Two callers can therefore never change each other's values, and the same seed and calls give the same bytes. The
//! recipe is published with known answers in `fixtures/vectors/README.md`.

use crate::crypto::mac::{Code, HmacKey};

/// What a value is drawn for. The text is part of the recipe and must never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Alias,
    Account,
    CardFingerprint,
    CardId,
    Customer,
    ClientSecret,
    Correlation,
    Credential,
    Envelope,
    FaultChance,
    FaultLatency,
    JwtId,
    KeyPair,
    MerchantAccess,
    Ledger,
    NetworkTransaction,
    Par,
    Payment,
    PaymentDraft,
    PaymentEvent,
    PaymentMethod,
    PaymentTail,
    Receipt,
    PaymentData,
    Snapshot,
    Space,
    StateFolder,
    StepUp,
    TokenKey,
    TokenNumber,
    TokenReference,
    TransactionLink,
    Vector,
    WebhookMessage,
    WebhookSecret,
    WebhookSpread,
}

impl Purpose {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Account => "account",
            Self::CardFingerprint => "card-fingerprint",
            Self::CardId => "card-id",
            Self::Customer => "customer",
            Self::ClientSecret => "client-secret",
            Self::Correlation => "correlation",
            Self::Credential => "credential",
            Self::Envelope => "envelope",
            Self::FaultChance => "fault-chance",
            Self::FaultLatency => "fault-latency",
            Self::JwtId => "jwt-id",
            Self::KeyPair => "key-pair",
            Self::MerchantAccess => "merchant-access",
            Self::Ledger => "ledger",
            Self::NetworkTransaction => "network-transaction",
            Self::Par => "par",
            Self::Payment => "payment",
            Self::PaymentDraft => "payment-draft",
            Self::PaymentEvent => "payment-event",
            Self::PaymentMethod => "payment-method",
            Self::PaymentTail => "payment-tail",
            Self::Receipt => "receipt",
            Self::PaymentData => "payment-data",
            Self::Snapshot => "snapshot",
            Self::Space => "space",
            Self::StateFolder => "state-folder",
            Self::StepUp => "step-up",
            Self::TokenKey => "token-key",
            Self::TokenNumber => "token-number",
            Self::TokenReference => "token-reference",
            Self::TransactionLink => "transaction-link",
            Self::Vector => "vector",
            Self::WebhookMessage => "webhook-letter",
            Self::WebhookSecret => "webhook-secret",
            Self::WebhookSpread => "webhook-spread",
        }
    }
}

/// A secret from which values are derived: one for each space.
#[derive(Debug, Clone)]
pub struct Seed(HmacKey);

impl Seed {
    /// The seed that a user names in words. The text's UTF-8 bytes are the key.
    pub fn from_text(text: &str) -> Self {
        Self(HmacKey::new(text.as_bytes()))
    }

    /// The seed of the space called `name` below this one.
    #[must_use]
    pub fn space(&self, name: &str) -> Self {
        Self(HmacKey::new(
            &self.derive(Purpose::Space, &[name.as_bytes()]),
        ))
    }

    /// HMAC-SHA256 over the purpose and the inputs, each behind its length as four bytes, most significant first.
    pub fn derive(&self, purpose: Purpose, inputs: &[&[u8]]) -> [u8; 32] {
        let mut code = Code::under(&self.0);
        for part in std::iter::once(purpose.text().as_bytes()).chain(inputs.iter().copied()) {
            code.add(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            code.add(part);
        }
        code.finish()
    }

    /// The first sixteen bytes of [`Seed::derive`].
    pub fn derive16(&self, purpose: Purpose, inputs: &[&[u8]]) -> [u8; 16] {
        let whole = self.derive(purpose, inputs);
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        half
    }

    /// The two halves of [`Seed::derive`], each read as a number, most significant byte first.
    pub fn derive_pair(&self, purpose: Purpose, inputs: &[&[u8]]) -> (u128, u128) {
        let whole = self.derive(purpose, inputs);
        let (mut head, mut tail) = ([0; 16], [0; 16]);
        head.copy_from_slice(&whole[..16]);
        tail.copy_from_slice(&whole[16..]);
        (u128::from_be_bytes(head), u128::from_be_bytes(tail))
    }

    /// `count` decimal digits: the first half of [`Seed::derive`] read as a big number, modulo 10^count. At most 19 digits.
    pub fn digits(&self, purpose: Purpose, inputs: &[&[u8]], count: usize) -> String {
        let count = count.min(19);
        let (head, _) = self.derive_pair(purpose, inputs);
        let value = head % 10_u128.pow(u32::try_from(count).unwrap_or(19));
        format!("{value:0count$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_do_not_run_into_each_other() {
        let seed = Seed::from_text("one");
        assert_ne!(
            seed.derive(Purpose::CardId, &[b"ab", b"c"]),
            seed.derive(Purpose::CardId, &[b"a", b"bc"])
        );
        assert_ne!(
            seed.derive(Purpose::CardId, &[b"a"]),
            seed.derive(Purpose::TokenKey, &[b"a"])
        );
        assert_ne!(
            seed.derive(Purpose::CardId, &[b"a"]),
            seed.space("one").derive(Purpose::CardId, &[b"a"])
        );
    }

    #[test]
    fn digits_keep_their_leading_zeros() {
        let seed = Seed::from_text("one");
        for count in [1, 9, 11, 19] {
            assert_eq!(
                seed.digits(Purpose::TokenNumber, &[b"x"], count).len(),
                count
            );
        }
    }
}
