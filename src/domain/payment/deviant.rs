//! What an instance with a defect decides about a payment, and what it lets be done with one.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each place knows a few of the deviations, and the others are none of its business"
)]

use super::checks::Case;
use super::moves::{self, MoveRefusal, Step};
use super::reason::DeclineReason;
use super::record::{Move, MoveKind, Payment};
use super::request::{Initiator, RequestId};
use crate::domain::card::Network;
use crate::domain::cryptogram::CryptogramKind;
use crate::domain::deviation::Deviation;
use crate::domain::moment::Moment;
use crate::domain::token::LatestChange;

/// Why the payment is declined by an instance with the defect, if it is; `decline` is what the rules say.
pub(super) fn decline(
    defect: Deviation,
    decline: Option<DeclineReason>,
    case: &Case<'_>,
) -> Option<DeclineReason> {
    match decline {
        Some(reason) => decline_unless_waived(defect, reason, case),
        None => declines(defect, case),
    }
}

fn decline_unless_waived(
    defect: Deviation,
    reason: DeclineReason,
    case: &Case<'_>,
) -> Option<DeclineReason> {
    use DeclineReason::*;
    use Deviation::*;
    let short = field(case) == Some(CryptogramKind::Short);
    let customer = case.request.initiator == Initiator::Customer;
    let waived = match (defect, reason) {
        (LongPaysTwice, CryptogramReplayed) | (AnyCryptogramPays, CryptogramInvalid) => !short,
        (LongPaysTwiceAtMastercard, CryptogramReplayed) => !short && is_mastercard(case),
        (ShortPaysTwice, CryptogramReplayed) | (AnyShortPays, CryptogramInvalid) => short,
        (SuspendedPays, Suspended) => customer && !short,
        (SuspendedPaysShort, Suspended) => customer && short,
        (DeletedPays, Deleted) | (PaysElsewhere, DomainMismatch) => customer,
        (SuspendedCharged, Suspended)
        | (DeletedCharged, Deleted)
        | (ChargedElsewhere, DomainMismatch) => !customer,
        (LatePays, CryptogramExpired)
        | (NoneNeeded, CryptogramMissing)
        | (AmountFree, AmountExceeded)
        | (CurrencyFree, CurrencyMismatch)
        | (AnyExpiryPays, ExpiryMismatch)
        | (PastMonthPays, Expired)
        | (Unquoted, NtiMissing)
        | (InventedQuoted, NtiUnknown)
        | (ForeignQuoted, NtiForeign)
        | (DeclinedQuoted, NtiNotApproved) => true,
        (DeclineGranted, reason) => reason.row() == "9",
        (_, _) => false,
    };
    (!waived).then_some(reason)
}

/// What is declined although the rules say nothing against it.
fn declines(defect: Deviation, case: &Case<'_>) -> Option<DeclineReason> {
    let amount = case.request.amount;
    let finding = case.finding;
    let limit = finding.and_then(|finding| finding.verdict.ok().flatten());
    let latest = case.token().map(|facts| facts.token.latest);
    match defect {
        Deviation::AmountExact => limit
            .filter(|limit| limit.minor != amount.minor)
            .map(|_| DeclineReason::AmountExceeded),
        Deviation::YenInHundredths => limit
            .filter(|_| amount.currency.code() == "JPY")
            .map(|_| DeclineReason::AmountExceeded),
        Deviation::SeriesOfOne => (case.request.initiator == Initiator::Merchant
            && case.loaded.ledger.payments > 1)
            .then_some(DeclineReason::NtiUnknown),
        Deviation::ShortRefused => (field(case) == Some(CryptogramKind::Short)
            && case.request.initiator == Initiator::Customer)
            .then_some(DeclineReason::CryptogramInvalid),
        Deviation::SecondRefused => finding
            .and_then(|finding| finding.spends)
            .filter(|counter| *counter > 0)
            .map(|_| DeclineReason::CryptogramReplayed),
        Deviation::ResumedRefused => {
            (latest == Some(LatestChange::Resumed)).then_some(DeclineReason::Suspended)
        }
        Deviation::ReplacedRefused => {
            (latest == Some(LatestChange::PanReplaced)).then_some(DeclineReason::Deleted)
        }
        _ => None,
    }
}

