//! What is said again of a payment that was made: of its intent, of its charge or of a refund (Stripe, API reference, update a
//! payment intent, a charge, a refund; metadata). The intent and its charge are told apart from then on.

use serde_json::Value;

use super::calls::{find, no_such, ok};
use super::charges::refund;
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::form::Form;
use super::intents::{parse_charge_id, parse_refund_id};
use super::messages::{self, View};
use super::states::{Wish, unexpected};
use super::{charges, kept, metadata, opening, parameters};
use crate::domain::operation::Operation;
use crate::domain::payment::record::Payment;
use crate::domain::rejection::Rejection;
use crate::operations::counter::ChangeError;
use crate::operations::payments;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext, fingerprint};

/// What can be said of an intent once somebody has paid.
const OF_INTENT: [&str; 6] = [
    "description",
    "expand",
    "metadata",
    "receipt_email",
    "shipping",
    "transfer_group",
];

/// The parameter that an update is about, for an error: what nobody may change comes first.
pub(super) fn parameter(form: &Form) -> &'static str {
    let known = [parameters::CREATE, parameters::CONFIRM];
    let names = known.into_iter().flatten().map(|(name, _)| first(name));
    let mut said = names.filter(|name| form.says(name) || form.has_below(name));
    let mut found = said.clone();
    let other = said.find(|name| !OF_INTENT.contains(name));
    other.or_else(|| found.next()).unwrap_or("metadata")
}

fn first(name: &str) -> &str {
    name.split('[').next().unwrap_or_default()
}

pub(super) async fn say_of_intent(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    payment: &Payment,
    form: &Form,
) -> Result<Answer, StripeError> {
    let (space, view) = (&request.space, View::of(request));
    let said = Said {
        operation: Operation::UpdateIntent,
        payment,
        form,
    };
    let step = |payment: Payment| {
        let mut names = form.pairs().iter().map(|(name, _)| first(name));
        if names.all(|name| OF_INTENT.contains(&name)) {
            return kept::said_again(payment, form, true);
        }
        let intent = messages::intent(space, &payment, view);
        Err(unexpected(Wish::Update(parameter(form)), intent))
    };
    let word = |payment: &Payment| messages::intent(space, payment, view);
    say(context, request, account, said, step, word).await
}

pub(super) async fn say_of_charge(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters::UPDATED_CHARGE;
    let (account, form) = opening::with_form(context, request, &[known], Object::Charge)?;
    let payment = find(context, account, parse_charge_id(&request.id)).await?;
    let payment = payment.ok_or_else(|| no_such("charge", "charge", &request.id))?;
    let said = Said {
        operation: Operation::UpdateCharge,
        payment: &payment,
        form: &form,
    };
    let step = |payment| kept::said_again(payment, &form, false);
    let config = &request.space.config;
    let word = |payment: &Payment| charges::charge(config, payment);
    say(context, request, account, said, step, word).await
}

pub(super) async fn say_of_refund(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters::UPDATED_REFUND;
    let (account, form) = opening::with_form(context, request, &[known], Object::Refund)?;
    let unknown = || no_such("refund", "refund", &request.id);
    let (id, place) = parse_refund_id(&request.id).ok_or_else(unknown)?;
    let payment = find(context, account, Some(id))
        .await?
        .ok_or_else(unknown)?;
    let (config, now) = (&request.space.config, request.now);
    refund(config, &payment, place, now).ok_or_else(unknown)?;
    let said = Said {
        operation: Operation::UpdateRefund,
        payment: &payment,
        form: &form,
    };
    let step = |mut payment: Payment| {
        if let Some(made) = payment.moves.get_mut(place) {
            let mut note = kept::parsed(made.note.as_deref());
            metadata::change(&mut note["metadata"], &form, "metadata")?;
            made.note = Some(kept::bounded(&note)?);
        }
        Ok(payment)
    };
    let word = |payment: &Payment| refund(config, payment, place, now).unwrap_or_default();
    say(context, request, account, said, step, word).await
}

/// What is said, and of which payment.
#[derive(Clone, Copy)]
struct Said<'a> {
    operation: Operation,
    payment: &'a Payment,
    form: &'a Form,
}

async fn say(
    context: &mut RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
    said: Said<'_>,
    step: impl Fn(Payment) -> Result<Payment, StripeError>,
    word: impl Fn(&Payment) -> Value,
) -> Result<Answer, StripeError> {
    let Said {
        operation,
        payment,
        form,
    } = said;
    let fingerprint = fingerprint::of_form(request.uri.path(), form.pairs());
    account
        .carry_out(context, request, fingerprint, async |context, _| {
            let (call, counter) = (&mut context.call, account.counter());
            let said = payments::annotate(call, counter, operation, &payment.id, step).await;
            let said = said.map_err(|error| match error {
                ChangeError::Refused(refusal) => refusal,
                ChangeError::Rejected(why) => why.into(),
                // Whoever asks has found it a moment ago.
                ChangeError::Unknown => Rejection::Contention.into(),
            })?;
            let shown = word(&said);
            Ok(ok(&written_out(context, account, form, shown).await?))
        })
        .await
}
