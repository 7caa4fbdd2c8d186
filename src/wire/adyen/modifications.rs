//! Capture, cancel, refund, reversal. Adyen takes note of each and says how it went by webhook, so even one that is not
//! possible is answered "received"; the journal has the reason.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::auth::enter;
use super::errors::{AdyenError, Own};
use super::messages::{
    self, merchant_reference, parse_psp_reference, psp_reference, reference_of, request_reference,
};
use super::requests;
use crate::crypto::digest::sha256_of_parts;
use crate::domain::id::PaymentId;
use crate::domain::merchant::Merchant;
use crate::domain::money::Amount;
use crate::domain::payment::moves::{MoveRefusal, Step};
use crate::domain::payment::record::{MoveKind, Payment};
use crate::domain::payment::told::RefusedMove;
use crate::operations::{counter, payments};
use crate::wire::edge::document::object;
use crate::wire::edge::payment::{MerchantAccount, ToAdvance};
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
    /// Cancels what the merchant names by its own reference.
    Technical,
}

/// A modification as it was read.
struct Wanted {
    amount: Option<Amount>,
    reference: Option<String>,
    /// The payment's, where that names it.
    payment: Option<String>,
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

pub(super) async fn cancel_by_reference(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    modify(context, request, Modification::Technical).await
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
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    let payment = if let Some(reference) = &wanted.payment {
        let latest = latest(context, account, reference).await?;
        let Some(latest) = latest else {
            return nothing_there(context, request, account, &wanted, fingerprint).await;
        };
        latest
    } else {
        let id = parse_psp_reference(&request.space, &request.id).ok_or(Own::Unknown)?;
        account.find(context, &id).await?.ok_or(Own::Unknown)?
    };
    let id = payment.id;
    let step = step(kind, wanted.amount, &payment);
    let noted = Noted {
        reference: wanted.reference.clone(),
        reversal: kind == Modification::Reversal,
        technical: kind == Modification::Technical,
    };
    let noted = noted.text();
    let advance = ToAdvance {
        id,
        step,
        note: Some(noted.clone()),
        fingerprint,
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
            let answer = received(merchant, Some(&payment), &wanted, &reference);
            Ok(messages::answer(StatusCode::CREATED, &reference, &answer))
        })
        .await
}

/// The latest payment that the merchant has given this reference.
async fn latest(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    reference: &str,
) -> Result<Option<Payment>, AdyenError> {
    let all = counter::all::<Payment>(&context.call, account.counter()).await?;
    let named = all
        .into_iter()
        .filter(|payment| merchant_reference(payment) == reference);
    // What was declined holds nothing that could be cancelled, so that it counts only where there is nothing else.
    Ok(named.max_by_key(|payment| (payment.approved(), payment.created)))
}

/// A cancellation of what is not there, or not yet, is received like any other.
async fn nothing_there(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    wanted: &Wanted,
    fingerprint: [u8; 32],
) -> Result<Answer, AdyenError> {
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            context.note("no payment has this reference".into());
            let reference = request_reference(request, context);
            let answer = received(account.merchant, None, wanted, &reference);
            Ok(messages::answer(StatusCode::CREATED, &reference, &answer))
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
            Ok(Wanted {
                amount,
                reference,
                payment: None,
            })
        }
        Modification::Cancel | Modification::Reversal => {
            let reference = requests::members(body, merchant, requests::reference)?;
            Ok(Wanted {
                amount: None,
                reference,
                payment: None,
            })
        }
        Modification::Technical => {
            let (payment, reference) = requests::members(body, merchant, requests::technical)?;
            Ok(Wanted {
                amount: None,
                reference,
                payment: Some(payment),
            })
        }
    }
}

fn step(kind: Modification, amount: Option<Amount>, payment: &Payment) -> Step {
    match kind {
        Modification::Capture => Step::Capture { amount, last: true },
        Modification::Refund => Step::Refund { amount },
        Modification::Cancel | Modification::Technical => Step::Void,
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
        | MoveRefusal::Disputed
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
    pub(super) technical: bool,
}

impl Noted {
    fn text(&self) -> Box<str> {
        let Self {
            reference,
            reversal,
            technical,
        } = self;
        json!({ "reference": reference, "reversal": reversal, "technical": technical })
            .to_string()
            .into()
    }

    pub(super) fn read(text: Option<&str>) -> Option<Self> {
        let kept: Value = serde_json::from_str(text?).ok()?;
        Some(Self {
            reference: kept["reference"].as_str().map(str::to_owned),
            reversal: kept["reversal"] == true,
            technical: kept["technical"] == true,
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

fn received(
    merchant: &Merchant,
    payment: Option<&Payment>,
    wanted: &Wanted,
    reference: &str,
) -> Value {
    let mut answer = json!({
        "merchantAccount": merchant.adyen_account,
        "pspReference": reference,
        "status": "received",
    });
    if let Some(name) = &wanted.payment {
        answer["paymentReference"] = name.clone().into();
    } else if let Some(payment) = payment {
        answer["paymentPspReference"] = psp_reference(&payment.id).into();
    }
    if let Some(reference) = &wanted.reference {
        answer["reference"] = reference.clone().into();
    }
    if let Some(amount) = wanted.amount {
        answer["amount"] = json!({ "currency": amount.currency.code(), "value": amount.minor });
    }
    answer
}
