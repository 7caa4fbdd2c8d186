//! Minting one-time values for a token.

use super::desk::Call;
use crate::domain::cryptogram::{Claims, Kind, Long, Short, TokenKey};
use crate::domain::id::TokenReference;
use crate::domain::money::Amount;
use crate::domain::rejection::Rejection;
use crate::domain::token::{LiveShort, TokenRecord};
use crate::journal::Leg;
use crate::limits::COMMIT_ATTEMPTS_MAX;
use crate::store::{Batch, Commit, Versioned};

/// What is wanted of a cryptogram.
#[derive(Debug, Clone, Copy)]
pub struct Want {
    pub kind: Kind,
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

/// Mints a cryptogram of a token that can be used now.
pub async fn mint(
    call: &mut Call,
    reference: &TokenReference,
    want: Want,
) -> Result<Minted, Rejection> {
    let lifetimes = &call.desk.world.settings.cryptograms;
    // A counter is forgotten once no cryptogram with it can be alive, whichever kind lives longer.
    let longest = lifetimes.long_lifetime.max(lifetimes.short_lifetime);
    let key = TokenKey::derive(&call.desk.seed, reference);
    for _ in 0..COMMIT_ATTEMPTS_MAX {
        let Versioned {
            record: mut token,
            version,
        } = call
            .desk
            .store
            .get::<TokenRecord>(reference)
            .await
            .ok_or(Rejection::TokenUnknown)?;
        token.usable(call.now)?;
        let counter = token.usage.take(call.now, longest)?;
        let value = match want.kind {
            Kind::Long => {
                let claims = Claims {
                    counter,
                    issued: call.now,
                    limit: want.limit,
                };
                Long::mint(&key, claims).base64()
            }
            Kind::Short => {
                let live = LiveShort {
                    counter,
                    issued: call.now,
                    limit: want.limit,
                };
                token.usage.list_short(live, lifetimes.short_lifetime)?;
                Short::mint(&key, counter).digits()
            }
        };
        let batch = Batch::new().replace(token.clone(), version);
        if call.desk.store.commit(batch).await == Commit::Done {
            call.legs.push(Leg {
                network: token.network.word(),
                operation: "cryptogram",
                outcome: "minted".into(),
            });
            return Ok(Minted {
                token,
                value,
                counter,
            });
        }
    }
    Err(Rejection::Contention)
}
