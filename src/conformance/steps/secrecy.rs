//! What must not stand where anybody may read it: card numbers, security codes, token numbers and cryptograms in answers,
//! errors, headers and messages that need not hold them.

use cucumber::then;
use serde_json::Value;

use super::super::binding::template::{Variables, shown};
use super::super::broken::{Broken, Held};
use super::super::http::Answer;
use super::super::world::World;

/// The card's number and security code.
fn of_card(variables: &Variables) -> Vec<(&'static str, String)> {
    named(
        variables,
        &[("pan", "the card number"), ("cvc", "the security code")],
    )
}

/// What no message may hold.
pub(super) fn numbers_of(variables: &Variables) -> Vec<(&'static str, String)> {
    named(
        variables,
        &[
            ("pan", "the card number"),
            ("cvc", "the security code"),
            ("cryptogram", "the cryptogram"),
        ],
    )
}

fn named(variables: &Variables, names: &[(&str, &'static str)]) -> Vec<(&'static str, String)> {
    let found = names.iter();
    found
        .filter_map(|(name, what)| Some((*what, shown(variables.get(*name)?))))
        .collect()
}

/// What of these an answer holds: a long one anywhere in it, a short one as the whole value of a member.
pub(super) fn found_in(
    answer: &Answer,
    secrets: &[(&'static str, String)],
) -> Option<&'static str> {
    let document = answer.json().unwrap_or(Value::Null);
    let mut headers = answer.headers.iter().map(|(_, value)| value.as_str());
    let whole: Vec<&str> = headers.by_ref().collect();
    for (what, secret) in secrets {
        let long = secret.len() > 6;
        let digits = digits_only(&answer.body);
        let in_text = long
            && (answer.body.contains(secret.as_str())
                || whole.iter().any(|value| value.contains(secret.as_str()))
                || secret.bytes().all(|byte| byte.is_ascii_digit())
                    && digits.contains(secret.as_str()));
        if in_text || !long && is_member(&document, secret) {
            return Some(what);
        }
    }
    None
}

/// The text without what people put between the digits of a number.
fn digits_only(text: &str) -> String {
    text.replace([' ', '-'], "")
}

/// Whether something in it is the secret and nothing else.
pub(super) fn is_member(place: &Value, secret: &str) -> bool {
    match place {
        Value::String(text) => text == secret,
        Value::Number(number) => number.to_string() == secret,
        Value::Array(items) => items.iter().any(|item| is_member(item, secret)),
        Value::Object(members) => members.values().any(|member| is_member(member, secret)),
        Value::Null | Value::Bool(_) => false,
    }
}

#[then(expr = "no answer holds the card number or its security code")]
fn no_answer(world: &mut World) -> Held {
    let mut secrets = Vec::new();
    for card in world.cards.values() {
        secrets.extend(of_card(&card.variables));
    }
    for (place, exchange) in world.talk.exchanges.iter().enumerate() {
        // A vault, of which a source says so, and the answer that says it.
        if world.talk.may_tell.contains(&place) {
            continue;
        }
        let Ok(answer) = &exchange.answer else {
            continue;
        };
        if let Some(what) = found_in(answer, &secrets) {
            let asked = format!("{} {}", exchange.sent.method, exchange.sent.url);
            let actual = format!("{what} in the answer to {asked}");
            return Err(Broken::wrong("answers without it", actual));
        }
    }
    Ok(())
}

/// Only the answer that issues a cryptogram holds it.
#[then(expr = "the answer holds neither the card number nor a cryptogram")]
fn no_cryptogram(world: &mut World) -> Held {
    let mut secrets = Vec::new();
    for card in world.cards.values() {
        secrets.extend(of_card(&card.variables));
    }
    let cryptograms = world.cryptograms.iter();
    secrets.extend(cryptograms.map(|value| ("the cryptogram", value.clone())));
    let last = world.talk.exchanges.last();
    let answer = last.and_then(|exchange| exchange.answer.as_ref().ok());
    let answer = answer.ok_or_else(|| Broken::Suite("nothing was asked yet".to_owned()))?;
    match found_in(answer, &secrets) {
        Some(what) => Err(Broken::wrong("an answer without it", what)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_hidden() {
        let answer = |body: &str, header: &str| Answer {
            status: 400,
            headers: vec![("x-a".to_owned(), header.to_owned())],
            body: body.to_owned(),
        };
        let secrets = [
            ("pan", "4111111111111111".to_owned()),
            ("cvc", "123".to_owned()),
        ];
        for (body, header, found) in [
            (r#"{"error":"bad 4111111111111111"}"#, "", Some("pan")),
            (r#"{"error":"bad 4111 1111 1111 1111"}"#, "", Some("pan")),
            ("{}", "n=4111111111111111", Some("pan")),
            (r#"{"a":[{"code":"123"}]}"#, "", Some("cvc")),
            (r#"{"a":[{"code":123}]}"#, "", Some("cvc")),
            (r#"{"id":"a123","last4":"1111"}"#, "123", None),
        ] {
            assert_eq!(found_in(&answer(body, header), &secrets), found, "{body}");
        }
    }
}
