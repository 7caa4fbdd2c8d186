//! Payment intents that are created now and confirmed later.

use super::auth::enter;
use super::errors::{Own, StripeError};
use super::expansions::{self, Object};
use super::form::Form;
use super::intents::parse_draft_id;
use super::messages::View;
use super::routes::{find_intent, form, no_such_intent, ok, paid_or_declined};
use super::{cards, messages, parameters, requests, rules};
use crate::domain::payment::draft::{Draft, DraftRefusal, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::authorize::authorize;
use crate::operations::drafts::{self, DraftError};
use crate::operations::payments;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

impl From<DraftError> for StripeError {
    fn from(error: DraftError) -> Self {
        match error {
            // Whoever asks has found it a moment ago.
            DraftError::Unknown
            | DraftError::Contention
            | DraftError::Withheld
            | DraftError::Refused(DraftRefusal::Busy) => Rejection::Contention.into(),
            DraftError::Unavailable(why) => why.into(),
            DraftError::Refused(DraftRefusal::Paid) => {
                Own::Unexpected("it has been confirmed already").into()
            }
            DraftError::Refused(DraftRefusal::Cancelled) => {
                Own::Unexpected("it has been canceled").into()
            }
        }
    }
}

/// Keeps an intent that nobody has confirmed.
pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    form: Form,
) -> Result<Answer, StripeError> {
    let early = parameters::ONLY_CONFIRMED
        .into_iter()
        .find(|name| form.text(name).is_some());
    if let Some(name) = early {
        let due = "can only be given when confirm is true, or when the intent is confirmed";
        return Err(requests::bad(name, "parameter_invalid_enum", due));
    }
    let amount = requests::unconfirmed(&form)?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let receipt = request.receipt(&context.call);
            let counter = account.counter();
            let asked = form.into_pairs();
            let draft = drafts::create(&mut context.call, counter, amount, asked, &receipt).await?;
            Ok(ok(&messages::waiting(&request.space, &draft)?))
        })
        .await
}

/// Confirms an intent, with what the call brings in place of what was asked for before.
pub(super) async fn confirm(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let id = &request.id;
    let form = cards::with_test_method(form(request)?, request);
    rules::check(&form, &[parameters::CONFIRM])?;
    expansions::of_one(context, &form, Object::Intent)?;
    let Some(draft) = find(context, account, id).await? else {
        // One that was confirmed as it was created has nothing left to confirm.
        let known = find_intent(context, account, id).await?;
        known.ok_or_else(|| no_such_intent("intent", id))?;
        return Err(Own::Unexpected("it has been confirmed already").into());
    };
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let whole = Form::over(&draft.asked, &form);
            pay(context, request, account, &draft, &whole).await
        })
        .await
}

/// Pays as the draft and the call ask for together.
async fn pay(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
    whole: &Form,
) -> Result<Answer, StripeError> {
    let open = matches!(draft.status, DraftStatus::Open { .. });
    if open && !whole.has_below("payment_method_data") {
        return Err(
            Own::Unexpected("it has no payment method; give one with payment_method_data").into(),
        );
    }
    let mut payment_request = match draft.status {
        DraftStatus::Paid(_) => return Err(DraftError::Refused(DraftRefusal::Paid).into()),
        DraftStatus::Cancelled => return Err(DraftError::Refused(DraftRefusal::Cancelled).into()),
        DraftStatus::Open { .. } | DraftStatus::Confirming { .. } => {
            requests::intent(whole, &account.merchant.name)?
        }
    };
    cards::check(request, &payment_request)?;
    let noticed = context.call.warnings.drain(..);
    payment_request.claims.noticed.extend(noticed);
    requests::named(&mut payment_request, draft);
    let counter = account.counter();
    drafts::take(&mut context.call, counter, &draft.id, &mut payment_request).await?;
    let payment = match authorize(&mut context.call, payment_request, None).await {
        Ok(payment) => payment,
        Err(error) => {
            drafts::release(&context.call, counter, &draft.id).await?;
            return Err(error.into());
        }
    };
    let asked = whole.without_card();
    drafts::settle(&context.call, counter, &draft.id, &payment, asked).await?;
    paid_or_declined(request, &payment, View::of(request, whole))
}

/// An intent that waits, or waited, to be confirmed.
pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
) -> Result<Option<Draft>, Rejection> {
    let Some(id) = parse_draft_id(id) else {
        return Ok(None);
    };
    let found = drafts::find(&context.call, account.counter(), &id).await?;
    Ok(found.map(|found| found.record))
}

/// The payment that an intent has come to, if it has come to one.
pub(super) async fn payment_of(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Option<Payment>, Rejection> {
    let id = match draft.status {
        DraftStatus::Paid(id) | DraftStatus::Open { declined: Some(id) } => id,
        DraftStatus::Open { declined: None }
        | DraftStatus::Confirming { .. }
        | DraftStatus::Cancelled => {
            return Ok(None);
        }
    };
    let found = payments::find(&context.call, account.counter(), &id).await?;
    Ok(found.map(|found| found.record))
}

/// Gives up an intent that nobody has confirmed.
pub(super) async fn cancel(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Answer, StripeError> {
    let form = form(request)?;
    rules::check(&form, &[parameters::CANCEL])?;
    expansions::of_one(context, &form, Object::Intent)?;
    let reason = form.text("cancellation_reason");
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let said = reason.map(|reason| ("cancellation_reason".to_owned(), reason.to_owned()));
            let counter = account.counter();
            let draft = drafts::cancel(&mut context.call, counter, &draft.id, said).await?;
            Ok(ok(&messages::waiting(&request.space, &draft)?))
        })
        .await
}
