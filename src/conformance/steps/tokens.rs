//! Tokens: what a merchant reads of them, and how they relate to each other.

use cucumber::{given, then, when};

use super::super::binding::{Fact, Observed, Operation, Reason, State};
use super::super::broken::{Broken, Held, demand};
use super::super::target::DeleteAgain;
use super::super::target::webhooks::Kind;
use super::super::world::{Who, World};
use super::cards::unknown;
use super::words::{Card, TokenState};

#[when(expr = "the token is read")]
async fn read(world: &mut World) -> Held {
    world.perform(Operation::Read, Who::One).await.map(drop)
}

#[when(expr = "a token that was never issued is read")]
async fn read_unknown(world: &mut World) -> Held {
    let variables = unknown(world)?;
    world
        .perform_with(Operation::Read, &variables)
        .await
        .map(drop)
}

#[when(expr = "a token that was never issued is deleted")]
async fn delete_unknown(world: &mut World) -> Held {
    let variables = unknown(world)?;
    world
        .perform_with(Operation::Delete, &variables)
        .await
        .map(drop)
}

#[when(expr = "the merchant deletes the token")]
async fn delete(world: &mut World) -> Held {
    delete_own(world).await.map(drop)
}

async fn delete_own(world: &mut World) -> Held<Observed> {
    let seen = world.perform(Operation::Delete, Who::One).await?;
    if seen.accepted {
        world.happened.push(Kind::Deleted);
    }
    Ok(seen)
}

#[given(expr = "the merchant has deleted the token")]
async fn has_deleted(world: &mut World) -> Held {
    let seen = delete_own(world).await?;
    demand(seen.accepted, "success", seen.summary())
}

#[then(expr = "the token is {state}")]
fn is(world: &mut World, state: TokenState) -> Held {
    has_state(world.last()?, state.0)
}

#[then(expr = "the token reads as {state}")]
async fn reads_as(world: &mut World, state: TokenState) -> Held {
    let seen = world.perform(Operation::Read, Who::One).await?;
    has_state(&seen, state.0)
}

#[then(expr = "the token of {card} reads as {state}")]
async fn of_reads_as(world: &mut World, card: Card, state: TokenState) -> Held {
    let seen = world.perform(Operation::Read, card.0).await?;
    has_state(&seen, state.0)
}

#[then(expr = "the request succeeds")]
fn succeeds(world: &mut World) -> Held {
    let seen = world.last()?;
    if seen.accepted {
        return Ok(());
    }
    Err(seen.lacks(Fact::Reason, "success"))
}

/// A second deletion has nothing to delete. Whether it is told so or gets the same success is the target's decision, unless
/// its file says which.
#[then(expr = "nothing is left to delete")]
async fn nothing_left(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let refused = !seen.accepted && !seen.fault && seen.reason == Some(Reason::NotFound);
    let right = match world.talk.target.policies.delete_again {
        Some(DeleteAgain::NotFound) => refused,
        Some(DeleteAgain::Accepted) => seen.accepted,
        None => refused || seen.accepted,
    };
    demand(right, "a refusal as not found, or success", seen.summary())
}

