//! What a refusal leaves behind, which is nothing, and what it says is wrong.

use cucumber::{given, then};
use serde_json::Value;

use super::super::binding::{Binding, Fact, Operation};
use super::super::broken::{Broken, Held, demand};
use super::super::world::{Who, World};

#[given(expr = "the cards on file have been counted")]
async fn counted(world: &mut World) -> Held {
    let count = count(world).await?;
    world.counted = Some(count);
    Ok(())
}

#[then(expr = "no card has been added")]
async fn none_added(world: &mut World) -> Held {
    let before = world.counted;
    let before = before.ok_or_else(|| Broken::Suite("no card was counted before".to_owned()))?;
    let now = count(world).await?;
    demand(
        now == before,
        format!("{before} cards on file"),
        now.to_string(),
    )
}

async fn count(world: &mut World) -> Held<usize> {
    let seen = world.perform(Operation::ListCards, Who::One).await?;
    if !seen.declared.contains(&Fact::Cards) {
        let why = "list-cards does not say where the cards stand (facts.cards)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    match seen.facts.get(&Fact::Cards) {
        Some(Value::Array(items)) if seen.accepted => Ok(items.len()),
        _ => Err(Broken::Unready(format!(
            "no list of cards came ({}), so they cannot be counted",
            seen.summary()
        ))),
    }
}

/// However it is worded, the name of the member is in it.
#[then(expr = "the refusal names the month")]
fn names_month(world: &mut World) -> Held {
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let member = binding
        .and_then(Binding::declared)
        .and_then(|declared| declared.member_of_month());
    let member = member.ok_or_else(|| {
        Broken::NotDeclared("the month of a card has no member of its own".to_owned())
    })?;
    let seen = world.last()?;
    let told = seen.text(Fact::Field).unwrap_or_default();
    demand(
        told.contains(&member),
        format!("a refusal that names {member}"),
        format!("{told:?}"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const CARDS: &str = r#"
    [operations.list-cards]
    accept = [200]
    facts = { cards = ["/c"] }
    requests = [{ method = "GET", path = "/cards" }]
    "#;

    #[tokio::test]
    async fn a_card_more_is_one_that_was_kept() {
        const NONE: Said = (200, r#"{"c":[]}"#);
        const ONE: Said = (200, r#"{"c":[1]}"#);
        let text = [PAYING, CARDS].concat();
        for (after, right) in [(NONE, true), (ONE, false), ((500, "{}"), false)] {
            let answers: &'static [Said] = Vec::leak(vec![NONE, after]);
            let mut world = scripted::world(&text, answers).await;
            counted(&mut world).await.unwrap();
            assert_eq!(none_added(&mut world).await.is_ok(), right, "{after:?}");
        }
    }
}
