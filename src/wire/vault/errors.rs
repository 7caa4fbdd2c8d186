//! Error bodies of the vault API: a list of status, title and detail.

use std::borrow::Cow;

use http::StatusCode;

use crate::domain::rejection::Rejection;
use crate::wire::edge::access_token::Denied;
use crate::wire::edge::{Answer, Exchange, HttpProblem, Refusal, Wording, json, title_of};

/// Why a call is refused.
pub(super) type VaultError = Refusal<Own>;

/// The reasons that are the vault's own.
#[derive(Debug)]
pub enum Own {
    Denied(Denied),
    /// The value at this place of the list cannot be vaulted.
    Value(usize, Rejection),
}

impl From<Denied> for VaultError {
    fn from(denied: Denied) -> Self {
        Self::Own(Own::Denied(denied))
    }
}

impl From<Own> for VaultError {
    fn from(own: Own) -> Self {
        Self::Own(own)
    }
}

type Words = (StatusCode, Cow<'static, str>);

fn words(refusal: &VaultError) -> Words {
    match refusal {
        Refusal::Http(problem) => http(problem),
        Refusal::Malformed(what) => (StatusCode::BAD_REQUEST, what.to_string().into()),
        // Each member has an error of its own.
        Refusal::Members(_) => (StatusCode::BAD_REQUEST, "".into()),
        Refusal::Rejected(rejection) => rejected(*rejection),
        // The vault takes no idempotency keys.
        Refusal::Key(_) => http(&HttpProblem::Status(StatusCode::CONFLICT)),
        Refusal::Own(Own::Denied(denied)) => (denied.status(), denied.to_string().into()),
        Refusal::Own(Own::Value(place, rejection)) => {
            let (status, detail) = rejected(*rejection);
            let member = if *rejection == Rejection::AliasTaken {
                "alias"
            } else {
                "value"
            };
            (status, format!("/data/{place}/{member}: {detail}").into())
        }
    }
}

fn http(problem: &HttpProblem) -> Words {
    (problem.status(), problem.text())
}

/// How the vault words what the records refuse. Only aliases and card numbers can come up here.
fn rejected(rejection: Rejection) -> Words {
    let status = if rejection == Rejection::AliasUnknown {
        StatusCode::NOT_FOUND
    } else if rejection == Rejection::AliasTaken {
        StatusCode::CONFLICT
    } else if matches!(
        rejection,
        Rejection::Contention | Rejection::StoreUnavailable | Rejection::StoreFull
    ) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::BAD_REQUEST
    };
    let mut detail = rejection.to_string();
    if rejection == Rejection::NotATestCard {
        detail.push_str("; to accept numbers like it, start standin with --allow-pan PREFIX");
    }
    (status, detail.into())
}

impl Wording for Own {
    fn message(refusal: &VaultError) -> Cow<'static, str> {
        words(refusal).1
    }

    fn answer(refusal: &VaultError, _: Exchange<'_>) -> Answer {
        let (status, detail) = words(refusal);
        let error = |detail: &str| {
            let (status, title) = (status.as_u16(), title_of(status));
            serde_json::json!({ "status": status, "title": title, "detail": detail })
        };
        let errors: Vec<_> = if let Refusal::Members(problems) = refusal {
            let each = problems.iter();
            each.map(|p| error(&format!("{} {}", p.pointer, p.due)))
                .collect()
        } else {
            vec![error(&detail)]
        };
        json(status, serde_json::json!({ "errors": errors }).to_string())
    }

    fn reason(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Denied(_) => None,
            Self::Value(_, rejection) => Some(rejection.word().into()),
        }
    }
}
