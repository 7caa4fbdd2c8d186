//! Statements about the access token in a wire answer. The signature is checked by the target's own resources refusing
//! tokens that were changed; here the token is only read, as a client would.

use cucumber::then;
use serde_json::Value;

use super::super::binding::pointer;
use super::super::binding::template::shown;
use super::super::broken::{Broken, Held, demand};
use super::super::world::World;
use super::requests::plainly_filled;
use super::shapes::jwt_parts;

#[then(expr = "the access token's claim {string} equals {string}")]
fn claim(world: &mut World, name: String, expected: String) -> Held {
    let (_, claims) = token(world)?;
    compare(world, &claims, &name, &expected)
}

#[then(expr = "the access token's header {string} equals {string}")]
fn header(world: &mut World, name: String, expected: String) -> Held {
    let (header, _) = token(world)?;
    compare(world, &header, &name, &expected)
}

#[then(expr = "the access token lives for {int} seconds")]
fn lives(world: &mut World, seconds: i64) -> Held {
    let (_, claims) = token(world)?;
    let at = |name: &str| claims.get(name).and_then(Value::as_i64);
    let actual = at("exp").zip(at("iat")).map(|(exp, iat)| exp - iat);
    let shown = actual.map_or_else(
        || "no exp or no iat".to_owned(),
        |actual| format!("{actual} seconds"),
    );
    demand(
        actual == Some(seconds),
        format!("exp {seconds} seconds after iat"),
        shown,
    )
}

fn compare(world: &World, part: &Value, name: &str, expected: &str) -> Held {
    let expected = plainly_filled(world, expected)?;
    let actual = part
        .get(name)
        .map_or_else(|| "nothing of that name".to_owned(), shown);
    demand(
        actual == expected,
        format!("{name} {expected:?}"),
        format!("{actual:?}"),
    )
}

fn token(world: &World) -> Held<(Value, Value)> {
    let document = world.document()?;
    let token = pointer::at(&document, "/access_token")
        .and_then(Value::as_str)
        .unwrap_or_default();
    jwt_parts(token).ok_or_else(|| Broken::wrong("a signed JWT at /access_token", "something else"))
}
