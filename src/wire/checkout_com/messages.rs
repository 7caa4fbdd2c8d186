//! Payments as Checkout.com writes them.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::actions;
use super::declines::{APPROVED, FAILED, IMPOSSIBLE, LAPSED, declined};
use super::idempotency::SERVICE;
use super::ids::{Action, action_id, name};
use super::sources;
use super::wanted::THREE_DS;
use crate::crypto::base32::base32;
use crate::domain::payment::enrolled::{Ends, find};
use crate::domain::payment::record::{PaidWith, Payment, PaymentState};
use crate::domain::payment::request::Authentication;
use crate::operations::{SharedConfig, Space, derived_ids};
use crate::wire::edge::{self, Answer, Request};

/// Where a payment is found: the address that the client used, without the path.
#[derive(Debug)]
pub(super) struct Base(pub(super) String);

/// Where the client reached this space.
pub(super) fn base(request: &Request) -> Base {
    Base(request.base())
}

pub(super) fn json(status: StatusCode, body: &Value) -> Answer {
    edge::json(status, body.to_string())
}

/// The answer to a request to pay.
pub(super) fn paid(space: &Space, base: &Base, payment: &Payment) -> Value {
    let (code, summary) = code(&space.config, payment);
    let mut body = json!({
        "id": name(payment),
        "action_id": action_id(payment, Action::Authorization),
        "amount": payment.authorized.minor,
        "currency": payment.authorized.currency.code(),
        "approved": payment.approved(),
        "status": first_status(payment),
        "auth_code": payment.authorization_code(),
        "response_code": code,
        "response_summary": summary,
        "risk": { "flagged": false },
        "source": sources::of_payment(space, payment),
        "processed_on": payment.created.rfc3339(),
    });
    add_particulars(&mut body, space, payment);
    body["_links"] = links(base, payment);
    body
}

/// What an event tells of an authorization beside what every event has.
pub(super) fn told(space: &Space, payment: &Payment) -> Value {
    let mut body = json!({
        "auth_code": payment.authorization_code(),
        "risk": { "flagged": false },
        "source": sources::of_payment(space, payment),
    });
    add_particulars(&mut body, space, payment);
    body
}

/// How the merchant names the payment.
pub(super) fn named(payment: &Payment) -> Map<String, Value> {
    let mut kept = parsed(payment.note.as_deref());
    kept.retain(|name, _| name == "reference" || name == "metadata");
    kept
}

/// Whether it was captured with its authorization.
pub(super) const fn is_captured_at_once(payment: &Payment) -> bool {
    payment.approved() && payment.hold_ends.is_none() && payment.authorized.minor > 0
}

/// What the merchant gave with something.
pub(super) fn parsed(note: Option<&str>) -> Map<String, Value> {
    serde_json::from_str(note.unwrap_or("{}")).unwrap_or_default()
}

/// Shows it.
pub(super) fn add_kept(body: &mut Value, note: Option<&str>) {
    for (name, value) in parsed(note) {
        // What is kept of the source is shown in it.
        if name != sources::SOURCE {
            body[name] = value;
        }
    }
}

/// How the authentication of the customer ended.
fn add_secure(body: &mut Value, config: &SharedConfig, payment: &Payment) {
    let row = match &payment.paid_with {
        PaidWith::Card(pan) => find(config.personas.enrolled(), payment.service, pan),
        PaidWith::Token(..) | PaidWith::Unknown(_) => None,
    };
    let ended = match (payment.authentication, row.map(|row| row.ends)) {
        (Authentication::Passed, Some(Ends::Attempted)) => "A",
        (Authentication::Passed, _) => "Y",
        (Authentication::Failed, Some(Ends::Rejected)) => "R",
        (Authentication::Failed, _) => "N",
        (Authentication::Lapsed | Authentication::Impossible | Authentication::NotAsked, _) => {
            return;
        }
    };
    if payment.waited_as.is_some() {
        body[THREE_DS]["authentication_response"] = ended.into();
        body[THREE_DS]["version"] = "2.2.0".into();
    }
}

/// The payment as it stands.
pub(super) fn details(space: &Space, base: &Base, payment: &Payment) -> Value {
    let mut body = json!({
        "id": name(payment),
        "requested_on": payment.created.rfc3339(),
        "source": sources::of_payment(space, payment),
        "amount": payment.authorized.minor,
        "currency": payment.authorized.currency.code(),
        "approved": payment.approved(),
        "status": status(payment),
        "balances": balances(payment),
        "risk": { "flagged": false },
        "payment_type": "Regular",
        "actions": actions::summaries(space, payment),
    });
    add_particulars(&mut body, space, payment);
    body["_links"] = links(base, payment);
    body
}

pub(super) fn code(config: &SharedConfig, payment: &Payment) -> (&'static str, &'static str) {
    match payment.authentication {
        Authentication::Failed => return FAILED,
        Authentication::Lapsed => return LAPSED,
        Authentication::Impossible => return IMPOSSIBLE,
        Authentication::NotAsked | Authentication::Passed => {}
    }
    if payment.approved() {
        return APPROVED;
    }
    declined(payment.network, config.responses.of(payment))
}

