//! Lets several clients ask at once about one token, and judges the history that they saw.

use std::fmt::Write as _;

use tokio::time::Instant;

use super::Asked;
use super::action::Action;
use super::linear::{Call, Said, is_linearizable};
use super::sequence::draw;
use crate::conformance::{Heard, Spoken, Trials, Wanted};
use crate::domain::lifecycle::State;

/// What racing has come to.
#[derive(Debug)]
pub struct Raced {
    /// How many histories were judged.
    pub tried: usize,
    /// Why others could not be had.
    pub untried: Vec<String>,
    pub found: Option<Unexplained>,
}

/// A history that no order explains.
#[derive(Debug)]
pub struct Unexplained {
    /// How many had been judged by then.
    pub after: usize,
    /// What each client saw, and at last what the token read as.
    pub history: Vec<Vec<Call>>,
}

/// Has clients race over a binding until a history cannot be explained.
///
/// # Errors
/// A text where a binding has nothing to race with.
pub async fn race(trials: &Trials, spoken: &Spoken, asked: &Asked) -> Result<Raced, String> {
    let own = |action: &Action| {
        action.actor().is_none() && spoken.capabilities.contains(action.capability())
    };
    let actions: Vec<Action> = Action::ALL.into_iter().filter(own).collect();
    let changes = actions.iter().any(|action| action.command().is_some());
    if !changes || !actions.contains(&Action::Read) {
        return Err(format!(
            "{} declares nothing by which a merchant changes a token and reads it, so there is nothing to race with",
            spoken.name
        ));
    }
    let deadline = Instant::now() + asked.time;
    let mut raced = Raced {
        tried: 0,
        untried: Vec::new(),
        found: None,
    };
    for number in 0..asked.count {
        if Instant::now() >= deadline {
            break;
        }
        let plan = planned(asked, number, &actions);
        let wanted: Vec<Vec<Wanted>> = plan.iter().map(|each| wanted(each)).collect();
        let heard = match trials.race(&spoken.name, number, &wanted).await {
            Ok(heard) => heard,
            Err(why) => {
                raced.untried.push(why);
                continue;
            }
        };
        raced.tried += 1;
        let last = [vec![Action::Read]];
        let plan = plan.iter().chain(&last);
        let history: Vec<Vec<Call>> = plan
            .zip(heard)
            .map(|(actions, heard)| {
                actions
                    .iter()
                    .zip(heard)
                    .map(|(action, heard)| call(*action, &heard))
                    .collect()
            })
            .collect();
        if !is_linearizable(&history.concat()) {
            raced.found = Some(Unexplained {
                after: raced.tried,
                history,
            });
            break;
        }
    }
    Ok(raced)
}

/// Who asks for what in the `number`th history of a seed.
fn planned(asked: &Asked, number: usize, actions: &[Action]) -> Vec<Vec<Action>> {
    let clients = (0..asked.clients.max(2)).map(|client| {
        let length = 1 + draw(
            &asked.seed,
            &format!("calls:{number}:{client}"),
            asked.length_max,
        );
        let each = (0..length).filter_map(|place| {
            let key = format!("call:{number}:{client}:{place}");
            actions.get(draw(&asked.seed, &key, actions.len())).copied()
        });
        each.collect()
    });
    clients.collect()
}

fn wanted(actions: &[Action]) -> Vec<Wanted> {
    let each = actions.iter().map(|action| Wanted {
        operation: action.capability(),
        actor: action.actor(),
    });
    each.collect()
}

/// A call in the words of the rules.
fn call(action: Action, heard: &Heard) -> Call {
    let state = |word: &str| match word {
        "active" => Some(State::Active),
        "suspended" => Some(State::Suspended),
        "deleted" => Some(State::Deleted),
        _ => None,
    };
    let said = match &heard.answer {
        Some(answer) if answer.fault => Said::Nothing,
        // What an answer to another question says of the state is no part of it.
        Some(answer) if answer.accepted && action == Action::Cryptogram => Said::Done(None),
        Some(answer) if answer.accepted => Said::Done(answer.state.and_then(state)),
        Some(answer) if [409, 412, 423, 429].contains(&answer.status) => Said::Busy,
        Some(_) => Said::Refused,
        None => Said::Nothing,
    };
    Call {
        action,
        from: heard.from,
        to: (said != Said::Nothing).then_some(heard.to),
        said,
    }
}

/// A history as a picture: a line for each call, by client, with when it began and ended.
#[must_use]
pub fn timeline(history: &[Vec<Call>]) -> String {
    const WIDTH: usize = 48;
    let all = history.iter().flatten();
    let end = all.map(|call| call.to.unwrap_or(call.from)).max();
    let end = end.unwrap_or_default().max(1);
    let at = |time: u64| {
        let time = usize::try_from(time).unwrap_or(usize::MAX);
        let end = usize::try_from(end).unwrap_or(usize::MAX);
        time.saturating_mul(WIDTH) / end
    };
    let mut out = String::new();
    for (client, calls) in history.iter().enumerate() {
        for call in calls {
            let from = at(call.from).min(WIDTH);
            let to = call.to.map_or(WIDTH, at).clamp(from, WIDTH);
            let bar = format!("{}|{}|", " ".repeat(from), "-".repeat(to - from));
            let said = match call.said {
                Said::Done(Some(State::Active)) => "done: active",
                Said::Done(Some(State::Suspended)) => "done: suspended",
                Said::Done(Some(State::Deleted)) => "done: deleted",
                Said::Done(_) => "done",
                Said::Refused => "refused",
                Said::Busy => "refused as busy",
                Said::Nothing => "no answer",
            };
            let word = call.action.capability();
            let _ = writeln!(out, "client {client}  {word:<15} {bar:<52} {said}");
        }
    }
    out
}
