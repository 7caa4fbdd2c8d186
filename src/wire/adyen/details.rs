//! `/payments/details`: how the authentication of a shopper ended, told by the shop, after which the payment goes on (Adyen,
//! 3D Secure: redirect and native authentication).

use http::StatusCode;
use serde_json::{Map, Value};

use super::actions;
use super::auth::enter;
use super::errors::{AdyenError, Own};
use super::idempotency::KEYS;
use super::messages::{self, psp_reference};
use super::passes::Pass;
use super::wanted::{Due, Place};
use crate::crypto::encoding::{from_base64, from_base64_url};
use crate::domain::id::DraftId;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::enrolled::{Enrolled, Flow};
use crate::domain::payment::record::Payment;
use crate::domain::payment::request::{Authentication, PaymentRequest};
use crate::limits::CHALLENGE_TEXT_BYTES_MAX;
use crate::operations::challenges::{self, PaymentToHold};
use crate::wire::edge::challenge::{self, Asks, PASSED, asking};
use crate::wire::edge::document::{object, read};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::read::Members;
use crate::wire::edge::{Answer, HttpProblem, Request, RequestContext, fingerprint};

/// Under this name stands where the shopper comes back to.
const RETURN_URL: &str = "returnUrl";

/// Holds a payment whose shopper is to be authenticated, and says what is to be done with it.
pub(super) async fn send_away(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    payment: PaymentRequest,
    due: Due,
    fingerprint: [u8; 32],
) -> Result<Answer, AdyenError> {
    let Due {
        place,
        flow,
        return_url,
    } = due;
    if place == Place::Redirect && return_url.is_none() {
        return Err(Own::ReturnUrl.into());
    }
    let asked = return_url.map(|url| (RETURN_URL.to_owned(), url));
    let held = PaymentToHold {
        request: payment,
        asked: asked.into_iter().collect(),
        // Adyen does not say how long a shopper has.
        lapses: None,
    };
    let word = |context: &RequestContext, draft: &Draft| {
        let body = match (place, flow) {
            (Place::Redirect, _) => actions::redirect(request, &draft.id),
            (Place::Native, Flow::Challenge) => actions::challenge(request, &draft.id),
            (Place::Native, _) => actions::fingerprint(&request.space, &draft.id),
        };
        let reference = messages::request_reference(request, context);
        messages::answer(StatusCode::OK, &reference, &body)
    };
    account
        .hold(context, request, fingerprint, held, word)
        .await
}

/// What the shop has got to say.
enum Said {
    /// How it ended.
    Ended(Option<DraftId>, Authentication),
    /// Its device was looked at.
    Fingerprint(Option<DraftId>),
}

