//! Capture, void and refund: the bounds as a table, and what must hold after any sequence.

use proptest::prelude::*;
use standin::domain::card::Network;
use standin::domain::cryptogram::CryptogramKind;
use standin::domain::money::{Amount, Currency};
use standin::domain::payment::moves::{MoveRefusal, Step, apply, expire, made_by};
use standin::domain::payment::reason::DeclineReason;
use standin::domain::payment::record::{Payment, PaymentState};
use standin::domain::payment::request::RequestId;
use standin::limits::{HOLD, PAYMENT_MOVES_MAX};

use super::scene::{Scene, dollars, now};

/// Authorized for 10050.
fn authorized() -> Payment {
    Scene::customer(Network::Visa, CryptogramKind::Long)
        .decide()
        .payment
}

const fn capture(amount: Option<Amount>, last: bool) -> Step {
    Step::Capture { amount, last }
}

const fn refund(amount: Option<Amount>) -> Step {
    Step::Refund { amount }
}

fn part(minor: u64) -> Option<Amount> {
    Some(dollars(minor))
}

#[test]
fn each_step_has_its_bounds() {
    let yen = Amount::new(1, Currency::parse("JPY").unwrap()).ok();
    let left = |left| Err(MoveRefusal::TooMuch { left });
    let rows: [(&[Step], Result<PaymentState, MoveRefusal>); 20] = [
        (&[], Ok(PaymentState::Authorized)),
        (&[capture(None, false)], Ok(PaymentState::Captured)),
        (
            &[capture(part(50), false)],
            Ok(PaymentState::PartiallyCaptured),
        ),
        (&[capture(part(50), true)], Ok(PaymentState::Captured)),
        (
            &[capture(part(50), false), capture(part(10_000), false)],
            Ok(PaymentState::Captured),
        ),
        (
            &[capture(part(50), false), capture(part(10_001), false)],
            left(10_000),
        ),
        (
            &[capture(part(50), true), capture(part(1), false)],
            Err(MoveRefusal::NothingToCapture),
        ),
        (&[capture(part(10_051), false)], left(10_050)),
        (&[capture(part(0), false)], Err(MoveRefusal::Zero)),
        (&[capture(yen, false)], Err(MoveRefusal::Currency)),
        (&[Step::Void], Ok(PaymentState::Voided)),
        (&[Step::Void, Step::Void], Err(MoveRefusal::Voided)),
        (
            &[Step::Void, capture(None, false)],
            Err(MoveRefusal::Voided),
        ),
        (
            &[capture(part(1), false), Step::Void],
            Err(MoveRefusal::AlreadyCaptured),
        ),
        (&[refund(None)], Err(MoveRefusal::NothingCaptured)),
        (
            &[capture(None, false), refund(part(50))],
            Ok(PaymentState::PartiallyRefunded),
        ),
        (
            &[capture(None, false), refund(part(50)), refund(None)],
            Ok(PaymentState::Refunded),
        ),
        (&[capture(part(70), true), refund(part(71))], left(70)),
        (
            &[capture(None, false), refund(None), refund(None)],
            Err(MoveRefusal::NothingToRefund),
        ),
        (
            &[capture(None, false), refund(yen)],
            Err(MoveRefusal::Currency),
        ),
    ];
    for (steps, want) in rows {
        let mut payment = Ok(authorized());
        for step in steps {
            payment = payment.and_then(|payment| apply(payment, *step, None, now()));
        }
        assert_eq!(payment.map(|payment| payment.state()), want, "{steps:?}");
    }
}

/// Nobody has captured it in time.
#[test]
fn what_is_still_held_expires_and_nothing_else_does() {
    type Row<'a> = (&'a [Step], Option<(PaymentState, u64)>);
    let rows: [Row<'_>; 6] = [
        (&[], Some((PaymentState::Expired, 10_050))),
        (
            &[capture(part(50), false)],
            Some((PaymentState::Captured, 10_000)),
        ),
        (&[capture(part(50), true)], None),
        (&[capture(None, false)], None),
        (&[Step::Void], None),
        (&[capture(None, false), refund(None)], None),
    ];
    for (steps, want) in rows {
        let mut payment = authorized();
        for step in steps {
            payment = apply(payment, *step, None, now()).unwrap();
        }
        let expired = expire(payment, now());
        let got = expired.as_ref().map(|payment| {
            let minor = payment.moves.last().unwrap().minor;
            (payment.state(), minor)
        });
        assert_eq!(got, want, "{steps:?}");
        let Some(expired) = expired else { continue };
        assert_eq!(expired.capturable_minor(), 0, "{steps:?}");
        assert!(expire(expired.clone(), now()).is_none(), "{steps:?}");
        if expired.expired {
            for step in [capture(None, false), Step::Void] {
                let refused = apply(expired.clone(), step, None, now());
                assert_eq!(refused.unwrap_err(), MoveRefusal::Expired);
            }
            let refused = apply(expired, refund(None), None, now());
            assert_eq!(refused.unwrap_err(), MoveRefusal::NothingCaptured);
        }
    }
    let held = authorized();
    assert_eq!(held.hold_ends, Some(now().plus(HOLD)));
}

#[test]
fn a_declined_payment_has_nothing_to_move() {
    let mut scene = Scene::customer(Network::Visa, CryptogramKind::Long);
    scene.spoil_all(&[DeclineReason::Lost]);
    let declined = scene.decide().payment;
    for step in [capture(None, false), Step::Void, refund(None)] {
        let got = apply(declined.clone(), step, None, now());
        assert_eq!(got.unwrap_err(), MoveRefusal::Declined, "{step:?}");
    }
}

#[test]
fn a_request_is_found_by_what_it_did() {
    let id = RequestId::of("standin-merchant", "key-1");
    let payment = apply(authorized(), capture(part(50), false), Some(id), now()).unwrap();
    let (place, made) = made_by(&payment, id).unwrap();
    assert_eq!((place, made.minor), (0, 50));
    assert!(made_by(&payment, RequestId::of("standin-merchant", "key-2")).is_none());
}

#[test]
fn moves_are_bounded() {
    let mut payment = authorized();
    for _ in 0..PAYMENT_MOVES_MAX {
        payment = apply(payment, capture(part(1), false), None, now()).unwrap();
    }
    let got = apply(payment, capture(part(1), false), None, now());
    assert_eq!(got.unwrap_err(), MoveRefusal::TooMany);
}

fn any_step() -> impl Strategy<Value = Step> {
    let amount = proptest::option::of((0_u64..12_000).prop_map(dollars));
    prop_oneof![
        (amount.clone(), any::<bool>()).prop_map(|(amount, last)| capture(amount, last)),
        Just(Step::Void),
        amount.prop_map(refund),
    ]
}

proptest! {
    #[test]
    fn money_is_neither_made_nor_lost(steps in proptest::collection::vec(any_step(), 0..20)) {
        let mut payment = authorized();
        let (mut captured, mut refunded) = (0, 0);
        for step in steps {
            let Ok(next) = apply(payment.clone(), step, None, now()) else {
                continue;
            };
            let minor = next.moves.last().unwrap().minor;
            match step {
                Step::Capture { .. } => captured += minor,
                Step::Refund { .. } => refunded += minor,
                Step::Void => prop_assert_eq!(captured, 0),
            }
            payment = next;
            prop_assert_eq!((captured, refunded), (payment.captured_minor, payment.refunded_minor));
            prop_assert!(refunded <= captured && captured <= payment.authorized.minor);
            prop_assert!(!payment.voided || captured == 0);
        }
    }
}
