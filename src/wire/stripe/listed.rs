//! Payment intents, charges and refunds of a merchant, newest first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::calls::ok;
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::form::Form;
use super::intents::draft_id;
use super::lists::Rows;
use super::messages::View;
use super::objects::intent_of_draft;
use super::{charges, kept, messages, opening, parameters};
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::domain::payment::draft::Draft;
use crate::domain::payment::record::Payment;
use crate::domain::payment::told::PaymentThen;
use crate::domain::rejection::Rejection;
use crate::operations::counter;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

/// Something to be listed, with what it is sorted by.
#[derive(Debug)]
pub(super) struct Row {
    value: Value,
    made: Moment,
    /// Of what was made at the same instant, the place in which it was told of; zero where that is not kept any more.
    place: usize,
}

impl Row {
    /// One of which nothing is told when it is made.
    pub(super) const fn of(value: Value, made: Moment) -> Self {
        Self {
            value,
            made,
            place: 0,
        }
    }
}

/// In which order things were made that have the same instant, as they have while the clock of a space stands still: the order
/// in which they were told of.
#[derive(Debug)]
pub(super) struct Order(HashMap<([u8; 16], usize), usize>);

impl Order {
    pub(super) async fn of(
        context: &RequestContext,
        account: MerchantAccount<'_>,
    ) -> Result<Self, Rejection> {
        let counter = account.counter();
        let notices = context.call.space.store.payment_notices().await?;
        let mut places = HashMap::new();
        for (place, notice) in notices.iter().enumerate() {
            let Some(then) = notice.payment_then.as_deref() else {
                continue;
            };
            if then.counter() != (counter.merchant, counter.service) {
                continue;
            }
            let name = match then {
                PaymentThen::Made(payment) => (*payment.id.bytes(), payment.moves.len()),
                PaymentThen::Waits(draft) => (*draft.id.bytes(), 0),
                PaymentThen::Customer(customer) => (*customer.id.bytes(), 0),
                PaymentThen::Method(method) => (*method.id.bytes(), 0),
                PaymentThen::Refused(_) => continue,
            };
            places.entry(name).or_insert(place + 1);
        }
        Ok(Self(places))
    }

    fn place(&self, id: &[u8; 16], moves: usize) -> usize {
        self.0.get(&(*id, moves)).copied().unwrap_or_default()
    }

    /// A payment, or the refund that is this move of it.
    pub(super) fn row(
        &self,
        value: Value,
        made: Moment,
        payment: &PaymentId,
        refund: Option<usize>,
    ) -> Row {
        let place = self.place(payment.bytes(), refund.map_or(0, |place| place + 1));
        Row { value, made, place }
    }

    /// Anything else, by the bytes of its name.
    pub(super) fn row_of(&self, value: Value, made: Moment, id: &[u8; 16]) -> Row {
        let place = self.place(id, 0);
        Row { value, made, place }
    }
}

pub(super) async fn intents(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters::PAYMENTS, Object::Intent)?;
    let rows = every_intent(context, request, account).await?;
    let page = list(rows, "payment_intent", "/v1/payment_intents", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

/// An intent that was tried more than once is what came of it last.
pub(super) async fn every_intent(
    context: &RequestContext,
    request: &Request,
    account: MerchantAccount<'_>,
) -> Result<Vec<Row>, StripeError> {
    let (view, space) = (View::of(request), &request.space);
    let order = Order::of(context, account).await?;
    let mut drafts = HashSet::new();
    let mut rows = Vec::new();
    for draft in counter::all::<Draft>(&context.call, account.counter()).await? {
        if draft.setup {
            continue;
        }
        let intent = intent_of_draft(context, request, account, &draft).await?;
        rows.push(order.row_of(intent, draft.created, draft.id.bytes()));
        drafts.insert(draft_id(&draft));
    }
    for payment in &made(context, account).await? {
        let note = kept::of(payment);
        let name = charges::intent_of(payment, &note);
        if name.is_some_and(|name| !drafts.contains(&name)) {
            let intent = messages::intent(space, payment, view);
            rows.push(order.row(intent, payment.created, &payment.id, None));
        }
    }
    Ok(rows)
}

pub(super) async fn charges(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters::PAYMENTS, Object::Charge)?;
    let rows = every_charge(context, account).await?;
    let page = list(rows, "charge", "/v1/charges", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

pub(super) async fn every_charge(
    context: &RequestContext,
    account: MerchantAccount<'_>,
) -> Result<Vec<Row>, Rejection> {
    let config = &context.call.space.config;
    let order = Order::of(context, account).await?;
    let payments = made(context, account).await?;
    let rows = payments.iter().map(|payment| {
        let charge = charges::charge(config, payment);
        order.row(charge, payment.created, &payment.id, None)
    });
    Ok(rows.collect())
}

pub(super) async fn refunds(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) =
        opening::of_list(context, request, parameters::PAYMENTS, Object::Refund)?;
    let config = &request.space.config;
    let order = Order::of(context, account).await?;
    let mut rows = Vec::new();
    for payment in &made(context, account).await? {
        for (place, made) in payment.moves.iter().enumerate() {
            let refund = charges::refund(config, payment, place, request.now);
            rows.extend(refund.map(|refund| order.row(refund, made.at, &payment.id, Some(place))));
        }
    }
    let page = list(rows, "refund", "/v1/refunds", &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}

/// The page that the query asks for, of what belongs to what it names.
pub(super) fn list(
    rows: Vec<Row>,
    what: &'static str,
    url: impl Into<Cow<'static, str>>,
    query: &Form,
) -> Result<Value, StripeError> {
    let mut rows = newest_first(rows);
    for name in [
        "payment_intent",
        "charge",
        "customer",
        "payment_method",
        "email",
        "source",
        "type",
    ] {
        if let Some(wanted) = query.text(name) {
            rows.retain(|row| row[name] == wanted);
        }
    }
    let url = url.into();
    Rows { what, url, rows }.page(query)
}

/// Where nothing else tells two apart the ids decide, so that pages do not overlap.
pub(super) fn newest_first(mut rows: Vec<Row>) -> Vec<Value> {
    rows.sort_by(|one, other| {
        let key = |row: &Row| {
            (
                row.made,
                row.place,
                row.value["id"].as_str().map(str::to_owned),
            )
        };
        key(other).cmp(&key(one))
    });
    rows.into_iter().map(|row| row.value).collect()
}

pub(super) async fn made(
    context: &RequestContext,
    account: MerchantAccount<'_>,
) -> Result<Vec<Payment>, Rejection> {
    let mut payments = counter::all::<Payment>(&context.call, account.counter()).await?;
    // A verification is no charge.
    payments.retain(|payment| !payment.verification);
    Ok(payments)
}
