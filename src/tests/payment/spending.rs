//! What an authorization uses up, what it mints, and what it lets pass with a warning.

use std::collections::BTreeSet;

use standin::domain::card::{Expiry, Network, PresentedNumber};
use standin::domain::cryptogram::CryptogramKind;
use standin::domain::notice::Event;
use standin::domain::payment::authorize::{authorize, ledger_id};
use standin::domain::payment::checks::Loaded;
use standin::domain::payment::instrument::{Instrument, Reach};
use standin::domain::payment::ledger::Ledger;
use standin::domain::payment::reason::{DeclineReason, Warning};
use standin::domain::payment::record::{PaidWith, Payment, PaymentState};
use standin::domain::payment::request::{
    Authentication, Capture, ClaimedNetwork, Initiator, Slot, TokenClaims,
};
use standin::domain::payment::rules::{Rules, TlidRule};
use standin::domain::persona::IssuerAnswer;

use super::scene::{Scene, now, seed};

const KINDS: [CryptogramKind; 2] = [CryptogramKind::Long, CryptogramKind::Short];

#[test]
fn a_cryptogram_pays_once_on_every_network() {
    for network in Network::ALL {
        for kind in KINDS {
            let mut scene = Scene::customer(network, kind);
            scene.without_limit();
            let first = scene.decide();
            assert_eq!(first.payment.decline, None, "{kind:?}");
            assert_eq!(first.notices.len(), 1, "{kind:?}");
            assert_eq!(first.notices[0].event, Event::Used, "{kind:?}");
            scene.keep(&first);
            let second = scene.decide();
            assert_eq!(
                second.payment.decline,
                Some(DeclineReason::CryptogramReplayed),
                "{kind:?}"
            );
            assert!(
                second.notices.is_empty() && second.token.is_none(),
                "{kind:?}"
            );
            assert_ne!(second.payment.id, first.payment.id, "{kind:?}");
            assert_ne!(second.payment.nti, first.payment.nti, "{kind:?}");
        }
    }
}

/// What gets as far as an issuer has spent its cryptogram. One that was shown by somebody else, or for too much, stays good for
/// whom it was given to.
#[test]
fn a_declined_attempt_spends_its_cryptogram_unless_that_is_anothers_or_for_less() {
    let never_seen = ["1", "5a", "5b"];
    for kind in KINDS {
        for reason in DeclineReason::ALL {
            if never_seen.contains(&reason.row()) || ["6", "7"].contains(&reason.row()) {
                continue;
            }
            let mut scene = Scene::customer(Network::Visa, kind);
            scene.spoil_all(&[*reason]);
            let declined = scene.decide();
            assert_eq!(declined.payment.decline, Some(*reason));
            let mut again = Scene::customer(Network::Visa, kind);
            again.keep(&declined);
            let got = again.decide().payment.decline;
            let spared = ["4", "5c"].contains(&reason.row());
            let want = (!spared).then_some(DeclineReason::CryptogramReplayed);
            assert_eq!(got, want, "{kind:?} {reason}");
        }
    }
}

#[test]
fn a_genuine_cryptogram_in_the_wrong_field_is_spent() {
    for kind in KINDS {
        let mut scene = Scene::customer(Network::Mastercard, kind);
        scene.spoil_all(&[DeclineReason::CryptogramWrongKind]);
        let wrong = scene.decide();
        let mut again = Scene::customer(Network::Mastercard, kind);
        again.keep(&wrong);
        let got = again.decide().payment.decline;
        assert_eq!(got, Some(DeclineReason::CryptogramReplayed), "{kind:?}");
    }
}

#[test]
fn a_cryptogram_from_before_a_reset_is_none_of_the_new_token() {
    let scene = Scene::customer(Network::Visa, CryptogramKind::Long);
    let mut fresh = scene.decide();
    let token = fresh.token.as_mut().unwrap();
    token.usage = standin::domain::token::Usage::default();
    let mut scene = scene;
    scene.keep(&fresh);
    scene.without_limit();
    let got = scene.decide().payment.decline;
    assert_eq!(got, Some(DeclineReason::CryptogramInvalid));
}

