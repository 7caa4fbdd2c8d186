//! One enrolment before anything is judged, and one token that there is not: a target that cannot be reached, lets nobody in, is
//! somewhere else or says yes to everything is told of in one sentence, and not once for every check.

use std::collections::BTreeMap;

use super::binding::{Binding, Observed, Operation, State};
use super::broken::Broken;
use super::plan::Check;
use super::runner::Run;
use super::steps::cards::{on_file_or_refused, unknown};
use super::world::{Who, World};
use crate::report::Outcome;

/// What stands in the way of judging, by binding.
#[derive(Debug, Default)]
pub(crate) struct Preflight {
    blocked: BTreeMap<usize, Blocked>,
    /// Nothing at all can be judged.
    everything: Option<Blocked>,
}

/// Why a binding is not judged any further.
#[derive(Clone, Debug)]
pub(crate) struct Blocked {
    pub(crate) outcome: Outcome,
    pub(crate) why: String,
    /// The checks that show it: where the target was reached and did something else than it must, they
    /// are carried out.
    shown_by: &'static [&'static str],
}

/// They say nothing but that a card is put on file or under an alias, and that it gets a token.
const PLAIN_ENROLMENT: &[&str] = &[
    "calm.aliases.create",
    "calm.aliases.several",
    "calm.enrol.sample",
    "calm.enrol.success",
    "cmp.cards.create",
    "cmp.faults.lost-before",
    "cmp.tokens.bodies.empty-json-api",
    "cmp.tokens.bodies.empty-object",
    "cmp.tokens.create",
    "enrolment.mastercard",
    "enrolment.store",
    "enrolment.visa",
    "robustness.json-first",
];
/// It says that a token which was never issued is not there.
const UNKNOWN_TOKEN: &[&str] = &["refusals.unknown-token"];

/// Tries every binding that is to be judged.
pub(crate) async fn preflight(run: &Run, checks: &[Check]) -> Preflight {
    let mut found = Preflight::default();
    let mut tried: Vec<usize> = Vec::new();
    for check in checks {
        let Some(place) = check.binding else { continue };
        let plain = run
            .bindings
            .get(place)
            .is_some_and(|b| b.gateway().is_none());
        if !plain || tried.contains(&place) {
            continue;
        }
        tried.push(place);
        let Err(blocked) = enrol(run, check).await else {
            continue;
        };
        let silent = blocked.outcome == Outcome::Transport;
        if silent && tried.len() == 1 {
            found.everything = Some(blocked);
            return found;
        }
        found.blocked.insert(place, blocked);
    }
    if tried.is_empty() {
        found.everything = connect(run).await.err();
    } else if tried.iter().all(|place| found.blocked.contains_key(place)) {
        found.everything = found.blocked.values().next().cloned();
    }
    found
}

impl Preflight {
    /// Why the check is not carried out, if it is not.
    pub(crate) fn blocks(&self, check: &Check, bindings: &[Binding]) -> Option<&Blocked> {
        let own = check.binding.and_then(|place| self.of(place, bindings));
        let by_name = check.surface.as_ref().and_then(|surface| {
            let named = |(place, _): &(&usize, &Blocked)| {
                bindings.get(**place).is_some_and(|b| b.name() == surface)
            };
            self.blocked.iter().find(named).map(|(_, blocked)| blocked)
        });
        let blocked = self.everything.as_ref().or(own).or(by_name)?;
        let closest = check
            .binding
            .map_or(by_name, |place| self.blocked.get(&place));
        let mut shown_by = closest.iter().flat_map(|closest| closest.shown_by);
        // What is asked over a binding has that behind its name.
        let shows = shown_by.any(|id| check.id.split('/').next() == Some(id));
        (!shows).then_some(blocked)
    }

    fn of(&self, place: usize, bindings: &[Binding]) -> Option<&Blocked> {
        let gateway = bindings.get(place)?.gateway();
        let mut blocked = self.blocked.iter();
        blocked
            .find(|(known, _)| {
                let named = bindings.get(**known).map(Binding::name);
                **known == place || gateway.is_some_and(|g| Some(g.name()) == named)
            })
            .map(|(_, blocked)| blocked)
    }
}

