//! In which order the operations of a file are asked, so that each finds what it needs: as one scenario would, from the card on
//! file to the deletion of its token and of the card.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::binding::{Control, Operation, Psp};

/// One operation to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) operation: Operation,
    /// It has been asked before, and is asked again for this one.
    pub(super) again_for: Option<&'static str>,
}

/// The operations that are declared, each once, with those that have to be repeated on the way.
pub(super) fn turns(declared: &BTreeSet<Operation>) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let has = |operation| declared.contains(&operation);
    let psp = Operation::Psp;
    let control = Operation::Control;
    let mut ask = |operations: &[Operation]| {
        let asked = operations.iter().filter(|one| declared.contains(one));
        turns.extend(asked.map(|operation| Turn {
            operation: *operation,
            again_for: None,
        }));
    };
    ask(&[
        control(Control::Listen),
        Operation::Store,
        Operation::Enrol,
        Operation::Read,
        Operation::UpdateCard,
        Operation::CryptogramLong,
        psp(Psp::Long),
        psp(Psp::ReadPayment),
        psp(Psp::Stored),
        Operation::CryptogramShort,
        psp(Psp::Short),
    ]);
    // What was captured is what a refund gives back; where nothing is captured, it is what was paid at once.
    let captures = has(psp(Psp::Later)) && has(psp(Psp::Capture));
    if !captures {
        ask(&[psp(Psp::Refund)]);
    }
    ask(&[psp(Psp::Elsewhere), psp(Psp::Later), psp(Psp::Capture)]);
    if captures {
        ask(&[psp(Psp::Refund)]);
    }
    ask(&[
        psp(Psp::Void),
        control(Control::Suspend),
        control(Control::Resume),
        control(Control::Expiry),
        control(Control::Card),
        Operation::Suspend,
        Operation::Resume,
        control(Control::Clock),
        control(Control::Decline),
        Operation::List,
        Operation::ListCards,
        Operation::Delete,
        control(Control::Delete),
        Operation::DeleteCard,
        control(Control::Unlisten),
    ]);
    prepared(turns, declared)
}

/// Puts in what has to be asked again: a cryptogram is spent by one payment, a payment is taken back before it is captured,
/// and a token is deleted once.
fn prepared(turns: Vec<Turn>, declared: &BTreeSet<Operation>) -> Vec<Turn> {
    let mut all: Vec<Turn> = Vec::new();
    for turn in turns {
        let asked = |operation| all.iter().any(|one: &Turn| one.operation == operation);
        let long = Operation::CryptogramLong;
        let later = Operation::Psp(Psp::Later);
        let pays_long = [Operation::Psp(Psp::Elsewhere), later].contains(&turn.operation);
        let voids = turn.operation == Operation::Psp(Psp::Void);
        let ends = turn.operation == Operation::Control(Control::Delete);
        let before: &[Operation] = if pays_long {
            &[long]
        } else if voids && asked(Operation::Psp(Psp::Capture)) {
            &[long, later]
        } else if ends && asked(Operation::Delete) {
            &[Operation::Enrol]
        } else {
            &[]
        };
        let word = turn.operation.word();
        let before = before.iter().filter(|one| declared.contains(one));
        let again = before.map(|operation| Turn {
            operation: *operation,
            again_for: Some(word),
        });
        let again: Vec<Turn> = again.collect();
        all.extend(again);
        all.push(turn);
    }
    all
}

/// What a request of the operation may name besides.
pub(super) fn besides(operation: Operation, url: Option<&str>) -> Vec<(&'static str, Value)> {
    let Operation::Control(control) = operation else {
        return Vec::new();
    };
    match control {
        Control::Suspend | Control::Resume | Control::Delete | Control::Decline => {
            vec![("actor", json!("issuer"))]
        }
        Control::Card => vec![("actor", json!("network"))],
        Control::Expiry => vec![
            ("actor", json!("network")),
            ("new_month", json!(11)),
            ("new_year", json!(2034)),
            ("new_expiry", json!("2034-11")),
        ],
        Control::Clock => vec![("seconds", json!(1))],
        Control::Listen | Control::Unlisten => {
            url.map(|url| ("url", json!(url))).into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_one_turn_and_what_it_needs_before_it() {
        let declared: BTreeSet<Operation> = Operation::all().collect();
        let turns = turns(&declared);
        for operation in Operation::all() {
            let own = turns.iter().filter(|turn| turn.again_for.is_none());
            let own = own.filter(|turn| turn.operation == operation);
            assert_eq!(own.count(), 1, "{operation:?}");
        }
        let words: Vec<&str> = turns.iter().map(|turn| turn.operation.word()).collect();
        let told = words.join(" ");
        for part in [
            "listen store enrol read",
            "cryptogram-long pay-long",
            "cryptogram-short pay-short",
            "cryptogram-long pay-later capture refund cryptogram-long pay-later void",
            "list list-cards delete enrol event-delete delete-card unlisten",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    #[test]
    fn nothing_is_asked_that_is_not_declared() {
        let declared = BTreeSet::from([
            Operation::Enrol,
            Operation::Control(Control::Delete),
            Operation::Psp(Psp::Refund),
        ]);
        let words: Vec<&str> = turns(&declared)
            .iter()
            .map(|turn| turn.operation.word())
            .collect();
        assert_eq!(words, ["enrol", "refund", "event-delete"]);
    }
}
