//! Payment intents that are created now and confirmed later.

use serde_json::Value;

use super::calls::{form, no_such_intent, ok};
use super::errors::StripeError;
use super::expansions::{self, Object, written_out};
use super::form::{CHALLENGE, Form};
use super::found::{Found, find_draft, find_intent};
use super::intent_calls::paid_or_declined;
use super::messages::View;
use super::objects::{self, intent_of_draft};
use super::states::{Wish, unexpected};
use super::{
    again, cards, challenge, metadata, opening, parameters, parameters_kept, requests, rules,
    saved, tokens,
};
use crate::domain::money::Amount;
use crate::domain::operation::Operation;
use crate::domain::payment::draft::{Draft, DraftRefusal, DraftStatus};
use crate::domain::payment::request::Authentication;
use crate::domain::rejection::Rejection;
use crate::operations::authorize::authorize;
use crate::operations::drafts::{self, DraftError};
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

impl From<DraftError> for StripeError {
    fn from(error: DraftError) -> Self {
        match error {
            // Whoever asks has found it a moment ago.
            DraftError::Unknown
            | DraftError::Contention
            | DraftError::Withheld
            // It was open a moment ago: somebody else has been quicker.
            | DraftError::Refused(DraftRefusal::Busy | DraftRefusal::Paid | DraftRefusal::Cancelled) => {
                Rejection::Contention.into()
            }
            DraftError::Unavailable(why) => why.into(),
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
    saved::chosen(context, account, &form).await?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            tokens::spend_named(context, account, &form).await?;
            let asked = form.to_keep().into_pairs();
            let draft = begin(context, request, account, Some(amount), asked).await?;
            shown(context, request, account, &draft, &form).await
        })
        .await
}

/// Keeps what is asked for; without an amount, a card is to be set up.
pub(super) async fn begin(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    amount: Option<Amount>,
    asked: Vec<(String, String)>,
) -> Result<Draft, StripeError> {
    let receipt = request.receipt(&context.call);
    let counter = account.counter();
    Ok(drafts::create(&mut context.call, counter, amount, asked, &receipt).await?)
}

/// An intent as it stands, for an answer or for an error.
pub(super) async fn stands(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
) -> Result<Value, StripeError> {
    if draft.setup {
        objects::setup(context, account, draft).await
    } else {
        intent_of_draft(context, request, account, draft).await
    }
}

/// Whether that may be done with an intent which nobody has paid; if not, because it is over.
async fn check_open(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
    wish: Wish,
) -> Result<(), StripeError> {
    match draft.status {
        DraftStatus::Paid(_) | DraftStatus::Cancelled => {
            let intent = stands(context, request, account, draft).await?;
            Err(unexpected(wish, intent))
        }
        DraftStatus::Open { .. }
        | DraftStatus::Challenged { .. }
        | DraftStatus::Confirming { .. } => Ok(()),
    }
}

/// An intent that has come to no payment, as the call wants to see it.
pub(super) async fn shown(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
    form: &Form,
) -> Result<Answer, StripeError> {
    let body = stands(context, request, account, draft).await?;
    Ok(ok(&written_out(context, account, form, body).await?))
}

/// Changes what is asked for, as long as nobody has paid.
pub(super) async fn update(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_method(
        context,
        request,
        &[
            parameters_kept::UPDATE,
            parameters::CREATE,
            parameters::CONFIRM,
        ],
        Object::Intent,
    )
    .await?;

    saved::check_customer(context, account, &form).await?;
    let found = find_intent(context, account, &request.id).await?;
    match found.ok_or_else(|| no_such_intent("intent", &request.id))? {
        Found::Payment(payment) => {
            again::say_of_intent(context, request, account, &payment, &form).await
        }
        Found::Draft(draft, _) => {
            let operation = Operation::UpdateIntent;
            amend(context, request, account, &draft, &form, operation).await
        }
    }
}

/// Changes what a draft asks for to what the form says as well.
pub(super) async fn amend(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
    form: &Form,
    operation: Operation,
) -> Result<Answer, StripeError> {
    let kept = form.to_keep();
    let amended = |before: &[(String, String)]| {
        // Of another card nothing of the one before is right.
        if form.has_method() {
            return Form::amended(&Form::of(before).to_try_again(), &kept);
        }
        let mut amended = Form::amended(before, &kept);
        amended.retain(|(name, _)| name != CHALLENGE);
        amended
    };
    let whole = Form::of(&amended(&draft.asked));
    metadata::check_changed(&whole, form)?;
    if draft.setup {
        requests::unconfirmed_card(&whole)?;
    } else {
        requests::unconfirmed(&whole)?;
    }
    saved::chosen(context, account, &whole).await?;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let wish = Wish::Update(again::parameter(form));
            check_open(context, request, account, draft, wish).await?;
            tokens::spend_named(context, account, form).await?;
            let (call, counter) = (&mut context.call, account.counter());
            let draft = drafts::amend(call, counter, operation, &draft.id, amended).await?;
            shown(context, request, account, &draft, form).await
        })
        .await
}