/// A customer whom the merchant has given no id has one, the same for each address.
fn add_customer(body: &mut Value, space: &Space, payment: &Payment) {
    let Some(customer) = body.get_mut("customer").and_then(Value::as_object_mut) else {
        return;
    };
    if customer.contains_key("id") {
        return;
    }
    let Some(email) = customer.get("email").and_then(Value::as_str) else {
        return;
    };
    let of = [SERVICE, &payment.merchant, "customer", email];
    let id = format!("cus_{}", base32(&derived_ids::source_name(space, of)));
    customer.insert("id".to_owned(), id.into());
}

/// By what the acquirer knows a payment: so many digits.
fn digits_of<const N: usize>(payment: &Payment) -> String {
    let [head @ .., _, _, _, _, _, _, _, _] = *payment.id.bytes();
    let number = u64::from_be_bytes(head);
    let digits = format!("{number:020}");
    digits[digits.len() - N..].to_owned()
}

/// What the merchant gave, what the network gave, and how it was paid.
fn add_particulars(body: &mut Value, space: &Space, payment: &Payment) {
    let config = &space.config;
    add_kept(body, payment.note.as_deref());
    add_customer(body, space, payment);
    add_secure(body, config, payment);
    if let Some(eci) = &payment.eci {
        body["eci"] = eci.clone().into();
    }
    if let Some(nti) = payment.nti.as_ref().filter(|_| payment.approved()) {
        body["scheme_id"] = nti.text().into();
    }
    if let Some(account) = &payment.account {
        body["payment_account_reference"] = account.clone().into();
    }
    let by_token = matches!(payment.paid_with, PaidWith::Token(..));
    let mut processing = json!({
        "acquirer_transaction_id": digits_of::<10>(payment),
        "retrieval_reference_number": digits_of::<12>(payment),
        "pan_type_processed": if by_token { "dpan" } else { "fpan" },
    });
    if let Some(tlid) = payment.tlid.as_ref().filter(|_| payment.approved()) {
        processing["scheme_transaction_link_id"] = tlid.text().into();
    }
    let response = config.responses.of(payment);
    let nobody_asked = payment.approved() || payment.authentication.is_missed();
    if let Some(response) = response.filter(|_| !nobody_asked) {
        processing["partner_response_code"] = response.de39.clone().into();
        if let Some(advice) = &response.merchant_advice {
            processing["partner_merchant_advice_code"] = advice.clone().into();
        }
    }
    body["processing"] = processing;
}

/// What can still be done with its money.
pub(super) fn balances(payment: &Payment) -> Value {
    let authorized = if payment.approved() {
        payment.authorized.minor
    } else {
        0
    };
    let voidable = if payment.captured_minor == 0 {
        payment.capturable_minor()
    } else {
        0
    };
    json!({
        "total_authorized": authorized,
        "total_voided": if payment.voided { authorized } else { 0 },
        "available_to_void": voidable,
        "total_captured": payment.captured_minor,
        "available_to_capture": payment.capturable_minor(),
        "total_refunded": payment.refunded_minor,
        "available_to_refund": payment.refundable_minor(),
    })
}

/// A payment that is captured at once is first of all authorized.
fn first_status(payment: &Payment) -> &'static str {
    if !payment.approved() {
        "Declined"
    } else if payment.authorized.minor == 0 {
        "Card Verified"
    } else {
        "Authorized"
    }
}

fn status(payment: &Payment) -> &'static str {
    match payment.state() {
        PaymentState::Declined | PaymentState::Authorized => first_status(payment),
        PaymentState::PartiallyCaptured => "Partially Captured",
        PaymentState::Verified => "Card Verified",
        PaymentState::Captured if payment.captured_minor < payment.authorized.minor => {
            "Partially Captured"
        }
        PaymentState::Captured => "Captured",
        PaymentState::Voided => "Voided",
        PaymentState::Expired => "Expired",
        PaymentState::PartiallyRefunded => "Partially Refunded",
        PaymentState::Refunded => "Refunded",
    }
}

/// The payment, its actions, and what can still be done with it.
fn links(base: &Base, payment: &Payment) -> Value {
    let mut links = json!({
        "self": link(base, payment, ""),
        "actions": link(base, payment, "/actions"),
    });
    add_steps(&mut links, base, payment);
    links
}

/// The address of a payment, or of something of it.
pub(super) fn link(base: &Base, payment: &Payment, rest: &str) -> Value {
    json!({ "href": format!("{}/payments/{}{rest}", base.0, name(payment)) })
}

/// What can still be done with a payment.
pub(super) fn add_steps(links: &mut Value, base: &Base, payment: &Payment) {
    let at = |rest: &str| link(base, payment, rest);
    if payment.capturable_minor() > 0 {
        links["capture"] = at("/captures");
        if payment.captured_minor == 0 {
            links["void"] = at("/voids");
        }
    }
    if payment.refundable_minor() > 0 {
        links["refund"] = at("/refunds");
    }
}
