//! `/v1/setup_intents`: a card is made ready for later payments. Confirming one asks the issuer whether the card is good, and
//! for no money (Stripe, API reference, setup intents).

use super::calls::{no_such, ok};
use super::errors::{Own, StripeError};
use super::expansions::{Object, written_out};
use super::intents::parse_setup_id;
use super::later::{self, amend, begin, confirm_draft, give_up, shown};
use super::listed;
use super::objects::setup;
use super::opening;
use super::{cards, parameters_kept, requests, saved, tokens};
use crate::domain::operation::Operation;
use crate::domain::payment::draft::Draft;
use crate::domain::payment::request::Authentication;
use crate::operations::counter;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

pub(super) async fn create(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_method(
        context,
        request,
        &[parameters_kept::SETUP, parameters_kept::SETUP_CONFIRM],
        Object::Setup,
    )
    .await?;

    saved::check_customer(context, account, &form).await?;
    requests::unconfirmed_card(&form)?;
    let method = saved::chosen(context, account, &form).await?;
    let confirms = form.boolean("confirm")? == Some(true);
    if confirms {
        if !form.has_method() {
            return Err(Own::Missing("payment_method").into());
        }
        let filled = saved::filled(&form, method.as_ref())?;
        cards::check(request, &requests::setup(&filled, "")?)?;
    }
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            if !confirms {
                tokens::spend_named(context, account, &form).await?;
            }
            let asked = form.pairs().to_vec();
            let draft = begin(context, request, account, None, asked).await?;
            if !confirms {
                return shown(context, request, account, &draft, &form).await;
            }
            let step = later::Step {
                draft: &draft,
                whole: &form,
                authentication: Authentication::NotAsked,
            };
            later::pay(context, request, account, step).await
        })
        .await
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters_kept::SETUPS, Object::Setup)?;
    let order = listed::Order::of(context, account).await?;
    let mut rows = Vec::new();
    for draft in counter::all::<Draft>(&context.call, account.counter()).await? {
        if draft.setup {
            let setup = setup(context, account, &draft).await?;
            rows.push(order.row_of(setup, draft.created, draft.id.bytes()));
        }
    }
    let page = listed::list(rows, "setupintent", "/v1/setup_intents", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::Setup)?;
    let draft = find(context, account, &request.id, "intent").await?;
    let setup = setup(context, account, &draft).await?;
    let named = query.text("client_secret");
    if named.is_some_and(|secret| setup["client_secret"] != secret) {
        return Err(requests::bad(
            "client_secret",
            "setup_intent_invalid_parameter",
            "does not match the client_secret associated with this SetupIntent",
        ));
    }
    Ok(ok(&written_out(context, account, &query, setup).await?))
}

pub(super) async fn update(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_method(
        context,
        request,
        &[
            parameters_kept::UPDATE,
            parameters_kept::SETUP,
            parameters_kept::SETUP_CONFIRM,
        ],
        Object::Setup,
    )
    .await?;

    saved::check_customer(context, account, &form).await?;
    let draft = find(context, account, &request.id, "intent").await?;
    amend(
        context,
        request,
        account,
        &draft,
        &form,
        Operation::UpdateSetup,
    )
    .await
}

pub(super) async fn confirm(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_method(
        context,
        request,
        &[parameters_kept::SETUP_CONFIRM],
        Object::Setup,
    )
    .await?;

    let draft = find(context, account, &request.id, "intent").await?;
    confirm_draft(context, request, account, &draft, &form).await
}

pub(super) async fn cancel(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_form(
        context,
        request,
        &[parameters_kept::CANCEL_SETUP],
        Object::Setup,
    )?;
    let draft = find(context, account, &request.id, "intent").await?;
    give_up(context, request, account, &draft, &form).await
}

/// A setup intent that is named in this parameter.
pub(super) async fn find(
    context: &RequestContext,
    account: MerchantAccount<'_>,
    id: &str,
    parameter: &'static str,
) -> Result<Draft, StripeError> {
    let unknown = || no_such("setupintent", parameter, id);
    let key = parse_setup_id(id).ok_or_else(unknown)?;
    let found = counter::find::<Draft>(&context.call, account.counter(), &key).await?;
    let found = found.map(|found| found.record);
    found.filter(|draft| draft.setup).ok_or_else(unknown)
}
