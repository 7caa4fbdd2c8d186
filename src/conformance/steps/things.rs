//! What a merchant has of its own, made with as few requests as possible, and made again where it must be seen whether the first
//! one was touched.

use cucumber::given;

use super::super::binding::{Operation, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::world::{Who, World};
use super::cards::{eligible_on_file, enrolled_card};
use super::paying::{advance, authorize, has_begun, mint, pay_afresh};
use super::words::Own;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A card on file, or one that is not yet sent where nothing is put on file.
    Card,
    Token,
    VisaToken,
    Suspended,
    /// A token with a long cryptogram in hand.
    Long,
    /// A Visa token with a short one.
    Short,
    /// What the customer has paid.
    Payment,
    /// What can be captured.
    Authorized,
    /// What can be refunded.
    Captured,
    /// An endpoint for webhooks, besides a token.
    Endpoint,
}

#[given(expr = "the merchant's own {thing}")]
async fn own(world: &mut World, thing: Own) -> Held {
    world.tried.own = Some(thing.0);
    make(world, thing.0).await
}

/// Makes one more of what the scenario's merchant has.
pub(super) async fn make_another(world: &mut World) -> Held {
    let thing = world.tried.own.ok_or_else(|| {
        Broken::Suite(
            "the scenario speaks of what a merchant has, and no Given has made it".to_owned(),
        )
    })?;
    make(world, thing).await
}

async fn make(world: &mut World, thing: Thing) -> Held {
    let network = match thing {
        Thing::VisaToken | Thing::Short => Some("visa"),
        Thing::Card
        | Thing::Token
        | Thing::Suspended
        | Thing::Long
        | Thing::Payment
        | Thing::Authorized
        | Thing::Captured
        | Thing::Endpoint => None,
    };
    if thing == Thing::Card {
        return eligible_on_file(world).await;
    }
    enrolled_card(world, Who::One, network).await?;
    match thing {
        Thing::Card | Thing::Token | Thing::VisaToken => Ok(()),
        Thing::Suspended => {
            let seen = world.perform(Operation::Suspend, Who::One).await?;
            demand(seen.accepted, "success", seen.summary())
        }
        Thing::Long => mint(world, Operation::CryptogramLong, Who::One).await,
        Thing::Short => mint(world, Operation::CryptogramShort, Who::One).await,
        Thing::Payment => {
            let seen = pay_afresh(world, Operation::CryptogramLong, Who::One).await?;
            has_begun(&seen)
        }
        Thing::Authorized => authorize(world, 12.5, "EUR").await,
        Thing::Captured => {
            authorize(world, 12.5, "EUR").await?;
            let seen = advance(world, Operation::Psp(Psp::Capture), 12.5, "EUR").await?;
            demand(seen.accepted, "success", seen.summary())
        }
        Thing::Endpoint => super::telling::listen(world).await,
    }
}
