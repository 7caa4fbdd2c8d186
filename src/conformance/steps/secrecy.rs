//! What must not stand where anybody may read it: card numbers, security codes, token numbers and cryptograms in answers,
//! errors, headers and messages that need not hold them.

use cucumber::then;

use super::super::binding::template::{Variables, shown};
use super::super::broken::{Broken, Held};
use super::super::http::{Answer, Notation};
use super::super::search::{found_in, take_out};
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
    use serde_json::Value;

    use super::super::super::binding::{Operation, Psp};
    use super::super::super::scripted::{self, PAYING, Said};
    use super::super::super::world::Who;
    use super::*;

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
