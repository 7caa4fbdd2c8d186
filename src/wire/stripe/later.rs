//! Payment intents that are created now and confirmed later.

use axum::response::Response;

use super::auth::enter;
use super::errors::StripeError;
use super::form::Form;
use super::intents::parse_draft_id;
use super::routes::{
    REPLAYED, begin, counter, find_intent, form, json, no_such_intent, paid_or_declined,
};
use super::{messages, parameters, requests};
use crate::domain::merchant::Merchant;
use crate::domain::payment::draft::{Draft, DraftRefusal, Standing};
use crate::domain::payment::record::Payment;
use crate::operations::authorize::authorize;
use crate::operations::drafts::{self, DraftError};
use crate::operations::payments;
use crate::wire::Visit;
use crate::wire::asked::Asked;
use crate::wire::once::{self, Begun};

/// Beside the payment method everything that was asked for stays when a payment is declined.
const METHOD: &str = "payment_method_";

impl From<DraftError> for StripeError {
    fn from(error: DraftError) -> Self {
        match error {
            // Whoever asks has found it a moment ago.
            DraftError::Unknown
            | DraftError::Contention
            | DraftError::Withheld
            | DraftError::Refused(DraftRefusal::Busy) => Self::Contention,
            DraftError::Refused(DraftRefusal::Paid) => {
                Self::Unexpected("it has been confirmed already")
            }
            DraftError::Refused(DraftRefusal::Cancelled) => {
                Self::Unexpected("it has been canceled")
            }
        }
    }
}

/// Keeps an intent that nobody has confirmed.
pub(super) async fn create(
    visit: &mut Visit,
    asked: &Asked,
    merchant: &Merchant,
    form: Form,
) -> Result<Response, StripeError> {
    let amount = requests::unconfirmed(&form)?;
    let going = match begin(visit, asked, merchant, &form).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let receipt = asked.receipt(&visit.call);
    let wanted = (amount, form.into_pairs());
    let made = drafts::create(&mut visit.call, counter(merchant), wanted, &receipt).await;
    let result = made.map_err(StripeError::from);
    let result = result.and_then(|draft| Ok(json(&messages::waiting(&draft)?)));
    Ok(once::end(visit, going, result).await)
}

/// Confirms an intent, with what the call brings in place of what was asked for before.
pub(super) async fn confirm(
    visit: &mut Visit,
    asked: &Asked,
    id: &str,
) -> Result<Response, StripeError> {
    let merchant = enter(visit, asked)?;
    let form = form(asked)?;
    parameters::check(&form, &[parameters::CONFIRM])?;
    let Some(draft) = find(visit, merchant, id).await else {
        // One that was confirmed as it was created has nothing left to confirm.
        let known = find_intent(visit, merchant, id).await;
        known.ok_or_else(|| no_such_intent("intent", id))?;
        return Err(StripeError::Unexpected("it has been confirmed already"));
    };
    let going = match begin(visit, asked, merchant, &form).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let whole = Form::over(&draft.asked, &form, METHOD);
    let result = carry_out(visit, asked, (merchant, &draft), &whole).await;
    Ok(once::end(visit, going, result).await)
}

async fn carry_out(
    visit: &mut Visit,
    asked: &Asked,
    (merchant, draft): (&Merchant, &Draft),
    whole: &Form,
) -> Result<Response, StripeError> {
    let open = matches!(draft.standing, Standing::Open { .. });
    if open && !whole.has_below("payment_method_data") && whole.text("payment_method").is_none() {
        return Err(StripeError::Unexpected(
            "it has no payment method; give one with payment_method_data",
        ));
    }
    let mut request = match draft.standing {
        Standing::Paid(_) => return Err(DraftError::Refused(DraftRefusal::Paid).into()),
        Standing::Cancelled => return Err(DraftError::Refused(DraftRefusal::Cancelled).into()),
        Standing::Open { .. } | Standing::Confirming { .. } => {
            requests::intent(whole, &merchant.name)?
        }
    };
    requests::named(&mut request, draft);
    let counter = counter(merchant);
    drafts::take(&mut visit.call, counter, &draft.id, &mut request).await?;
    let Ok(payment) = authorize(&mut visit.call, request, None).await else {
        drafts::release(&visit.call, counter, &draft.id).await?;
        return Err(StripeError::Contention);
    };
    let settled = (&payment, whole.without(METHOD));
    drafts::settle(&visit.call, counter, &draft.id, settled).await?;
    paid_or_declined(asked, &payment, whole.expands("latest_charge"))
}

/// An intent that waits, or waited, to be confirmed.
pub(super) async fn find(visit: &Visit, merchant: &Merchant, id: &str) -> Option<Draft> {
    let found = drafts::find(&visit.call, counter(merchant), &parse_draft_id(id)?).await;
    found.map(|found| found.record)
}

/// The payment that an intent has come to, if it has come to one.
pub(super) async fn payment_of(
    visit: &Visit,
    merchant: &Merchant,
    draft: &Draft,
) -> Option<Payment> {
    let id = match draft.standing {
        Standing::Paid(id) | Standing::Open { declined: Some(id) } => id,
        Standing::Open { declined: None } | Standing::Confirming { .. } | Standing::Cancelled => {
            return None;
        }
    };
    let found = payments::find(&visit.call, counter(merchant), &id).await;
    found.map(|found| found.record)
}

/// Gives up an intent that nobody has confirmed.
pub(super) async fn cancel(
    visit: &mut Visit,
    asked: &Asked,
    merchant: &Merchant,
    draft: &Draft,
) -> Result<Response, StripeError> {
    let form = form(asked)?;
    parameters::check(&form, &[parameters::CANCEL])?;
    let reason = requests::cancellation_reason(&form)?;
    let going = match begin(visit, asked, merchant, &form).await? {
        Begun::Again(response) => return Ok(once::marked(response, REPLAYED)),
        Begun::Go(going) => going,
    };
    let said = reason.map(|reason| ("cancellation_reason".to_owned(), reason.to_owned()));
    let cancelled = drafts::cancel(&mut visit.call, counter(merchant), &draft.id, said).await;
    let result = cancelled.map_err(StripeError::from);
    let result = result.and_then(|draft| Ok(json(&messages::waiting(&draft)?)));
    Ok(once::end(visit, going, result).await)
}
