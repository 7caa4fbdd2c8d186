//! Short cryptograms carry nothing, so they are listed: what the list keeps, and what it answers when digits repeat.

use std::time::Duration;

use standin::domain::cryptogram::{Short, TokenKey};
use standin::domain::id::TokenReference;
use standin::domain::payment::proof::{Lifetimes, examine};
use standin::domain::payment::reason::DeclineReason;
use standin::domain::payment::request::Proof;
use standin::domain::rejection::Rejection;
use standin::domain::token::{LiveShort, Usage};
use standin::limits::LIVE_SHORT_CRYPTOGRAMS_MAX;

use super::scene::{now, seed};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn key() -> TokenKey {
    TokenKey::derive(&seed(), &TokenReference::from_bytes([5; 16]))
}

fn listed(counter: u32) -> LiveShort {
    LiveShort {
        counter,
        issued: now(),
        limit: None,
    }
}

/// Presents a code and spends what it found.
fn pay(usage: &mut Usage, code: &str, after: Duration) -> Result<(), DeclineReason> {
    let proof = Proof {
        cryptogram: None,
        code: Some(code.to_owned()),
    };
    let then = now().plus(after);
    let finding = examine(&proof, &key(), usage, then, Lifetimes::default());
    if let Some(counter) = finding.spends {
        assert!(usage.spent.spend(counter));
    }
    finding.verdict.map(|_| ())
}

#[test]
fn a_spent_one_makes_room_and_an_unspent_one_does_not() {
    let mut usage = Usage::default();
    let full = u32::try_from(LIVE_SHORT_CRYPTOGRAMS_MAX).unwrap();
    for counter in 0..full {
        usage.list_short(listed(counter), DAY).unwrap();
    }
    let refused = usage.list_short(listed(full), DAY);
    assert_eq!(refused, Err(Rejection::ShortCryptogramsOutstanding));
    assert!(usage.spent.spend(7));
    usage.list_short(listed(full), DAY).unwrap();
    assert_eq!(usage.short.len(), LIVE_SHORT_CRYPTOGRAMS_MAX);
    assert!(usage.short.iter().all(|short| short.counter != 7));
}

#[test]
fn digits_that_repeat_pay_as_often_as_they_were_issued() {
    let key = key();
    let digits = |counter| Short::mint(&key, counter).digits();
    let again = (1..100_000).find(|counter| digits(*counter) == digits(0));
    let mut usage = Usage::default();
    for counter in [0, again.unwrap()] {
        usage.list_short(listed(counter), DAY).unwrap();
    }
    let code = digits(0);
    assert_eq!(pay(&mut usage, &code, Duration::ZERO), Ok(()));
    assert_eq!(pay(&mut usage, &code, Duration::ZERO), Ok(()));
    let third = pay(&mut usage, &code, Duration::ZERO);
    assert_eq!(third, Err(DeclineReason::CryptogramReplayed));
}

#[test]
fn one_lives_for_a_day_to_the_microsecond() {
    let code = Short::mint(&key(), 0).digits();
    let mut usage = Usage::default();
    usage.list_short(listed(0), DAY).unwrap();
    let late = pay(&mut usage, &code, DAY + Duration::from_micros(1));
    assert_eq!(late, Err(DeclineReason::CryptogramExpired));
    assert_eq!(pay(&mut usage, &code, DAY), Ok(()));
}
