//! What a merchant is told by webhook of what happens to its tokens. How the endpoint is registered and how a message is read
//! is declared by the target.

use std::sync::Arc;
use std::time::Duration;

use cucumber::{given, then, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{Control, Fact};
use super::super::broken::{Broken, Held, demand};
use super::super::listener::{Listener, Message};
use super::super::target::webhooks::Kind;
use super::super::told::{Reading, Tale};
use super::super::world::{Who, World};
use super::words::Told;

/// How long a target whose clock can be moved may wait before it tries again.
const NEXT_TRY_S: u64 = 60;

/// A receiver that is registered.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) listener: Listener,
    /// What taking the endpoint away must name.
    pub(crate) variables: Variables,
    reading: Reading,
}

#[given(expr = "the merchant listens for webhooks")]
async fn listens(world: &mut World) -> Held {
    let target = Arc::clone(&world.talk.target);
    let webhooks = target
        .webhooks
        .as_ref()
        .ok_or_else(|| Broken::NotDeclared("the target file has no [webhooks]".to_owned()))?;
    let listener = Listener::open(&webhooks.listen).await;
    let listener =
        listener.map_err(|error| Broken::Unready(format!("{}: {error}", webhooks.listen)))?;
    let mut variables = Variables::from([("url".to_owned(), json!(listener.url))]);
    let made = world.bring_about(Control::Listen, &variables).await?;
    made.tell(&mut variables);
    let secret = made.text(Fact::Secret);
    if let Some(secret) = &secret {
        world.talk.secrets.learn(secret);
    }
    let reading = Reading::new(webhooks, secret).map_err(Broken::Unready)?;
    world.registered = Some(Registered {
        listener,
        variables,
        reading,
    });
    Ok(())
}

#[given(expr = "the merchant's receiver is down")]
fn down(world: &mut World) -> Held {
    registered(world)?.listener.set_down(true);
    Ok(())
}

#[when(expr = "the receiver is up again after it has refused a webhook")]
async fn up_again(world: &mut World) -> Held {
    let tales = arrived(world, |tales| tales.iter().any(|tale| !tale.taken)).await?;
    if tales.iter().all(|tale| tale.taken) {
        let why = "the target has tried to deliver nothing while the receiver was down";
        return Err(Broken::Unready(why.to_owned()));
    }
    registered(world)?.listener.set_down(false);
    Ok(())
}

#[when(expr = "the time of the next try comes")]
async fn next_try(world: &mut World) -> Held {
    match super::lifecycle::pass(world, NEXT_TRY_S).await {
        // The target's clock runs by itself, and the statement that follows waits for it.
        Ok(()) | Err(Broken::NotDeclared(_)) => Ok(()),
        Err(broken) => Err(broken),
    }
}

#[then(expr = "the merchant is told that the token was {told}")]
async fn is_told(world: &mut World, told: Told) -> Held {
    let is_it = |tale: &Tale| tale.taken && tale.kind == Some(told.0);
    let tales = arrived(world, |tales| tales.iter().any(is_it)).await?;
    let right = tales.iter().any(is_it);
    let word = told.0.word();
    demand(
        right,
        format!("a webhook that the token was {word}"),
        shown(&tales),
    )
}

#[then(expr = "the merchant is told that the token was {told}, {told} and {told}, in this order")]
async fn in_order(world: &mut World, first: Told, second: Told, third: Told) -> Held {
    let wanted = [first.0, second.0, third.0];
    let all = |tales: &[Tale]| of_these(tales, &wanted).len() >= wanted.len();
    let tales = arrived(world, all).await?;
    let right = of_these(&tales, &wanted) == wanted;
    let words = wanted.map(Kind::word);
    demand(right, words.join(", "), shown(&tales))
}