/// A text of the component in the shop's page: base64 of an object.
fn opened(text: &str) -> Option<Map<String, Value>> {
    let bytes = from_base64(text).or_else(|_| from_base64_url(text)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Of the words that the protocol has for it, two mean that the shopper is who it says (Y), or that its bank takes part in
/// nothing and answers for it (A).
fn ended(result: &Map<String, Value>) -> Result<Authentication, Own> {
    match result.get("transStatus").and_then(Value::as_str) {
        Some("Y" | "A") => Ok(Authentication::Passed),
        Some("N" | "R" | "U") => Ok(Authentication::Failed),
        _ => Err(Own::TransStatus),
    }
}

/// The members of a request, as they came.
#[derive(Debug)]
struct Details {
    payment_data: Option<String>,
    redirect: Option<String>,
    result: Option<String>,
    fingerprint: Option<String>,
    challenge: Option<String>,
}

fn members(body: &Members<'_>) -> Option<Details> {
    let text = |members: &Members<'_>, name: &str| {
        let text = members.string(name, CHALLENGE_TEXT_BYTES_MAX);
        text.map(str::to_owned)
    };
    let details = body.required_object("details")?;
    Some(Details {
        payment_data: text(body, "paymentData"),
        redirect: text(&details, "redirectResult"),
        result: text(&details, "threeDSResult"),
        fingerprint: text(&details, "threeds2.fingerprint"),
        challenge: text(&details, "threeds2.challengeResult"),
    })
}

impl Details {
    fn said(&self, request: &Request) -> Result<Said, Own> {
        let space = &request.space;
        let data = self.payment_data.as_deref();
        if let Some(text) = &self.redirect {
            let ways = [
                (Pass::Passed, Authentication::Passed),
                (Pass::Failed, Authentication::Failed),
            ];
            let mut read = ways.into_iter();
            let found = read.find_map(|(pass, ended)| Some((pass.read(space, text)?, ended)));
            let (id, ended) = found.ok_or(Own::Details("redirectResult"))?;
            return Ok(Said::Ended(Some(id), ended));
        }
        let by_data = || data.and_then(|data| Pass::Details.read(space, data));
        if let Some(text) = &self.result {
            let result = opened(text).ok_or(Own::Details("threeDSResult"))?;
            let token = result.get("authorisationToken").and_then(Value::as_str);
            let id = match token {
                Some(token) => Pass::Details.read(space, token),
                None => by_data(),
            };
            return Ok(Said::Ended(id, ended(&result)?));
        }
        if let Some(text) = &self.challenge {
            let result = opened(text).ok_or(Own::Details("threeds2.challengeResult"))?;
            return Ok(Said::Ended(by_data(), ended(&result)?));
        }
        if let Some(text) = &self.fingerprint {
            opened(text).ok_or(Own::Details("threeds2.fingerprint"))?;
            return Ok(Said::Fingerprint(by_data()));
        }
        Err(Own::PaymentData)
    }
}

pub(super) async fn details(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    let account = enter(context, request)?;
    let body = object(request)?;
    let said = read(&body, members)?.said(request)?;
    let fingerprint = fingerprint::of_object(request.uri.path(), &body);
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let (Said::Ended(id, _) | Said::Fingerprint(id)) = &said;
            let id = id.ok_or(Own::PaymentData)?;
            let draft = challenges::find(&context.call, KEYS.service, &id).await?;
            let draft = draft.filter(|draft| draft.merchant == account.merchant.name);
            let draft = draft.ok_or(Own::PaymentData)?;
            let authentication = match said {
                Said::Ended(_, authentication) => authentication,
                Said::Fingerprint(_) if is_asked(request, &draft) => {
                    let body = actions::challenge(request, &id);
                    let reference = messages::request_reference(request, context);
                    return Ok(messages::answer(StatusCode::OK, &reference, &body));
                }
                Said::Fingerprint(_) => Authentication::Passed,
            };
            let payment = challenges::complete(&mut context.call, &draft, authentication).await?;
            Ok(answered(context, &payment))
        })
        .await
}

fn answered(context: &mut RequestContext, payment: &Payment) -> Answer {
    if let Some(reason) = payment.decline {
        context.note(reason.word().into());
    }
    let body = messages::payment(&context.call.space, payment);
    messages::answer(StatusCode::OK, &psp_reference(&payment.id), &body)
}

/// Whether the shopper is asked once its device has been looked at.
fn is_asked(request: &Request, draft: &Draft) -> bool {
    let held = draft.held.as_deref();
    let row = held.and_then(|held| challenges::enrolled(&request.space.config, held));
    row.is_some_and(|row: &Enrolled| row.flow != Flow::Frictionless)
}

/// What the address of a page leads to.
async fn open(context: &RequestContext, request: &Request) -> Result<Draft, AdyenError> {
    let id = Pass::Page.read(&request.space, &request.id);
    let id = id.ok_or(HttpProblem::NoSuchPath)?;
    let draft = challenges::find(&context.call, KEYS.service, &id).await?;
    Ok(draft.ok_or(HttpProblem::NoSuchPath)?)
}

/// What the shopper is asked there.
fn asks(request: &Request, draft: &Draft) -> Asks {
    match draft.status {
        DraftStatus::Challenged { .. } | DraftStatus::Confirming { .. } => {
            if is_asked(request, draft) {
                Asks::Outcome
            } else {
                Asks::Nothing
            }
        }
        DraftStatus::Open { .. } | DraftStatus::Paid(_) | DraftStatus::Cancelled => Asks::Over,
    }
}

/// The page to which the shopper is sent.
pub(super) async fn page(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    let draft = open(context, request).await?;
    Ok(asking(asks(request, &draft))?)
}

/// How it ended. The shopper goes back to its shop, whose server says so at [`details`].
pub(super) async fn went(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, AdyenError> {
    let draft = open(context, request).await?;
    context.recognise_merchant(&draft.merchant);
    if asks(request, &draft) == Asks::Over {
        return Ok(asking(Asks::Over)?);
    }
    let outcome = challenge::outcome(&request.body)?;
    let pass = if outcome == PASSED {
        Pass::Passed
    } else {
        Pass::Failed
    };
    let result = pass.of(&request.space, &draft.id);
    let mut asked = draft.asked.iter();
    let url = asked.find(|(name, _)| name == RETURN_URL);
    let url = url.map(|(_, url)| url.as_str());
    let answer = challenge::back(url, &[("redirectResult", result.as_str())], outcome)?;
    Ok(answer.ok_or(Own::ReturnUrl)?)
}
