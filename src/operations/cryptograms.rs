//! Minting one-time values for a token.

use std::time::Duration;

use super::cards;
use super::fault_context;
use super::space::Call;
use crate::domain::card::Network;
use crate::domain::cryptogram::{Claims, CryptogramKind, Long, Short, TokenKey};
use crate::domain::deviation::Deviation;
use crate::domain::id::TokenReference;
use crate::domain::lifecycle::State;
use crate::domain::moment::Moment;
use crate::domain::money::Amount;
use crate::domain::operation::Operation;
use crate::domain::rejection::Rejection;
use crate::domain::token::{CardRecord, LatestChange, LiveShort, TokenRecord};
use crate::faults::cryptogram::Cryptogram;
use crate::journal::{Leg, known_by};
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, Versioned};

/// What is wanted of a cryptogram.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    pub kind: CryptogramKind,
    /// The largest amount that it may be used for.
    pub limit: Option<Amount>,
}

/// A cryptogram as it goes to the client.
#[derive(Debug)]
pub struct Minted {
    pub token: TokenRecord,
    /// 28 base64 characters or three digits.
    pub value: String,
    pub counter: u32,
}

/// A fault makes it a second older than it may be.
const A_SECOND: Duration = Duration::from_secs(1);

/// What a cryptogram says, whichever kind it is.
#[derive(Clone, Copy)]
struct Made {
    counter: u32,
    issued: Moment,
    limit: Option<Amount>,
}

impl Made {
    const fn claims(self) -> Claims {
        Claims {
            counter: self.counter,
            issued: self.issued,
            limit: self.limit,
        }
    }

    const fn live(self) -> LiveShort {
        LiveShort {
            counter: self.counter,
            issued: self.issued,
            limit: self.limit,
        }
    }
}

/// A reference that no token has in the same partition, so that nothing minted for it is anybody's.
fn nobody(reference: &TokenReference) -> TokenReference {
    TokenReference::at(reference.partition(), reference.bytes().map(|byte| !byte))
}

async fn consult(call: &mut Call, token: &TokenRecord) -> Result<(), Rejection> {
    if call.faults.is_none() {
        return Ok(());
    }
    let card = call.space.store.get::<CardRecord>(&token.card).await?;
    call.consult_or_refuse(Operation::IssueCryptogram, |facts| {
        fault_context::card_of(facts, &token.card, card.as_ref());
        fault_context::token(facts, token);
    })
    .await
}

/// Why the token cannot be used now, if it cannot.
fn usable(call: &Call, token: &TokenRecord, want: Want) -> Result<(), Rejection> {
    use Deviation::*;
    let short = want.kind == CryptogramKind::Short;
    let yen = || {
        want.limit
            .is_some_and(|limit| limit.currency.code() == "JPY")
    };
    match (call.space.config.deviation, token.status.state) {
        (Some(CryptogramWhileSuspended), State::Suspended)
        | (Some(CryptogramAfterDeletion), State::Deleted)
        | (Some(CryptogramOfFailed), State::Failed)
        | (Some(CryptogramAfterMonth), State::Active) => Ok(()),
        (Some(ShortWhileSuspended), State::Suspended) if short => Ok(()),
        (Some(NoneOnceSuspended), State::Active) if token.latest == LatestChange::Resumed => {
            Err(Rejection::TokenSuspended)
        }
        (Some(NoneOnceReplaced), State::Active) if token.latest == LatestChange::PanReplaced => {
            Err(Rejection::TokenMissing)
        }
        (Some(NoneAtMastercard), State::Active) if token.network == Network::Mastercard => {
            Err(Rejection::TokenMissing)
        }
        (Some(NoneForYen), State::Active) if yen() => Err(Rejection::TokenMissing),
        (_, _) => token.usable(call.now),
    }
}

