//! What a merchant is told by webhook of what happens to its tokens. How the endpoint is registered and how a message is read
//! is declared by the target.

use std::sync::Arc;
use std::time::Duration;

use cucumber::{given, then, when};
use serde_json::json;

use super::super::binding::template::Variables;
use super::super::binding::{Control, Fact, vocabulary};
use super::super::broken::{Broken, Held, demand};
use super::super::listener::{Listener, Message};
use super::super::target::webhooks::Kind;
use super::super::told::{Reading, Tale};
use super::super::world::{Who, World};
use super::tales::{of_these, phantoms, readable, repeated, require_told, settle, shown};
use super::words::Told;

/// How long a target whose clock can be moved may wait before it tries again.
const NEXT_TRY_S: u64 = 60;

/// A receiver that is registered.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) listener: Listener,
    /// What taking the endpoint away must name.
    pub(crate) variables: Variables,
    pub(super) reading: Reading,
}

#[given(expr = "the merchant listens for webhooks")]
async fn listens(world: &mut World) -> Held {
    listen(world).await
}

pub(super) async fn listen(world: &mut World) -> Held {
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
    wait_out(world).await;
    let tales = arrived(world, |_| true).await?;
    let webhooks = world.talk.target.webhooks.as_ref();
    let is_told = |kind: &Kind| webhooks.is_none_or(|it| it.types.contains_key(kind));
    if world.happened.iter().any(is_told) {
        require_told(&tales)?;
    }
    let tells_id = registered(world)?.reading.tells_id();
    phantoms(&tales, &world.happened, tells_id)
}

