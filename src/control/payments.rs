//! Payments as the authorizer knows them, whichever payment service they were made at: above all, why one was declined.

use axum::extract::Path;
use axum::response::Response;
use http::Uri;
use serde_json::{Value, json as object};

use super::caller::{Caller, json, query};
use super::errors::ControlError;
use super::journal::flag;
use crate::crypto::base32::from_base32;
use crate::domain::id::PaymentId;
use crate::domain::payment::reason::{DeclineReason, Warning};
use crate::domain::payment::record::{PaidWith, Payment};
use crate::domain::payment::request::Initiator;
use crate::limits::PAGE_ROWS_MAX;
use crate::operations::Space;
use crate::operations::drafts::led_to;

const NO_SUCH_PAYMENT: ControlError = ControlError::NoSuch("payment_unknown", "no such payment");

pub(super) async fn list(Caller(call): Caller, uri: Uri) -> Result<Response, ControlError> {
    let after = match query(&uri, "after")? {
        None => None,
        Some(text) => Some(parse_id(&call.space, &text).ok_or_else(|| {
            ControlError::Member("after", "must be the id of a payment".to_owned())
        })?),
    };
    let store = &call.space.store;
    let page = store.scan::<Payment>(after.as_ref(), PAGE_ROWS_MAX).await?;
    let next = page
        .rows
        .last()
        .filter(|_| page.more)
        .map(|payment| id_text(&payment.id));
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|payment| row(&call.space, payment))
        .collect();
    Ok(json(&object!({ "payments": rows, "next": next })))
}

pub(super) async fn read(
    Caller(call): Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, ControlError> {
    let id = parse_id(&call.space, &id).ok_or(NO_SUCH_PAYMENT)?;
    let id = led_to(&call.space, id).await?;
    let found = call.space.store.get::<Payment>(&id).await?;
    let payment = found.ok_or(NO_SUCH_PAYMENT)?.record;
    let mut shown = row(&call.space, &payment);
    let wanted = query(&uri, "checks")?.map_or(Ok(false), |wanted| flag("checks", &wanted));
    if wanted? {
        shown["checks"] = checks(payment.decline).into();
    }
    Ok(json(&shown))
}

/// Every check in the order in which the authorizer makes them, and what each came to. Those behind the first that fails are
/// not reached.
fn checks(decline: Option<DeclineReason>) -> Vec<Value> {
    let each = DeclineReason::ALL.iter().map(|reason| {
        let outcome = match decline {
            Some(failed) if failed == *reason => "declined",
            Some(failed) if failed < *reason => "not_reached",
            Some(_) | None => "passed",
        };
        object!({
            "row": reason.row(),
            "reason": reason.word(),
            "text": reason.to_string(),
            "outcome": outcome,
        })
    });
    each.collect()
}

/// An id in any payment service's form: letters of base 58 or base 32 behind a prefix, or sixteen upper-case letters of
/// base 32, which are the beginning of an id.
fn parse_id(space: &Space, text: &str) -> Option<PaymentId> {
    let tail = text.rsplit_once('_').map_or(text, |(_, tail)| tail);
    let tail = tail.strip_prefix("PAY").unwrap_or(tail);
    PaymentId::from_base58(tail)
        .or_else(|| from_base32(tail).ok().map(PaymentId::from_bytes))
        .or_else(|| {
            let head = from_base32(&tail.to_ascii_lowercase()).ok()?;
            Some(PaymentId::of_head(&space.seed, head))
        })
}

fn id_text(id: &PaymentId) -> String {
    format!("PAY{}", id.base58())
}

fn row(space: &Space, payment: &Payment) -> Value {
    let response = space.config.responses.of(payment).map(|response| {
        object!({
            "code": response.de39,
            "merchant_advice": response.merchant_advice,
            "token_result": response.token_result,
            "source": response.source,
        })
    });
    let warnings: Vec<_> = payment
        .warnings
        .iter()
        .map(|warning| Warning::word(*warning))
        .collect();
    let (kind, token) = match payment.paid_with {
        PaidWith::Token(token, _) => ("network_token", Some(format!("NTK{}", token.base58()))),
        PaidWith::Card(_) => ("card", None),
        PaidWith::Unknown(_) => ("unknown", None),
    };
    object!({
        "id": id_text(&payment.id),
        "service": payment.service,
        "merchant": payment.merchant,
        "state": payment.state().word(),
        "reason": payment.decline.map(DeclineReason::word),
        "reason_text": payment.decline.map(|reason| reason.to_string()),
        "row": payment.decline.map(DeclineReason::row),
        "warnings": warnings,
        "response": response,
        "amount": payment.authorized.minor,
        "captured": payment.captured_minor,
        "refunded": payment.refunded_minor,
        "currency": payment.authorized.currency.code(),
        "initiator": match payment.initiator {
            Initiator::Customer => "customer",
            Initiator::Merchant => "merchant",
        },
        "network": payment.network,
        "paid_with": kind,
        "token": token,
        "last4": payment.paid_with.last4(),
        "network_transaction_id": payment.nti.as_ref().map(|nti| nti.text()),
        "transaction_link_id": payment.tlid.as_ref().map(|tlid| tlid.text()),
        "quoted": payment.quoted.as_ref().map(id_text),
        "created_at": payment.created.rfc3339_micros(),
        "updated_at": payment.updated.rfc3339_micros(),
    })
}
