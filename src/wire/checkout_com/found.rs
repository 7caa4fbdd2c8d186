//! What the name of a payment leads to.

use super::errors::{CheckoutError, Own};
use super::ids::{parse_payment_id, parse_session_id};
use crate::domain::id::{DraftId, PaymentId};
use crate::domain::payment::draft::Draft;
use crate::domain::payment::record::Payment;
use crate::operations::{challenges, counter};
use crate::wire::edge::RequestContext;
use crate::wire::edge::payment::MerchantAccount;

/// What a payment's name leads to, or the session in which its customer is authenticated.
pub(super) enum Found {
    Payment(Box<Payment>),
    Waiting(Box<Draft>),
}

pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Found>, CheckoutError> {
    let name = parse_session_id(id).map(|id| PaymentId::from_bytes(*id.bytes()));
    let Some(name) = name.or_else(|| parse_payment_id(id)) else {
        return Ok(None);
    };
    let (call, counter) = (&context.call, account.counter());
    if let Some(payment) = challenges::led_to(call, counter, name).await? {
        return Ok(Some(Found::Payment(payment.into())));
    }
    let id = DraftId::from_bytes(*name.bytes());
    let waiting = counter::find::<Draft>(call, counter, &id).await?;
    Ok(waiting.map(|found| Found::Waiting(found.record.into())))
}

/// A payment that something is to be done with.
pub(super) async fn find_paid(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Payment, CheckoutError> {
    let id = parse_payment_id(id).map(|_| id).ok_or(Own::Unknown)?;
    match find(context, account, id).await? {
        Some(Found::Payment(payment)) => Ok(*payment),
        Some(Found::Waiting(_)) => Err(Own::Waits.into()),
        None => Err(Own::Unknown.into()),
    }
}
