//! How a merchant answers a dispute, or gives it up (Stripe, API reference, update a dispute, close a dispute). What is staged
//! with `submit=false` is seen and decides nothing.

use super::calls::ok;
use super::disputes::{named, of};
use super::errors::{Conflict, StripeError};
use super::expansions::{Object, written_out};
use super::form::Form;
use super::requests::bad;
use super::rules::Row;
use super::{evidence, kept, metadata, opening, parameters_kept};
use crate::domain::operation::Operation;
use crate::domain::payment::disputing;
use crate::domain::payment::disputing::DisputeAnswer;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::limits::EVIDENCE_BYTES_MAX;
use crate::operations::counter::ChangeError;
use crate::operations::disputes;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

/// What is done about a dispute, and what is kept with it from then on if that changes.
type Done = Result<(DisputeAnswer, Option<Box<str>>), StripeError>;

pub(super) async fn update(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let operation = Operation::UpdateDispute;
    change(context, request, operation, parameters_kept::DISPUTE, said).await
}

pub(super) async fn close(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let operation = Operation::CloseDispute;
    let known = parameters_kept::CLOSED_DISPUTE;
    change(context, request, operation, known, |_, _| {
        Ok((DisputeAnswer::Accepts, None))
    })
    .await
}

/// Whoever brings evidence submits it, with what was staged before, unless they say otherwise. What was staged alone is
/// submitted when that is said.
fn said(payment: &Payment, form: &Form) -> Done {
    let dispute = payment.dispute.as_deref();
    let mut note = kept::parsed(dispute.and_then(|dispute| dispute.note.as_deref()));
    let brings = evidence::is_said(form);
    // An empty value takes a pair away.
    let notes = form.says("metadata") || form.below("metadata").next().is_some();
    metadata::change(&mut note["metadata"], form, "metadata")?;
    evidence::add(&mut note["evidence"], form)?;
    let submits = form.boolean("submit")?.unwrap_or(brings);
    let step = if submits && evidence::is_there(&note["evidence"]) {
        DisputeAnswer::Submits(evidence::verdict(&note["evidence"]))
    } else {
        DisputeAnswer::Keeps
    };
    let text = note.to_string();
    if text.len() > EVIDENCE_BYTES_MAX {
        return Err(bad("evidence", "parameter_invalid_string", "is too long"));
    }
    Ok((step, (brings || notes).then(|| text.into())))
}

async fn change(
    context: &mut RequestContext,
    request: &Request,
    operation: Operation,
    known: &[Row],
    done: impl Fn(&Payment, &Form) -> Done,
) -> Result<Answer, StripeError> {
    let (account, form) = opening::with_form(context, request, &[known], Object::Dispute)?;
    let found = named(context, account, request).await?;
    let now = request.now;
    let step = |payment: Payment| {
        let (step, note) = done(&payment, &form)?;
        disputing::answer(payment, step, note, now).map_err(|_| is_over())
    };
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let (call, counter) = (&mut context.call, account.counter());
            let changed = disputes::change(call, counter, operation, &found.id, step).await;
            let changed = changed.map_err(|error| match error {
                ChangeError::Refused(refusal) => refusal,
                ChangeError::Rejected(why) => why.into(),
                // It was found a moment ago.
                ChangeError::Unknown => Rejection::Contention.into(),
            })?;
            let shown = of(&request.space.config, &changed, now).unwrap_or_default();
            Ok(ok(&written_out(context, account, &form, shown).await?))
        })
        .await
}

/// As a recording of the sandbox has it, of what was won or lost.
fn is_over() -> StripeError {
    Conflict {
        refusal: None,
        code: None,
        message: "This dispute is already closed".to_owned(),
        param: None,
        intent: None,
    }
    .into()
}
