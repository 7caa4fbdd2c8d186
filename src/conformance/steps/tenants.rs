//! Merchants and what each has: who is let in, and what stands in whose list.

use cucumber::{then, when};
use serde_json::Value;

use super::super::binding::template::shown;
use super::super::binding::{Fact, Observed, Operation, Psp};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::By;
use super::super::search::is_member;
use super::super::world::{Who, World};
use super::cards::enrolled_card;

#[when(expr = "another merchant enrols a card")]
async fn other_enrols(world: &mut World) -> Held {
    world.talk.by = By::Other;
    let enrolled = enrolled_card(world, Who::Other, None).await;
    world.talk.by = By::Usual;
    enrolled
}

/// The other merchant has the very same card.
#[when(expr = "another merchant enrols the same card")]
async fn other_enrols_same(world: &mut World) -> Held {
    let card = world.card(Who::One)?.card.clone();
    world.take(Who::Other, card);
    world.talk.by = By::Other;
    let enrolled = enrol_anew(world).await;
    world.talk.by = By::Usual;
    enrolled
}

async fn enrol_anew(world: &mut World) -> Held {
    super::cards::store(world, Who::Other).await?;
    world.perform(Operation::Enrol, Who::Other).await.map(drop)
}

#[then(expr = "access is refused")]
fn refused(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    demand(
        seen.is_refusal(),
        "a refusal with a status of 400 to 499",
        seen.summary(),
    )
}

#[when(expr = "the payment is read")]
async fn payment_read(world: &mut World) -> Held {
    let read = Operation::Psp(Psp::ReadPayment);
    world.perform(read, Who::One).await.map(drop)
}

#[when(expr = "the tokens are listed")]
async fn listed(world: &mut World) -> Held {
    world.perform(Operation::List, Who::One).await.map(drop)
}

#[then(expr = "the list of tokens holds the token")]
fn holds(world: &mut World) -> Held {
    let reference = reference(world)?;
    let seen = world.last()?;
    let right = listed_in(seen)?.is_some_and(|list| is_member(list, &reference));
    demand(right, "a list with the token", seen.summary())
}

#[then(expr = "the list of tokens does not hold the token")]
fn holds_not(world: &mut World) -> Held {
    let reference = reference(world)?;
    let found = listed_in(world.last()?)?.is_some_and(|list| is_member(list, &reference));
    demand(
        !found,
        "a list without another merchant's token, or a refusal",
        "one with it",
    )
}

#[then(expr = "the list of cards does not hold the card")]
fn holds_no_card(world: &mut World) -> Held {
    let card = world.card(Who::One)?.variables.get("card").map(shown);
    let card = card.ok_or_else(|| Broken::Unready("no name of the card was told".to_owned()))?;
    let found = listed_in(world.last()?)?.is_some_and(|list| is_member(list, &card));
    let expected = "a list without another merchant's card, or a refusal";
    demand(!found, expected, "one with it")
}

/// What the scenario's token is called in a list.
pub(super) fn reference(world: &World) -> Held<String> {
    let token = super::tokens::token(world, Who::One)?;
    if !token.declared.contains(&Fact::Reference) {
        let why = "enrol tells no name by which a token is found in a list (facts.reference)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    let told = token.text(Fact::Reference).filter(|name| !name.is_empty());
    told.ok_or_else(|| Broken::Unready("no reference of the token was told".to_owned()))
}

/// The list, or nothing where the target refuses to tell it. An answer that is neither, such as an error page, must not pass
/// for a list in which nothing stands.
pub(super) fn listed_in(seen: &Observed) -> Held<Option<&Value>> {
    let (fact, why) = if seen.operation == Operation::ListCards {
        (
            Fact::Cards,
            "list-cards does not say where the cards stand (facts.cards)",
        )
    } else {
        (
            Fact::Tokens,
            "list does not say where the tokens stand (facts.tokens)",
        )
    };
    if !seen.declared.contains(&fact) {
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    match seen.facts.get(&fact) {
        Some(list @ Value::Array(_)) if seen.accepted => Ok(Some(list)),
        _ if seen.is_refusal() => Ok(None),
        _ if seen.too_fast() => Err(Broken::asked_too_often(&seen.summary())),
        _ => Err(Broken::wrong("a list", seen.summary())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::binding::observed;
    use super::*;

    fn list(status: u16, tokens: Option<Value>) -> Observed {
        let mut seen = observed(Operation::List, status);
        seen.declared.insert(Fact::Tokens);
        seen.facts
            .extend(tokens.map(|tokens| (Fact::Tokens, tokens)));
        seen
    }

    #[test]
    fn only_a_list_or_a_refusal_says_what_is_listed() {
        let tokens = || json!([{"id": "t1", "amount": 17}]);
        let told = list(200, Some(tokens()));
        let found = listed_in(&told).unwrap().unwrap();
        assert!(is_member(found, "t1") && is_member(found, "17") && !is_member(found, "7"));
        for status in [401, 403, 404] {
            assert_eq!(listed_in(&list(status, None)), Ok(None), "{status}");
        }
        for neither in [
            list(500, None),
            list(302, None),
            list(500, Some(tokens())),
            list(200, None),
            list(200, Some(json!("t1"))),
        ] {
            assert!(
                matches!(listed_in(&neither), Err(Broken::Wrong { .. })),
                "{}",
                neither.summary()
            );
        }
        let unsaid = listed_in(&list(429, None)).map(drop);
        assert!(matches!(unsaid, Err(Broken::Unready(_))));
        let untold = listed_in(&observed(Operation::List, 200)).map(drop);
        assert!(matches!(untold, Err(Broken::NotDeclared(_))));
    }
}
