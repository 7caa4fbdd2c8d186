//! What those try who may not, each attempt kept: that it is refused, that the refusal tells nothing, and that nothing came of it.

use cucumber::{then, when};

use super::super::binding::{Control, Fact, Observed, Operation, Psp, State};
use super::super::broken::{Broken, Held, demand};
use super::super::conversation::By;
use super::super::search::{SHORT_MAX, Search, Secret, found_in};
use super::super::world::{Who, World};
use super::parts::Part;
use super::things::{Thing, make_another};
use super::words::{Deed, Stranger};

/// What a merchant has, and what others have tried with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tried {
    /// What was made last for the merchant.
    pub(super) own: Option<Thing>,
    attempts: Vec<Attempt>,
    /// How the token read before anybody tried anything.
    state_before: Option<State>,
    /// What came of requests of which one part was wrong.
    pub(super) parts: Vec<Part>,
}

/// One attempt.
#[derive(Clone, Debug)]
struct Attempt {
    by: By,
    seen: Observed,
    /// Where its exchanges begin and end.
    from: usize,
    to: usize,
}

impl Attempt {
    /// Who tried, and what.
    fn told(&self) -> String {
        let who = match self.by {
            By::Usual => "the merchant",
            By::Nobody => "nobody",
            By::Stranger => "somebody with an unknown key",
            By::Other => "another merchant",
        };
        format!("{who}: {}", self.seen.summary())
    }
}

#[when(expr = "{stranger} {deed}")]
async fn asks(world: &mut World, stranger: Stranger, deed: Deed) -> Held {
    attempt(world, stranger.0, deed.0).await
}

#[when(expr = "everybody without a right key {deed}")]
async fn without_key(world: &mut World, deed: Deed) -> Held {
    for by in [By::Nobody, By::Stranger] {
        attempt(world, by, deed.0).await?;
    }
    Ok(())
}

/// In every way in which they can pretend that they may, until one succeeds.
async fn attempt(world: &mut World, by: By, operation: Operation) -> Held {
    if world.tried.attempts.is_empty() {
        world.tried.state_before = state(world).await?;
    }
    for attack in world.attacks(by, operation) {
        let from = world.talk.exchanges.len();
        (world.talk.by, world.talk.attack) = (by, attack);
        let asked = ask(world, operation).await;
        (world.talk.by, world.talk.attack) = (By::Usual, None);
        let (seen, to) = (asked?, world.talk.exchanges.len());
        world.asked_from = from;
        let succeeds = world.lets_in(&seen);
        world.tried.attempts.push(Attempt { by, seen, from, to });
        if succeeds {
            break;
        }
    }
    Ok(())
}

/// Asks without learning anything from the answer: whatever is told here is not the scenario's to build on.
async fn ask(world: &mut World, operation: Operation) -> Held<Observed> {
    let card = world.cards.get(&Who::One);
    let mut variables = card.map(|card| card.variables.clone()).unwrap_or_default();
    if let Operation::Control(control) = operation {
        let endpoint = world.registered.as_ref();
        variables.extend(endpoint.map(|it| it.variables.clone()).unwrap_or_default());
        return world.ask_behind(control, &variables).await;
    }
    world.perform_with(operation, &variables).await
}

/// How the token reads, where it can be read.
async fn state(world: &mut World) -> Held<Option<State>> {
    let card = world.cards.get(&Who::One);
    let enrolled = card.is_some_and(|card| card.token.is_some());
    if !enrolled || !world.offers(Operation::Read) {
        return Ok(None);
    }
    let seen = world.perform(Operation::Read, Who::One).await?;
    Ok(seen.state.filter(|_| seen.accepted))
}

#[then(expr = "all of them are refused")]
fn all_refused(world: &mut World) -> Held {
    world.require_proof()?;
    attempts(world)?.iter().try_for_each(|attempt| {
        demand(
            attempt.seen.is_refusal(),
            "a refusal with a status of 400 to 499",
            attempt.told(),
        )
    })
}

