//! What all answers of the run have held.

use cucumber::{given, then};

use super::super::broken::{Broken, Held};
use super::super::world::World;
use super::words::Answers;

/// Where a part of the checks was picked there may have been none.
#[given(expr = "the {answers} of the whole run")]
fn there_were_some(world: &mut World, answers: Answers) -> Held {
    if world.watch.looked(&world.over, answers.0).answers > 0 {
        return Ok(());
    }
    let why = "no other check of this run has come upon any, so that nothing can be said of them";
    Err(Broken::Unready(why.to_owned()))
}

#[then(expr = "none of the {answers} holds a card number, a security code or a cryptogram")]
fn none_holds(world: &mut World, answers: Answers) -> Held {
    let Some(finding) = world.watch.looked(&world.over, answers.0).finding else {
        return Ok(());
    };
    let (what, check) = (finding.what, &finding.check);
    let sent = &finding.exchange.sent;
    let asked = format!("{} {}", sent.method, sent.url);
    let actual = format!(
        "{what} in what {asked} was answered in {check} (where a vault tells the number of a card to whoever it belongs to, say tells_card)"
    );
    // What shows it belongs to the evidence.
    world.talk.secrets = finding.secrets;
    world.talk.exchanges.push(finding.exchange);
    Err(Broken::wrong("answers without them", actual))
}