/// Which kind is made of the one that is wanted.
const fn kind_made(wanted: CryptogramKind, fault: Option<Cryptogram>) -> CryptogramKind {
    match (fault, wanted) {
        (Some(Cryptogram::WrongCryptogramKind), CryptogramKind::Long) => CryptogramKind::Short,
        (Some(Cryptogram::WrongCryptogramKind), CryptogramKind::Short) => CryptogramKind::Long,
        (_, kind) => kind,
    }
}

/// The counter of the next cryptogram.
fn next_counter(call: &Call, token: &mut TokenRecord, longest: Duration) -> Result<u32, Rejection> {
    let counter = token.usage.take(call.now, longest)?;
    match call.space.config.deviation {
        Some(Deviation::CounterGaps) => token.usage.take(call.now, longest),
        Some(Deviation::CryptogramIsConstant) => Ok(0),
        Some(Deviation::CryptogramIsConstantAtMastercard)
            if token.network == Network::Mastercard =>
        {
            Ok(0)
        }
        Some(_) | None => Ok(counter),
    }
}

/// Keeps a cryptogram with its card, where whoever reads the card sees it, if this instance does so.
async fn keep_for_all(call: &Call, token: &TokenRecord, value: &str) -> Result<(), Rejection> {
    if !call.deviates(Deviation::CryptogramKept) {
        return Ok(());
    }
    let kept = format!("{{\"latest\":\"{value}\"}}");
    let with = |card: &CardRecord| {
        let mut card = card.clone();
        card.details_mut().metadata = Some(kept.clone());
        card
    };
    cards::change(call, token.owner, &token.card, with)
        .await
        .map(drop)
}

/// Mints a cryptogram of a token that can be used now.
pub async fn mint(
    call: &mut Call,
    reference: &TokenReference,
    want: Want,
) -> Result<Minted, Rejection> {
    let space = std::sync::Arc::clone(&call.space);
    let lifetimes = &space.config.settings.cryptograms;
    // A counter is forgotten once no cryptogram with it can be alive, whichever kind lives longer.
    let longest = lifetimes.long_lifetime.max(lifetimes.short_lifetime);
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned {
            record: mut token,
            version,
        } = call
            .space
            .store
            .get::<TokenRecord>(reference)
            .await?
            .ok_or(Rejection::TokenUnknown)?;
        consult(call, &token).await?;
        call.observe(|observed| observed.token = Some(*reference));
        let fault = call.cryptogram_fault();
        let kind = kind_made(want.kind, fault);
        let key = match fault {
            Some(Cryptogram::WrongCryptogram) => TokenKey::derive(&space.seed, &nobody(reference)),
            _ => space.token_key(reference),
        };
        usable(call, &token, want)?;
        let counter = next_counter(call, &mut token, longest)?;
        let made = Made {
            counter,
            issued: match fault {
                Some(Cryptogram::ExpiredCryptogram) => call.now.minus(longest + A_SECOND),
                _ => call.now,
            },
            limit: want.limit,
        };
        let value = match kind {
            CryptogramKind::Long => Long::mint(&key, made.claims()).base64(),
            CryptogramKind::Short => {
                token
                    .usage
                    .list_short(made.live(), lifetimes.short_lifetime)?;
                Short::mint(&key, counter).digits()
            }
        };
        if fault == Some(Cryptogram::SpentCryptogram) {
            token.usage.spent.spend(counter);
        }
        let batch = Batch::new().replace(token.clone(), version);
        if call.space.store.commit(batch).await? == Commit::Done {
            if fault.is_some() {
                let number = token.number.map(|number| number.expose());
                call.observe(|observed| {
                    observed.spoilt = Some(known_by(&[&number.unwrap_or_default(), &value]));
                });
            }
            call.note(Leg {
                network: token.network.word(),
                operation: "cryptogram",
                outcome: "minted".into(),
            });
            keep_for_all(call, &token, &value).await?;
            return Ok(Minted {
                token,
                value,
                counter,
            });
        }
    }
    Err(Rejection::Contention)
}