/// Enrols an eligible card.
async fn enrol(run: &Run, check: &Check) -> Result<(), Blocked> {
    let space = run.target.spaces.then(|| "preflight".to_owned());
    let mut talk = run.conversation(space, "preflight");
    talk.forget_space().await;
    let binding = check.binding.and_then(|place| run.bindings.get(place));
    let network = binding.and_then(Binding::network);
    let lease = run.leases.take(&[], network, 0).await;
    let bindings = std::sync::Arc::clone(&run.bindings);
    let mut world = World::new(talk, check, bindings, 0, lease, run.ledger.clone());
    let enrolled = attempt(&mut world).await;
    let mut verdict = judged(enrolled);
    if verdict.is_ok() && knows_what_never_was(&mut world).await {
        let why = "it reads a token that was never issued as an active one, so nothing that it says can be believed";
        verdict = Err(Blocked {
            outcome: Outcome::Untestable,
            why: why.to_owned(),
            shown_by: UNKNOWN_TOKEN,
        });
    }
    world.clean_up().await;
    verdict
}

/// Whether the target tells of a token that nobody was given. Whatever else comes of asking is for the checks to say.
async fn knows_what_never_was(world: &mut World) -> bool {
    let binding = world.binding.and_then(|place| world.bindings.get(place));
    let can_ask = binding.is_some_and(|binding| binding.names_unknown(Operation::Read));
    if !can_ask || !world.offers(Operation::Read) {
        return false;
    }
    let Ok(variables) = unknown(world) else {
        return false;
    };
    let read = world.perform_with(Operation::Read, &variables).await;
    read.is_ok_and(|seen| seen.is_active())
}

async fn attempt(world: &mut World) -> Result<Observed, Broken> {
    let stored = on_file_or_refused(world).await?;
    match stored {
        Some(refused) => Ok(refused),
        None => world.enrol(Who::One).await,
    }
}

fn judged(enrolled: Result<Observed, Broken>) -> Result<(), Blocked> {
    let seen = match enrolled {
        Ok(seen) => seen,
        Err(Broken::NoAnswer(why)) => {
            let why = format!("the target does not answer: {why}");
            return Err(blocked(Outcome::Transport, why));
        }
        Err(broken) => {
            let why = format!("an eligible card could not be enrolled: {broken}");
            // What the target did wrong is for the checks of enrolment to show.
            let shown_by = match broken {
                Broken::Wrong { .. } => PLAIN_ENROLMENT,
                Broken::NoAnswer(_)
                | Broken::Unready(_)
                | Broken::NotDeclared(_)
                | Broken::Suite(_) => &[],
            };
            return Err(Blocked {
                shown_by,
                ..blocked(Outcome::Untestable, why)
            });
        }
    };
    if seen.accepted && seen.state == Some(State::Active) {
        return Ok(());
    }
    let said = seen.summary();
    let remedy = match seen.status {
        401 | 403 => Some("are the credentials in the target file right?"),
        404 | 405 => Some("is base_url right, and the path of the request?"),
        503 => Some("the target says that it is not available"),
        300..=399 if !seen.accepted => Some("it redirects: is base_url right?"),
        400..=499 => Some("are the request and the test card in the target file right?"),
        _ => None,
    };
    Err(match remedy {
        Some(remedy) => blocked(
            Outcome::Untestable,
            format!("an eligible card could not be enrolled ({said}): {remedy}"),
        ),
        None => Blocked {
            outcome: Outcome::Untestable,
            why: format!(
                "an eligible card got no active token ({said}), so there is nothing to build on"
            ),
            shown_by: PLAIN_ENROLMENT,
        },
    })
}

fn blocked(outcome: Outcome, why: String) -> Blocked {
    Blocked {
        outcome,
        why,
        shown_by: &[],
    }
}

/// Where no binding is judged, it is enough that the target accepts connections.
async fn connect(run: &Run) -> Result<(), Blocked> {
    let base = &run.target.base;
    let uri: hyper::Uri = base.parse().unwrap_or_default();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let usual = if uri.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    let address = (host, uri.port_u16().unwrap_or(usual));
    let connecting = tokio::net::TcpStream::connect(address);
    let why = match tokio::time::timeout(run.step_timeout, connecting).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => format!("nothing listens at {base}: {error}"),
        Err(_) => format!("nothing answers at {base}"),
    };
    Err(blocked(Outcome::Transport, why))
}

#[cfg(test)]
mod tests {
    use super::super::features::embedded;
    use super::super::lint;
    use super::*;

    #[test]
    fn what_stands_in_the_way_is_shown_by_checks_that_there_are() {
        let cases = lint::checked(&embedded(), &["cmp", "calm"]).unwrap();
        for id in PLAIN_ENROLMENT.iter().chain(UNKNOWN_TOKEN) {
            assert!(cases.iter().any(|case| case.id == *id), "{id}");
        }
    }
}
