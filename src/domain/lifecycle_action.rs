//! What can happen to a token or a card without its requestor's doing. One list of words for the control plane, the command
//! line and the scripts of personas, so that what one of them can say the others can say too.

use serde::{Deserialize, Serialize};

use super::lifecycle::{Actor, Command};
use super::words::unknown;

/// Something that the network, the issuer or the account updater does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", rename_all = "snake_case")]
pub enum LifecycleAction {
    Activate,
    Suspend,
    Resume,
    Delete,
    UpdateExpiry,
    ReplacePan,
    /// The issuer closes the account, and the token goes with it.
    CloseAccount,
    /// The account updater reports that the card has expired.
    Expired,
    /// The account updater reports that the issuer does not take part.
    NonParticipating,
    /// The account updater advises to contact the cardholder.
    ContactCardholder,
}

impl LifecycleAction {
    pub const ALL: [Self; 10] = [
        Self::Activate,
        Self::Suspend,
        Self::Resume,
        Self::Delete,
        Self::UpdateExpiry,
        Self::ReplacePan,
        Self::CloseAccount,
        Self::Expired,
        Self::NonParticipating,
        Self::ContactCardholder,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Delete => "delete",
            Self::UpdateExpiry => "update_expiry",
            Self::ReplacePan => "replace_pan",
            Self::CloseAccount => "close_account",
            Self::Expired => "expired",
            Self::NonParticipating => "non_participating",
            Self::ContactCardholder => "contact_cardholder",
        }
    }

    /// The action by its word, or what could have been meant.
    pub fn read(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|action| action.word() == word);
        found.ok_or_else(|| unknown(word, &Self::ALL.map(Self::word)))
    }

    /// What it asks of a token; None when it can only happen to a card.
    pub const fn command(self, by: Actor) -> Option<Command> {
        match self {
            Self::Activate => Some(Command::Activate),
            Self::Suspend => Some(Command::Suspend(by)),
            Self::Resume => Some(Command::Resume(by)),
            Self::Delete | Self::CloseAccount => Some(Command::Delete(by)),
            Self::UpdateExpiry => Some(Command::UpdateExpiry),
            Self::ReplacePan => Some(Command::ReplacePan),
            Self::Expired | Self::NonParticipating | Self::ContactCardholder => None,
        }
    }

    /// Whether it can happen to a card that has no token.
    pub const fn happens_to_cards(self) -> bool {
        match self {
            Self::Activate | Self::Suspend | Self::Resume | Self::Delete => false,
            Self::UpdateExpiry
            | Self::ReplacePan
            | Self::CloseAccount
            | Self::Expired
            | Self::NonParticipating
            | Self::ContactCardholder => true,
        }
    }

    /// Whether it can bring an expiry.
    pub const fn takes_expiry(self) -> bool {
        matches!(self, Self::UpdateExpiry | Self::ReplacePan)
    }

    /// Whether it can bring a card number.
    pub const fn takes_pan(self) -> bool {
        matches!(self, Self::ReplacePan)
    }
}

impl TryFrom<String> for LifecycleAction {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::read(&word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_written_and_read_by_its_word() {
        for action in LifecycleAction::ALL {
            let written = serde_json::to_value(action).unwrap();
            assert_eq!(written, action.word());
            let read: LifecycleAction = serde_json::from_value(written).unwrap();
            assert_eq!(read, action);
            // Each happens to something.
            let to_tokens = action.command(Actor::Issuer).is_some();
            assert!(to_tokens || action.happens_to_cards(), "{action:?}");
        }
        let problem = LifecycleAction::read("replace_pna").unwrap_err();
        assert!(
            problem.contains("did you mean \"replace_pan\"?"),
            "{problem}"
        );
    }
}
