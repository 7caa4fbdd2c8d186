//! What may happen to a token, what it is called in a feature, and what the rules of tokens say of it.

use crate::domain::lifecycle::{Actor, Command, State, TokenStatus, step};

/// Something that is done to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The merchant suspends it.
    Suspend,
    /// The merchant resumes it.
    Resume,
    /// The merchant deletes it.
    Delete,
    /// The issuer suspends it.
    IssuerSuspends,
    /// The issuer resumes it.
    IssuerResumes,
    /// The network deletes it.
    NetworkDeletes,
    /// The merchant asks for a long cryptogram.
    Cryptogram,
    /// The merchant reads it.
    Read,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 8] = [
        Self::Suspend,
        Self::Resume,
        Self::Delete,
        Self::IssuerSuspends,
        Self::IssuerResumes,
        Self::NetworkDeletes,
        Self::Cryptogram,
        Self::Read,
    ];

    /// The capability that a binding must have for it, which is the word of the operation too.
    #[must_use]
    pub const fn capability(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Delete => "delete",
            Self::IssuerSuspends => "event-suspend",
            Self::IssuerResumes => "event-resume",
            Self::NetworkDeletes => "event-delete",
            Self::Cryptogram => "cryptogram-long",
            Self::Read => "read",
        }
    }

    /// Who does it, where it is done behind the merchant's back.
    #[must_use]
    pub const fn actor(self) -> Option<&'static str> {
        match self {
            Self::IssuerSuspends | Self::IssuerResumes => Some("issuer"),
            Self::NetworkDeletes => Some("network"),
            Self::Suspend | Self::Resume | Self::Delete | Self::Cryptogram | Self::Read => None,
        }
    }

    /// The step of a feature that does it.
    pub(super) const fn phrase(self) -> &'static str {
        match self {
            Self::Suspend => "the merchant suspends the token",
            Self::Resume => "the merchant resumes the token",
            Self::Delete => "the merchant deletes the token",
            Self::IssuerSuspends => "the issuer tries to suspend the token",
            Self::IssuerResumes => "the issuer tries to resume the token",
            Self::NetworkDeletes => "the network tries to delete the token",
            Self::Cryptogram => "a long cryptogram is requested",
            Self::Read => "the token is read",
        }
    }

    /// The change that it asks for, in the words of the rules.
    pub(super) const fn command(self) -> Option<Command> {
        match self {
            Self::Suspend => Some(Command::Suspend(Actor::Requestor)),
            Self::Resume => Some(Command::Resume(Actor::Requestor)),
            Self::Delete => Some(Command::Delete(Actor::Requestor)),
            Self::IssuerSuspends => Some(Command::Suspend(Actor::Issuer)),
            Self::IssuerResumes => Some(Command::Resume(Actor::Issuer)),
            Self::NetworkDeletes => Some(Command::Delete(Actor::Network)),
            Self::Cryptogram | Self::Read => None,
        }
    }

    /// Where the token stands afterwards. What the rules forbid changes nothing.
    pub(super) fn after(self, before: TokenStatus) -> TokenStatus {
        let command = self.command();
        let moved = command.and_then(|command| step(before, command).ok());
        moved.unwrap_or(before)
    }

    /// What has to be true of the target afterwards, as steps of a feature.
    pub(super) fn statements(self, before: TokenStatus) -> Vec<&'static str> {
        let reads = |state| match state {
            State::Active => "the token reads as active",
            State::Suspended => "the token reads as suspended",
            State::Deleted | State::Failed | State::Inactive => "the token is gone",
        };
        match (self, before.state) {
            (Self::Cryptogram, State::Active) => vec!["a long cryptogram is issued"],
            (Self::Cryptogram, _) => vec!["the cryptogram is refused"],
            (_, _) => vec![reads(self.after(before).state)],
        }
    }

    /// Whether a clause says what has to come of it. None says what a second hold on a token means, so what would make one is
    /// not tried.
    pub(super) fn is_decided(self, before: TokenStatus) -> bool {
        self.after(before).holders.iter().count() <= 1
    }
}
