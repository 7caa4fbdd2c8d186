//! Short cryptograms have three digits, so an issuer stops those who guess: after so many wrong ones in a row none is taken for
//! a time, by the clock of the space.

use std::time::Duration;

use standin::domain::cryptogram::CryptogramKind;
use standin::domain::payment::ledger::{Guesses, Ledger};
use standin::domain::payment::reason::DeclineReason;

use super::scene::{Scene, now};

const HOUR: Duration = Duration::from_secs(60 * 60);
const RULE: Guesses = Guesses {
    wrong: 3,
    locked_for: HOUR,
};

fn ledger() -> Ledger {
    Scene::customer(standin::domain::card::Network::Visa, CryptogramKind::Short)
        .decide()
        .ledger
}

#[test]
fn so_many_wrong_ones_in_a_row_lock_and_time_unlocks() {
    let mut ledger = ledger();
    ledger.count_code(false, RULE, now());
    ledger.count_code(false, RULE, now());
    ledger.count_code(true, RULE, now());
    ledger.count_code(false, RULE, now());
    ledger.count_code(false, RULE, now());
    assert!(
        !ledger.is_locked(now()),
        "a right one begins the count anew"
    );
    ledger.count_code(false, RULE, now());
    assert!(ledger.is_locked(now()));
    assert!(ledger.is_locked(now().plus(HOUR - Duration::from_micros(1))));
    assert!(!ledger.is_locked(now().plus(HOUR)));
}

#[test]
fn a_guess_is_counted_by_the_authorizer_and_the_right_code_outlives_the_lock() {
    let network = standin::domain::card::Network::Visa;
    let mut scene = Scene::customer(network, CryptogramKind::Short);
    scene.spoil_all(&[DeclineReason::CryptogramInvalid]);
    for _ in 0..3 {
        let decision = scene.decide();
        assert_eq!(
            decision.payment.decline,
            Some(DeclineReason::CryptogramInvalid)
        );
        scene.set_ledger(decision.ledger);
    }
    let mut right = Scene::customer(network, CryptogramKind::Short);
    right.set_ledger(scene.decide().ledger);
    let refused = right.decide();
    assert_eq!(
        refused.payment.decline,
        Some(DeclineReason::CryptogramLocked)
    );
    assert!(
        refused.token.is_none(),
        "what nobody looked at is not spent"
    );
    // A long one is no guess.
    let mut long = Scene::customer(network, CryptogramKind::Long);
    long.set_ledger(refused.ledger);
    assert_eq!(long.decide().payment.decline, None);
    // Without the rule nothing is counted.
    let mut scene = Scene::customer(network, CryptogramKind::Short);
    scene.spoil_all(&[DeclineReason::CryptogramInvalid]);
    scene.rules.guesses = None;
    assert_eq!(scene.decide().ledger.wrong_codes, 0);
}
