//! Answering an idempotency key once, the same at every surface that takes them. What a surface says when a key cannot be
//! used is its own business.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::headers::{HeaderProblem, once};
use super::refusal::{Exchange, Refusal, Wording};
use super::{Answer, Request, RequestContext};
use crate::domain::claim::{ClaimKey, ClaimStatus, KeptAnswer};
use crate::domain::deviation::Deviation;
use crate::domain::payment::request::RequestId;
use crate::domain::rejection::Rejection;
use crate::operations::idempotency::{self, ClaimedKey, Keyed, Turn};

/// What a surface promises of keys.
#[derive(Debug)]
pub(in crate::wire) struct Terms {
    /// The keys of two services have nothing to do with each other, and neither have those of two senders.
    pub(in crate::wire) service: &'static str,
    /// In which header a key comes. One that stands further back counts when those before it are missing.
    pub(in crate::wire) headers: &'static [&'static str],
    /// How long a key may be.
    pub(in crate::wire) bytes_max: usize,
    pub(in crate::wire) lifetime: Duration,
    /// Whether a refusal is kept as well, or leaves the key free.
    pub(in crate::wire) refusals_too: bool,
    /// The header that says `true` on an answer that is given again.
    pub(in crate::wire) replayed: Option<&'static str>,
}

/// Why a key cannot be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// The first request with it is still being answered.
    Busy,
    /// It came with another request.
    Other,
    /// Others kept changing the same record.
    Contention,
    Empty,
    TooLong,
    /// It is not printable ASCII.
    Unreadable,
    /// There is more than one, and nobody can say which is meant.
    Several,
}

/// How it goes on.
#[derive(Debug)]
enum Claimed {
    /// Carry the request out and then call [`end`].
    InFlight(InFlight),
    /// This was answered when the request first came.
    Replayed(Answer),
}

/// A request that is being carried out.
#[derive(Debug)]
struct InFlight {
    /// To be handed to the operation, so that it has one effect however often it is carried out.
    request: Option<RequestId>,
    held: Option<ClaimedKey>,
    refusals_too: bool,
}

impl Terms {
    /// The key of a request, if it has one.
    ///
    /// # Errors
    /// When a key is there and cannot be used: it is never taken for none.
    pub(in crate::wire) fn key<'a>(
        &self,
        request: &'a Request,
    ) -> Result<Option<&'a str>, KeyProblem> {
        let present = |name: &&&str| request.headers.contains_key(**name);
        let Some(name) = self.headers.iter().find(present) else {
            return Ok(None);
        };
        let key = match once(&request.headers, name) {
            Ok(Some(key)) => key,
            Ok(None) => return Ok(None),
            Err(HeaderProblem::Several(_)) => return Err(KeyProblem::Several),
            Err(HeaderProblem::Unreadable(_) | HeaderProblem::Encoded) => {
                return Err(KeyProblem::Unreadable);
            }
        };
        match key.len() {
            0 => Err(KeyProblem::Empty),
            bytes if bytes > self.bytes_max => Err(KeyProblem::TooLong),
            _ => Ok(Some(key)),
        }
    }
}

/// Carries a request out once for its key, if it has one: `work` is done the first time, and whoever repeats the request
/// gets the answer that it had then. `fingerprint` is of what the request asks for.
///
/// # Errors
/// When the key cannot be used.
pub(in crate::wire) async fn carry_out<Own: Wording>(
    context: &mut RequestContext,
    request: &Request,
    terms: &Terms,
    sender: &str,
    fingerprint: [u8; 32],
    work: impl AsyncFnOnce(&mut RequestContext, Option<RequestId>) -> Result<Answer, Refusal<Own>>,
) -> Result<Answer, Refusal<Own>> {
    match begin(context, request, terms, sender, fingerprint).await? {
        Claimed::Replayed(answer) => Ok(answer),
        Claimed::InFlight(in_flight) => {
            let result = work(context, in_flight.request).await;
            Ok(end(context, request, in_flight, result).await)
        }
    }
}