#[then(expr = "the merchant is not told of the other merchant's token")]
async fn not_of_others(world: &mut World) -> Held {
    let theirs = named(world, Who::Other)?;
    wait_out(world).await;
    let messages = messages(world, |_| true).await?;
    let tales = readable(&registered(world)?.reading, &messages)?;
    require_told(&tales)?;
    let told = tales
        .iter()
        .any(|tale| tale.token.as_ref() == Some(&theirs));
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
    require_told(&messages)?;
    let card = world.card(Who::One)?;
    let mut secrets = super::secrecy::numbers_of(&card.variables);
    let cryptograms = world.cryptograms.iter();
    secrets.extend(cryptograms.map(|value| ("the cryptogram", value.clone())));
    for message in &messages {
        let text = message.as_answer();
        if let Some(what) = super::super::search::found_in(&text, &secrets) {
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
    if !registered(world)?.reading.tells_id() {
        let why = "the target file does not say where a webhook has its id (webhooks.id)";
        return Err(Broken::NotDeclared(why.to_owned()));
    }
    let tales = arrived(world, |_| true).await?;
    repeated(&tales)
}

pub(super) fn registered(world: &World) -> Held<&Registered> {
    world.registered.as_ref().ok_or_else(|| {
        Broken::Suite("the scenario speaks of webhooks, and no Given listens for them".to_owned())
    })
}

/// Waits as long as a webhook may be late: only then was it never sent.
pub(super) async fn wait_out(world: &mut World) {
    let webhooks = world.talk.target.webhooks.as_ref();
    let wait = webhooks.map_or(Duration::ZERO, |webhooks| webhooks.wait.0);
    world.turn.rest(wait).await;
}

/// What webhooks call the token of a card.
fn named(world: &World, who: Who) -> Held<String> {
    let card = world.card(who)?;
    if let Some(name) = world.ledger.name(&card.variables) {
        return Ok(name);
    }
    let webhooks = world.talk.target.webhooks.as_ref();
    let variable = webhooks.map_or("reference", |webhooks| webhooks.token_is.as_str());
    let fact = vocabulary::fact(variable);
    let token = card.token.as_ref();
    let declared =
        token.is_none_or(|token| fact.is_some_and(|fact| token.declared.contains(&fact)));
    Err(if declared {
        Broken::Unready(format!("no answer has told the token's {variable}"))
    } else {
        Broken::NotDeclared(format!(
            "enrol tells no {variable}, by which webhooks name a token (webhooks.token_is)"
        ))
    })
}

/// What has arrived about the scenario's token. One about a token that nobody was given is a mistake in itself; one about
/// another scenario's is set aside.
pub(super) async fn arrived(
    world: &mut World,
    enough: impl Fn(&[Tale]) -> bool,
) -> Held<Vec<Tale>> {
    let own = named(world, Who::One)?;
    let reading = registered(world)?.reading.clone();
    let happened = world.happened.clone();
    let of_own = |mut tales: Vec<Tale>| {
        tales.retain(|tale| tale.token.as_ref() == Some(&own));
        settle(&mut tales, &happened);
        tales
    };
    let read = |message: &Message| reading.read(message);
    let all = |messages: &[Message]| messages.iter().flat_map(read).collect();
    let messages = messages(world, |messages| enough(&of_own(all(messages)))).await?;
    let tales = readable(&reading, &messages)?;
    for tale in &tales {
        let Some(kind) = tale.kind else { continue };
        match &tale.token {
            Some(token) if *token == own || world.ledger.knows(token) => {}
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
    Ok(of_own(tales))
}

/// Everything that has arrived, once it is enough. A clock that stands still is told that time goes by, or nothing would be
/// sent; that is nobody's evidence.
pub(super) async fn messages(
    world: &mut World,
    enough: impl Fn(&[Message]) -> bool,
) -> Held<Vec<Message>> {
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

#[cfg(test)]
mod tests {
    use super::super::super::binding::Operation;
    use super::super::super::http::Sent;
    use super::super::super::scripted::{self, PAYING};
    use super::super::super::target::Webhooks;
    use super::*;

    const WEBHOOKS: &str = r#"
    type = ["/kind"]
    types = { provisioned = ["new"], suspended = ["off"] }
    token = ["/token"]
    id = ["header:x-id"]
    wait = "1s"
    "#;

    /// A scenario that listens, and has been told these bodies.
    async fn listening(bodies: &[&'static str]) -> World {
        const LIVE: scripted::Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
        let webhooks: Webhooks = toml::from_str(WEBHOOKS).unwrap();
        let mut world = scripted::world(PAYING, &[LIVE]).await;
        let listener = Listener::open("127.0.0.1:0").await.unwrap();
        let mut sent = world.talk.clone();
        for (id, body) in bodies.iter().enumerate() {
            let message = Sent::new("POST", &listener.url).body(*body);
            let message = message.header("x-id", id.to_string());
            sent.send(message).await.unwrap();
        }
        world.registered = Some(Registered {
            listener,
            variables: Variables::new(),
            reading: Reading::new(&webhooks, None).unwrap(),
        });
        world
    }

    async fn enrolled(bodies: &[&'static str]) -> World {
        let mut world = listening(bodies).await;
        world.perform(Operation::Enrol, Who::One).await.unwrap();
        world
    }

    #[tokio::test]
    async fn silence_says_nothing_and_what_cannot_be_read_is_no_silence() {
        const NEW: &str = r#"{"kind":"new","token":"t1"}"#;
        const OFF: &str = r#"{"kind":"off","token":"t1"}"#;
        const PING: &str = r#"{"kind":"ping"}"#;
        let mut silent = enrolled(&[]).await;
        for said in [no_phantom(&mut silent).await, no_numbers(&mut silent).await] {
            assert!(matches!(said, Err(Broken::Unready(_))), "{said:?}");
        }
        for (bodies, right) in [
            (vec![NEW, PING], true),
            (vec![NEW, OFF], false),
            (vec![NEW, NEW], false),
            (vec![NEW, "kind=off"], false),
        ] {
            let mut world = enrolled(&bodies).await;
            assert_eq!(no_phantom(&mut world).await.is_ok(), right, "{bodies:?}");
        }
    }

    #[tokio::test]
    async fn where_nothing_has_happened_silence_is_right() {
        let mut world = listening(&[]).await;
        let card = world.card_mut(Who::One).unwrap();
        card.variables.insert("reference".to_owned(), json!("t1"));
        assert_eq!(no_phantom(&mut world).await, Ok(()));
    }

    #[tokio::test]
    async fn a_clock_that_fails_is_not_a_target_that_tells_nothing() {
        const CLOCK: &str = r#"
        [operations.clock]
        accept = [200]
        requests = [{ method = "POST", path = "/clock", body = '{"seconds":"{seconds}"}' }]
        "#;
        let text = [PAYING, CLOCK].concat();
        for (status, goes_on) in [(200, true), (422, true), (500, false), (403, false)] {
            let answers: &'static [scripted::Said] = Vec::leak(vec![(status, "{}")]);
            let mut world = scripted::world(&text, answers).await;
            world.registered = listening(&[]).await.registered;
            let arrived = messages(&mut world, |_| true).await.map(drop);
            let failed = matches!(arrived, Err(Broken::Unready(_)));
            assert_eq!((arrived == Ok(()), failed), (goes_on, !goes_on), "{status}");
        }
    }

    #[tokio::test]
    async fn a_token_without_a_name_is_nobodys_failure() {
        let mut world = listening(&[]).await;
        let told = is_told(&mut world, Told(Kind::Provisioned)).await;
        assert!(matches!(told, Err(Broken::Unready(_))), "{told:?}");
        world.perform(Operation::Enrol, Who::One).await.unwrap();
        let card = world.cards.get_mut(&Who::One).unwrap();
        card.variables.remove("reference");
        card.token.as_mut().unwrap().declared.clear();
        let other = card.clone();
        world.cards.insert(Who::Other, other);
        for said in [
            is_told(&mut world, Told(Kind::Provisioned)).await,
            not_of_others(&mut world).await,
        ] {
            assert!(matches!(said, Err(Broken::NotDeclared(_))), "{said:?}");
        }
    }
}
