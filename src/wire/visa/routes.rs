//! What Visa answers, route by route. What each route does is in the file of its subject.

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post, put};

use super::answers::finish;
use super::errors::VisaError;
use super::{enrolments, step_up, tokens};
use crate::wire::request::Request;

/// Every route of Visa's token service that a public source shows.
pub fn router() -> Router {
    Router::new()
        .route("/vts/panEnrollments", post(enrol))
        .route("/vts/panEnrollments/{vPanEnrollmentID}", get(metadata))
        .route(
            "/vts/panEnrollments/{vPanEnrollmentID}/provisionedTokens",
            post(provision),
        )
        .route("/vts/cps/getContent/{guid}", get(card_art))
        .route("/vts/provisionedTokens", post(provision_card))
        .route("/vts/provisionedTokens/{vProvisionedTokenID}", get(status))
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/paymentData",
            post(payment_data),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/suspend",
            put(suspend),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/resume",
            put(resume),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/delete",
            put(delete),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/deviceBinding",
            post(device_binding),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/stepUpOptions/method",
            put(step_up_method),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/stepUpOptions/validateOTP",
            post(validate_otp),
        )
        .route(
            "/vts/provisionedTokens/{vProvisionedTokenID}/attestation/options",
            post(attestation_options),
        )
        .fallback(no_such_page)
        .method_not_allowed_fallback(wrong_method)
}

/// Declares handlers: the name of each, what the journal calls it, and what does it.
macro_rules! handlers {
    ($($handler:ident: $operation:literal, $does:path;)*) => {
        $(async fn $handler(mut request: Request) -> Response {
            let mut context = request.begin($operation).await;
            let result = $does(&mut context, &request).await;
            finish(&request, context, result)
        })*
    };
}

handlers! {
    enrol: "enrol PAN", enrolments::enrol;
    metadata: "read card metadata", enrolments::metadata;
    card_art: "read content", enrolments::card_art;
    provision: "provision token of an enrolment", enrolments::provision;
    provision_card: "provision token", enrolments::provision_card;
    status: "read token status", tokens::status;
    payment_data: "request payment data", tokens::payment_data;
    suspend: "suspend token", tokens::suspend;
    resume: "resume token", tokens::resume;
    delete: "delete token", tokens::delete;
    device_binding: "bind device", step_up::device_binding;
    step_up_method: "choose step-up method", step_up::method;
    validate_otp: "validate OTP", step_up::validate_otp;
    attestation_options: "read attestation options", step_up::attestation;
}

async fn no_such_page(mut request: Request) -> Response {
    let context = request.begin("").await;
    finish(&request, context, Err(VisaError::NoSuchPage))
}

async fn wrong_method(mut request: Request) -> Response {
    let context = request.begin("").await;
    finish(&request, context, Err(VisaError::Method))
}