/// Some targets keep a deleted token on show, others answer that there is none.
#[then(expr = "the token is gone")]
async fn gone(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.perform(Operation::Read, Who::One).await?;
    let shown_deleted = seen.accepted && seen.state == Some(State::Deleted);
    if seen.accepted && !seen.declared.contains(&Fact::State) {
        let why = "read does not say in which state the token is (facts.state)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    let told = |fact| seen.facts.contains_key(&fact);
    let silent =
        seen.accepted && !told(Fact::State) && !told(Fact::TokenNumber) && !seen.facts.is_empty();
    let absent = seen.is_refusal() && seen.reason == Some(Reason::NotFound);
    if shown_deleted || silent || absent {
        return Ok(());
    }
    Err(seen.lacks(Fact::State, "no token, or a deleted one"))
}

#[then(expr = "it has a reference")]
fn has_reference(world: &mut World) -> Held {
    let reference = world.last()?.text(Fact::Reference).unwrap_or_default();
    demand(
        !reference.is_empty(),
        "a reference by which the token can be named",
        "none",
    )
}

#[then(expr = "its last four digits are told")]
fn has_last4(world: &mut World) -> Held {
    let last4 = world.last()?.text(Fact::TokenLast4).unwrap_or_default();
    let four = last4.len() == 4 && last4.bytes().all(|byte| byte.is_ascii_digit());
    demand(four, "four digits", format!("{last4:?}"))
}

#[then(expr = "the token number is not the card number")]
fn number_differs(world: &mut World) -> Held {
    let number = world.last()?.text(Fact::TokenNumber).unwrap_or_default();
    let pan = &world.card(Who::One)?.card.pan;
    let digits =
        (13..=19).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    demand(
        digits,
        "a token number of 13 to 19 digits",
        format!("{number:?}"),
    )?;
    demand(
        number != *pan,
        "a token number of its own",
        "the card number",
    )
}

#[then(expr = "the token number ends in the digits that are told")]
fn number_fits(world: &mut World) -> Held {
    let seen = world.last()?;
    let number = seen.text(Fact::TokenNumber).unwrap_or_default();
    let last4 = seen.text(Fact::TokenLast4).unwrap_or_default();
    demand(
        !last4.is_empty() && number.ends_with(&last4),
        format!("a number ending in {last4:?}"),
        number,
    )
}

#[then(expr = "it is the same token as before")]
fn same(world: &mut World) -> Held {
    let before = token(world, Who::One)?;
    let facts = [
        Fact::Reference,
        Fact::TokenNumber,
        Fact::TokenLast4,
        Fact::Par,
    ];
    compare(&before, world.last()?, &facts)
}

#[then(expr = "it is another token number than before")]
fn other_number(world: &mut World) -> Held {
    let before = token(world, Who::One)?.text(Fact::TokenNumber);
    let before = before.ok_or_else(|| Broken::Unready("no token number was told".to_owned()))?;
    let now = world.last()?.text(Fact::TokenNumber).unwrap_or_default();
    let length = now.len();
    demand(
        now != before && !now.is_empty(),
        "a token number other than the one that was deleted",
        format!("the same of {length} digits"),
    )
}

/// EMVCo: 29 characters, of which the first four name who gave it out.
#[then(expr = "the account reference is 29 capitals and digits")]
fn par_form(world: &mut World) -> Held {
    let par = world.last()?.text(Fact::Par).ok_or_else(no_par)?;
    let of_it = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    demand(
        par.len() == 29 && par.bytes().all(of_it),
        "29 capitals and digits",
        format!("{par:?}"),
    )
}

#[then(expr = "the two cards have different tokens")]
fn different(world: &mut World) -> Held {
    let (one, other) = (token(world, Who::One)?, token(world, Who::Other)?);
    let mut compared = false;
    for fact in [Fact::Reference, Fact::TokenNumber] {
        if let (Some(first), Some(second)) = (one.text(fact), other.text(fact)) {
            let twice = format!("{first} twice");
            demand(
                first != second,
                format!("two different values of {fact:?}"),
                twice,
            )?;
            compared = true;
        }
    }
    if compared {
        Ok(())
    } else {
        Err(nothing_to_compare())
    }
}

#[then(expr = "the two tokens tell the same account reference")]
fn same_par(world: &mut World) -> Held {
    let (one, other) = pars(world)?;
    demand(one == other, format!("the account reference {one}"), other)
}

#[then(expr = "the two tokens tell different account references")]
fn different_par(world: &mut World) -> Held {
    let (one, other) = pars(world)?;
    demand(
        one != other,
        "two different account references",
        format!("{one} twice"),
    )
}

#[then(expr = "its expiry is a month of a year")]
fn expires(world: &mut World) -> Held {
    let seen = world.last()?;
    demand(
        seen.expiry().is_some(),
        "an expiry with year and month",
        seen.summary(),
    )
}

#[then(expr = "the token expires in month {int} of {int}")]
async fn expires_in(world: &mut World, month: u8, year: u16) -> Held {
    let seen = world.perform(Operation::Read, Who::One).await?;
    let found = seen.expiry();
    demand(
        found == Some((year, month)),
        format!("{year}-{month:02}"),
        format!("{found:?}"),
    )
}

/// Holds when two answers speak of the same token: they agree in every fact that both are declared to tell.
pub(super) fn compare(before: &Observed, now: &Observed, facts: &[Fact]) -> Held {
    let told = |fact: &&Fact| before.declared.contains(fact) && now.declared.contains(fact);
    let comparable: Vec<&Fact> = facts.iter().filter(told).collect();
    if comparable.is_empty() {
        return Err(nothing_to_compare());
    }
    for fact in comparable {
        // Not every issuer gives account references, so one that is never told is nobody's mistake.
        let untold = !before.facts.contains_key(fact) && !now.facts.contains_key(fact);
        if *fact == Fact::Par && untold {
            continue;
        }
        let was = before.text(*fact).unwrap_or_else(|| "nothing".to_owned());
        let is = now.text(*fact).unwrap_or_else(|| "nothing".to_owned());
        demand(
            was == is && before.facts.contains_key(fact),
            format!("{fact:?} {was}"),
            is,
        )?;
    }
    Ok(())
}

fn nothing_to_compare() -> Broken {
    Broken::NotDeclared(
        "the binding declares nothing by which two tokens could be told apart".to_owned(),
    )
}

/// The token as it was when the card was first enrolled.
pub(super) fn token(world: &World, who: Who) -> Held<Observed> {
    world.card(who)?.token.clone().ok_or_else(|| {
        Broken::Suite("the scenario compares with a token that was never enrolled".to_owned())
    })
}

fn pars(world: &World) -> Held<(String, String)> {
    let par = |who| {
        let found = token(world, who)?.text(Fact::Par);
        Ok(found.filter(|par| !par.is_empty()))
    };
    match (par(Who::One)?, par(Who::Other)?) {
        (Some(one), Some(other)) => Ok((one, other)),
        (None, None) => Err(no_par()),
        (_, _) => Err(Broken::wrong("an account reference of both", "of one")),
    }
}

fn no_par() -> Broken {
    Broken::NotDeclared(
        "no account reference is told, which is the issuer's to give (facts.par)".to_owned(),
    )
}

pub(super) fn has_state(seen: &Observed, state: State) -> Held {
    if seen.state == Some(state) {
        return Ok(());
    }
    Err(seen.lacks(Fact::State, format!("state {}", state.word())))
}
