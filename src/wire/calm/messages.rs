//! What CALM answers: an enrolment as it stands.

use serde::Serialize;
use serde_json::value::RawValue;

use super::errors::Failure;
use crate::domain::lifecycle::State;
use crate::domain::token::{LatestChange, TokenRecord};
use crate::operations::enrolments::Enrolment;

/// An enrolment that has not failed.
#[derive(Debug, Serialize)]
pub(super) struct EnrolmentBody {
    pan_alias: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_token_last4: Option<String>,
    created_at: String,
    updated_at: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    card: Card,
}

#[derive(Debug, Serialize)]
struct Card {
    last4: String,
    bin: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder_info: Option<Box<RawValue>>,
}

/// An enrolment that the network refused.
#[derive(Debug, Serialize)]
pub(super) struct FailedBody {
    pan_alias: String,
    created_at: String,
    updated_at: String,
    state: &'static str,
    error_code: &'static str,
    description: &'static str,
    additional_info: String,
}

pub(super) fn enrolment(alias: &str, enrolment: &Enrolment) -> EnrolmentBody {
    let Enrolment { card, token } = enrolment;
    let token = token.as_ref();
    let (created, updated) = token.map_or((card.created, card.updated), |token| {
        (token.created, token.updated)
    });
    let holder = card.more.as_ref().and_then(|more| more.cardholder.clone());
    EnrolmentBody {
        pan_alias: alias.to_owned(),
        network_token_last4: token
            .and_then(|token| token.number)
            .map(|number| number.last4()),
        created_at: created.rfc3339(),
        updated_at: updated.rfc3339(),
        state: state(token),
        expires_at: token.map(|token| token.expiry.year_month()),
        card: Card {
            last4: card.pan.last4(),
            bin: card.pan.first(6),
            expires_at: card.expiry.year_month(),
            holder_info: holder.and_then(|text| RawValue::from_string(text).ok()),
        },
    }
}

pub(super) fn failed(alias: &str, token: &TokenRecord, failure: &Failure) -> FailedBody {
    FailedBody {
        pan_alias: alias.to_owned(),
        created_at: token.created.rfc3339(),
        updated_at: token.updated.rfc3339(),
        state: "FAILED",
        error_code: failure.code,
        description: failure.description,
        additional_info: failure.additional_info.clone(),
    }
}

/// The state in CALM's words. The documentation has no word for the time between request and outcome; PENDING is ours.
fn state(token: Option<&TokenRecord>) -> &'static str {
    match token.map(|token| (token.status.state, token.latest)) {
        None | Some((State::Inactive, _)) => "PENDING",
        Some((State::Active, LatestChange::Resumed)) => "ACTIVATED",
        Some((State::Active, _)) => "ACTIVE",
        Some((State::Suspended, _)) => "SUSPENDED",
        Some((State::Deleted, _)) => "DELETED",
        Some((State::Failed, _)) => "FAILED",
    }
}
