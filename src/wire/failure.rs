//! What each surface says when something in front of it or behind it fails, under whichever status: the answer of fault
//! rules that ask for a status. The shapes are those of the surfaces' own errors.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::domain::surface::SurfaceName as Surface;

/// The surface's own error body under this status.
pub fn response(surface: Surface, status: StatusCode) -> Response {
    let mut response = match body(surface, status) {
        Some(body) => body.to_string().into_response(),
        None => ().into_response(),
    };
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(media_type(surface));
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

const fn media_type(surface: Surface) -> &'static str {
    match surface {
        Surface::Cmp => "application/vnd.api+json",
        Surface::OAuth
        | Surface::Calm
        | Surface::Vault
        | Surface::Payments
        | Surface::Stripe
        | Surface::Adyen
        | Surface::CheckoutCom
        | Surface::Visa
        | Surface::Mastercard
        | Surface::MastercardCheckout
        | Surface::Acp
        | Surface::Hyperswitch => "application/json",
    }
}

fn body(surface: Surface, status: StatusCode) -> Option<Value> {
    let number = status.as_u16();
    let title = status.canonical_reason().unwrap_or("Error");
    let (kebab, snake) = (word(title, '-'), word(title, '_'));
    let ours = status.is_server_error();
    Some(match surface {
        // RFC 6749, section 5.2, has no code for a server that fails; 4.1.2.1 lends its own.
        Surface::OAuth => {
            let code = match number {
                503 | 429 => "temporarily_unavailable",
                500.. => "server_error",
                _ => "invalid_request",
            };
            json!({ "error": code, "error_description": title })
        }
        Surface::Cmp => json!({ "errors": [
            { "status": number.to_string(), "code": kebab, "title": title, "detail": title }
        ]}),
        Surface::Calm => json!({ "errors": [
            { "status": number, "code": kebab, "detail": title }
        ]}),
        Surface::Vault => json!({ "errors": [
            { "status": number, "title": title, "detail": title }
        ]}),
        Surface::Payments => json!({ "error": { "code": snake, "message": title } }),
        Surface::Stripe => stripe(status, title),
        Surface::Adyen => {
            let kind = if ours { "internal" } else { "validation" };
            json!({ "status": number, "errorCode": "000", "message": title, "errorType": kind })
        }
        // Checkout.com sends a body with 422 only.
        Surface::CheckoutCom if number != 422 => return None,
        Surface::CheckoutCom => json!({
            "request_id": "", "error_type": "request_invalid", "error_codes": [snake]
        }),
        Surface::Visa => {
            let reason = if ours {
                "serviceUnavailable"
            } else {
                "invalidRequest"
            };
            json!({ "errorResponse": { "status": number, "reason": reason, "message": title } })
        }
        Surface::MastercardCheckout => json!({
            "status": number,
            "reason": word(title, '_').to_ascii_uppercase(),
            "message": title
        }),
        Surface::Mastercard => json!({ "Errors": { "Error": [{
            "Source": "Gateway",
            "ReasonCode": word(title, '_').to_ascii_uppercase(),
            "Description": title,
            "Recoverable": ours,
            "Details": null
        }]}}),
        Surface::Acp => acp(number, &snake, title),
        Surface::Hyperswitch => json!({
            "error_message": title,
            "error_info": { "code": snake, "developer_message": title }
        }),
    })
}

fn stripe(status: StatusCode, title: &str) -> Value {
    let kind = if status.is_server_error() {
        "api_error"
    } else {
        "invalid_request_error"
    };
    let mut error = json!({ "message": title, "type": kind });
    if status == StatusCode::TOO_MANY_REQUESTS {
        error["code"] = "rate_limit".into();
    }
    json!({ "error": error })
}

fn acp(number: u16, code: &str, title: &str) -> Value {
    let kind = match number {
        429 => "rate_limit_exceeded",
        503 => "service_unavailable",
        500.. => "processing_error",
        _ => "invalid_request",
    };
    json!({ "type": kind, "code": code, "message": title })
}

/// A title as a code: `Bad Gateway` as `bad-gateway`.
fn word(title: &str, between: char) -> String {
    title
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
        .map(|c| {
            if c == ' ' {
                between
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}
