//! Payment intents, as Stripe's API writes them.

use serde_json::{Value, json};

use super::charges::{charge, currency, intent_of};
use super::declines::{Decline, decline};
use super::errors::StripeError;
use super::form::Form;
use super::intents::{charge_id, draft_id, intent_id, status, waiting_status};
use super::next_action::{next_action, not_authenticated};
use super::{kept, method, requests, version};
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::{MoveKind, Payment};
use crate::domain::payment::request::Authentication;
use crate::operations::{SharedConfig, Space, derived_ids};
use crate::wire::edge::Request;

/// What the version of the API has of an intent.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// It is so old that an intent lists its charges.
    charges: bool,
}

impl View {
    /// As it stands in an event.
    pub(super) const PLAIN: Self = Self { charges: false };

    pub(super) fn of(request: &Request) -> Self {
        Self {
            charges: version::lists_charges(&request.headers),
        }
    }
}

/// A payment intent.
pub(super) fn intent(space: &Space, payment: &Payment, view: View) -> Value {
    let config = &space.config;
    let note = kept::of(payment);
    let id = intent_of(payment, &note).unwrap_or_else(|| intent_id(&payment.id));
    let over = payment.voided || payment.expired;
    let stands = Stands {
        amount: payment.authorized.minor,
        capturable: payment.capturable_minor(),
        received: payment.captured_minor,
        cancelled: over.then(|| payment.updated.seconds()),
        reason: cancellation_reason(payment),
        created: note["created"]
            .as_i64()
            .unwrap_or(payment.created.seconds()),
        currency: currency(payment),
        error: payment.decline.map(|_| card_error(config, payment)),
        charge: charge_id(&payment.id).into(),
        method: payment.approved().then(|| method::name(payment, &note)),
        status: status(payment),
        next: Value::Null,
    };
    let mut intent = worded(space, &id, &note, stands);
    if view.charges {
        intent["charges"] = charges(config, &id, Some(payment));
    }
    intent
}

/// The charges of an intent, as old versions list them.
fn charges(config: &SharedConfig, id: &str, payment: Option<&Payment>) -> Value {
    let charges: Vec<_> = payment
        .iter()
        .map(|payment| charge(config, payment))
        .collect();
    json!({
        "object": "list",
        "total_count": charges.len(),
        "data": charges,
        "has_more": false,
        "url": format!("/v1/charges?payment_intent={id}"),
    })
}

/// An intent as it was before it was confirmed in the call that created it. None when it was there before.
pub(super) fn as_created(space: &Space, payment: &Payment) -> Option<Value> {
    if !kept::of(payment)["intent"].is_null() {
        return None;
    }
    let mut intent = intent(space, payment, View::PLAIN);
    intent["amount_capturable"] = 0.into();
    intent["amount_received"] = 0.into();
    intent["last_payment_error"] = Value::Null;
    intent["latest_charge"] = Value::Null;
    intent["status"] = "requires_confirmation".into();
    Some(intent)
}

/// Where an intent stands, be it paid or not.
struct Stands<'a> {
    amount: u64,
    capturable: u64,
    received: u64,
    cancelled: Option<i64>,
    reason: Option<&'a str>,
    created: i64,
    currency: String,
    error: Option<Value>,
    charge: Value,
    method: Option<String>,
    status: &'static str,
    next: Value,
}