/// Confirms an intent, with what the call brings in place of what was asked for before.
pub(super) async fn confirm(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) =
        opening::with_method(context, request, &[parameters::CONFIRM], Object::Intent).await?;
    let id = &request.id;
    let Some(draft) = find_draft(context, account, id).await? else {
        // One that was confirmed as it was created has nothing left to confirm.
        let found = find_intent(context, account, id).await?;
        let found = found.ok_or_else(|| no_such_intent("intent", id))?;
        let intent = objects::intent(context, &found, View::of(request))?;
        return Err(unexpected(Wish::Confirm, intent));
    };
    confirm_draft(context, request, account, &draft, &form).await
}

/// Confirms what a draft asks for, with what the form brings in its place.
pub(super) async fn confirm_draft(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
    form: &Form,
) -> Result<Answer, StripeError> {
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            // How it was to be confirmed belongs to the confirmation before (Stripe, API reference, confirm a payment intent).
            let before = Form::of(&draft.asked).to_keep();
            let whole = Form::over(before.pairs(), form);
            let step = Step {
                draft,
                whole: &whole,
                authentication: Authentication::NotAsked,
            };
            pay(context, request, account, step).await
        })
        .await
}

/// A confirmation.
pub(super) struct Step<'a> {
    pub(super) draft: &'a Draft,
    /// What the draft and the call ask for together.
    pub(super) whole: &'a Form,
    /// What has come of authenticating the customer.
    pub(super) authentication: Authentication,
}

/// Pays, or sends the customer away to be authenticated first.
pub(super) async fn pay(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    step: Step<'_>,
) -> Result<Answer, StripeError> {
    let Step {
        draft,
        whole,
        authentication,
    } = step;
    check_open(context, request, account, draft, Wish::Confirm).await?;
    let taken = matches!(draft.status, DraftStatus::Confirming { .. });
    if !taken && !whole.has_method() {
        let intent = stands(context, request, account, draft).await?;
        return Err(unexpected(Wish::ConfirmWithoutMethod, intent));
    }
    let method = saved::chosen(context, account, whole).await?;
    let filled = saved::filled(whole, method.as_ref())?;
    let merchant = &account.merchant.name;
    let mut wanted = if draft.setup {
        requests::setup(&filled, merchant)?
    } else {
        requests::intent(&filled, merchant)?
    };
    cards::check(request, &wanted)?;
    tokens::spend_named(context, account, whole).await?;
    let counter = account.counter();
    if authentication == Authentication::NotAsked && challenge::is_due(request, &wanted, whole)? {
        let asked = challenge::asked(request, draft, whole);
        let draft = drafts::challenge(&context.call, counter, &draft.id, asked).await?;
        return shown(context, request, account, &draft, whole).await;
    }
    if authentication != Authentication::NotAsked {
        wanted.authentication = authentication;
        wanted.waited_as = Some(draft.id);
    }
    let noticed = context.call.warnings.drain(..);
    wanted.claims.noticed.extend(noticed);
    requests::named(&mut wanted, draft);
    saved::named(&mut wanted, method.as_ref());
    drafts::take(&mut context.call, counter, &draft.id, &mut wanted).await?;
    let payment = match authorize(&mut context.call, wanted, None).await {
        Ok(payment) => payment,
        Err(error) => {
            drafts::release(&context.call, counter, &draft.id).await?;
            return Err(error.into());
        }
    };
    saved::keep(context, account, &payment, &filled, method.as_ref()).await?;
    let asked = whole.to_try_again();
    drafts::settle(&context.call, counter, &draft.id, &payment, asked).await?;
    if let Some(reason) = payment.decline {
        context.note(reason.word().into());
    }
    paid_or_declined(context, request, account, &payment, whole).await
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
    expansions::of_one(&form, Object::Intent)?;
    give_up(context, request, account, draft, &form).await
}

/// Gives up what waits.
pub(super) async fn give_up(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    draft: &Draft,
    form: &Form,
) -> Result<Answer, StripeError> {
    let operation = if draft.setup {
        Operation::CancelSetup
    } else {
        Operation::Cancel
    };
    let reason = form.text("cancellation_reason");
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            check_open(context, request, account, draft, Wish::Cancel).await?;
            let said = reason.map(|reason| ("cancellation_reason".to_owned(), reason.to_owned()));
            let (call, counter) = (&mut context.call, account.counter());
            let draft = drafts::cancel(call, counter, operation, &draft.id, said).await?;
            shown(context, request, account, &draft, form).await
        })
        .await
}