fn field(case: &Case<'_>) -> Option<CryptogramKind> {
    case.finding.and_then(|finding| finding.field)
}

fn is_mastercard(case: &Case<'_>) -> bool {
    case.loaded.instrument.network() == Some(Network::Mastercard)
}

/// Carries out a step and lists it, as an instance with the defect does.
pub fn apply(
    defect: Deviation,
    payment: Payment,
    step: Step,
    request: Option<RequestId>,
    now: Moment,
) -> Result<Payment, MoveRefusal> {
    if let Some(refusal) = refuses(defect, step, &payment) {
        return Err(refusal);
    }
    match moves::apply(payment.clone(), step, request, now) {
        Err(refusal) if waives(defect, step, refusal, &payment) => {
            Ok(forced(payment, step, request, now))
        }
        moved => moved,
    }
}

/// What is refused although nothing is against it.
fn refuses(defect: Deviation, step: Step, payment: &Payment) -> Option<MoveRefusal> {
    use Deviation::*;
    let part = match step {
        Step::Capture { amount, .. } => {
            amount.is_some_and(|amount| amount.minor < payment.authorized.minor)
        }
        Step::Void | Step::Refund { .. } => false,
    };
    match (defect, step) {
        (NoCapture, Step::Capture { .. }) => Some(MoveRefusal::NothingToCapture),
        (NoPartCapture, Step::Capture { .. }) if part => Some(MoveRefusal::NothingToCapture),
        (NoVoid, Step::Void) => Some(MoveRefusal::AlreadyCaptured),
        (RefundsOnce, Step::Refund { .. }) if payment.refunded_minor > 0 => {
            Some(MoveRefusal::NothingToRefund)
        }
        (NoRefund, Step::Refund { .. }) => Some(MoveRefusal::NothingToRefund),
        (_, _) => None,
    }
}

/// What is let pass although something is against it.
fn waives(defect: Deviation, step: Step, refusal: MoveRefusal, payment: &Payment) -> bool {
    use Deviation::*;
    use MoveRefusal::{
        AlreadyCaptured, Declined, NothingCaptured, NothingToCapture, NothingToRefund, TooMuch,
        Voided,
    };
    match (defect, step, refusal) {
        (CapturesTooMuch, Step::Capture { .. }, TooMuch { .. }) => payment.captured_minor == 0,
        (CapturesAlone, Step::Capture { .. }, TooMuch { .. } | NothingToCapture) => {
            payment.captured_minor > 0
        }
        (RefundsTooMuch, Step::Refund { .. }, TooMuch { .. }) => payment.refunded_minor == 0,
        (RefundsAlone, Step::Refund { .. }, TooMuch { .. } | NothingToRefund) => {
            payment.refunded_minor > 0
        }
        (RefundsUncaptured, Step::Refund { .. }, NothingCaptured) => !payment.voided,
        (RefundsVoided, Step::Refund { .. }, NothingCaptured) => payment.voided,
        (VoidsCaptured, Step::Void, AlreadyCaptured)
        | (CapturesVoided, Step::Capture { .. }, Voided)
        | (CapturesDeclined, Step::Capture { .. }, Declined) => true,
        (_, _, _) => false,
    }
}

/// The payment as if nothing had been against the step.
fn forced(mut payment: Payment, step: Step, request: Option<RequestId>, now: Moment) -> Payment {
    let authorized = payment.authorized;
    let (kind, minor) = match step {
        Step::Capture { amount, .. } => (MoveKind::Capture, amount.unwrap_or(authorized).minor),
        Step::Void => (MoveKind::Void, authorized.minor),
        Step::Refund { amount } => (MoveKind::Refund, amount.unwrap_or(authorized).minor),
    };
    match kind {
        MoveKind::Capture => payment.captured_minor += minor,
        MoveKind::Refund => payment.refunded_minor += minor,
        MoveKind::Void | MoveKind::Expire => payment.voided = true,
    }
    // What is left is never less than nothing.
    payment.captured_minor = payment.captured_minor.max(payment.refunded_minor);
    payment.authorized.minor = authorized.minor.max(payment.captured_minor);
    payment.moves.push(Move {
        kind,
        minor,
        request,
        note: None,
        at: now,
    });
    payment.updated = now;
    payment
}
