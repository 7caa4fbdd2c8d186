//! `/v1/setup_attempts`: one for each confirmation of a setup intent, whatever came of it (Stripe, API reference, the SetupAttempt
//! object). An attempt is named after the request that a confirmation makes of the issuer, so that it has its name before the
//! issuer is asked. One that was given up for another payment method is not kept.

use serde_json::{Value, json};

use super::calls::ok;
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::form::Form;
use super::intents::draft_id;
use super::listed::Row;
use super::messages::{asked_method, card_error};
use super::method::brand;
use super::published::{self, IssuedWords};
use super::{kept, listed, method, opening, parameters_kept, requests, saved, setups};
use crate::crypto::encoding::base58;
use crate::domain::card::{Expiry, Network};
use crate::domain::moment::Moment;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{Authentication, RequestId};
use crate::operations::{SharedConfig, counter};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

const PREFIX: &str = "setatt_";

fn id(request: &RequestId) -> String {
    format!("{PREFIX}{}", base58(*request.bytes()))
}

/// The attempt that a setup's payment was.
pub(super) fn of_payment(payment: &Payment) -> Option<String> {
    payment.request.as_ref().map(id)
}

/// The attempt that a setup waits for.
pub(super) fn of_draft(draft: &Draft) -> Option<String> {
    match draft.status {
        DraftStatus::Challenged { .. } => Some(id(&draft.next_request())),
        DraftStatus::Confirming { .. } => Some(id(&draft.request())),
        DraftStatus::Open { .. } | DraftStatus::Paid(_) | DraftStatus::Cancelled => None,
    }
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters_kept::ATTEMPTS, Object::Attempt)?;
    let name = query.required("setup_intent")?;
    let draft = setups::find(context, account, name, "setup_intent").await?;
    let rows = all(context, account, Some(&draft)).await?;
    let rows = rows
        .into_iter()
        .map(|(attempt, made)| Row::of(attempt, made));
    let page = listed::list(
        rows.collect(),
        "setup_attempt",
        "/v1/setup_attempts",
        &query,
    )?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

/// One, by its name.
pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Value>, StripeError> {
    if !id.starts_with(PREFIX) {
        return Ok(None);
    }
    let mut rows = all(context, account, None).await?.into_iter();
    let found = rows.find(|(attempt, _)| attempt["id"] == id);
    Ok(found.map(|(attempt, _)| attempt))
}

/// Those of one setup intent, or every one.
async fn all(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    of: Option<&Draft>,
) -> Result<Vec<(Value, Moment)>, StripeError> {
    let config = &context.call.space.config;
    let setup = of.map(draft_id);
    let mut rows = Vec::new();
    for payment in counter::all::<Payment>(&context.call, account.counter()).await? {
        let note = kept::of(&payment);
        let is_meant = setup.as_ref().is_none_or(|setup| note["intent"] == **setup);
        if payment.verification && is_meant {
            let attempt = made(config, &payment, &note);
            rows.extend(attempt.map(|attempt| (attempt, payment.created)));
        }
    }
    let drafts = match of {
        Some(draft) => vec![draft.clone()],
        None => counter::all::<Draft>(&context.call, account.counter()).await?,
    };
    for draft in drafts.iter().filter(|draft| draft.setup) {
        let attempt = waiting(context, account, draft).await?;
        rows.extend(attempt.map(|attempt| (attempt, draft.updated)));
    }
    Ok(rows)
}

/// What an attempt was made with, and what came of it.
struct Attempt<'a> {
    id: String,
    setup: &'a str,
    note: &'a Value,
    created: i64,
    method: String,
    card: Value,
    error: Option<Value>,
    status: &'static str,
}

fn shown(attempt: Attempt<'_>) -> Value {
    let note = attempt.note;
    json!({
        "id": attempt.id,
        "object": "setup_attempt",
        "application": null,
        "created": attempt.created,
        "customer": note["customer"],
        "customer_account": note["customer_account"],
        "flow_directions": null,
        "livemode": false,
        "on_behalf_of": note["on_behalf_of"],
        "payment_method": attempt.method,
        "payment_method_details": { "card": attempt.card, "type": "card" },
        "setup_error": attempt.error,
        "setup_intent": attempt.setup,
        "status": attempt.status,
        "usage": note["usage"],
    })
}

/// One for which the issuer was asked, or its customer in vain.
fn made(config: &SharedConfig, payment: &Payment, note: &Value) -> Option<Value> {
    let secure = payment.waited_as.and_then(|_| secure(payment));
    let last4 = payment.paid_with.last4();
    Some(shown(Attempt {
        id: of_payment(payment)?,
        setup: note["intent"].as_str()?,
        note,
        created: payment.created.seconds(),
        method: method::name(payment, note),
        card: card(
            payment.network,
            payment.expiry,
            &last4,
            published::issued_to(config, payment),
            secure,
        ),
        error: payment.decline.map(|_| card_error(config, payment)),
        status: if payment.approved() {
            "succeeded"
        } else {
            "failed"
        },
    }))
}

/// One that waits for its customer.
async fn waiting(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Option<Value>, StripeError> {
    let Some(id) = of_draft(draft) else {
        return Ok(None);
    };
    let form = Form::of(&draft.asked);
    let chosen = saved::chosen(context, account, &form).await?;
    let (_, number, expiry) = requests::card(&saved::filled(&form, chosen.as_ref())?)?;
    let issued = published::issued(&context.call.space.config, Some(number.as_pan()));
    Ok(Some(shown(Attempt {
        id,
        setup: &draft_id(draft),
        note: &kept::noted(&form)?,
        created: draft.updated.seconds(),
        method: asked_method(draft, &form),
        card: card(number.network(), expiry, &number.last4(), issued, None),
        error: None,
        status: if matches!(draft.status, DraftStatus::Challenged { .. }) {
            "requires_action"
        } else {
            "processing"
        },
    })))
}

fn card(
    network: Option<Network>,
    expiry: Expiry,
    last4: &str,
    issued: IssuedWords,
    secure: Option<Value>,
) -> Value {
    let brand = brand(network);
    json!({
        "brand": brand,
        "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": null },
        "country": issued.country,
        "exp_month": expiry.month(),
        "exp_year": expiry.year(),
        "funding": issued.funding,
        "last4": last4,
        "network": brand,
        "three_d_secure": secure,
        "wallet": null,
    })
}

/// How the customer was authenticated.
pub(super) fn secure(payment: &Payment) -> Option<Value> {
    let result = match payment.authentication {
        Authentication::Passed => "authenticated",
        Authentication::Failed => "failed",
        Authentication::NotAsked | Authentication::Lapsed | Authentication::Impossible => {
            return None;
        }
    };
    Some(json!({
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": null,
        "result": result,
        "result_reason": null,
        "transaction_id": null,
        "version": "2.2.0",
    }))
}