#[then(expr = "the merchant is told of nothing that did not happen")]
async fn no_phantom(world: &mut World) -> Held {
    let quiet = quiet(world);
    tokio::time::sleep(quiet).await;
    let tales = arrived(world, |_| true).await?;
    let mut left = world.happened.clone();
    for tale in distinct(&tales) {
        let Some(kind) = tale.kind else { continue };
        let Some(place) = left.iter().position(|happened| *happened == kind) else {
            let word = kind.word();
            return Err(Broken::wrong(
                format!("no webhook that the token was {word}, or no second one under another id"),
                shown(&tales),
            ));
        };
        left.remove(place);
    }
    Ok(())
}

#[then(expr = "the merchant is not told of the other merchant's token")]
async fn not_of_others(world: &mut World) -> Held {
    tokio::time::sleep(quiet(world)).await;
    let theirs = world.card(Who::Other)?.variables.clone();
    let theirs = world.ledger.name(&theirs);
    let messages = messages(world, |_| true).await?;
    let reading = &registered(world)?.reading;
    let mut tales = messages.iter().map(|message| reading.read(message));
    let told = tales.any(|tale| tale.token.is_some() && tale.token == theirs);
    demand(!told, "no webhook about another merchant's token", "one")
}

#[then(expr = "every webhook is signed with the secret of the endpoint")]
async fn signed(world: &mut World) -> Held {
    let messages = messages(world, |messages| !messages.is_empty()).await?;
    demand(!messages.is_empty(), "a webhook", "none")?;
    let reading = &registered(world)?.reading;
    messages
        .iter()
        .try_for_each(|message| reading.signed(message))
}

#[then(expr = "no webhook holds the card number or a cryptogram")]
async fn no_numbers(world: &mut World) -> Held {
    let messages = messages(world, |messages| !messages.is_empty()).await?;
    let card = world.card(Who::One)?;
    let secrets = super::secrecy::numbers_of(&card.variables);
    for message in &messages {
        let text = message.as_answer();
        if let Some(what) = super::secrecy::found_in(&text, &secrets) {
            return Err(Broken::wrong(
                "a webhook without it",
                format!("one that holds {what}"),
            ));
        }
    }
    Ok(())
}

#[then(expr = "every try of a webhook had the same id and body")]
async fn same_again(world: &mut World) -> Held {
    let tales = arrived(world, |_| true).await?;
    repeated(&tales)
}

/// The kinds of those that were taken and are one of these, in the order in which each first arrived.
fn of_these(tales: &[Tale], wanted: &[Kind]) -> Vec<Kind> {
    let taken: Vec<Tale> = tales.iter().filter(|tale| tale.taken).cloned().collect();
    let kinds = distinct(&taken).into_iter().filter_map(|tale| tale.kind);
    kinds.filter(|kind| wanted.contains(kind)).collect()
}

/// One for each id: a message may come twice.
fn distinct(tales: &[Tale]) -> Vec<Tale> {
    let mut found: Vec<Tale> = Vec::new();
    for tale in tales {
        let known = |other: &Tale| tale.id.is_some() && other.id == tale.id;
        if !found.iter().any(known) {
            found.push(tale.clone());
        }
    }
    found
}

/// Whatever was refused has come again under its id, and as it was.
fn repeated(tales: &[Tale]) -> Held {
    let mut refused = tales.iter().filter(|tale| !tale.taken).peekable();
    demand(
        refused.peek().is_some(),
        "a webhook that was refused",
        "none",
    )?;
    refused.try_for_each(|refused| {
        let mut taken = tales.iter().filter(|tale| tale.taken);
        let again = taken.find(|tale| tale.id == refused.id);
        let again = again.ok_or_else(|| {
            Broken::wrong("every refused webhook again under its id", shown(tales))
        })?;
        demand(again.body == refused.body, "the same body", "another")
    })
}

fn registered(world: &World) -> Held<&Registered> {
    world.registered.as_ref().ok_or_else(|| {
        Broken::Suite("the scenario speaks of webhooks, and no Given listens for them".to_owned())
    })
}

fn quiet(world: &World) -> Duration {
    let webhooks = world.talk.target.webhooks.as_ref();
    webhooks.map_or(Duration::ZERO, |webhooks| webhooks.quiet.0)
}

