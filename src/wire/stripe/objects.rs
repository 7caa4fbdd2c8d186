//! What stands behind a name: the object that is written out in place of it (Stripe, API reference, expanding responses), or
//! that an error carries.

use serde_json::Value;

use super::calls::find;
use super::errors::StripeError;
use super::found::{Found, find_intent, found, payment_of};
use super::intents::{parse_charge_id, parse_method_id, parse_refund_id, parse_setup_id};
use super::messages::{self, View};
use super::{attempts, balance, charges, customers, disputes, kept, method, saved, setup_messages};
use crate::domain::id::PaymentId;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::operations::counter;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Request, RequestContext};

/// The object of an id, where it is one of the merchant's.
pub(super) async fn object(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Value>, StripeError> {
    let config = &context.call.space.config;
    let now = context.call.now;
    Ok(match id.split_once('_').map(|(kind, _)| kind) {
        Some("cus") => {
            let found = saved::find_customer(context, account, id).await?;
            found.as_ref().map(customers::shown)
        }
        Some("pm") => return payment_method(context, account, id).await,
        Some("ch") => {
            let payment = find(context, account, parse_charge_id(id)).await?;
            payment.map(|payment| charges::charge(config, &payment))
        }
        Some("pi") => match find_intent(context, account, id).await? {
            Some(found) => Some(intent(context, &found, View::PLAIN)?),
            None => None,
        },
        Some("seti") => match parse_setup_id(id) {
            Some(key) => {
                let found = counter::find::<Draft>(&context.call, account.counter(), &key).await?;
                match found {
                    Some(found) => Some(setup(context, account, &found.record).await?),
                    None => None,
                }
            }
            None => None,
        },
        Some("setatt") => attempts::find(context, account, id).await?,
        Some("re") => match parse_refund_id(id) {
            Some((key, place)) => {
                let payment = find(context, account, Some(key)).await?;
                payment.and_then(|payment| charges::refund(config, &payment, place, now))
            }
            None => None,
        },
        Some("txn") => match balance::parse(id) {
            Some((key, cause)) => {
                let payment = find(context, account, Some(key)).await?;
                payment.and_then(|payment| balance::of(config, &payment, cause, now))
            }
            None => None,
        },
        Some("du") => {
            let payment = find(context, account, disputes::parse(id)).await?;
            payment.and_then(|payment| disputes::of(config, &payment, now))
        }
        _ => None,
    })
}

/// One that is on file, or was shown with its payment.
pub(super) async fn payment_method(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Value>, StripeError> {
    let config = &context.call.space.config;
    if let Some(found) = saved::find(context, account, id).await? {
        return method::saved(config, &found).map(Some);
    }
    let id = parse_method_id(id).map(|id| PaymentId::from_bytes(*id.bytes()));
    let payment = find(context, account, id).await?;
    Ok(payment.map(|payment| method::method(config, &payment, &kept::of(&payment))))
}

/// The refunds of the charge with this id.
pub(super) async fn refunds(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    charge: &str,
) -> Result<Option<Value>, StripeError> {
    let payment = find(context, account, parse_charge_id(charge)).await?;
    let (config, now) = (&context.call.space.config, context.call.now);
    Ok(payment.map(|payment| charges::refunds(config, &payment, now)))
}

/// An intent as it stands.
pub(super) fn intent(
    context: &RequestContext,
    found: &Found,
    view: View,
) -> Result<Value, StripeError> {
    let space = &context.call.space;
    match found {
        Found::Payment(payment) => Ok(messages::intent(space, payment, view)),
        Found::Draft(draft, declined) => messages::waiting(space, draft, declined.as_deref(), view),
    }
}

/// The same of one that waits, or waited, to be confirmed.
pub(super) async fn intent_of_draft(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Value, StripeError> {
    let payment = payment_of(context, account, draft).await?;
    intent(context, &found(draft.clone(), payment), View::of(request))
}

/// A setup intent as it stands: by the payment that has come of it, or as it waits.
pub(super) async fn setup(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Value, StripeError> {
    let space = &context.call.space;
    let payment = payment_of(context, account, draft).await?;
    match (draft.status, &payment) {
        (DraftStatus::Paid(_), Some(payment)) => Ok(setup_messages::setup(space, payment)),
        _ => setup_messages::waiting(space, draft, payment.as_ref()),
    }
}
