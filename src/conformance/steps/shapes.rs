//! The shapes that a wire feature may demand of a value, by name, so that an analyst can read them.

use std::str::FromStr;

use cucumber::{Parameter, then};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::Value;

use super::super::binding::pointer;
use super::super::broken::{Broken, Held, demand, demand_at};
use super::super::world::World;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Parameter)]
#[param(
    name = "shape",
    regex = "card id|token id|digits|four digits|six digits|eight digits|three digits|token number|account reference|\
             UTC timestamp|RFC 3339 timestamp|timestamp without zone|year and month|two-digit year|month|text|list|object|fingerprint|\
             base64 of 20 bytes|signed JWT|UUID alias|hexadecimal id|unique reference"
)]
pub(super) enum Shape {
    CardId,
    TokenId,
    Digits(usize),
    TokenNumber,
    AccountReference,
    UtcTimestamp,
    Timestamp,
    LocalTimestamp,
    YearMonth,
    TwoDigitYear,
    Month,
    Text,
    List,
    Object,
    Fingerprint,
    Base64Of(usize),
    Jwt,
    UuidAlias,
    HexId,
    UniqueReference,
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "card id" => Self::CardId,
            "token id" => Self::TokenId,
            "digits" => Self::Digits(0),
            "three digits" => Self::Digits(3),
            "four digits" => Self::Digits(4),
            "six digits" => Self::Digits(6),
            "eight digits" => Self::Digits(8),
            "token number" => Self::TokenNumber,
            "account reference" => Self::AccountReference,
            "UTC timestamp" => Self::UtcTimestamp,
            "RFC 3339 timestamp" => Self::Timestamp,
            "timestamp without zone" => Self::LocalTimestamp,
            "year and month" => Self::YearMonth,
            "two-digit year" => Self::TwoDigitYear,
            "month" => Self::Month,
            "text" => Self::Text,
            "list" => Self::List,
            "object" => Self::Object,
            "fingerprint" => Self::Fingerprint,
            "base64 of 20 bytes" => Self::Base64Of(20),
            "signed JWT" => Self::Jwt,
            "UUID alias" => Self::UuidAlias,
            "hexadecimal id" => Self::HexId,
            "unique reference" => Self::UniqueReference,
            other => return Err(format!("no shape {other:?}")),
        })
    }
}

/// How many digits.
#[derive(Clone, Copy, Debug, Parameter)]
#[param(name = "counted", regex = "three|four|six|eight")]
struct Counted(usize);

impl FromStr for Counted {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Ok(Self(match word {
            "three" => 3,
            "four" => 4,
            "six" => 6,
            "eight" => 8,
            other => return Err(format!("no count {other:?}")),
        }))
    }
}

#[then(expr = "{string} has the shape of a(n) {shape}")]
fn has_shape(world: &mut World, place: String, shape: Shape) -> Held {
    let document = world.document()?;
    let found = pointer::at(&document, &place)
        .ok_or_else(|| Broken::at(&place, format!("with the shape {shape:?}"), "nothing there"))?;
    demand_at(
        fits(shape, found),
        &place,
        format!("with the shape {shape:?}"),
        found.to_string(),
    )
}

#[then(expr = "{string} is {counted} digits")]
fn is_digits(world: &mut World, place: String, count: Counted) -> Held {
    has_shape(world, place, Shape::Digits(count.0))
}

/// An envelope that only the judge's own keys open.
#[then(expr = "{string} is an envelope with a(n) {shape} at {string}")]
fn envelope(world: &mut World, place: String, shape: Shape, inside: String) -> Held {
    let document = world.document()?;
    let sealed = pointer::at(&document, &place);
    let opened = sealed.and_then(|sealed| match world.surface.as_deref() {
        Some("mastercard") => world.talk.mastercard().ok()?.open(sealed),
        Some("hyperswitch") => world.orchestrator.as_ref()?.open(sealed.as_str()?),
        Some(_) | None => world.talk.visa().ok()?.open(sealed.as_str()?),
    });
    let opened = opened
        .ok_or_else(|| Broken::wrong(format!("an envelope at {place}"), "none that opens"))?;
    let found = pointer::at(&opened, &inside);
    demand(
        found.is_some_and(|found| fits(shape, found)),
        format!("{inside} with the shape {shape:?} in the envelope"),
        "something else",
    )
}

