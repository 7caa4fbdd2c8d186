//! A token as its network shows it to the one who asked for it.

use super::space::Call;
use crate::domain::card::Network;
use crate::domain::id::{Owner, TokenReference};
use crate::domain::lifecycle::State;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, TokenRecord};

/// A token with its card. The card is gone once the gateway has deleted it, while the network goes on showing the token.
#[derive(Debug)]
pub struct Shown {
    pub token: TokenRecord,
    pub card: Option<CardRecord>,
}

/// A token of this owner at this network. One of another owner or network is as unknown as one that was never issued, and
/// so is one that the network refused: it was never given a name.
///
/// # Errors
/// [`Rejection::TokenUnknown`].
pub async fn read(
    call: &Call,
    owner: Owner,
    network: Network,
    reference: &TokenReference,
) -> Result<Shown, Rejection> {
    let found = call.space.store.get::<TokenRecord>(reference).await?;
    let token = found
        .map(|found| found.record)
        .filter(|token| token.owner == owner && token.network == network)
        .filter(|token| token.status.state != State::Failed)
        .ok_or(Rejection::TokenUnknown)?;
    let card = call.space.store.get::<CardRecord>(&token.card).await?;
    Ok(Shown {
        token,
        card: card.map(|found| found.record),
    })
}
