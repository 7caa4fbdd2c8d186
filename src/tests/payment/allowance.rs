//! What a credential allows, over several payments.

use std::time::Duration;

use standin::domain::id::CredentialId;
use standin::domain::payment::allowance::{Allowance, Credential};
use standin::domain::payment::reason::DeclineReason;

use super::scene::{MERCHANT, dollars, now};

fn credential() -> Credential {
    let allowance = Allowance {
        merchants: vec![MERCHANT.to_owned(), "other-merchant".to_owned()],
        amount: Some(dollars(100)),
        expires: Some(now().plus(Duration::from_secs(60))),
        single_use: false,
    };
    Credential::new(CredentialId::from_bytes([1; 16]), allowance, now())
}

#[test]
fn the_amount_is_a_total() {
    let mut credential = credential();
    credential.use_for(dollars(60));
    assert_eq!(credential.covers(dollars(40)), Ok(()));
    let over = credential.covers(dollars(41));
    assert_eq!(over, Err(DeclineReason::CredentialAmountExceeded));
}

#[test]
fn any_of_its_merchants_may_be_paid_until_it_ends() {
    let credential = credential();
    for (merchant, seconds, want) in [
        (MERCHANT, 59, Ok(())),
        ("other-merchant", 0, Ok(())),
        ("third", 0, Err(DeclineReason::CredentialMerchantMismatch)),
        (MERCHANT, 60, Err(DeclineReason::CredentialExpired)),
    ] {
        let at = now().plus(Duration::from_secs(seconds));
        assert_eq!(
            credential.admits(merchant, at),
            want,
            "{merchant} {seconds}"
        );
    }
}

#[test]
fn a_single_use_is_used_by_approval_only() {
    let mut credential = credential();
    credential.allowance.single_use = true;
    assert_eq!(credential.admits(MERCHANT, now()), Ok(()));
    credential.use_for(dollars(1));
    let again = credential.admits(MERCHANT, now());
    assert_eq!(again, Err(DeclineReason::CredentialConsumed));
}
