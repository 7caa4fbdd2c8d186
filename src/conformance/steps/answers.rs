//! Statements about a wire answer: status, headers, members.

use cucumber::{given, then};
use serde_json::Value;

use super::super::binding::pointer;
use super::super::broken::{Broken, Held, demand, demand_at};
use super::super::world::World;
use super::requests::filled;

#[then(expr = "the status is {int}")]
fn status(world: &mut World, expected: u16) -> Held {
    let answer = world.answer()?;
    demand_at(
        answer.status == expected,
        "status",
        expected.to_string(),
        answer.gist(),
    )
}

#[then(expr = "the media type is {string}")]
fn media_type(world: &mut World, expected: String) -> Held {
    let actual = world.answer()?.media_type();
    let shown = actual.clone().unwrap_or_else(|| "none".to_owned());
    demand_at(
        actual.as_deref() == Some(expected.as_str()),
        "header:content-type",
        expected,
        shown,
    )
}

#[then(expr = "the media type is not {string}")]
fn other_media_type(world: &mut World, unwanted: String) -> Held {
    let actual = world
        .answer()?
        .media_type()
        .unwrap_or_else(|| "none".to_owned());
    demand(
        actual != unwanted,
        format!("anything but {unwanted}"),
        actual,
    )
}

#[then(expr = "the header {string} is {string}")]
fn header(world: &mut World, name: String, expected: String) -> Held {
    let expected = filled(world, &expected)?;
    let actual = world.answer()?.header(&name).unwrap_or("absent").to_owned();
    demand_at(
        actual == expected,
        format!("header:{name}"),
        expected,
        actual,
    )
}

#[then(expr = "the header {string} mentions {string}")]
fn header_mentions(world: &mut World, name: String, part: String) -> Held {
    let actual = world.answer()?.header(&name).unwrap_or("absent").to_owned();
    let found = actual.to_lowercase().contains(&part.to_lowercase());
    demand(found, format!("{name} with {part:?} in it"), actual)
}

#[then(expr = "the body is empty")]
fn empty(world: &mut World) -> Held {
    let length = world.answer()?.body.len();
    demand(length == 0, "an empty body", format!("{length} bytes"))
}

#[given(regex = r#"^"(/[^"]*)" equals (.+)$"#)]
fn given_equals(world: &mut World, place: String, expected: String) -> Held {
    equal(world, &place, &expected)
}

#[then(regex = r#"^"(/[^"]*)" equals (.+)$"#)]
fn equals(world: &mut World, place: String, expected: String) -> Held {
    equal(world, &place, &expected)
}

fn equal(world: &World, place: &str, expected: &str) -> Held {
    let expected = filled(world, expected)?;
    let expected: Value = serde_json::from_str(&expected)
        .map_err(|error| Broken::Suite(format!("{expected} is not a JSON value: {error}")))?;
    let document = world.document()?;
    let actual = pointer::at(&document, place);
    let shown = actual.map_or_else(|| "nothing there".to_owned(), Value::to_string);
    demand_at(
        actual == Some(&expected),
        place,
        expected.to_string(),
        shown,
    )
}

#[then(expr = "{string} differs from {string}")]
fn differs(world: &mut World, place: String, other: String) -> Held {
    let other = filled(world, &other)?;
    let document = world.document()?;
    let actual = pointer::at(&document, &place)
        .ok_or_else(|| Broken::at(&place, "something", "nothing there"))?;
    let same = actual.as_str() == Some(other.as_str());
    demand_at(
        !same,
        &place,
        format!("other than {other}"),
        actual.to_string(),
    )
}

#[then(expr = "{string} is absent")]
fn absent(world: &mut World, place: String) -> Held {
    let document = world.document()?;
    match pointer::at(&document, &place) {
        None => Ok(()),
        Some(found) => Err(Broken::at(place, "nothing", found.to_string())),
    }
}

#[then(expr = "{string} is present")]
fn present(world: &mut World, place: String) -> Held {
    let document = world.document()?;
    let found = pointer::at(&document, &place).is_some_and(|value| !value.is_null());
    demand_at(found, place, "something", "nothing there")
}

#[then(expr = "{string} holds {int} item(s)")]
fn holds(world: &mut World, place: String, count: usize) -> Held {
    let document = world.document()?;
    let actual = pointer::at(&document, &place)
        .and_then(Value::as_array)
        .map(Vec::len);
    let shown = actual.map_or_else(|| "no list".to_owned(), |actual| format!("{actual} items"));
    demand_at(
        actual == Some(count),
        place,
        format!("{count} items"),
        shown,
    )
}

#[then(expr = "{string} lists {string}")]
fn lists(world: &mut World, place: String, item: String) -> Held {
    let document = world.document()?;
    let found = pointer::at(&document, &place);
    let items = found.and_then(Value::as_array);
    let there =
        items.is_some_and(|items| items.iter().any(|it| it.as_str() == Some(item.as_str())));
    let shown = found.map_or_else(|| "nothing there".to_owned(), Value::to_string);
    demand_at(there, place, format!("with {item:?} in it"), shown)
}

/// Members beyond those named are allowed: a client ignores what it does not know.
#[then(expr = "{string} has the members {string}")]
fn members(world: &mut World, place: String, names: String) -> Held {
    let document = world.document()?;
    let found = pointer::at(&document, &place).and_then(Value::as_object);
    let found = found.ok_or_else(|| Broken::wrong(format!("an object at {place:?}"), "none"))?;
    let missing: Vec<&str> = names
        .split_whitespace()
        .filter(|name| !found.contains_key(*name))
        .collect();
    let actual = format!("no {}", missing.join(", no "));
    demand(missing.is_empty(), format!("the members {names}"), actual)
}

#[then(expr = "the words of {string} include {string}")]
fn words(world: &mut World, place: String, word: String) -> Held {
    let document = world.document()?;
    let text = pointer::at(&document, &place)
        .and_then(Value::as_str)
        .unwrap_or_default();
    demand(
        text.split(' ').any(|it| it == word),
        format!("{word} among the words of {place}"),
        text,
    )
}

#[then(expr = "the answer holds no card number")]
fn no_card_number(world: &mut World) -> Held {
    let body = &world.answer()?.body;
    let leaked = world
        .talk
        .target
        .cards
        .iter()
        .any(|card| body.contains(&card.pan));
    demand(!leaked, "no card number in the answer", "a card number")
}

#[then(expr = "the body mentions {string}")]
fn body_mentions(world: &mut World, part: String) -> Held {
    let part = filled(world, &part.replace("\\\"", "\""))?;
    let found = world.answer()?.body.contains(&part);
    demand(found, format!("{part:?} in the body"), "a body without it")
}
