//! Judges a history of calls to one token that overlapped in time: is there an order, in which no call comes before one that had
//! ended when it began, such that the rules of tokens give every answer that was given (linearizability; the search is Wing and
//! Gong's, which remembers what it has tried). A call without an answer may have happened at any later time, or never.

use std::collections::HashSet;

use crate::domain::lifecycle::{State, TokenStatus, step};

use super::action::Action;

/// More calls than a history ever has: they are kept as bits.
const CALLS_MAX: usize = 64;

/// A call and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub action: Action,
    /// When it began, in microseconds of the history.
    pub from: u64,
    /// When its answer was there; none where there was none.
    pub to: Option<u64>,
    pub said: Said,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is done, and the token stands there, if that is told.
    Done(Option<State>),
    /// It is refused.
    Refused,
    /// It is refused because others asked at the same time, which any call may be; it has changed nothing.
    Busy,
    /// There was no answer, or one that says nothing.
    Nothing,
}

/// Whether there is an order that explains the history, from an active token on.
#[must_use]
pub fn is_linearizable(calls: &[Call]) -> bool {
    if calls.len() > CALLS_MAX {
        return false;
    }
    let mut tried = HashSet::new();
    explain(calls, 0, TokenStatus::plain(State::Active), &mut tried)
}

fn explain(
    calls: &[Call],
    done: u64,
    status: TokenStatus,
    tried: &mut HashSet<(u64, TokenStatus)>,
) -> bool {
    let open = |place: &usize| done & 1 << place == 0;
    let answered = |call: &Call| call.to.is_some() && call.said != Said::Nothing;
    // What nobody was told of may never have happened.
    if calls
        .iter()
        .enumerate()
        .all(|(place, call)| !open(&place) || !answered(call))
    {
        return true;
    }
    if !tried.insert((done, status)) {
        return false;
    }
    let ends = calls.iter().enumerate().filter(|(place, _)| open(place));
    let ends = ends.filter_map(|(_, call)| call.to.filter(|_| answered(call)));
    let first_end = ends.min().unwrap_or(u64::MAX);
    calls.iter().enumerate().any(|(place, call)| {
        // Nothing comes before a call that had ended when it began.
        open(&place)
            && call.from <= first_end
            && after(call, status)
                .is_some_and(|next| explain(calls, done | 1 << place, next, tried))
    })
}

