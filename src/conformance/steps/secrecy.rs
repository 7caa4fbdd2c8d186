//! What must not stand where anybody may read it: card numbers, security codes, token numbers and cryptograms in answers,
//! errors, headers and messages that need not hold them.

use cucumber::then;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::super::binding::template::{Variables, shown};
use super::super::broken::{Broken, Held};
use super::super::http::{Answer, Notation};
use super::super::world::World;
use crate::crypto::encoding::{base64, base64_url, from_base64, from_hex, hex};

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

/// What of these an answer holds: a long one anywhere in it and however it is written, a short one as the whole value of a
/// member.
pub(super) fn found_in(
    answer: &Answer,
    secrets: &[(&'static str, String)],
) -> Option<&'static str> {
    let documents = Notation::ALL.map(|notation| notation.read(&answer.body));
    let documents: Vec<Value> = documents.into_iter().flatten().collect();
    let mut texts = vec![answer.body.clone()];
    texts.extend(answer.headers.iter().map(|(_, value)| value.clone()));
    for document in &documents {
        collect_texts(document, &mut texts);
    }
    let readings: Vec<String> = texts.iter().flat_map(|text| readings(text)).collect();
    let mut secrets = secrets.iter();
    let found = secrets.find(|(_, secret)| {
        if secret.len() > 6 {
            let spellings = spellings(secret);
            let spelt = |text: &String| spellings.iter().any(|spelling| text.contains(spelling));
            let number = secret.bytes().all(|byte| byte.is_ascii_digit());
            let plain = |text: &String| number && super::masked::shows_too_much(text, secret);
            readings.iter().any(spelt) || texts.iter().any(plain)
        } else {
            let mut documents = documents.iter();
            documents.any(|document| is_member(document, secret))
        }
    });
    found.map(|(what, _)| *what)
}

/// The texts of a document as they are without JSON's escapes.
fn collect_texts(place: &Value, texts: &mut Vec<String>) {
    match place {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(members) => {
            for (name, member) in members {
                texts.push(name.clone());
                collect_texts(member, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A text as it stands, as it was before it was put into a URL or a JSON text, each without what people put between the digits of
/// a number, and in small letters, in which hexadecimal digits are looked for.
fn readings(text: &str) -> Vec<String> {
    let plain = percent_decode_str(text).decode_utf8_lossy().into_owned();
    let unescaped = text.replace("\\/", "/");
    let mut found = vec![text.to_owned(), plain, unescaped];
    let closed: Vec<String> = found.iter().map(|text| closed_up(text)).collect();
    found.extend(closed);
    found.push(text.to_ascii_lowercase());
    found
}

fn closed_up(text: &str) -> String {
    let between = |letter: char| letter.is_whitespace() || "-._+".contains(letter);
    text.replace(between, "")
}

/// How a secret may be written: as it is, in hexadecimal, and in base64 of either alphabet, wherever in a longer text it begins.
/// A secret that is itself an encoding of bytes may be written in another one.
fn spellings(secret: &str) -> Vec<String> {
    let mut found = vec![secret.to_owned(), closed_up(secret)];
    let bytes = [
        Some(secret.as_bytes().to_vec()),
        from_base64(secret).ok(),
        from_hex(secret).ok(),
    ];
    for bytes in bytes.into_iter().flatten() {
        found.push(hex(&bytes));
        for before in 0..3 {
            let mut shifted = vec![0; before];
            shifted.extend(&bytes);
            // The characters that depend on nothing but the secret.
            let own = (before * 8).div_ceil(6)..shifted.len() * 8 / 6;
            for text in [base64(&shifted), base64_url(&shifted)] {
                found.extend(text.get(own.clone()).map(str::to_owned));
            }
        }
    }
    found
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
    let mut untold = None;
    for (place, exchange) in world.talk.exchanges.iter().enumerate() {
        let Ok(answer) = &exchange.answer else {
            continue;
        };
        let asked = format!("{} {}", exchange.sent.method, exchange.sent.url);
        // A vault, of which a source says so, may tell the number in a member of its own.
        let mut rest = answer.clone();
        if world.talk.may_tell.contains(&place) {
            rest = without_number(world, answer);
        }
        if let Some(what) = found_in(&rest, &secrets) {
            let actual = format!("{what} in the answer to {asked}");
            return Err(Broken::wrong("answers without it", actual));
        }
        if place >= world.asked_from && found_in(answer, &secrets).is_some() {
            untold = Some(asked);
        }
    }
    match untold {
        Some(asked) => Err(Broken::NotDeclared(format!(
            "the binding says that the answer to {asked} tells the card number (tells_card)"
        ))),
        None => Ok(()),
    }
}

/// The answer without the members that are the number of a card.
fn without_number(world: &World, answer: &Answer) -> Answer {
    let mut read = Notation::ALL.into_iter();
    let document = read.find_map(|notation| notation.read(&answer.body));
    let Some(mut document) = document.filter(|it| it.is_object() || it.is_array()) else {
        return answer.clone();
    };
    for card in world.cards.values() {
        take_out(&mut document, &card.card.pan);
    }
    Answer {
        body: document.to_string(),
        ..answer.clone()
    }
}

fn take_out(place: &mut Value, secret: &str) {
    match place {
        Value::Array(items) => items.iter_mut().for_each(|item| take_out(item, secret)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| take_out(member, secret)),
        Value::String(_) | Value::Number(_) if is_member(place, secret) => *place = Value::Null,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A vault may tell the card number, and nobody a cryptogram once more.
#[then(expr = "the answer holds no cryptogram")]
fn only_no_cryptogram(world: &mut World) -> Held {
    let cryptograms = world.cryptograms.iter();
    last_holds_none(
        world,
        &cryptograms
            .map(|value| ("the cryptogram", value.clone()))
            .collect::<Vec<_>>(),
    )
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
    last_holds_none(world, &secrets)
}

fn last_holds_none(world: &World, secrets: &[(&'static str, String)]) -> Held {
    // What came before the answer that is spoken of may be a vault's, which tells the number to whoever stores it.
    let end = world.talk.exchanges.len().saturating_sub(1);
    let exchanges = world.talk.exchanges.iter().enumerate();
    let last = exchanges.skip(world.asked_from);
    let mut answers = last
        .filter(|(place, _)| *place == end || !world.talk.may_tell.contains(place))
        .filter_map(|(_, exchange)| exchange.answer.as_ref().ok())
        .peekable();
    if answers.peek().is_none() {
        return Err(Broken::Suite("nothing was asked yet".to_owned()));
    }
    match answers.find_map(|answer| found_in(answer, secrets)) {
        Some(what) => Err(Broken::wrong("an answer without it", what)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::binding::{Operation, Psp};
    use super::super::super::scripted::{self, PAYING, Said};
    use super::super::super::world::Who;
    use super::*;

    #[test]
    fn a_number_is_found_however_it_is_hidden() {
        let answer = |body: &str, header: &str| Answer {
            status: 400,
            headers: vec![("x-a".to_owned(), header.to_owned())],
            body: body.to_owned(),
        };
        let cryptogram = "+/ECAwQFBgcICQoLDA0ODxAREhM=";
        let secrets = [
            ("pan", "4111111111111111".to_owned()),
            ("cvc", "123".to_owned()),
            ("proof", cryptogram.to_owned()),
        ];
        let wrapped = base64(br#"{"a":"4111111111111111","b":2}"#);
        let shifted = base64_url(br#"{"ab":"4111111111111111"}"#);
        let upper = hex(&from_base64(cryptogram).unwrap()).to_uppercase();
        for (body, header, found) in [
            (r#"{"error":"bad 4111111111111111"}"#, "", Some("pan")),
            (r#"{"error":"bad 4111 1111 1111 1111"}"#, "", Some("pan")),
            ("{}", "n=4111111111111111", Some("pan")),
            ("{}", "n=4111-1111-1111-1111", Some("pan")),
            ("4111%201111%201111%201111", "", Some("pan")),
            (r#"{"a":"\u00341111111111\u003111111"}"#, "", Some("pan")),
            (
                r#"{"a":"34313131313131313131313131313131"}"#,
                "",
                Some("pan"),
            ),
            (&wrapped, "", Some("pan")),
            ("{}", &shifted, Some("pan")),
            (
                r#"{"a":"+\/ECAwQFBgcICQoLDA0ODxAREhM="}"#,
                "",
                Some("proof"),
            ),
            ("", "/p?c=%2B%2FECAwQFBgcICQoLDA0ODxAREhM%3D", Some("proof")),
            (r#"{"a":"-_ECAwQFBgcICQoLDA0ODxAREhM"}"#, "", Some("proof")),
            (&upper, "", Some("proof")),
            (r#"{"pan":"411111111***1111"}"#, "", Some("pan")),
            (r#"{"pan":"411111******1111","b":"1111111111"}"#, "", None),
            (r#"{"a":[{"code":"123"}]}"#, "", Some("cvc")),
            (r#"{"a":[{"code":123}]}"#, "", Some("cvc")),
            (r#"{"id":"a123","last4":"1111"}"#, "123", None),
            ("<c><n>4&#49;11111111111111</n></c>", "", Some("pan")),
            ("<c n='4111 1111 1111 1111'/>", "", Some("pan")),
            ("<c><code>123</code></c>", "", Some("cvc")),
            ("<c><id>a123</id></c>", "", None),
            ("ok=1&code=123", "", Some("cvc")),
            ("ok=1&id=a123", "", None),
        ] {
            assert_eq!(found_in(&answer(body, header), &secrets), found, "{body}");
        }
    }

    const VAULT: &str = r#"
    [operations.read]
    accept = [200]
    tells_card = true
    facts = { reference = ["/id"] }
    requests = [{ method = "GET", path = "/cards" }]
    "#;

    #[tokio::test]
    async fn a_vault_may_tell_the_number_in_a_member_and_nothing_is_said_of_it() {
        let text = [PAYING, VAULT].concat();
        let rows: [(&'static [Said], &str); 6] = [
            (&[(200, r#"{"id":"t"}"#)], "right"),
            (&[(200, r#"{"pan":"4111111111111111"}"#)], "not declared"),
            (&[(200, r#"{"note":"of 4111111111111111"}"#)], "wrong"),
            (
                &[(200, r#"{"pan":"4111111111111111","cvc":"737"}"#)],
                "wrong",
            ),
            (&[(400, r#"{"pan":"4111111111111111"}"#)], "wrong"),
            (&[(200, r#"4111111111111111"#)], "wrong"),
        ];
        for (answers, wanted) in rows {
            let mut world = scripted::world(&text, answers).await;
            let card = world.cards.get_mut(&Who::One).unwrap();
            card.card.pan = "4111111111111111".to_owned();
            card.variables.extend([
                ("pan".to_owned(), Value::from("4111111111111111")),
                ("cvc".to_owned(), Value::from("737")),
            ]);
            world.perform(Operation::Read, Who::One).await.unwrap();
            let said = match no_answer(&mut world) {
                Ok(()) => "right",
                Err(Broken::NotDeclared(_)) => "not declared",
                Err(_) => "wrong",
            };
            assert_eq!(said, wanted, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn every_answer_of_the_operation_is_looked_at() {
        const PAID: Said = (200, r#"{"paid":"yes","id":"AAECAwQFBgcICQoLDA0ODw=="}"#);
        let mut world = scripted::world(PAYING, &[PAID, (200, "{}")]).await;
        world
            .cryptograms
            .push("AAECAwQFBgcICQoLDA0ODw==".to_owned());
        let pay = Operation::Psp(Psp::Long);
        world.perform(pay, Who::One).await.unwrap();
        assert!(no_cryptogram(&mut world).is_err());
        world.perform(pay, Who::One).await.unwrap();
        assert_eq!(no_cryptogram(&mut world), Ok(()));
    }
}
