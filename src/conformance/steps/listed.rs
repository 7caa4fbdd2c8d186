//! Whether a list is whole: with every card that there is, so that it goes over several pages where a target has some.

use cucumber::{given, then};
use serde_json::Value;

use super::super::binding::{Fact, Operation};
use super::super::broken::{Broken, Held, demand};
use super::super::search::is_member;
use super::super::target::Condition;
use super::super::world::{Who, World};
use super::cards::store;
use super::tenants::{listed_in, reference};

#[given(expr = "every other eligible card is enrolled as well")]
async fn all_enrolled(world: &mut World) -> Held {
    let own = world.card(Who::One)?.card.pan.clone();
    let network = world.card(Who::One)?.card.network;
    let one_network = world.binding.and_then(|place| world.bindings.get(place));
    let one_network = one_network.and_then(super::super::binding::Binding::network);
    let cards: Vec<_> = world.talk.target.cards.to_vec();
    let eligible = cards.into_iter().filter(|card| {
        card.condition == Condition::Eligible
            && card.pan != own
            && (one_network.is_none() || card.network == network)
    });
    for card in eligible.collect::<Vec<_>>() {
        world.take(Who::Other, card);
        store(world, Who::Other).await?;
        let seen = world.perform(Operation::Enrol, Who::Other).await?;
        demand(seen.is_active(), "an active token", seen.summary())?;
        let other = world.card(Who::Other)?.clone();
        world.further.push(other);
    }
    Ok(())
}

#[then(expr = "the list of tokens holds all of them")]
async fn holds_all(world: &mut World) -> Held {
    let seen = world.last()?.clone();
    let mut wanted = vec![reference(world)?];
    let further = std::mem::take(&mut world.further);
    for card in &further {
        let name = card.token.as_ref().and_then(|it| it.text(Fact::Reference));
        wanted.extend(name);
        // The scenario ends with its own two cards, so that these are tidied away here; whatever comes of it changes nothing.
        if world.offers(Operation::Delete) {
            let _unimportant = world.perform_with(Operation::Delete, &card.variables).await;
        }
    }
    let list = listed_in(&seen)?;
    let list = list.ok_or_else(|| Broken::wrong("a list of tokens", seen.summary()))?;
    let missing = wanted.iter().filter(|name| !is_member(list, name)).count();
    let count = wanted.len();
    let expected = format!("a list with all {count} tokens, each once");
    demand(
        missing == 0,
        &expected,
        format!("one without {missing} of them"),
    )?;
    // Pages of a list that nobody changes meanwhile overlap nowhere.
    let again = wanted.iter().filter(|name| is_repeated(list, name));
    let again = again.count();
    demand(
        again == 0,
        expected,
        format!("one with {again} of them again"),
    )
}

/// An item that names something is there twice, and both are the same. Two that differ may be two tokens of one card, of which one
/// was deleted.
fn is_repeated(list: &Value, name: &str) -> bool {
    let items = list.as_array().map_or(&[][..], Vec::as_slice);
    let mut items = items.iter().filter(|item| is_member(item, name));
    items
        .next()
        .is_some_and(|first| items.any(|other| other == first))
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const LIST: &str = r#"
    [operations.list]
    accept = [200]
    facts = { tokens = ["/t"] }
    requests = [{ method = "GET", path = "/tokens" }]
    "#;

    #[tokio::test]
    async fn one_that_is_missing_is_seen() {
        const LIVE: Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
        let text = [PAYING, LIST].concat();
        for (list, right) in [
            (r#"{"t":[{"id":"t2"},{"id":"t1"}]}"#, true),
            (r#"{"t":[{"id":"t2"}]}"#, false),
            (r#"{"t":[{"id":"t1"},{"id":"t2"},{"id":"t1"}]}"#, false),
            (r#"{"t":[{"id":"t1"},{"id":"t1","gone":true}]}"#, true),
            ("{}", false),
        ] {
            let answers: &'static [Said] = Vec::leak(vec![LIVE, (200, list)]);
            let mut world = scripted::world(&text, answers).await;
            world.perform(Operation::Enrol, Who::One).await.unwrap();
            world.perform(Operation::List, Who::One).await.unwrap();
            assert_eq!(holds_all(&mut world).await.is_ok(), right, "{list}");
        }
    }
}
