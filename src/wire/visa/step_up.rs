//! Verifying the cardholder: which ways there are, the code, and what a device is told to do with its passkey.

use http::StatusCode;
use serde_json::{Value, json as object};

use super::answers::{done, json};
use super::auth::enter;
use super::errors::VisaError;
use super::requests;
use super::tokens::find;
use crate::crypto::encoding::base64_url;
use crate::domain::step_up::{Method, StepUpRefusal};
use crate::limits::{OTP_CODES_MAX, OTP_GUESSES_MAX, OTP_LIFETIME};
use crate::operations::derived_ids;
use crate::operations::step_up::{self, StepUpError};
use crate::wire::edge::read::{Flaw, Problem};
use crate::wire::edge::{Answer, Request, RequestContext, document};

/// Offers the ways in which the cardholder can be verified.
pub(super) async fn device_binding(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let token = find(&context.call, owner, &request.id).await?.token;
    let secret = context.call.space.config.networks.visa.encryption();
    document::of(request, |members| requests::device_binding(secret, members))?;
    step_up::allows(&token)?;
    let methods = step_up::methods(&context.call.space, &token.reference);
    let offered: Vec<Value> = methods
        .iter()
        .map(|(method, identifier)| {
            let (name, value) = words(*method);
            object!({ "method": name, "value": value, "identifier": identifier })
        })
        .collect();
    let body = object!({ "status": "CHALLENGE", "stepUpRequest": offered });
    Ok(json(StatusCode::OK, &body))
}

/// Sends a code in the way that was chosen.
pub(super) async fn method(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let token = find(&context.call, owner, &request.id).await?.token;
    let chosen = document::of(request, requests::step_up_method)?;
    let sent = step_up::send_code(&mut context.call, &token.reference, &chosen).await;
    sent.map_err(unknown_method)?;
    let body = object!({
        "maxOTPRequestsAllowed": OTP_CODES_MAX,
        "maxOTPVerificationAllowed": OTP_GUESSES_MAX,
        "codeExpiration": OTP_LIFETIME.as_secs() / 60,
    });
    Ok(json(StatusCode::OK, &body))
}

/// Checks the code that the cardholder entered.
pub(super) async fn validate_otp(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let token = find(&context.call, owner, &request.id).await?.token;
    let code = document::of(request, requests::otp)?;
    step_up::check_code(&mut context.call, &token.reference, &code).await?;
    Ok(done())
}

/// Says what a device is to do: register a passkey until the cardholder has been verified with it, and then authenticate.
pub(super) async fn attestation(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, VisaError> {
    let owner = enter(context, request)?;
    let token = find(&context.call, owner, &request.id).await?.token;
    let secret = context.call.space.config.networks.visa.encryption();
    let wanted = document::of(request, |members| requests::attestation(secret, members))?;
    step_up::allows(&token)?;
    let bound = step_up::is_verified(&context.call, &token.reference).await?;
    let (action, endpoint) = if wanted.registers || !bound {
        ("REGISTER", "/vts-auth/register")
    } else {
        ("AUTHENTICATE", "/vts-auth/authenticate")
    };
    let call = &context.call;
    let challenge =
        derived_ids::challenge(&call.space, &token.reference, &wanted.reference, call.now);
    let payload = object!({ "challenge": challenge, "rpId": "localhost", "action": action });
    let body = object!({ "authenticationContext": {
        "action": action,
        "identifier": token.reference.hex(),
        "payload": base64_url(payload.to_string().as_bytes()),
        "endpoint": endpoint,
        "platformType": "WEB",
        "authenticationPreferencesEnabled": {
            "responseMode": "com_visa_web_message",
            "responseType": "code",
        },
    }});
    Ok(json(StatusCode::OK, &body))
}

/// How a method is called, and where the code would go, masked. Nothing is sent anywhere.
const fn words(method: Method) -> (&'static str, &'static str) {
    match method {
        Method::Sms => ("OTPSMS", "***-***-0100"),
        Method::Email => ("OTPEMAIL", "c***r@example.com"),
    }
}

fn unknown_method(refusal: StepUpError) -> VisaError {
    if refusal == StepUpError::StepUp(StepUpRefusal::MethodUnknown) {
        return VisaError::Members(vec![Problem {
            pointer: "/stepUpRequestID".to_owned(),
            flaw: Flaw::Value,
            due: "is not the identifier of one of the token's methods".to_owned(),
        }]);
    }
    refusal.into()
}