fn fits(shape: Shape, value: &Value) -> bool {
    let text = value.as_str();
    let is_text = |test: &dyn Fn(&str) -> bool| text.is_some_and(test);
    let starts = |prefix: &'static str, rest: usize| {
        move |text: &str| {
            text.strip_prefix(prefix).is_some_and(|id| {
                id.len() >= rest && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
        }
    };
    match shape {
        Shape::CardId => is_text(&starts("CRD", 22)),
        Shape::TokenId => is_text(&starts("NT", 23)),
        Shape::UuidAlias => is_text(&starts("tok_sandbox_", 20)),
        Shape::HexId => {
            is_text(&|text| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        }
        Shape::UniqueReference => is_text(&|text| {
            text.len() == 48 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }),
        Shape::Digits(0) => is_text(&|text| !text.is_empty() && digits(text)),
        Shape::Digits(count) => is_text(&|text| text.len() == count && digits(text)),
        Shape::TokenNumber => is_text(&|text| (13..=19).contains(&text.len()) && digits(text)),
        Shape::AccountReference => {
            is_text(&|text| text.len() == 29 && text.bytes().all(|b| b.is_ascii_alphanumeric()))
        }
        Shape::UtcTimestamp => {
            is_text(&|text| text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok())
        }
        Shape::Timestamp => is_text(&|text| text.parse::<jiff::Timestamp>().is_ok()),
        Shape::LocalTimestamp => is_text(&|text| {
            let (_, fraction) = text.split_once('.').unwrap_or_default();
            fraction.len() == 6 && digits(fraction) && text.parse::<jiff::civil::DateTime>().is_ok()
        }),
        Shape::YearMonth => is_text(&|text| {
            text.len() == 7 && format!("{text}-01").parse::<jiff::civil::Date>().is_ok()
        }),
        Shape::TwoDigitYear => value.as_u64().is_some_and(|year| year < 100),
        Shape::Month => value
            .as_u64()
            .is_some_and(|month| (1..=12).contains(&month)),
        Shape::Text => is_text(&|text| !text.trim().is_empty()),
        Shape::List => value.is_array(),
        Shape::Object => value.is_object(),
        Shape::Fingerprint => is_text(&|text| {
            (32..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
        }),
        Shape::Base64Of(bytes) => is_text(&|text| {
            BASE64
                .decode(text.as_bytes())
                .is_ok_and(|it| it.len() == bytes)
        }),
        Shape::Jwt => is_text(&|text| jwt_parts(text).is_some()),
    }
}

/// Header and claims of a compact JWT.
pub(super) fn jwt_parts(token: &str) -> Option<(Value, Value)> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return None;
    };
    let read = |part: &str| -> Option<Value> {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok()
    };
    let long_enough = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?.len() >= 128;
    long_enough.then_some((read(header)?, read(claims)?))
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_shape_takes_its_own_and_nothing_near_it() {
        let rows = [
            (
                "card id",
                json!("CRDecqZp3xRgXU3TFmtcDdzQs"),
                json!("NTabcdefghijklH2Dy1BVE9iR"),
            ),
            (
                "token id",
                json!("NTabcdefghijklH2Dy1BVE9iR"),
                json!("NT-bcdefghijklH2Dy1BVE9iR"),
            ),
            ("four digits", json!("4244"), json!(4244)),
            ("digits", json!("1"), json!("")),
            ("token number", json!("4124980000004244"), json!("4124")),
            (
                "account reference",
                json!("V0010014610000000085141000282"),
                json!("V001"),
            ),
            (
                "UTC timestamp",
                json!("2025-08-01T00:00:00Z"),
                json!("2025-08-01T00:00:00"),
            ),
            (
                "RFC 3339 timestamp",
                json!("2025-08-01T02:00:00.5+02:00"),
                json!("2025-08-01"),
            ),
            (
                "timestamp without zone",
                json!("2025-07-24T04:13:51.428077"),
                json!("2025-07-24T04:13:51.428077Z"),
            ),
            ("year and month", json!("2023-12"), json!("2023-13")),
            ("two-digit year", json!(27), json!(2027)),
            ("month", json!(12), json!(13)),
            ("text", json!("x"), json!(" ")),
            ("list", json!([]), json!({})),
            ("object", json!({}), json!([])),
            (
                "fingerprint",
                json!("6TeSCB16LtyifEAmY2goxYfSk5sALriXpefzzxh29xhu"),
                json!("short"),
            ),
            (
                "base64 of 20 bytes",
                json!("AAECAwQFBgcICQoLDA0ODxAREhM="),
                json!("AAECAwQFBgcICQoLDA0ODw=="),
            ),
            (
                "signed JWT",
                json!(format!("e30.e30.{}", "A".repeat(172))),
                json!("e30.e30.AA"),
            ),
            (
                "unique reference",
                json!("DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45"),
                json!("DWSPMC0000000001"),
            ),
            (
                "UUID alias",
                json!("tok_sandbox_1234567890123456789012"),
                json!("tok_live_1"),
            ),
        ];
        for (name, right, wrong) in rows {
            let found = [&right, &wrong].map(|value| fits(name.parse().unwrap(), value));
            assert_eq!(found, [true, false], "{name}: {right}, {wrong}");
        }
    }
}
