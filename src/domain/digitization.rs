//! What Mastercard remembers of a digitization besides the token: the task by which the requestor asked for it, and the form
//! in which the requestor seals, because answers are sealed in the same.

use serde::{Deserialize, Serialize};

use super::id::{CardId, Owner, Partition, TokenReference};
use super::moment::Moment;
use super::written;
use crate::crypto::digest::sha256;
use crate::crypto::field_level::TextForm;
use crate::crypto::mastercard_jwe::ContentEncryption;
use crate::crypto::oaep::OaepHash;
use crate::limits::CLAIM_LEASE;

/// What the reference of a token begins with, and that of a card number (the specification's examples).
const TOKEN_PREFIX: &str = "DWSPMC0000000001";
const PAN_PREFIX: &str = "FWSPMC0000000001";

/// `tokenUniqueReference`: 48 characters.
pub fn token_unique_reference(token: &TokenReference) -> String {
    format!("{TOKEN_PREFIX}{}", token.hex())
}

/// `panUniqueReference`: 48 characters.
pub fn pan_unique_reference(card: &CardId) -> String {
    format!("{PAN_PREFIX}{}", card.hex())
}

/// What a text names, if it has the shape of a `tokenUniqueReference`.
pub fn parse_token_unique_reference(text: &str) -> Option<TokenReference> {
    TokenReference::from_hex(text.strip_prefix(TOKEN_PREFIX)?)
}

/// What a text names, if it has the shape of a `panUniqueReference`.
pub fn parse_pan_unique_reference(text: &str) -> Option<CardId> {
    CardId::from_hex(text.strip_prefix(PAN_PREFIX)?)
}

/// The key of a task. Its requestor chooses the name and uses each name once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TaskKey {
    pub owner: Owner,
    #[serde(with = "written")]
    digest: [u8; 16],
}

impl TaskKey {
    pub fn of(owner: Owner, task_id: &str) -> Self {
        let mut digest = [0; 16];
        digest.copy_from_slice(&sha256(task_id.as_bytes())[..16]);
        Self { owner, digest }
    }

    pub const fn digest(&self) -> &[u8; 16] {
        &self.digest
    }

    pub const fn partition(&self) -> Partition {
        Partition(u16::from_be_bytes([self.digest[0], self.digest[1]]))
    }
}

/// How a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    InProgress,
    Completed,
    Failed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskRecord {
    pub key: TaskKey,
    pub state: TaskState,
    pub claimed: Moment,
}

impl TaskRecord {
    /// Whether whoever claimed it did not come back, so that somebody else may carry the task out.
    pub fn is_abandoned(&self, now: Moment) -> bool {
        self.state == TaskState::InProgress && now.since(self.claimed) >= CLAIM_LEASE
    }
}

/// How a requestor seals what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealedForm {
    FieldLevel { hash: OaepHash, text: TextForm },
    Jwe { encryption: ContentEncryption },
}

/// In which form the requestor of a token is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormRecord {
    pub token: TokenReference,
    pub form: SealedForm,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_of_the_sample_s_shape_and_are_read_back() {
        let token = TokenReference::from_bytes([0xab; 16]);
        let text = token_unique_reference(&token);
        assert_eq!(text, format!("DWSPMC0000000001{}", "ab".repeat(16)));
        assert_eq!(text.len(), 48);
        assert_eq!(parse_token_unique_reference(&text), Some(token));
        let card = CardId::from_bytes([1; 16]);
        assert_eq!(
            parse_pan_unique_reference(&pan_unique_reference(&card)),
            Some(card)
        );
        for wrong in [
            "",
            "DWSPMC0000000001",
            &text[..47],
            &text.replace('D', "F"),
            &text.replace('b', "g"),
        ] {
            assert_eq!(parse_token_unique_reference(wrong), None, "{wrong}");
        }
    }
}
