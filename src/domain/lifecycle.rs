//! The states of a token and the one function that moves it from one to another.

use serde::{Deserialize, Serialize};

use super::rejection::Rejection;

/// Where a token stands. Only an active token pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Provisioned, but the cardholder has still to be verified.
    Inactive,
    Active,
    Suspended,
    /// Terminal.
    Deleted,
    /// Terminal: provisioning was refused, so there never was a token number.
    Failed,
}

/// Who asks for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Issuer,
    Network,
    Requestor,
    Cardholder,
}

impl Actor {
    pub const ALL: [Self; 4] = [
        Self::Issuer,
        Self::Network,
        Self::Requestor,
        Self::Cardholder,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Network => "network",
            Self::Requestor => "requestor",
            Self::Cardholder => "cardholder",
        }
    }
}

/// The parties that hold a token suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Holders(u8);

impl Holders {
    pub const NONE: Self = Self(0);

    const fn bit(actor: Actor) -> u8 {
        match actor {
            Actor::Issuer => 1,
            Actor::Network => 2,
            Actor::Requestor => 4,
            Actor::Cardholder => 8,
        }
    }

    pub const fn contains(self, actor: Actor) -> bool {
        self.0 & Self::bit(actor) != 0
    }

    #[must_use]
    pub const fn with(self, actor: Actor) -> Self {
        Self(self.0 | Self::bit(actor))
    }

    /// Without everyone on the side of `actor`: issuer and network lift each other's holds, and so do the requestor and
    /// the cardholder behind it, but neither side can lift the other's (MDES, suspendedBy).
    #[must_use]
    pub const fn without_side_of(self, actor: Actor) -> Self {
        match actor {
            Actor::Issuer | Actor::Network => Self(self.0 & !0b0011),
            Actor::Requestor | Actor::Cardholder => Self(self.0 & !0b1100),
        }
    }

    pub fn iter(self) -> impl Iterator<Item = Actor> {
        Actor::ALL
            .into_iter()
            .filter(move |actor| self.contains(*actor))
    }
}

/// A state, and for a suspended token who holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenStatus {
    pub state: State,
    pub holders: Holders,
}

impl TokenStatus {
    pub const fn plain(state: State) -> Self {
        Self {
            state,
            holders: Holders::NONE,
        }
    }
}

/// A change that somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    Activate,
    Suspend(Actor),
    Resume(Actor),
    Delete(Actor),
    UpdateExpiry,
    ReplacePan,
}

/// Moves a token, or says why it cannot move.
pub fn step(now: TokenStatus, command: Command) -> Result<TokenStatus, Rejection> {
    match now.state {
        State::Deleted => Err(Rejection::TokenDeleted),
        State::Failed => Err(Rejection::TokenMissing),
        State::Inactive => inactive(now, command),
        State::Active => active(now, command),
        State::Suspended => suspended(now, command),
    }
}

fn inactive(now: TokenStatus, command: Command) -> Result<TokenStatus, Rejection> {
    match command {
        Command::Activate => Ok(TokenStatus::plain(State::Active)),
        Command::Delete(_) => Ok(TokenStatus::plain(State::Deleted)),
        Command::UpdateExpiry | Command::ReplacePan => Ok(now),
        Command::Suspend(_) | Command::Resume(_) => Err(Rejection::StateForbids),
    }
}

fn active(now: TokenStatus, command: Command) -> Result<TokenStatus, Rejection> {
    match command {
        Command::Suspend(actor) => Ok(TokenStatus {
            state: State::Suspended,
            holders: Holders::NONE.with(actor),
        }),
        Command::Delete(_) => Ok(TokenStatus::plain(State::Deleted)),
        Command::UpdateExpiry | Command::ReplacePan => Ok(now),
        Command::Activate | Command::Resume(_) => Err(Rejection::StateForbids),
    }
}

fn suspended(now: TokenStatus, command: Command) -> Result<TokenStatus, Rejection> {
    match command {
        Command::Suspend(actor) if now.holders.contains(actor) => Err(Rejection::StateForbids),
        Command::Suspend(actor) => Ok(TokenStatus {
            holders: now.holders.with(actor),
            ..now
        }),
        Command::Resume(actor) => {
            let left = now.holders.without_side_of(actor);
            match left {
                Holders::NONE => Ok(TokenStatus::plain(State::Active)),
                _ if left == now.holders => Err(Rejection::StateForbids),
                _ => Ok(TokenStatus {
                    holders: left,
                    ..now
                }),
            }
        }
        Command::Delete(_) => Ok(TokenStatus::plain(State::Deleted)),
        Command::UpdateExpiry | Command::ReplacePan => Ok(now),
        Command::Activate => Err(Rejection::StateForbids),
    }
}
