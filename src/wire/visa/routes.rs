//! What Visa answers, route by route. What each route does is in the file of its subject.

use super::{enrolments, step_up, tokens};
use crate::wire::edge::{Route, routes};

/// Every route of Visa's token service that a public source shows.
pub(super) const ROUTES: &[Route] = routes![
    POST "/vts/panEnrollments" CreateCard => enrolments::enrol,
    GET "/vts/panEnrollments/{vPanEnrollmentID}" ReadCard => enrolments::metadata,
    POST "/vts/panEnrollments/{vPanEnrollmentID}/provisionedTokens" Provision => enrolments::provision,
    GET "/vts/cps/getContent/{guid}" ReadAsset => enrolments::card_art,
    POST "/vts/provisionedTokens" Provision => enrolments::provision_card,
    GET "/vts/provisionedTokens/{vProvisionedTokenID}" ReadToken => tokens::status,
    POST "/vts/provisionedTokens/{vProvisionedTokenID}/paymentData" IssueCryptogram => tokens::payment_data,
    PUT "/vts/provisionedTokens/{vProvisionedTokenID}/suspend" SuspendToken => tokens::suspend,
    PUT "/vts/provisionedTokens/{vProvisionedTokenID}/resume" ResumeToken => tokens::resume,
    PUT "/vts/provisionedTokens/{vProvisionedTokenID}/delete" DeleteToken => tokens::delete,
    POST "/vts/provisionedTokens/{vProvisionedTokenID}/deviceBinding" BindDevice => step_up::device_binding,
    PUT "/vts/provisionedTokens/{vProvisionedTokenID}/stepUpOptions/method" ChooseStepUp => step_up::method,
    POST "/vts/provisionedTokens/{vProvisionedTokenID}/stepUpOptions/validateOTP" ValidateOtp => step_up::validate_otp,
    POST "/vts/provisionedTokens/{vProvisionedTokenID}/attestation/options" ReadAttestation => step_up::attestation,
];
