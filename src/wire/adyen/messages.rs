//! What Adyen answers to a payment.

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use super::actions::VERSION;
use super::declines::{raw, refused};
use crate::crypto::base32::{base32, from_base32};
use crate::domain::card::Network;
use crate::domain::id::PaymentId;
use crate::domain::payment::record::{PaidWith, Payment};
use crate::domain::payment::request::Authentication;
use crate::operations::Space;
use crate::wire::edge::{self, Answer, Request, RequestContext};

pub(super) const PSP_REFERENCE: HeaderName = HeaderName::from_static("pspreference");

/// An answer with its reference, which stands in the body too.
pub(super) fn answer(status: StatusCode, reference: &str, body: &Value) -> Answer {
    let mut answer = edge::json(status, body.to_string());
    if let Ok(reference) = HeaderValue::from_str(reference) {
        answer.headers_mut().insert(PSP_REFERENCE, reference);
    }
    answer
}

/// Sixteen letters: the part of an id that names it.
pub(super) fn psp_reference(id: &PaymentId) -> String {
    reference_of(&id.head())
}

/// Sixteen letters for ten bytes.
pub(super) fn reference_of(bytes: &[u8; PaymentId::HEAD]) -> String {
    base32(bytes).to_ascii_uppercase()
}

/// What names a request by which nothing was made.
pub(super) fn request_reference(request: &Request, context: &RequestContext) -> String {
    let receipt = request.receipt(&context.call);
    let mut head = [0; PaymentId::HEAD];
    head.copy_from_slice(&receipt[..PaymentId::HEAD]);
    reference_of(&head)
}

pub(super) fn parse_psp_reference(space: &Space, text: &str) -> Option<PaymentId> {
    if text.bytes().any(|letter| letter.is_ascii_lowercase()) {
        return None;
    }
    let head = from_base32(&text.to_ascii_lowercase()).ok()?;
    Some(PaymentId::of_head(&space.seed, head))
}

/// A payment, refused or authorised.
pub(super) fn payment(space: &Space, payment: &Payment) -> Value {
    let by_token = matches!(payment.paid_with, PaidWith::Token(..));
    let brand = brand(payment.network);
    let mut body = json!({
        "additionalData": additional(space, payment),
        "pspReference": psp_reference(&payment.id),
        "resultCode": "Authorised",
        "amount": {
            "currency": payment.authorized.currency.code(),
            "value": payment.authorized.minor,
        },
        "merchantReference": merchant_reference(payment),
        "paymentMethod": {
            "brand": brand,
            "type": if by_token { "networkToken" } else { "scheme" },
        },
    });
    if !payment.approved() {
        let words = refused(payment, space.config.responses.of(payment));
        // An error on the acquirer's side has a result of its own (Adyen, refusal reasons).
        body["resultCode"] = if words.code == "4" {
            "Error"
        } else {
            "Refused"
        }
        .into();
        body["refusalReason"] = words.reason.into();
        body["refusalReasonCode"] = words.code.into();
    }
    body
}

/// What the acquirer of the test environment answers to what is not refused.
const AUTHORISED: &str = "AUTHORISED";

/// Members that an account can switch on, all text. Which ones is as recorded answers of the test environment have them, of
/// what standin knows.
pub(super) fn additional(space: &Space, payment: &Payment) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, value: String| members.insert(name.to_owned(), value.into());
    put("cardSummary", payment.paid_with.last4());
    put(
        "expiryDate",
        format!("{}/{}", payment.expiry.month(), payment.expiry.year()),
    );
    let number = payment.paid_with.expose();
    if !matches!(payment.paid_with, PaidWith::Token(..)) {
        put("cardBin", number[..6].to_owned());
        put("issuerBin", number[..8].to_owned());
    }
    if let Value::String(reference) = merchant_reference(payment) {
        put("merchantReference", reference);
    }
    put("paymentMethod", brand(payment.network).to_owned());
    put("paymentMethodVariant", brand(payment.network).to_owned());
    if let PaidWith::Token(_, token) = payment.paid_with {
        put("networkToken.available", "true".to_owned());
        put("networkToken.bin", token.first(6));
        put("networkToken.tokenSummary", token.last4());
    }
    if let Some(account) = &payment.account {
        put("paymentAccountReference", account.clone());
    }
    if let Some(eci) = &payment.eci {
        put("eci", eci.clone());
    }
    if payment.waited_as.is_some() {
        let passed = payment.authentication == Authentication::Passed;
        put("threeDOffered", "true".to_owned());
        put("threeDAuthenticated", passed.to_string());
        put("liabilityShift", passed.to_string());
        put("threeDSVersion", VERSION.to_owned());
    }
    let response = space.config.responses.of(payment);
    // Nobody was asked who could have answered anything.
    let response = response.filter(|_| !payment.authentication.is_missed());
    if let Some(code) = payment.authorization_code() {
        put("authCode", code);
        put("refusalReasonRaw", AUTHORISED.to_owned());
        let amount = payment.authorized;
        put(
            "authorisedAmountCurrency",
            amount.currency.code().to_owned(),
        );
        put("authorisedAmountValue", amount.minor.to_string());
        if let Some(nti) = &payment.nti {
            put("networkTxReference", nti.text().to_owned());
        }
        if let Some(tlid) = &payment.tlid {
            put("transactionLinkId", tlid.text().to_owned());
        }
    } else if let Some(response) = response {
        put("refusalReasonRaw", raw(response));
        put("refusalCodeRaw", response.de39.clone());
        if let Some(advice) = &response.merchant_advice {
            put("merchantAdviceCode", advice.clone());
        }
    }
    members
}

pub(super) const fn brand(network: Option<Network>) -> &'static str {
    match network {
        Some(Network::Visa) => "visa",
        Some(Network::Mastercard) => "mc",
        Some(Network::Amex) => "amex",
        Some(Network::Discover) => "discover",
        None => "unknowncard",
    }
}

/// What [`super::requests`] kept.
pub(super) fn merchant_reference(payment: &Payment) -> Value {
    noted(payment)["reference"].clone()
}

/// The same, with the metadata.
pub(super) fn noted(payment: &Payment) -> Value {
    serde_json::from_str(payment.note.as_deref().unwrap_or("{}")).unwrap_or_default()
}
