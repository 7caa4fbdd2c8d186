//! Capture, cancel, refund, reversal. Adyen takes note of each and says how it went by webhook, so even one that is not
//! possible is answered "received"; the journal has the reason.

use http::StatusCode;
use serde_json::{Map, Value, json as object_of};

use super::auth::enter;
use super::errors::{AdyenError, Own};
use super::messages::{parse_psp_reference, psp_reference, reference_of, request_reference};
use super::requests;
use super::routes::json;
use crate::crypto::digest::sha256_of_parts;
use crate::domain::id::PaymentId;
use crate::domain::merchant::Merchant;
use crate::domain::money::Amount;
use crate::domain::payment::event::RefusedMove;
use crate::domain::payment::moves::{MoveKind, MoveRefusal, Step};
use crate::domain::payment::record::Payment;
use crate::operations::payments;
use crate::wire::edge::document::object;
use crate::wire::edge::payment::ToAdvance;
use crate::wire::edge::sentence::capitalised;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Modification {
    Capture,
    Cancel,
    Refund,
    /// Cancels what is not captured and refunds what is.
    Reversal,
}

/// A modification as it was read.
struct Wanted {
    amount: Option<Amount>,
    reference: Option<String>,
}

pub(super) async fn capture(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    modify(context, request, Modification::Capture).await
}

pub(super) async fn cancel(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    modify(context, request, Modification::Cancel).await
}

pub(super) async fn refund(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    modify(context, request, Modification::Refund).await
}

pub(super) async fn reverse(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    modify(context, request, Modification::Reversal).await
}

/// Carries a modification out and answers that it has been received. One that is not possible has a name too.
async fn modify(
    context: &mut RequestContext,
    request: &Request,
    kind: Modification,
) -> Result<Answer, AdyenError> {
    let account = enter(context, request)?;
    let merchant = account.merchant;
    let body = object(request)?;
    let wanted = read(&body, merchant, kind)?;
    let id = parse_psp_reference(&request.space, &request.id).ok_or(Own::Unknown)?;
    let payment = account.find(context, &id).await?.ok_or(Own::Unknown)?;
    let step = step(kind, wanted.amount, &payment);
    let noted = Noted {
        reference: wanted.reference.clone(),
        reversal: kind == Modification::Reversal,
    };
    let noted = noted.text();
    let advance = ToAdvance {
        id,
        step,
        note: Some(noted.clone()),
        fingerprint: fingerprint::of_object(request.uri.path(), &body),
    };
    account
        .advance(context, request, advance, async |context, moved| {
            let reference = match moved {
                Ok(moved) => move_reference(&id, moved.place),
                Err(error) => {
                    let refusal = error.by_payment()?;
                    context.note(refusal.to_string().into());
                    let (kind, minor) = tried(step, &payment);
                    let refused = RefusedMove {
                        payment: payment.clone(),
                        kind,
                        minor,
                        note: Some(noted),
                        receipt: request.receipt(&context.call),
                        reason: told(refusal),
                    };
                    payments::tell_refused(&context.call, refused).await?;
                    request_reference(request, context)
                }
            };
            let answer = received(merchant, &payment, &wanted, &reference);
            Ok(json(StatusCode::CREATED, &reference, &answer))
        })
        .await
}

fn read(
    body: &Map<String, Value>,
    merchant: &Merchant,
    kind: Modification,
) -> Result<Wanted, AdyenError> {
    match kind {
        Modification::Capture | Modification::Refund => {
            let (amount, reference) = requests::members(body, merchant, requests::modification)?;
            let amount = Some(amount);
            Ok(Wanted { amount, reference })
        }
        Modification::Cancel | Modification::Reversal => {
            let reference = requests::members(body, merchant, requests::reference)?;
            let amount = None;
            Ok(Wanted { amount, reference })
        }
    }
}

fn step(kind: Modification, amount: Option<Amount>, payment: &Payment) -> Step {
    match kind {
        Modification::Capture => Step::Capture { amount, last: true },
        Modification::Refund => Step::Refund { amount },
        Modification::Cancel => Step::Void,
        Modification::Reversal if payment.captured_minor > 0 => Step::Refund { amount: None },
        Modification::Reversal => Step::Void,
    }
}

/// Why a modification was not possible, as the notification says it. The first sentence is that of a capture
/// (<https://github.com/BitBagCommerce/SyliusAdyenPlugin/issues/75>) and of a refund (adyen-java-api-library,
/// mocks/notification/refund-false.json) that find nothing left; the second was seen for the refund of what was cancelled before
/// its capture. For what is left, Adyen's words are not known.
fn told(refusal: MoveRefusal) -> String {
    match refusal {
        MoveRefusal::TooMuch { .. }
        | MoveRefusal::NothingToCapture
        | MoveRefusal::NothingToRefund
        | MoveRefusal::Expired
        | MoveRefusal::Voided => "Insufficient balance on payment".to_owned(),
        MoveRefusal::NothingCaptured => {
            "Transaction hasn't been captured, refund not possible".to_owned()
        }
        MoveRefusal::Declined
        | MoveRefusal::AlreadyCaptured
        | MoveRefusal::Zero
        | MoveRefusal::Currency
        | MoveRefusal::TooMany => capitalised(&refusal.to_string()),
    }
}

/// What was tried, and for how much.
const fn tried(step: Step, payment: &Payment) -> (MoveKind, u64) {
    let (kind, amount) = match step {
        Step::Capture { amount, .. } => (MoveKind::Capture, amount),
        Step::Void => (MoveKind::Void, None),
        Step::Refund { amount } => (MoveKind::Refund, amount),
    };
    let minor = match amount {
        Some(amount) => amount.minor,
        None => payment.authorized.minor,
    };
    (kind, minor)
}

/// What is kept with a modification.
#[derive(Debug, Default)]
pub(super) struct Noted {
    pub(super) reference: Option<String>,
    pub(super) reversal: bool,
}

impl Noted {
    fn text(&self) -> Box<str> {
        object_of!({ "reference": self.reference, "reversal": self.reversal })
            .to_string()
            .into()
    }

    pub(super) fn read(text: Option<&str>) -> Option<Self> {
        let kept: Value = serde_json::from_str(text?).ok()?;
        Some(Self {
            reference: kept["reference"].as_str().map(str::to_owned),
            reversal: kept["reversal"] == true,
        })
    }
}

/// The reference of a payment's move.
pub(super) fn move_reference(id: &PaymentId, place: usize) -> String {
    let digest = sha256_of_parts(&[id.bytes(), &place.to_be_bytes()]);
    let mut bytes = [0; PaymentId::HEAD];
    bytes.copy_from_slice(&digest[..PaymentId::HEAD]);
    reference_of(&bytes)
}

fn received(merchant: &Merchant, payment: &Payment, wanted: &Wanted, reference: &str) -> Value {
    let mut answer = object_of!({
        "merchantAccount": merchant.adyen_account,
        "paymentPspReference": psp_reference(&payment.id),
        "pspReference": reference,
        "status": "received",
    });
    if let Some(reference) = &wanted.reference {
        answer["reference"] = reference.clone().into();
    }
    if let Some(amount) = wanted.amount {
        answer["amount"] =
            object_of!({ "currency": amount.currency.code(), "value": amount.minor });
    }
    answer
}