/// Claims the key of a request, if it has one. `fingerprint` is of what it asks for.
async fn begin<Own>(
    context: &RequestContext,
    request: &Request,
    terms: &Terms,
    sender: &str,
    fingerprint: [u8; 32],
) -> Result<Claimed, Refusal<Own>> {
    let defect = context.call.space.config.deviation;
    let key = terms
        .key(request)?
        .filter(|_| defect != Some(Deviation::KeyIgnored));
    let Some(key) = key else {
        return Ok(Claimed::InFlight(InFlight {
            request: None,
            held: None,
            refusals_too: false,
        }));
    };
    let sender = match defect {
        Some(Deviation::KeyOfAll) => "",
        Some(_) | None => sender,
    };
    let fingerprint = match defect {
        Some(Deviation::KeyOfAnyBody) => [0; 32],
        Some(_) | None => fingerprint,
    };
    let keyed = Keyed {
        key: ClaimKey::of(&format!("{}:{sender}", terms.service), key),
        fingerprint,
        lifetime: terms.lifetime,
    };
    match idempotency::claim(&context.call, &keyed).await {
        Ok(Turn::First(held)) => Ok(Claimed::InFlight(InFlight {
            request: Some(held.request()),
            held: Some(held),
            refusals_too: terms.refusals_too,
        })),
        Ok(Turn::Met(ClaimStatus::Answered(kept))) => {
            let mut answer = again(&kept);
            if let Some(name) = terms.replayed {
                let yes = HeaderValue::from_static("true");
                answer.headers_mut().insert(name, yes);
            }
            Ok(Claimed::Replayed(answer))
        }
        Ok(Turn::Met(ClaimStatus::Busy)) => Err(KeyProblem::Busy.into()),
        Ok(Turn::Met(ClaimStatus::Other)) => Err(KeyProblem::Other.into()),
        Ok(Turn::Met(ClaimStatus::Expired | ClaimStatus::Abandoned))
        | Err(Rejection::Contention) => Err(KeyProblem::Contention.into()),
        Err(rejection) => Err(Refusal::Rejected(rejection)),
    }
}

/// Keeps the answer, unless it says that something failed on this side or the surface keeps no refusals: then the key may
/// be used again.
async fn end<Own: Wording>(
    context: &mut RequestContext,
    request: &Request,
    in_flight: InFlight,
    result: Result<Answer, Refusal<Own>>,
) -> Answer {
    let answer = match result {
        Ok(answer) => answer,
        Err(refusal) => {
            let refused = refusal.worded(Exchange { request, context });
            context.note(refused.reason);
            refused.answer
        }
    };
    let Some(held) = in_flight.held else {
        return answer;
    };
    let status = answer.status();
    let kept = status.is_success() || (in_flight.refusals_too && status.is_client_error());
    // Nothing has happened that could be told again.
    let kept = kept && !context.call.is_withheld();
    let kept = kept && !context.call.deviates(Deviation::KeyForgotten);
    let settled = if kept {
        idempotency::keep(&context.call, held, to_keep(&answer)).await
    } else {
        idempotency::release(&context.call, held).await
    };
    // What was answered holds although the store has gone away since and the key stays claimed. Whoever repeats the request
    // finds the key busy until its claim is abandoned, and then the same outcome, by the id of the request.
    if let Err(why) = settled {
        tracing::warn!(%why, "an idempotency key stays claimed");
    }
    answer
}

fn to_keep(answer: &Answer) -> KeptAnswer {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = answer.headers().iter();
    let headers = headers.filter(|(name, _)| *name != CONTENT_LENGTH);
    KeptAnswer {
        status: answer.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: answer.body().to_vec(),
    }
}

fn again(kept: &KeptAnswer) -> Answer {
    let mut answer = Response::new(Bytes::from(kept.body.clone()));
    *answer.status_mut() = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    for (name, value) in &kept.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}