/// What has arrived about the scenario's token. One about a token that nobody was given is a mistake in itself; one about
/// another scenario's is set aside.
async fn arrived(world: &mut World, enough: impl Fn(&[Tale]) -> bool) -> Held<Vec<Tale>> {
    let own = world.cards.get(&Who::One);
    let own = own.and_then(|card| world.ledger.name(&card.variables));
    let reading = registered(world)?.reading.clone();
    let of_own = |messages: &[Message]| -> Vec<Tale> {
        let all = messages.iter().map(|message| reading.read(message));
        all.filter(|tale| tale.token.is_some() && tale.token == own)
            .collect()
    };
    let messages = messages(world, |messages| enough(&of_own(messages))).await?;
    for message in &messages {
        let tale = reading.read(message);
        let Some(kind) = tale.kind else { continue };
        match &tale.token {
            Some(token) if Some(token) == own.as_ref() || world.ledger.knows(token) => {}
            Some(token) => {
                let actual = format!("the name {token}, which no token of this run has");
                return Err(Broken::wrong("a webhook that names its token", actual));
            }
            None => {
                let actual = format!("none in the one that it was {}", kind.word());
                return Err(Broken::wrong("a webhook that names its token", actual));
            }
        }
    }
    Ok(of_own(&messages))
}

/// Everything that has arrived, once it is enough. A clock that stands still is told that time goes by, or nothing would be
/// sent; that is nobody's evidence.
async fn messages(world: &mut World, enough: impl Fn(&[Message]) -> bool) -> Held<Vec<Message>> {
    let evidence = world.talk.exchanges.len();
    let none = Variables::from([("seconds".to_owned(), json!(0))]);
    match world.try_to_bring_about(Control::Clock, &none).await {
        // One that refuses to move by nothing runs by itself, like one that cannot be moved.
        Ok(_) | Err(Broken::NotDeclared(_)) => {}
        Err(broken) => return Err(broken),
    }
    world.talk.exchanges.truncate(evidence);
    let webhooks = world.talk.target.webhooks.as_ref();
    let wait = webhooks.map_or(Duration::ZERO, |webhooks| webhooks.wait.0);
    Ok(registered(world)?.listener.messages(wait, enough).await)
}

/// The kinds of what has arrived.
fn shown(tales: &[Tale]) -> String {
    if tales.is_empty() {
        return "no webhook about the token".to_owned();
    }
    let kinds = tales.iter().map(|tale| {
        let refused = if tale.taken { "" } else { " (refused)" };
        let id = tale.id.as_deref().unwrap_or("no id");
        format!("{} as {id}{refused}", tale.word)
    });
    kinds.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tale(id: &str, kind: Kind, body: &str, taken: bool) -> Tale {
        Tale {
            kind: Some(kind),
            word: kind.word().to_owned(),
            token: Some("t".to_owned()),
            id: Some(id.to_owned()),
            body: body.as_bytes().to_vec().into(),
            taken,
        }
    }

    #[test]
    fn what_was_refused_must_come_again_as_it_was() {
        let one = |id, body, taken| tale(id, Kind::Suspended, body, taken);
        let refused = || one("1", "{}", false);
        assert_eq!(repeated(&[refused(), one("1", "{}", true)]), Ok(()));
        for wrong in [
            vec![one("1", "{}", true)],
            vec![refused()],
            vec![refused(), one("2", "{}", true)],
            vec![refused(), one("1", "{ }", true)],
            vec![refused(), refused()],
        ] {
            assert!(repeated(&wrong).is_err(), "{}", shown(&wrong));
        }
    }

    #[test]
    fn only_what_was_taken_was_told_and_each_once() {
        let tales = [
            tale("1", Kind::Suspended, "", true),
            tale("2", Kind::Resumed, "", false),
            tale("3", Kind::Deleted, "", true),
            tale("1", Kind::Suspended, "", true),
            tale("2", Kind::Resumed, "", true),
        ];
        let wanted = [Kind::Suspended, Kind::Resumed];
        assert_eq!(of_these(&tales, &wanted), wanted);
    }
}