#[test]
fn a_series_goes_on_without_cryptograms_whichever_payment_is_quoted() {
    for network in Network::ALL {
        let mut scene = Scene::merchant(network);
        let mut ids = BTreeSet::new();
        let link = scene.request.tlid.clone();
        for _ in 0..3 {
            scene.rules.velocity = None;
            let next = scene.decide();
            assert_eq!(next.payment.decline, None, "{network:?}");
            assert!(next.token.is_none());
            assert!(ids.insert(next.payment.nti.clone()));
            assert_eq!(next.payment.tlid, link);
            assert_eq!(link.is_some(), network == Network::Mastercard);
            scene.follow(next);
        }
    }
}

#[test]
fn what_does_not_decline_warns() {
    let mut lenient = Scene::merchant(Network::Mastercard);
    lenient.rules.tlid = TlidRule::Warn;
    lenient.request.tlid = None;
    lenient.request.proof.code = Some("123".to_owned());
    let payment = lenient.decide().payment;
    let want = [Warning::UnneededCryptogram, Warning::TlidMissing];
    assert_eq!(payment.decline, None);
    assert_eq!(payment.warnings, BTreeSet::from(want));
}

#[test]
fn what_contradicts_the_token_warns_and_is_refused_by_strict_rules() {
    let visa = || Scene::customer(Network::Visa, CryptogramKind::Long);
    let claiming = |claims: TokenClaims| {
        let mut scene = visa();
        scene.request.claims = claims;
        scene
    };
    let mut eci = visa();
    eci.request.eci = Some("02".to_owned());
    let network = |network| {
        claiming(TokenClaims {
            network: Some(network),
            ..TokenClaims::default()
        })
    };
    let account = claiming(TokenClaims {
        account: Some("V0010000000000000000000000000".to_owned()),
        ..TokenClaims::default()
    });
    let noticed = claiming(TokenClaims {
        noticed: [Warning::NotAuthenticated].into(),
        ..TokenClaims::default()
    });
    for (scene, want) in [
        (eci, Warning::EciMismatch),
        (
            network(ClaimedNetwork::One(Network::Mastercard)),
            Warning::NetworkMismatch,
        ),
        (network(ClaimedNetwork::Another), Warning::NetworkMismatch),
        (account, Warning::AccountMismatch),
        (noticed, Warning::NotAuthenticated),
    ] {
        let mut scene = scene;
        let lenient = scene.decide();
        assert_eq!(lenient.payment.decline, None, "{want:?}");
        assert_eq!(lenient.payment.warnings, [want].into());
        scene.rules.strict = true;
        assert_eq!(scene.try_decide().unwrap_err(), want);
    }
    let mut plain = network(ClaimedNetwork::One(Network::Visa));
    plain.rules.strict = true;
    assert!(plain.decide().payment.warnings.is_empty());
}

/// Nobody is left who could say it otherwise, and what was held would wait for ever.
#[test]
fn a_customer_who_is_not_authenticated_ends_the_payment_under_strict_rules_too() {
    let mut scene = Scene::customer(Network::Visa, CryptogramKind::Long);
    scene.request.claims.network = Some(ClaimedNetwork::One(Network::Mastercard));
    scene.request.claims.noticed = [Warning::NotAuthenticated].into();
    scene.rules.strict = true;
    assert_eq!(scene.try_decide().unwrap_err(), Warning::NetworkMismatch);
    for missed in [
        Authentication::Failed,
        Authentication::Lapsed,
        Authentication::Impossible,
    ] {
        scene.request.authentication = missed;
        let ended = scene.decide().payment;
        assert_eq!(ended.decline, Some(DeclineReason::StepUpRequired));
        assert!(ended.warnings.is_empty(), "{missed:?}");
        assert_eq!(ended.nti, None, "no network was asked");
    }
}

