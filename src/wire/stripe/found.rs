//! What an intent's name leads to: its payment, or a draft that nobody has paid.

use super::calls::find;
use super::intents::{parse_draft_id, parse_intent_id};
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::counter;
use crate::wire::edge::RequestContext;
use crate::wire::edge::payment::MerchantAccount;

/// What an intent's name leads to.
pub(super) enum Found {
    Payment(Box<Payment>),
    /// Nobody has paid; with the payment that was tried last, if one was.
    Draft(Box<Draft>, Option<Box<Payment>>),
}

pub(super) async fn find_intent(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Found>, Rejection> {
    let Some(draft) = find_draft(context, account, id).await? else {
        let payment = find(context, account, parse_intent_id(id)).await?;
        return Ok(payment.map(|payment| Found::Payment(payment.into())));
    };
    let payment = payment_of(context, account, &draft).await?;
    Ok(Some(found(draft, payment)))
}

/// A draft that has been paid is its payment.
pub(super) fn found(draft: Draft, payment: Option<Payment>) -> Found {
    match (draft.status, payment) {
        (DraftStatus::Paid(_), Some(payment)) => Found::Payment(payment.into()),
        (_, payment) => Found::Draft(draft.into(), payment.map(Box::new)),
    }
}

/// An intent that waits, or waited, to be confirmed.
pub(super) async fn find_draft(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Draft>, Rejection> {
    let Some(id) = parse_draft_id(id) else {
        return Ok(None);
    };
    let found = counter::find::<Draft>(&context.call, account.counter(), &id).await?;
    let found = found.map(|found| found.record);
    Ok(found.filter(|draft| !draft.setup))
}

/// The payment that an intent has come to, if it has come to one.
pub(super) async fn payment_of(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Option<Payment>, Rejection> {
    let id = match draft.status {
        DraftStatus::Paid(id) | DraftStatus::Open { declined: Some(id) } => id,
        DraftStatus::Open { declined: None }
        | DraftStatus::Confirming { .. }
        | DraftStatus::Challenged { .. }
        | DraftStatus::Cancelled => {
            return Ok(None);
        }
    };
    let found = counter::find::<Payment>(&context.call, account.counter(), &id).await?;
    Ok(found.map(|found| found.record))
}
