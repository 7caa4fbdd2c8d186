//! Cryptograms: issued for one payment, of the two kinds.

use cucumber::{given, then, when};

use super::super::binding::{Fact, Operation, Reason};
use super::super::broken::{Held, demand};
use super::super::world::{Who, World};
use super::words::{Card, Kind};
use crate::crypto::encoding::from_base64_url;

/// Networks use 20 bytes; gateways have been seen to show 16.
const LONG_BYTES_MIN: usize = 16;

#[given(expr = "a {kind} cryptogram has been issued")]
async fn has_been_issued(world: &mut World, kind: Kind) -> Held {
    let seen = world.perform(kind.0, Who::One).await?;
    let issued = seen.accepted && seen.facts.contains_key(&Fact::Cryptogram);
    demand(issued, "a cryptogram", format!("status {}", seen.status))
}

#[when(expr = "a {kind} cryptogram is requested")]
async fn request(world: &mut World, kind: Kind) -> Held {
    world.perform(kind.0, Who::One).await.map(drop)
}

#[when(expr = "a {kind} cryptogram of a token that was never issued is requested")]
async fn request_unknown(world: &mut World, kind: Kind) -> Held {
    let variables = super::cards::unknown(world)?;
    world.perform_with(kind.0, &variables).await.map(drop)
}

#[when(expr = "a {kind} cryptogram is requested for {card}")]
async fn request_of(world: &mut World, kind: Kind, card: Card) -> Held {
    world.perform(kind.0, card.0).await.map(drop)
}

#[when(expr = "a {kind} cryptogram is requested for {float} {word}")]
async fn request_for(world: &mut World, kind: Kind, amount: f64, currency: String) -> Held {
    super::paying::charge(world, amount, &currency)?;
    world.perform(kind.0, Who::One).await.map(drop)
}

#[then(expr = "a long cryptogram is issued")]
fn long_issued(world: &mut World) -> Held {
    let value = issued(world)?;
    // In either alphabet, padded or not: what it is made of counts, and the sources show several gateways' ways of writing it.
    let bytes = from_base64_url(&value).map_or(0, |bytes| bytes.len());
    let length = value.len();
    let actual = format!("{length} characters holding {bytes} bytes of base64");
    demand(
        bytes >= LONG_BYTES_MIN,
        format!("base64 of at least {LONG_BYTES_MIN} bytes"),
        actual,
    )?;
    new(world)
}

#[then(expr = "a short cryptogram of three digits is issued")]
fn short_issued(world: &mut World) -> Held {
    let value = issued(world)?;
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let kind = if digits { "digits" } else { "characters" };
    demand(
        digits && value.len() == 3,
        "three digits",
        format!("{} {kind}", value.len()),
    )
}

#[then(expr = "it differs from the one before")]
fn differs(world: &mut World) -> Held {
    issued(world)?;
    demand(world.cryptograms.len() > 1, "two cryptograms", "fewer")?;
    new(world)
}

/// Whoever has seen one could use it a second time if it came again.
fn new(world: &World) -> Held {
    let right = !world.repeats_a_cryptogram();
    demand(right, "a new cryptogram", "one that was issued before")
}

#[then(expr = "it comes with an indicator of two digits")]
fn has_eci(world: &mut World) -> Held {
    let eci = world.last()?.text(Fact::Eci).unwrap_or_default();
    let right = eci.len() == 2 && eci.bytes().all(|byte| byte.is_ascii_digit());
    demand(right, "an ECI of two digits", format!("{eci:?}"))
}

#[then(expr = "it names the token of the card")]
fn names_token(world: &mut World) -> Held {
    let token = super::tokens::token(world, Who::One)?;
    super::tokens::compare(
        &token,
        world.last()?,
        &[Fact::Reference, Fact::TokenNumber, Fact::TokenLast4],
    )
}

#[then(expr = "the cryptogram is refused because the token cannot be used")]
fn refused(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let usable = [Reason::NotUsable, Reason::NotFound];
    let right =
        !seen.accepted && !seen.fault && seen.reason.is_some_and(|reason| usable.contains(&reason));
    demand(
        right,
        "a refusal because the token is missing or not usable",
        seen.summary(),
    )
}

#[then(expr = "the cryptogram is refused")]
fn refused_anyhow(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let none = !seen.facts.contains_key(&Fact::Cryptogram);
    demand(
        seen.refuses_what_was_asked() && none,
        "a refusal other than for want of access",
        seen.summary(),
    )
}

#[then(expr = "a long cryptogram can be issued")]
async fn can_be_issued(world: &mut World) -> Held {
    world.perform(Operation::CryptogramLong, Who::One).await?;
    issued(world)?;
    new(world)
}

fn issued(world: &World) -> Held<String> {
    let seen = world.last()?;
    let value = seen
        .text(Fact::Cryptogram)
        .filter(|value| seen.accepted && !seen.fault && !value.is_empty());
    value.ok_or_else(|| super::super::broken::Broken::wrong("a cryptogram", seen.summary()))
}

#[cfg(test)]
mod tests {
    use super::super::super::broken::Broken;
    use super::super::super::scripted::{self, PAYING};
    use super::*;

    const ONE: scripted::Said = (200, r#"{"proof":"AAECAwQFBgcICQoLDA0ODw=="}"#);
    const OTHER: scripted::Said = (200, r#"{"proof":"BBECAwQFBgcICQoLDA0ODw=="}"#);

    #[tokio::test]
    async fn a_cryptogram_that_comes_again_is_not_issued() {
        let mut world = scripted::world(PAYING, &[ONE, OTHER, ONE]).await;
        let long = Kind(Operation::CryptogramLong);
        for wanted in [true, true, false] {
            request(&mut world, long).await.unwrap();
            assert_eq!(long_issued(&mut world).is_ok(), wanted);
        }
        assert!(differs(&mut world).is_err());
    }

    #[tokio::test]
    async fn nothing_is_paid_with_a_cryptogram_that_comes_again() {
        let mut world = scripted::world(PAYING, &[ONE, OTHER, ONE, (500, ONE.1)]).await;
        for wanted in [true, true, false, false] {
            let minted =
                super::super::paying::mint(&mut world, Operation::CryptogramLong, Who::One).await;
            assert_eq!(minted.is_ok(), wanted);
            assert!(wanted || matches!(minted, Err(Broken::Unready(_))));
        }
    }
}