fn worded(space: &Space, id: &str, note: &Value, stands: Stands<'_>) -> Value {
    let mut intent = json!({
        "id": id,
        "object": "payment_intent",
        "amount": stands.amount,
        "amount_capturable": stands.capturable,
        "amount_details": { "tip": {} },
        "amount_received": stands.received,
        "application": null,
        "application_fee_amount": note["application_fee_amount"],
        "automatic_payment_methods": note["automatic_payment_methods"],
        "canceled_at": stands.cancelled,
        "cancellation_reason": stands.reason,
        "capture_method": note["capture_method"],
        "client_secret": format!("{id}_secret_{}", derived_ids::client_secret(space, id)),
        "confirmation_method": note["confirmation_method"],
        "created": stands.created,
        "currency": stands.currency,
        "customer": note["customer"],
        "description": note["description"],
        "last_payment_error": stands.error,
        "latest_charge": stands.charge,
        "livemode": false,
        "metadata": note["metadata"],
        "next_action": stands.next,
        "on_behalf_of": note["on_behalf_of"],
        "payment_method": stands.method,
        "payment_method_options": { "card": note["options"] },
        "payment_method_types": note["payment_method_types"],
        "processing": null,
        "receipt_email": note["receipt_email"],
        "review": null,
        "setup_future_usage": note["setup_future_usage"],
        "shipping": note["shipping"],
        "statement_descriptor": null,
        "statement_descriptor_suffix": note["statement_descriptor_suffix"],
        "status": stands.status,
        "transfer_data": note["transfer_data"],
        "transfer_group": note["transfer_group"],
    });
    for name in ["customer_account", "excluded_payment_method_types"] {
        if !note[name].is_null() {
            intent[name] = note[name].clone();
        }
    }
    intent
}

/// The merchant's, or Stripe's own word where nobody captured in time.
fn cancellation_reason(payment: &Payment) -> Option<&str> {
    if payment.expired {
        return Some("automatic");
    }
    let void = payment
        .moves
        .iter()
        .find(|made| made.kind == MoveKind::Void);
    void?.note.as_deref()
}

/// What an error says of a declined payment, without the intent, which may stand inside the error or around it.
pub(super) fn card_error(config: &SharedConfig, payment: &Payment) -> Value {
    let method = method::method(config, payment, &kept::of(payment));
    if payment.authentication == Authentication::Failed {
        return not_authenticated(payment, method);
    }
    let response = config.responses.of(payment);
    let Decline {
        code,
        decline_code,
        message,
        advice,
    } = decline(payment.network, response);
    let mut error = json!({
        "type": "card_error",
        "code": code,
        "decline_code": decline_code,
        "doc_url": doc_url(code),
        "message": message,
        "payment_method": method,
    });
    if !payment.verification {
        error["charge"] = charge_id(&payment.id).into();
    }
    if let Some(advice) = advice {
        error["advice_code"] = advice.into();
    }
    if let Some(response) = response {
        error["network_decline_code"] = response.de39.clone().into();
        if let Some(advice) = &response.merchant_advice {
            error["network_advice_code"] = advice.clone().into();
        }
    }
    if code == "incorrect_cvc" {
        error["param"] = "cvc".into();
    }
    error
}

/// The page about a code (<https://github.com/masslight/ottehr/issues/7319>).
pub(super) fn doc_url(code: &str) -> String {
    let page = code.replace('_', "-");
    format!("https://stripe.com/docs/error-codes/{page}")
}

/// An intent that nobody has paid. `declined` is the payment that was tried last, if one was.
pub(super) fn waiting(
    space: &Space,
    draft: &Draft,
    declined: Option<&Payment>,
    view: View,
) -> Result<Value, StripeError> {
    let config = &space.config;
    let form = Form::of(&draft.asked);
    let amount = requests::amount_asked(&form)?;
    let note = kept::noted(&form)?;
    let has_method = form.has_method();
    let cancelled = draft.status == DraftStatus::Cancelled;
    let id = draft_id(draft);
    let stands = Stands {
        amount: amount.minor,
        capturable: 0,
        received: 0,
        cancelled: cancelled.then(|| draft.updated.seconds()),
        reason: form.text("cancellation_reason"),
        created: draft.created.seconds(),
        currency: amount.currency.code().to_ascii_lowercase(),
        error: declined.map(|payment| card_error(config, payment)),
        charge: declined.map(|payment| charge_id(&payment.id)).into(),
        method: has_method.then(|| asked_method(draft, &form)),
        status: waiting_status(draft, has_method),
        next: next_action(draft, &form),
    };
    let mut intent = worded(space, &id, &note, stands);
    if view.charges {
        intent["charges"] = charges(config, &id, declined);
    }
    Ok(intent)
}

/// What an intent is to be paid with: as it is on file, or after the intent.
pub(super) fn asked_method(draft: &Draft, form: &Form) -> String {
    let on_file = form.text("payment_method").map(str::to_owned);
    on_file.unwrap_or_else(|| format!("pm_{}", draft.id.base58()))
}