/// What whoever asked has sent is known to them; everything else that is the merchant's is none of their business.
#[then(expr = "nothing of the merchant's is told")]
fn nothing_told(world: &mut World) -> Held {
    let mut secrets: Vec<(&'static str, String)> = Vec::new();
    let token = |card: &super::super::world::OnFile, fact| card.token.as_ref()?.text(fact);
    for card in world.cards.values() {
        secrets.push(("the card number", card.card.pan.clone()));
        let facts = [
            ("the token number", Fact::TokenNumber),
            ("the account reference", Fact::Par),
        ];
        let told = facts.map(|(what, fact)| (what, token(card, fact)));
        secrets.extend(told.into_iter().filter_map(|(what, it)| Some((what, it?))));
    }
    let cryptograms = world.cryptograms.iter();
    secrets.extend(cryptograms.map(|value| ("a cryptogram", value.clone())));
    // Short ones could stand in any answer by chance.
    secrets.retain(|(_, secret)| secret.len() > SHORT_MAX);
    for attempt in attempts(world)? {
        let exchanges = world.talk.exchanges.get(attempt.from..attempt.to);
        for exchange in exchanges.unwrap_or_default() {
            let Ok(answer) = &exchange.answer else {
                continue;
            };
            let sent = [
                &exchange.sent.url,
                exchange.sent.body.as_deref().unwrap_or_default(),
            ]
            .concat();
            // However it is written there: in a form it has escapes.
            let is_unsaid = |secret: &&Secret| Search::new([*secret]).find(&sent).is_none();
            let unsaid = secrets.iter().filter(is_unsaid);
            if let Some(what) = found_in(answer, &unsaid.cloned().collect::<Vec<_>>()) {
                let told = format!("{what} in what was told to {}", attempt.told());
                return Err(Broken::wrong(
                    "answers with nothing of the merchant's",
                    told,
                ));
            }
        }
    }
    Ok(())
}

/// The merchant does itself what was tried. Where it cannot, one more of the same is made: only if it can be done with that, the
/// first was touched.
#[then(expr = "the merchant finds everything as it was")]
async fn as_it_was(world: &mut World) -> Held {
    let operation = attempts(world)?
        .last()
        .map(|attempt| attempt.seen.operation);
    let operation =
        operation.ok_or_else(|| Broken::Suite("nobody has tried anything".to_owned()))?;
    if let Some(before) = world.tried.state_before {
        let now = state(world).await?;
        let now = now.map_or("nothing that can be read", State::word);
        demand(
            now == before.word(),
            format!("a token that reads as {}", before.word()),
            now,
        )?;
    }
    // What is done twice may be refused to the merchant, too.
    let once = [
        Operation::Store,
        Operation::Enrol,
        Operation::Control(Control::Listen),
    ];
    if once.contains(&operation) {
        return Ok(());
    }
    let seen = do_it(world, operation).await?;
    if is_done(&seen) {
        return Ok(());
    }
    let anew = match make_another(world).await {
        Ok(()) => do_it(world, operation)
            .await
            .is_ok_and(|anew| is_done(&anew)),
        Err(_) => false,
    };
    if anew {
        let expected = "the same done by the merchant itself";
        return Err(Broken::wrong(expected, seen.summary()));
    }
    let said = seen.summary();
    Err(Broken::Unready(format!(
        "the merchant itself cannot do it either ({said}), so that it was refused to others proves nothing"
    )))
}

async fn do_it(world: &mut World, operation: Operation) -> Held<Observed> {
    if operation == Operation::Psp(Psp::Stored) {
        return super::series::stored(world).await;
    }
    if matches!(operation, Operation::Control(_)) {
        return ask(world, operation).await;
    }
    world.perform(operation, Who::One).await
}

fn is_done(seen: &Observed) -> bool {
    if seen.operation.pays() {
        return seen.is_approved();
    }
    seen.accepted && !seen.fault
}

fn attempts(world: &World) -> Held<&[Attempt]> {
    if world.tried.attempts.is_empty() {
        return Err(Broken::Suite("nobody has tried anything".to_owned()));
    }
    Ok(&world.tried.attempts)
}

#[cfg(test)]
mod tests {
    use super::super::super::binding::observed;
    use super::super::super::scripted::{self, PAYING, Said};
    use super::*;

    const LIVE: Said = (200, r#"{"state":"LIVE","id":"t1"}"#);
    const PROOF: Said = (200, r#"{"proof":"AAECAwQFBgcICQoLDA0ODw=="}"#);
    const PAID: Said = (200, r#"{"paid":"yes","id":"p1"}"#);
    const DECLINED: Said = (200, r#"{"paid":"no"}"#);

    #[tokio::test]
    async fn what_can_no_longer_be_done_was_touched_and_what_never_could_proves_nothing() {
        let rows: [(&'static [Said], &str); 3] = [
            (&[PAID], "right"),
            (&[DECLINED, LIVE, PROOF, PAID], "wrong"),
            (&[DECLINED, LIVE, PROOF, DECLINED], "untestable"),
        ];
        for (answers, wanted) in rows {
            let mut world = scripted::world(PAYING, answers).await;
            world.tried.own = Some(Thing::Long);
            let seen = observed(Operation::Psp(Psp::Long), 401);
            let (by, from, to) = (By::Nobody, 0, 0);
            world.tried.attempts.push(Attempt { by, seen, from, to });
            let said = match as_it_was(&mut world).await {
                Ok(()) => "right",
                Err(Broken::Unready(_)) => "untestable",
                Err(_) => "wrong",
            };
            assert_eq!(said, wanted, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn a_refusal_may_repeat_what_was_sent_and_tell_nothing_else() {
        const TOLD: Said = (404, r#"{"of":"4111111111111111"}"#);
        for (answers, sent, right) in [
            (&[TOLD], "", false),
            (&[TOLD], "?card=4111111111111111", true),
            (&[(404, "{}")], "", true),
        ] {
            let answers: &'static [Said] = Vec::leak(answers.to_vec());
            let mut world = scripted::world(PAYING, answers).await;
            world.card_mut(Who::One).unwrap().card.pan = "4111111111111111".to_owned();
            let asked =
                super::super::super::http::Sent::new("GET", world.talk.url(&format!("/t{sent}")));
            world.talk.send(asked).await.unwrap();
            let seen = observed(Operation::Read, 404);
            let (by, from, to) = (By::Other, 0, 1);
            world.tried.attempts.push(Attempt { by, seen, from, to });
            assert_eq!(
                nothing_told(&mut world).is_ok(),
                right,
                "{answers:?} {sent}"
            );
        }
    }
}
