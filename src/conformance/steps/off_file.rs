//! Cards that the merchant takes off file: that they are gone from its list, that nothing is enrolled with them, and what becomes
//! of their tokens.

use cucumber::{given, then, when};

use super::super::binding::template::shown;
use super::super::binding::{Binding, Fact, Observed, Operation, State};
use super::super::broken::{Broken, Held, demand};
use super::super::search::is_member;
use super::super::target::webhooks::Kind;
use super::super::world::{Who, World};
use super::cards::unknown;
use super::tenants::listed_in;
use super::tokens::has_state;

#[given(expr = "the merchant has taken the card off file")]
async fn has_taken(world: &mut World) -> Held {
    let seen = take(world).await?;
    demand(seen.accepted, "success", seen.summary())
}

#[when(expr = "the merchant takes the card off file")]
async fn takes(world: &mut World) -> Held {
    take(world).await.map(drop)
}

async fn take(world: &mut World) -> Held<Observed> {
    let seen = world.perform(Operation::DeleteCard, Who::One).await?;
    if seen.accepted && world.talk.target.policies.tokens_go_with_card() {
        world.happened.push(Kind::Deleted);
    }
    Ok(seen)
}

/// The scenario's own card must not stand in the request, or that is what would be taken off file.
#[when(expr = "a card that was never put on file is taken off file")]
async fn takes_unknown(world: &mut World) -> Held {
    let variables = unknown(world)?;
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    if !binding.is_some_and(|binding| binding.names_unknown(Operation::DeleteCard)) {
        let why = "delete-card names nothing that was never issued: write binding.unknown.card, or whatever else its request names";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    let seen = world.perform_with(Operation::DeleteCard, &variables).await;
    seen.map(drop)
}

/// What was never listed cannot be gone from the list.
#[given(expr = "the card is listed among those on file")]
async fn is_listed(world: &mut World) -> Held {
    let seen = world.perform(Operation::ListCards, Who::One).await?;
    let found = holds(world, &seen)?;
    demand(
        found,
        "a list with the card, by the name of facts.card",
        "one without it",
    )
}

#[when(expr = "the cards on file are listed")]
async fn listed(world: &mut World) -> Held {
    let seen = world.perform(Operation::ListCards, Who::One).await;
    seen.map(drop)
}

#[then(expr = "the card is no longer listed")]
fn is_not_listed(world: &mut World) -> Held {
    let seen = world.last()?;
    let found = holds(world, seen)?;
    demand(
        !found,
        "a list without the card that was taken off file",
        "one with it",
    )
}

/// Whether the merchant's own list holds the card. That the list is refused says nothing of it.
fn holds(world: &World, seen: &Observed) -> Held<bool> {
    let name = world.card(Who::One)?.variables.get("card").map(shown);
    let name = name.ok_or_else(|| {
        let why = "no answer tells what the card is called, so it cannot be found in a list (facts.card of store, or of enrol)";
        Broken::NotDeclared(why.to_owned())
    })?;
    let list = listed_in(seen)?.ok_or_else(|| Broken::wrong("a list of cards", seen.summary()))?;
    Ok(is_member(list, &name))
}

/// However it is worded: as a refusal, or as an enrolment that has failed.
#[then(expr = "the enrolment is refused")]
fn enrolment_refused(world: &mut World) -> Held {
    world.require_proof()?;
    let seen = world.last()?;
    let failed = seen.state == Some(State::Failed);
    let refused = seen.is_refusal() && seen.state.is_none();
    demand(
        (refused || failed) && !seen.fault,
        "a refusal, or a failed enrolment",
        seen.summary(),
    )
}

/// Where reading names the card, nothing can be said of a token without one.
#[then(expr = "the token outlives its card")]
async fn outlives(world: &mut World) -> Held {
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let declared = binding.and_then(Binding::declared);
    if declared.is_some_and(|declared| declared.mentions(Operation::Read, "card")) {
        let why = "read names {card}, which is gone with the card: name the token by {reference}";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    let seen = world.perform(Operation::Read, Who::One).await?;
    if seen.accepted && !seen.declared.contains(&Fact::State) {
        let why = "read does not say in which state the token is (facts.state)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    has_state(&seen, State::Active)
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const CARDS: &str = r#"
    [operations.store]
    accept = [201]
    facts = { card = ["/card"] }
    requests = [{ method = "POST", path = "/cards", body = '{"number":"{pan}"}' }]
    [operations.list-cards]
    accept = [200]
    facts = { cards = ["/cards"] }
    requests = [{ method = "GET", path = "/cards" }]
    [operations.delete-card]
    accept = [204]
    requests = [{ method = "DELETE", path = "/cards/{card}" }]
    [operations.read]
    accept = [200]
    facts = { state = ["/state"] }
    requests = [{ method = "GET", path = "/tokens/{reference}" }]
    "#;
    const STORED: Said = (201, r#"{"card":"c1"}"#);
    const LIVE: Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
    const DONE: Said = (204, "");

    async fn world(after: &[Said]) -> World {
        let answers = [&[STORED, LIVE], after].concat();
        let text = [PAYING, CARDS].concat();
        let mut world = scripted::world(&text, Vec::leak(answers)).await;
        for operation in [Operation::Store, Operation::Enrol] {
            world.perform(operation, Who::One).await.unwrap();
        }
        world
    }

    /// What a statement came to.
    fn word(held: &Held) -> &'static str {
        match held {
            Ok(()) => "right",
            Err(Broken::NotDeclared(_)) => "not declared",
            Err(Broken::Wrong { .. }) => "wrong",
            Err(_) => "untestable",
        }
    }

    #[tokio::test]
    async fn a_list_says_whether_the_card_is_gone_and_a_refusal_of_it_does_not() {
        for (list, wanted) in [
            ((200, r#"{"cards":[{"id":"c2"}]}"#), "right"),
            ((200, r#"{"cards":[]}"#), "right"),
            ((200, r#"{"cards":[{"id":"c2"},{"id":"c1"}]}"#), "wrong"),
            ((403, "{}"), "wrong"),
            ((500, "{}"), "wrong"),
            ((200, "{}"), "wrong"),
        ] {
            let mut world = world(&[DONE, list]).await;
            has_taken(&mut world).await.unwrap();
            assert_eq!(world.happened.last(), Some(&Kind::Deleted));
            listed(&mut world).await.unwrap();
            assert_eq!(word(&is_not_listed(&mut world)), wanted, "{list:?}");
        }
    }

    #[tokio::test]
    async fn only_what_gives_no_token_is_a_refused_enrolment() {
        for (answer, wanted) in [
            ((404, "{}"), "right"),
            ((403, "{}"), "right"),
            (LIVE, "wrong"),
            ((200, "{}"), "wrong"),
            ((404, r#"{"state":"LIVE"}"#), "wrong"),
            ((500, "{}"), "wrong"),
        ] {
            let mut world = world(&[answer]).await;
            world.perform(Operation::Enrol, Who::One).await.unwrap();
            let held = enrolment_refused(&mut world);
            assert_eq!(word(&held), wanted, "{answer:?}");
        }
    }

    #[tokio::test]
    async fn a_token_is_only_seen_to_stay_where_it_has_a_name_of_its_own() {
        for (answer, wanted) in [(LIVE, "right"), ((404, "{}"), "wrong")] {
            let mut world = world(&[answer]).await;
            assert_eq!(word(&outlives(&mut world).await), wanted, "{answer:?}");
        }
        let text = [PAYING, CARDS].concat().replace("{reference}", "{card}");
        let mut world = scripted::world(&text, &[LIVE]).await;
        assert_eq!(word(&outlives(&mut world).await), "not declared");
    }

    /// A request in which nothing is unknown would take the scenario's own card.
    #[tokio::test]
    async fn no_card_is_taken_in_the_place_of_an_unknown_one() {
        for (unknown, wanted) in [
            ("unknown.card = \"c0\"", "right"),
            ("unknown.reference = \"t0\"", "not declared"),
            ("", "not declared"),
        ] {
            let text = [unknown, PAYING, CARDS].concat();
            let mut world = scripted::world(&text, &[STORED, (404, "{}")]).await;
            world.perform(Operation::Store, Who::One).await.unwrap();
            let sent = world.talk.exchanges.len();
            assert_eq!(word(&takes_unknown(&mut world).await), wanted, "{unknown}");
            let asked = world.talk.exchanges.get(sent);
            let asked = asked.map(|exchange| exchange.sent.url.ends_with("/cards/c0"));
            assert_eq!(asked, (wanted == "right").then_some(true), "{unknown}");
        }
    }
}
