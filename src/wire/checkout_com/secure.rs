//! 3-D Secure at Checkout.com: a payment that waits for its customer, the page to which that is sent, and what a merchant finds
//! of it meanwhile (Checkout.com, 3D Secure with its hosted page).

use http::StatusCode;
use serde_json::{Value, json as object};

use super::errors::CheckoutError;
use super::idempotency::SERVICE;
use super::ids::{parse_session_id, payment_id_of, session_id};
use super::messages::{self, base, json};
use super::sources;
use super::wanted::Back;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::enrolled::Flow;
use crate::domain::payment::request::{Authentication, PaymentRequest};
use crate::limits::CHALLENGE_CHECKOUT;
use crate::operations::SharedConfig;
use crate::operations::challenges::{self, PaymentToHold};
use crate::wire::edge::challenge::{self, Asks, PASSED, asking};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, HttpProblem, Request, RequestContext};

const SUCCESS_URL: &str = "success_url";
const FAILURE_URL: &str = "failure_url";

/// Holds a payment and says where its customer is to be sent.
pub(super) async fn send_away(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    payment: PaymentRequest,
    back: Back,
    fingerprint: [u8; 32],
) -> Result<Answer, CheckoutError> {
    let urls = [
        (SUCCESS_URL, back.success_url),
        (FAILURE_URL, back.failure_url),
    ];
    let asked = urls
        .into_iter()
        .filter_map(|(name, url)| Some((name.to_owned(), url?)));
    let held = PaymentToHold {
        request: payment,
        asked: asked.collect(),
        lapses: Some(CHALLENGE_CHECKOUT),
    };
    let word = |_: &RequestContext, draft: &Draft| {
        let mut answer = object!({
            "id": payment_id_of(&draft.id),
            "status": "Pending",
        });
        if let Some(held) = &draft.held {
            messages::add_kept(&mut answer, held.note.as_deref());
        }
        answer["_links"] = links(request, draft);
        json(StatusCode::ACCEPTED, &answer)
    };
    account
        .hold(context, request, fingerprint, held, word)
        .await
}

/// A payment that still waits, as it stands.
pub(super) fn waiting(request: &Request, draft: &Draft) -> Option<Value> {
    let held = draft.held.as_deref()?;
    let mut answer = object!({
        "id": payment_id_of(&draft.id),
        "requested_on": draft.created.rfc3339(),
        "source": sources::of_request(&request.space, held),
        "amount": held.amount.minor,
        "currency": held.amount.currency.code(),
        "approved": false,
        "status": "Pending",
        "risk": { "flagged": false },
    });
    messages::add_kept(&mut answer, held.note.as_deref());
    answer["_links"] = links(request, draft);
    Some(answer)
}

fn links(request: &Request, draft: &Draft) -> Value {
    let base = base(request).0;
    let payment = format!("{base}/payments/{}", payment_id_of(&draft.id));
    object!({
        "self": { "href": payment },
        "actions": { "href": format!("{payment}/actions") },
        "redirect": { "href": format!("{base}/3ds/{}", session_id(&draft.id)) },
    })
}

/// What the address of a page leads to.
async fn open(context: &RequestContext, request: &Request) -> Result<Draft, CheckoutError> {
    let id = parse_session_id(&request.id).ok_or(HttpProblem::NoSuchPath)?;
    let draft = challenges::find(&context.call, SERVICE, &id).await?;
    Ok(draft.ok_or(HttpProblem::NoSuchPath)?)
}

/// What the customer is asked there, and whether that can end well.
fn asks(config: &SharedConfig, draft: &Draft) -> (Asks, bool) {
    let is_over = matches!(
        draft.status,
        DraftStatus::Open { .. } | DraftStatus::Paid(_) | DraftStatus::Cancelled
    );
    let held = draft.held.as_deref().filter(|_| !is_over);
    let Some(held) = held else {
        return (Asks::Over, false);
    };
    match challenges::enrolled(config, held) {
        Some(row) if row.flow == Flow::Frictionless => (Asks::Nothing, row.ends.passes()),
        Some(row) => (Asks::Outcome, row.ends.passes()),
        None => (Asks::Outcome, true),
    }
}

/// The page to which the customer is sent.
pub(super) async fn page(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let draft = open(context, request).await?;
    let (asks, _) = asks(&request.space.config, &draft);
    Ok(asking(asks)?)
}

/// How it ended. The payment goes on, and the customer goes back to its shop.
pub(super) async fn went(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let draft = open(context, request).await?;
    context.recognise_merchant(&draft.merchant);
    let (asks, can_pass) = asks(&request.space.config, &draft);
    let said = match asks {
        Asks::Over => return Ok(asking(Asks::Over)?),
        Asks::Nothing => true,
        Asks::Outcome => challenge::outcome(&request.body)? == PASSED,
    };
    let authentication = if said && can_pass {
        Authentication::Passed
    } else {
        Authentication::Failed
    };
    let payment = challenges::complete(&mut context.call, &draft, authentication).await?;
    if let Some(reason) = payment.decline {
        context.note(reason.word().into());
    }
    let (name, outcome) = if payment.approved() {
        (SUCCESS_URL, PASSED)
    } else {
        (FAILURE_URL, challenge::FAILED)
    };
    let mut asked = draft.asked.iter();
    let url = asked.find(|(known, _)| known == name);
    let url = url.map(|(_, url)| url.as_str());
    let session = session_id(&draft.id);
    let answer = challenge::back(url, &[("cko-session-id", session.as_str())], outcome)?;
    Ok(answer.ok_or(HttpProblem::NoSuchPath)?)
}
