//! 3-D Secure: a card that wants its customer authenticated is not charged before that. The intent says where the customer is to
//! be sent; the page there is standin's, and asks only what the outcome is to be (Stripe, testing, and API reference,
//! `next_action`). A client without a browser posts the outcome to the same address.

use super::calls::{form, no_such};
use super::errors::{Conflict, Own, StripeError};
use super::form::{CHALLENGE, Form, IN_INTENT};
use super::idempotency::KEYS;
use super::intents::{draft_id, parse_draft_id, parse_setup_id};
use super::later::{self, Step, begin, pay};
use super::requests::bad;
use super::{parameters_kept, rules};
use crate::domain::money::Amount;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::request::{Authentication, PaymentRequest};
use crate::domain::rejection::Rejection;
use crate::operations::authorize::is_challenged;
use crate::operations::derived_ids;
use crate::wire::edge::challenge::{self, Asks, PASSED, asking};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

/// Whether the customer is to be authenticated before anybody is asked. Who wants an error in its place is declined.
pub(super) fn is_due(
    request: &Request,
    wanted: &PaymentRequest,
    form: &Form,
) -> Result<bool, StripeError> {
    let error = form.boolean("error_on_requires_action")? == Some(true);
    Ok(!error && is_challenged(&request.space.config, wanted))
}

/// What is asked for by now, and where the customer is sent.
pub(super) fn asked(request: &Request, draft: &Draft, whole: &Form) -> Vec<(String, String)> {
    let id = draft_id(draft);
    let secret = secret(request, &id);
    let url = format!(
        "{}/v1/3d_secure/{id}?client_secret={secret}",
        request.base()
    );
    let mut asked = whole.pairs().to_vec();
    // The token has been used for this.
    asked.retain(|(name, _)| ![CHALLENGE, IN_INTENT].contains(&name.as_str()));
    asked.push((CHALLENGE.to_owned(), url));
    asked
}

fn secret(request: &Request, id: &str) -> String {
    let secret = derived_ids::client_secret(&request.space, id);
    format!("{id}_secret_{secret}")
}

/// An intent that is confirmed as it is created, and challenged.
pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    form: &Form,
    amount: Option<Amount>,
) -> Result<Answer, StripeError> {
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let asked = form.pairs().to_vec();
            let draft = begin(context, request, account, amount, asked).await?;
            let step = Step {
                draft: &draft,
                whole: form,
                authentication: Authentication::NotAsked,
            };
            pay(context, request, account, step).await
        })
        .await
}

/// What the secret in the query leads to.
async fn open(request: &Request) -> Result<Draft, StripeError> {
    let id = &request.id;
    let unknown = || no_such("payment_intent", "id", id);
    let query = Form::parse(request.uri.query().unwrap_or_default().as_bytes());
    rules::check_query(&query, &[parameters_kept::CHALLENGE])?;
    let given = query.required("client_secret")?;
    let key = parse_draft_id(id).or_else(|| parse_setup_id(id));
    let key = key.ok_or_else(unknown)?;
    let found = request.space.store.get::<Draft>(&key).await;
    let found = found.map_err(Rejection::from)?.ok_or_else(unknown)?;
    if *given != secret(request, &draft_id(&found.record)) {
        return Err(unknown());
    }
    Ok(found.record)
}

/// Whether the customer has still to say how it ended; also when somebody has begun to write that down and did not come back.
fn is_open(draft: &Draft) -> bool {
    let sent = draft.asked.iter().any(|(name, _)| name == CHALLENGE);
    sent && !matches!(draft.status, DraftStatus::Paid(_) | DraftStatus::Cancelled)
}

/// The page to which the customer is sent.
pub(super) async fn page(_: &mut RequestContext, request: &Request) -> Result<Answer, StripeError> {
    let draft = open(request).await?;
    let asks = if is_open(&draft) {
        Asks::Outcome
    } else {
        Asks::Over
    };
    Ok(asking(asks)?)
}

/// How it ended. The customer goes back to its shop, where that has said where.
pub(super) async fn answered(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let draft = open(request).await?;
    let form = form(request)?;
    rules::check(&form, &[parameters_kept::OUTCOME])?;
    let authentication = match form.required("outcome")? {
        PASSED => Authentication::Passed,
        _ => Authentication::Failed,
    };
    if !is_open(&draft) {
        return Err(Conflict {
            refusal: None,
            code: Some("payment_intent_unexpected_state"),
            message: "The customer of this PaymentIntent is not to be authenticated.".to_owned(),
            param: None,
            intent: None,
        }
        .into());
    }
    let mut merchants = request.space.config.merchants.iter();
    let merchant = merchants.find(|merchant| merchant.name == draft.merchant);
    let merchant = merchant.ok_or_else(|| no_such("payment_intent", "id", &request.id))?;
    context.recognise_merchant(&merchant.name);
    let account = MerchantAccount {
        merchant,
        terms: &KEYS,
    };
    let mut asked = draft.asked.clone();
    asked.retain(|(name, _)| name != CHALLENGE);
    let whole = Form::of(&asked);
    let step = Step {
        draft: &draft,
        whole: &whole,
        authentication,
    };
    let outcome = match later::pay(context, request, account, step).await {
        Ok(_) => PASSED,
        Err(StripeError::Own(Own::Declined { .. })) => "failed",
        Err(other) => return Err(other),
    };
    back(request, &draft, &whole, outcome)
}

fn back(
    request: &Request,
    draft: &Draft,
    whole: &Form,
    outcome: &str,
) -> Result<Answer, StripeError> {
    let name = "return_url";
    let id = draft_id(draft);
    let kind = if draft.setup {
        "setup_intent"
    } else {
        "payment_intent"
    };
    let secret = secret(request, &id);
    let secret_of = format!("{kind}_client_secret");
    let more = [
        (kind, id.as_str()),
        (secret_of.as_str(), secret.as_str()),
        ("redirect_status", outcome),
    ];
    let answer = challenge::back(whole.text(name), &more, outcome)?;
    answer.ok_or_else(|| bad(name, "url_invalid", "is no address"))
}
