//! What an intent says of a customer that has to be authenticated, and of one that could not be.

use serde_json::{Value, json};

use super::form::{CHALLENGE, Form};
use super::messages::doc_url;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;

/// Where the customer is sent to be authenticated (Stripe, API reference, `next_action`). Without an address to come back to it
/// is for Stripe's own library in a browser.
pub(super) fn next_action(draft: &Draft, form: &Form) -> Value {
    if !matches!(draft.status, DraftStatus::Challenged { .. }) {
        return Value::Null;
    }
    let url = form.text(CHALLENGE);
    match form.text("return_url") {
        Some(back) => json!({
            "type": "redirect_to_url",
            "redirect_to_url": { "return_url": back, "url": url },
        }),
        None => json!({
            "type": "use_stripe_sdk",
            "use_stripe_sdk": { "type": "three_d_secure_redirect", "stripe_js": url },
        }),
    }
}

/// The customer could not be authenticated (Stripe, error codes).
pub(super) fn not_authenticated(payment: &Payment, method: Value) -> Value {
    let code = if payment.verification {
        "setup_intent_authentication_failure"
    } else {
        "payment_intent_authentication_failure"
    };
    json!({
        "type": "invalid_request_error",
        "code": code,
        "doc_url": doc_url(code),
        "message": "The customer could not be authenticated. Another payment method may work.",
        "payment_method": method,
    })
}