/// A release before said in one word whether the customer was authenticated.
#[test]
fn a_payment_of_an_older_file_says_whether_its_customer_was_authenticated() {
    let payment = Scene::customer(Network::Visa, CryptogramKind::Long)
        .decide()
        .payment;
    let written = serde_json::to_value(&payment).unwrap();
    let read = |change: &dyn Fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut written = written.clone();
        change(written.as_object_mut().unwrap());
        let read: Payment = serde_json::from_value(written).unwrap();
        read.authentication
    };
    assert_eq!(read(&|_| ()), Authentication::NotAsked);
    for (was, is) in [
        (true, Authentication::Passed),
        (false, Authentication::NotAsked),
    ] {
        let aged = read(&|members| {
            members.remove("authentication");
            members.insert("authenticated".to_owned(), was.into());
        });
        assert_eq!(aged, is);
    }
    let none = read(&|members| {
        members.remove("authentication");
    });
    assert_eq!(none, Authentication::NotAsked);
    let lapsed = read(&|members| {
        members.insert("authentication".to_owned(), "lapsed".into());
    });
    assert_eq!(lapsed, Authentication::Lapsed);
}

#[test]
fn a_token_of_an_agents_account_pays_anyone() {
    let mut scene = Scene::customer(Network::Visa, CryptogramKind::Short);
    scene.request.merchant = "other-merchant".to_owned();
    assert_eq!(
        scene.decide().payment.decline,
        Some(DeclineReason::DomainMismatch)
    );
    scene.set_reach(Reach::Any);
    let got = scene.decide().payment.decline;
    assert_eq!(got, Some(DeclineReason::CredentialMerchantMismatch));
    scene.without_limit();
    scene.set_merchants(Vec::new());
    assert_eq!(scene.decide().payment.decline, None);
}

#[test]
fn what_a_tester_armed_comes_before_the_issuer_and_after_the_rest() {
    let mut scene = Scene::customer(Network::Visa, CryptogramKind::Long);
    scene.armed = Some(DeclineReason::IssuerUnavailable);
    scene.issuer = IssuerAnswer::Lost;
    let got = scene.decide().payment.decline;
    assert_eq!(got, Some(DeclineReason::IssuerUnavailable));
    scene.spoil_all(&[DeclineReason::Suspended]);
    assert_eq!(
        scene.decide().payment.decline,
        Some(DeclineReason::Suspended)
    );
}

#[test]
fn a_card_number_pays_as_it_is() {
    let mut scene = Scene::customer(Network::Visa, CryptogramKind::Long);
    scene.request.number = PresentedNumber::parse("4111111111111111").unwrap();
    scene.request.slot = Slot::Card;
    scene.request.expiry = Expiry::new(11, 2026).unwrap();
    scene.request.capture = Capture::Now;
    let pay = |scene: &Scene, account: Option<&str>| {
        let instrument = Instrument::of_no_token(&scene.request, account.map(str::to_owned));
        let ledger = Ledger::new(ledger_id(&seed(), &scene.request, &instrument));
        let loaded = Loaded {
            instrument,
            ledger,
            credentials: Vec::new(),
            quoted: None,
            issuer: IssuerAnswer::Approved,
            published: None,
            armed: None,
            nti_attempt: 0,
        };
        authorize(
            now(),
            &seed(),
            scene.request.clone(),
            loaded,
            &Rules::default(),
        )
        .unwrap()
    };
    let paid = pay(&scene, Some("V0010000000000000000000000000")).payment;
    assert_eq!((paid.decline, paid.state()), (None, PaymentState::Captured));
    assert!(matches!(paid.paid_with, PaidWith::Card(_)) && paid.nti.is_some());

    let decline = |scene: &Scene, account| pay(scene, account).payment.decline;
    assert_eq!(decline(&scene, None), Some(DeclineReason::UnknownCard));
    scene.request.slot = Slot::Token;
    assert_eq!(
        decline(&scene, Some("V")),
        Some(DeclineReason::UnknownToken)
    );
    scene.request.slot = Slot::Card;
    scene.request.initiator = Initiator::Merchant;
    assert_eq!(decline(&scene, Some("V")), Some(DeclineReason::NtiMissing));
    scene.request.expiry = Expiry::new(10, 2026).unwrap();
    assert_eq!(decline(&scene, Some("V")), Some(DeclineReason::Expired));
    scene.request.number = PresentedNumber::parse("4895370016781988").unwrap();
    assert_eq!(decline(&scene, None), Some(DeclineReason::UnknownToken));
}
