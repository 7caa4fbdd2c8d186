//! Answers with another status, and what is said in the place of a refusal.

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::Case;
use crate::domain::deviation::Deviation;
use crate::domain::operation::Operation;
use crate::wire::edge::Answer;

/// Changes the status, or puts a success in the place of a refusal.
pub(super) fn change(case: &Case<'_>, answer: &mut Answer) {
    use Deviation::*;
    let status = answer.status();
    if status.is_success() {
        succeed(case, answer);
    }
    if status.is_server_error() && case.deviation == TroubleWith200 {
        *answer.status_mut() = StatusCode::OK;
    }
    if !status.is_client_error() {
        return;
    }
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    let otherwise = match (case.deviation, status.as_u16()) {
        (RefusedWith200 | KeyRefusedWith200, _) => Some(StatusCode::OK),
        (RefusedWith500, _) | (UnknownIs500, 404) | (MethodIs500, 405) => Some(failed),
        (UnreadableIs500, _) if is_unreadable(case) => Some(failed),
        (StatusIsAlike, 400 | 422) => Some(StatusCode::CONFLICT),
        (_, _) => None,
    };
    if let Some(otherwise) = otherwise {
        *answer.status_mut() = otherwise;
    }
    if let Some((status, document)) = in_its_place(case, status.as_u16()) {
        *answer.status_mut() = status;
        *answer.body_mut() = Bytes::from(document.to_string());
    }
}

/// Empties the answer to some operation, or puts a body where none belongs.
fn succeed(case: &Case<'_>, answer: &mut Answer) {
    use Deviation::*;
    let Some(operation) = case.operation else {
        return;
    };
    let emptied = match case.deviation {
        CardUntold => matches!(operation, Operation::CreateCard | Operation::UpdateCard),
        ReadUntold => matches!(operation, Operation::ReadCard | Operation::ReadToken),
        EnrolmentEmpty => operation == Operation::Provision,
        CryptogramEmpty => operation == Operation::IssueCryptogram,
        PaymentEmpty => operation == Operation::Authorize,
        AliasEmpty => matches!(operation, Operation::CreateAlias | Operation::ReadAlias),
        CheckoutEmpty => operation == Operation::ReadCheckout,
        KeysUntold => operation == Operation::ReadKeys,
        SubscriptionEmpty => matches!(
            operation,
            Operation::SubscribeCardUpdates | Operation::CheckCardUpdates
        ),
        DeletionTold if answer.status() == StatusCode::NO_CONTENT => {
            *answer.status_mut() = StatusCode::OK;
            true
        }
        _ => false,
    };
    if emptied {
        *answer.body_mut() = Bytes::from_static(b"{}");
    }
}

/// Whether what was sent says that it is JSON and is none.
fn is_unreadable(case: &Case<'_>) -> bool {
    let request = case.request;
    let typed = request.headers.get(CONTENT_TYPE);
    let json = typed.is_some_and(|value| value.as_bytes().ends_with(b"json"));
    json && !request.body.is_empty() && serde_json::from_slice::<Value>(&request.body).is_err()
}

/// The success that is told in the place of a refusal, if one is.
fn in_its_place(case: &Case<'_>, status: u16) -> Option<(StatusCode, Value)> {
    const REFERENCE: &str = "NTKnobodysToken11111111111";
    match (case.deviation, case.operation?, status) {
        (Deviation::UnknownEnrolled, Operation::Provision, 404) => {
            let attributes = json!({ "state": "active", "network_token": "4895370000000007",
                "last4": "0007", "exp_month": 12, "exp_year": 2031 });
            let token =
                json!({ "id": REFERENCE, "type": "network_tokens", "attributes": attributes });
            Some((StatusCode::OK, json!({ "data": token })))
        }
        (Deviation::MalformedTaken, Operation::CreateCard, 400 | 422) => {
            let card =
                json!({ "id": "CRDnobodysCard111111111111", "type": "cards", "attributes": {} });
            Some((StatusCode::CREATED, json!({ "data": card })))
        }
        (Deviation::MalformedPays, Operation::Authorize, 400 | 422) => {
            let paid = json!({ "id": "PAYnobodysPayment1111111111", "approved": true });
            Some((StatusCode::CREATED, paid))
        }
        (Deviation::CryptogramOfNothing, Operation::IssueCryptogram, 404 | 422 | 424) => {
            let cryptogram = json!({ "value": "AAECAwQFBgcICQoLDA0ODxAREhM=", "eci": "07" });
            let attributes = json!({ "last4": "0007", "cryptogram": cryptogram });
            let token =
                json!({ "id": REFERENCE, "type": "network_tokens", "attributes": attributes });
            Some((StatusCode::OK, json!({ "data": token })))
        }
        (_, _, _) => None,
    }
}
