//! How a token moves: every state, holder and command as one table, and what holds of any number of commands in a row.

use std::fmt::Write as _;

use proptest::prelude::*;
use standin::domain::lifecycle::{Actor, Command, Holders, State, TokenStatus, step};

const ACTORS: [Actor; 4] = [
    Actor::Issuer,
    Actor::Network,
    Actor::Requestor,
    Actor::Cardholder,
];
const STATES: [State; 5] = [
    State::Inactive,
    State::Active,
    State::Suspended,
    State::Deleted,
    State::Failed,
];

/// The command that follows `last`. Without a wildcard, so that a new command joins the table before it compiles.
fn commands() -> Vec<Command> {
    let next_kind = |last: Command| match last {
        Command::Activate => Some(ACTORS.map(Command::Suspend).to_vec()),
        Command::Suspend(_) => Some(ACTORS.map(Command::Resume).to_vec()),
        Command::Resume(_) => Some(ACTORS.map(Command::Delete).to_vec()),
        Command::Delete(_) => Some(vec![Command::UpdateExpiry]),
        Command::UpdateExpiry => Some(vec![Command::ReplacePan]),
        Command::ReplacePan => None,
    };
    let mut all = vec![Command::Activate];
    while let Some(more) = all.last().copied().and_then(next_kind) {
        all.extend(more);
    }
    all
}

/// Every state, and a suspended token for every set of holders.
fn statuses() -> Vec<TokenStatus> {
    let mut all = Vec::new();
    for state in STATES {
        match state {
            State::Inactive | State::Active | State::Deleted | State::Failed => {
                all.push(TokenStatus::plain(state));
            }
            State::Suspended => all.extend((1_u8..16).map(|set| suspended_by(&held(set)))),
        }
    }
    all
}

fn held(set: u8) -> Vec<Actor> {
    let named = ACTORS.into_iter().enumerate();
    let chosen = named.filter(|(place, _)| set & (1 << place) != 0);
    chosen.map(|(_, actor)| actor).collect()
}

fn suspended_by(actors: &[Actor]) -> TokenStatus {
    let holders = actors
        .iter()
        .fold(Holders::NONE, |all, actor| all.with(*actor));
    TokenStatus {
        state: State::Suspended,
        holders,
    }
}

fn word(status: TokenStatus) -> String {
    let holders: Vec<_> = status.holders.iter().map(|a| format!("{a:?}")).collect();
    if holders.is_empty() {
        format!("{:?}", status.state)
    } else {
        format!("{:?} by {}", status.state, holders.join("+"))
    }
}

#[test]
fn the_whole_matrix() {
    let mut table = String::new();
    for before in statuses() {
        writeln!(table, "{}", word(before)).unwrap();
        for command in commands() {
            let after = match step(before, command) {
                Ok(after) if after == before => "stays".to_owned(),
                Ok(after) => word(after),
                Err(reason) => format!("refused: {reason:?}"),
            };
            writeln!(table, "    {:<20}  {after}", format!("{command:?}")).unwrap();
        }
    }
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/lifecycle"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("matrix", table);
    });
}

/// A hold of the issuer's side is one of the issuer or of the network.
fn held_by_issuer_side(status: TokenStatus) -> bool {
    status.holders.contains(Actor::Issuer) || status.holders.contains(Actor::Network)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_in_whatever_order(
        start in prop::sample::select(statuses()),
        commands in prop::collection::vec(prop::sample::select(commands()), 0..60),
    ) {
        let mut now = start;
        for command in commands {
            let Ok(next) = step(now, command) else { continue };
            prop_assert!(now.state != State::Deleted, "a deleted token did {command:?}");
            prop_assert!(now.state != State::Failed, "a failed token did {command:?}");
            let suspended = next.state == State::Suspended;
            prop_assert_eq!(suspended, next.holders != Holders::NONE, "held means suspended");
            match command {
                Command::Resume(Actor::Requestor | Actor::Cardholder) => {
                    prop_assert_eq!(held_by_issuer_side(now), held_by_issuer_side(next));
                }
                Command::Resume(Actor::Issuer | Actor::Network) => {
                    for actor in [Actor::Requestor, Actor::Cardholder] {
                        prop_assert_eq!(now.holders.contains(actor), next.holders.contains(actor));
                    }
                }
                Command::Delete(_) => prop_assert_eq!(next, TokenStatus::plain(State::Deleted)),
                Command::UpdateExpiry | Command::ReplacePan => prop_assert_eq!(next, now),
                Command::Activate | Command::Suspend(_) => {}
            }
            now = next;
        }
    }
}
