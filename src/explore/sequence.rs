//! Random sequences of actions, written as scenarios, and the way from one that shows a difference to a short one that still does.

use crate::crypto::digest::sha256_of_parts;
use crate::domain::lifecycle::{State, TokenStatus};

use super::action::Action;

/// The `number`th sequence of a seed: at most `length_max` of these actions, each one that some clause decides.
pub(super) fn sequence(
    seed: &str,
    number: usize,
    length_max: usize,
    actions: &[Action],
) -> Vec<Action> {
    let length = 1 + draw(seed, &format!("length:{number}"), length_max);
    let mut status = TokenStatus::plain(State::Active);
    let mut chosen = Vec::new();
    for place in 0..length {
        let open = actions.iter().filter(|action| action.is_decided(status));
        let open: Vec<Action> = open.copied().collect();
        let key = format!("action:{number}:{place}");
        let Some(action) = open.get(draw(seed, &key, open.len())) else {
            break;
        };
        chosen.push(*action);
        status = action.after(status);
    }
    chosen
}

/// A place among so many, that depends on nothing but the seed and what it is for.
pub(super) fn draw(seed: &str, purpose: &str, choices: usize) -> usize {
    let bytes = sha256_of_parts(&[seed.as_bytes(), b"\n", purpose.as_bytes()]);
    let (first, _) = bytes.split_at(8);
    let value = first
        .iter()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let choices = u64::try_from(choices.max(1)).unwrap_or(1);
    usize::try_from(value % choices).unwrap_or_default()
}

/// Whether clauses decide all of it. Without one of its actions a sequence may be another.
pub(super) fn is_decided(actions: &[Action]) -> bool {
    let mut status = TokenStatus::plain(State::Active);
    actions.iter().all(|action| {
        let decided = action.is_decided(status);
        status = action.after(status);
        decided
    })
}

/// A sequence as a feature with one scenario, in the steps that features are written in.
pub(super) fn scenario(actions: &[Action]) -> String {
    let names: Vec<&str> = actions.iter().map(|action| action.capability()).collect();
    let mut text = format!(
        "Feature: What was explored\n\n  Scenario: {}\n    Given an enrolled card\n",
        names.join(", ")
    );
    let mut status = TokenStatus::plain(State::Active);
    for action in actions {
        text += &format!("    When {}\n", action.phrase());
        for statement in action.statements(status) {
            text += &format!("    Then {statement}\n");
        }
        status = action.after(status);
    }
    text
}

/// Every sequence that is one action shorter, the first actions left out first.
pub(super) fn shorter(actions: &[Action]) -> impl Iterator<Item = Vec<Action>> {
    let all = (0..actions.len()).map(|place| {
        let mut less = actions.to_vec();
        less.remove(place);
        less
    });
    all.filter(|less| !less.is_empty() && is_decided(less))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_order_of_sequences_and_all_actions_come() {
        let sequences = |seed: &str| -> Vec<Vec<Action>> {
            let each = (0..200).map(|number| sequence(seed, number, 8, &Action::ALL));
            each.collect()
        };
        let (one, other) = (sequences("one"), sequences("two"));
        assert_eq!(one, sequences("one"));
        assert_ne!(one, other);
        for action in Action::ALL {
            assert!(one.iter().flatten().any(|it| *it == action), "{action:?}");
        }
        assert!(
            one.iter()
                .all(|it| is_decided(it) && (1..=8).contains(&it.len()))
        );
    }

    #[test]
    fn a_scenario_says_what_the_rules_say() {
        use Action::*;
        let text = scenario(&[Suspend, Cryptogram, Delete, Resume]);
        let wanted = [
            "    When the merchant suspends the token\n    Then the token reads as suspended\n",
            "    When a long cryptogram is requested\n    Then the cryptogram is refused\n",
            "    When the merchant deletes the token\n    Then the token is gone\n",
            "    When the merchant resumes the token\n    Then the token is gone\n",
        ];
        assert!(text.ends_with(&wanted.concat()), "{text}");
        let less: Vec<Vec<Action>> = shorter(&[Suspend, IssuerResumes]).collect();
        assert_eq!(less, [[IssuerResumes], [Suspend]]);
        assert!(!is_decided(&[Suspend, IssuerSuspends]));
    }
}
