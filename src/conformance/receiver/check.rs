//! What is demanded of a receiver: one row each.

use crate::report::Level;

/// What a check does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Takes,
    TakesAgain,
    CarriesOutOnce,
    TakesOutOfOrder,
    TakesLate,
    TakesRotated,
    RefusesUnsigned,
    RefusesOtherSecret,
    RefusesChanged,
    RefusesStale,
    RefusesEarly,
    RefusesWithoutEffect,
    RefusesPlainly,
    TakesUnknown,
    AnswersHuge,
    TakesTrickled,
    AnswersOtherType,
    AnswersNoJson,
    TakesNothingByGet,
    StillTakes,
}

/// One check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Check {
    pub(super) kind: Kind,
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) source: &'static str,
    pub(super) level: Level,
    /// It demands a refusal.
    pub(super) negative: bool,
}

const fn must(kind: Kind, id: &'static str, name: &'static str, source: &'static str) -> Check {
    Check {
        kind,
        id,
        name,
        source,
        level: Level::Must,
        negative: false,
    }
}

const fn refusal(kind: Kind, id: &'static str, name: &'static str, source: &'static str) -> Check {
    Check {
        negative: true,
        ..must(kind, id, name, source)
    }
}

const fn should(kind: Kind, id: &'static str, name: &'static str, source: &'static str) -> Check {
    Check {
        level: Level::Should,
        ..must(kind, id, name, source)
    }
}

const SIGNED: &str =
    "Standard Webhooks, verifying webhook authenticity; each service's own page says the same";
const ONCE: &str = "Standard Webhooks, idempotency; Stripe and Adyen: duplicates happen";
const ORDER: &str = "Stripe, event ordering; Adyen: the order is not guaranteed";
const ACKNOWLEDGE: &str =
    "Standard Webhooks, delivery: 2xx in time; Adyen: 200 or 202, with [accepted] or without";
const ROBUST: &str =
    "RFC 9110, 15.5 and 15.6: what the sender did wrong is a 4xx, and the server goes on";

/// In the order in which they are carried out. The first one shows that a right message is taken, which the others stand on.
pub(super) const CHECKS: [Check; 20] = [
    must(
        Kind::Takes,
        "receiver.takes",
        "A right message is acknowledged in time",
        ACKNOWLEDGE,
    ),
    must(
        Kind::TakesAgain,
        "receiver.duplicate",
        "The same message is acknowledged again",
        ONCE,
    ),
    must(
        Kind::CarriesOutOnce,
        "receiver.once",
        "The same message has its effect once",
        ONCE,
    ),
    must(
        Kind::TakesOutOfOrder,
        "receiver.out-of-order",
        "A message about an earlier event is acknowledged after that about a later one",
        ORDER,
    ),
    must(
        Kind::TakesLate,
        "receiver.late",
        "A message about an event of yesterday is acknowledged, when it is signed now",
        ACKNOWLEDGE,
    ),
    must(
        Kind::TakesRotated,
        "receiver.rotated",
        "One right signature of two is enough, while the secret changes",
        SIGNED,
    ),
    refusal(
        Kind::RefusesUnsigned,
        "receiver.unsigned",
        "A message without a signature is refused",
        SIGNED,
    ),
    refusal(
        Kind::RefusesOtherSecret,
        "receiver.other-secret",
        "A message that is signed with another secret is refused",
        SIGNED,
    ),
    refusal(
        Kind::RefusesChanged,
        "receiver.changed",
        "A message that was changed after signing is refused",
        SIGNED,
    ),
    refusal(
        Kind::RefusesStale,
        "receiver.stale",
        "A message that was signed too long ago is refused",
        SIGNED,
    ),
    refusal(
        Kind::RefusesEarly,
        "receiver.early",
        "A message that was signed in the future is refused",
        SIGNED,
    ),
    refusal(
        Kind::RefusesWithoutEffect,
        "receiver.no-effect",
        "A message that is refused has no effect",
        SIGNED,
    ),
    should(
        Kind::RefusesPlainly,
        "receiver.plainly",
        "A message is refused with 4xx, and not by an error of the receiver's own",
        ROBUST,
    ),
    should(
        Kind::TakesUnknown,
        "receiver.unknown-type",
        "A message of a type that is not known is acknowledged",
        ACKNOWLEDGE,
    ),
    must(
        Kind::AnswersHuge,
        "receiver.huge",
        "A message of a mebibyte is answered",
        ROBUST,
    ),
    must(
        Kind::TakesTrickled,
        "receiver.trickled",
        "A message that comes slowly is acknowledged",
        ACKNOWLEDGE,
    ),
    must(
        Kind::AnswersOtherType,
        "receiver.content-type",
        "A message that says it is plain text is answered by no error of the receiver's own",
        ROBUST,
    ),
    must(
        Kind::AnswersNoJson,
        "receiver.no-json",
        "A message that is no JSON is answered by no error of the receiver's own",
        ROBUST,
    ),
    should(
        Kind::TakesNothingByGet,
        "receiver.get",
        "A GET is not taken for a message",
        "RFC 9110, 9.3.1: GET has no effect",
    ),
    must(
        Kind::StillTakes,
        "receiver.alive",
        "After all that a right message is acknowledged",
        ROBUST,
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_check_has_a_name_of_its_own_and_the_first_one_carries_the_others() {
        let ids: BTreeSet<_> = CHECKS.iter().map(|check| check.id).collect();
        assert_eq!(ids.len(), CHECKS.len());
        assert_eq!(CHECKS[0].kind, Kind::Takes);
    }
}