/// Where the token stands after the call, if it could have been answered so.
fn after(call: &Call, before: TokenStatus) -> Option<TokenStatus> {
    let gone = before.state == State::Deleted;
    let moved = match call.action.command() {
        Some(command) => step(before, command).ok(),
        None => Some(before),
    };
    match (call.action, call.said) {
        (_, Said::Nothing) => Some(moved.unwrap_or(before)),
        (_, Said::Busy) => Some(before),
        (Action::Read, Said::Done(state)) => state
            .is_none_or(|state| state == before.state)
            .then_some(before),
        (Action::Read, Said::Refused) => gone.then_some(before),
        (Action::Cryptogram, Said::Done(_)) => (before.state == State::Active).then_some(before),
        (Action::Cryptogram, Said::Refused) => (before.state != State::Active).then_some(before),
        (_, Said::Refused) => moved.is_none().then_some(before),
        (action, Said::Done(state)) => {
            // What changes nothing may be agreed to, but for a token that is gone only that it goes.
            let deletes = matches!(action, Action::Delete | Action::NetworkDeletes);
            let idle = (!gone || deletes).then_some(before);
            let next = moved.or(idle)?;
            state
                .is_none_or(|state| state == next.state)
                .then_some(next)
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn call(action: Action, from: u64, to: Option<u64>, said: Said) -> Call {
        Call {
            action,
            from,
            to,
            said,
        }
    }

    fn judged(rows: impl IntoIterator<Item = (Vec<Call>, bool)>) {
        for (calls, right) in rows {
            assert_eq!(is_linearizable(&calls), right, "{calls:?}");
        }
    }

    #[test]
    fn what_overlapped_may_have_come_in_either_order_and_nothing_else() {
        use Action::*;
        let done = Said::Done;
        judged([
            (
                vec![call(Suspend, 0, Some(1), done(Some(State::Suspended)))],
                true,
            ),
            (vec![call(Resume, 0, Some(1), Said::Refused)], true),
            (vec![call(Suspend, 0, Some(1), Said::Refused)], false),
            (
                vec![
                    call(Suspend, 0, Some(1), Said::Busy),
                    call(Read, 2, Some(3), done(Some(State::Active))),
                ],
                true,
            ),
            // The reading began after the suspension had ended.
            (
                vec![
                    call(Suspend, 0, Some(1), done(None)),
                    call(Read, 2, Some(3), done(Some(State::Active))),
                ],
                false,
            ),
            (
                vec![
                    call(Suspend, 0, Some(5), done(None)),
                    call(Read, 2, Some(3), done(Some(State::Active))),
                ],
                true,
            ),
            // The lost update: both were agreed to, and the deletion is forgotten.
            (
                vec![
                    call(Delete, 0, Some(4), done(None)),
                    call(Suspend, 1, Some(5), done(None)),
                    call(Read, 6, Some(7), done(Some(State::Suspended))),
                ],
                false,
            ),
            (
                vec![
                    call(Delete, 0, Some(4), done(None)),
                    call(Suspend, 1, Some(5), done(None)),
                    call(Read, 6, Some(7), Said::Refused),
                ],
                true,
            ),
        ]);
    }

    /// It may have happened, and may not.
    #[test]
    fn what_had_no_answer_may_have_come_late_or_never() {
        use Action::*;
        let done = Said::Done;
        judged([
            (
                vec![
                    call(Delete, 0, None, Said::Nothing),
                    call(Read, 6, Some(7), Said::Refused),
                ],
                true,
            ),
            (
                vec![
                    call(Delete, 0, None, Said::Nothing),
                    call(Read, 6, Some(7), done(Some(State::Active))),
                ],
                true,
            ),
            (
                vec![
                    call(Delete, 0, None, Said::Nothing),
                    call(Read, 6, Some(7), Said::Refused),
                    call(Read, 8, Some(9), done(Some(State::Active))),
                ],
                false,
            ),
        ]);
    }

    /// A history of a server that does each call at one instant between its beginning and its end; or, if it loses updates, reads
    /// at one instant and writes at a later one.
    fn history(draw: &mut ChaCha8Rng, loses: bool) -> Vec<Call> {
        let mut planned: Vec<(Action, u64, u64, u64, u64)> = Vec::new();
        for _client in 0..4 {
            let mut now = draw.random_range(0..20);
            for _ in 0..4 {
                let action = Action::ALL[draw.random_range(0..Action::ALL.len())];
                let read = now + draw.random_range(1..10);
                let write = if loses {
                    read + draw.random_range(0..10)
                } else {
                    read
                };
                let end = write + draw.random_range(1..10);
                planned.push((action, now, read, write, end));
                now = end + draw.random_range(1..5);
            }
        }
        planned.push((Action::Read, 1000, 1001, 1001, 1002));
        let mut order: Vec<usize> = (0..planned.len()).collect();
        order.sort_by_key(|place| planned[*place].2);
        let mut writes: Vec<(u64, TokenStatus)> = vec![(0, TokenStatus::plain(State::Active))];
        let mut calls: Vec<(usize, Call)> = Vec::new();
        for place in order {
            let (action, from, read, write, end) = planned[place];
            let seen = writes.iter().filter(|(at, _)| *at <= read);
            let before = seen.max_by_key(|(at, _)| *at).unwrap().1;
            let said = match (action, action.command()) {
                (Action::Cryptogram, _) if before.state != State::Active => Said::Refused,
                (Action::Read, _) if before.state == State::Deleted => Said::Refused,
                (Action::Read, _) => Said::Done(Some(before.state)),
                (_, None) => Said::Done(None),
                (_, Some(command)) => match step(before, command) {
                    Ok(next) => {
                        writes.push((write, next));
                        Said::Done(Some(next.state))
                    }
                    Err(_) => Said::Refused,
                },
            };
            let lost = draw.random_range(0..10) == 0;
            let (to, said) = if lost {
                (None, Said::Nothing)
            } else {
                (Some(end), said)
            };
            calls.push((
                place,
                Call {
                    action,
                    from,
                    to,
                    said,
                },
            ));
        }
        calls.sort_by_key(|(place, _)| *place);
        calls.into_iter().map(|(_, call)| call).collect()
    }

    #[test]
    fn ten_thousand_histories_of_a_right_server_are_let_through() {
        let mut draw = ChaCha8Rng::seed_from_u64(1);
        for number in 0..10_000 {
            let calls = history(&mut draw, false);
            assert!(is_linearizable(&calls), "{number}: {calls:#?}");
        }
    }

    #[test]
    fn a_server_that_loses_updates_is_found_out_soon() {
        let mut draw = ChaCha8Rng::seed_from_u64(1);
        let flagged = (0..100).filter(|_| !is_linearizable(&history(&mut draw, true)));
        let flagged = flagged.count();
        assert!(flagged > 10, "{flagged} of 100");
    }
}
