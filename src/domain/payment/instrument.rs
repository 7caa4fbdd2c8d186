//! What the number in a request leads to: a token and what is known of it elsewhere, a card, or nothing.

use super::request::{PaymentRequest, Slot};
use crate::domain::card::{Network, Pan};
use crate::domain::persona::funding::Issued;
use crate::domain::provision::in_token_range;
use crate::domain::token::{CardRecord, TokenRecord};

/// Which merchants a token may pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The one for whom the token was requested.
    Merchant(String),
    /// Everyone: the account is enabled for agents.
    Any,
}

/// A token and what is known of it elsewhere.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    pub token: TokenRecord,
    /// None once it has left the vault.
    pub card: Option<CardRecord>,
    /// That of the account that requested the token.
    pub token_requestor_id: String,
    pub reach: Reach,
    /// Payment account reference of the card.
    pub account: String,
    /// None where nothing is known of the card.
    pub issued: Option<Issued>,
}

/// What the number in the request leads to.
#[derive(Debug, Clone)]
pub enum Instrument {
    Token(Box<TokenFacts>),
    /// A listed test card, paid with as such. `account` is its payment account reference.
    Card {
        pan: Pan,
        account: String,
    },
    /// Came as a token, or lies in a range of standin's tokens, and there is none.
    UnknownToken,
    UnknownCard,
}

impl Instrument {
    /// What a number leads to that is no token's. `account` is the payment account reference of the card, if the number is
    /// one that standin may hold.
    pub fn of_no_token(request: &PaymentRequest, account: Option<String>) -> Self {
        let pan = request.number.as_pan();
        match account {
            _ if request.slot == Slot::Token || in_token_range(&pan) => Self::UnknownToken,
            Some(account) => Self::Card { pan, account },
            None => Self::UnknownCard,
        }
    }

    /// Payment account reference.
    pub fn account(&self) -> Option<&str> {
        match self {
            // A token's card may have left the vault.
            Self::Token(facts) => Some(facts.account.as_str()).filter(|known| !known.is_empty()),
            Self::Card { account, .. } => Some(account),
            Self::UnknownToken | Self::UnknownCard => None,
        }
    }

    /// Of a token's card: another one's number says it.
    pub(super) fn issued(&self) -> Option<&Issued> {
        match self {
            Self::Token(facts) => facts.issued.as_ref(),
            Self::Card { .. } | Self::UnknownToken | Self::UnknownCard => None,
        }
    }

    pub fn network(&self) -> Option<Network> {
        match self {
            Self::Token(facts) => Some(facts.token.network),
            Self::Card { pan, .. } => pan.network(),
            Self::UnknownToken | Self::UnknownCard => None,
        }
    }
}
