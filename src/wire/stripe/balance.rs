//! `/v1/balance_transactions`: what a charge, a refund or a dispute does to the merchant's balance (Stripe, API reference,
//! balance transactions). There is one of a charge once it is captured, one of each refund, and one or two of a dispute. The
//! fees are what Stripe publishes for cards (stripe.com/pricing): 2.9 percent and thirty cents, and fifteen dollars for a
//! dispute, whatever the currency.

use std::time::Duration;

use serde_json::{Value, json};

use super::calls::{find, no_such, ok};
use super::errors::StripeError;
use super::expansions::{Object, written_out};
use super::intents::{charge_id, refund_id};
use super::{disputes, listed, opening, parameters_kept, published};
use crate::domain::id::PaymentId;
use crate::domain::moment::Moment;
use crate::domain::number::digits;
use crate::domain::payment::record::{MoveKind, Payment};
use crate::operations::SharedConfig;
use crate::wire::edge::{Answer, Request, RequestContext};

const PREFIX: &str = "txn_";
/// When money that was taken can be paid out: two days later (Stripe, payout schedule, United States).
const AVAILABLE_AFTER: Duration = Duration::from_secs(2 * 24 * 60 * 60);
const FEE_PER_MILLE: u64 = 29;
const FEE_MINOR: u64 = 30;
/// It is not given back to whoever wins (support.stripe.com/topics/disputes).
const DISPUTE_FEE_MINOR: u64 = 1_500;

/// What of a payment it was that moved the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Charge,
    /// By the number of the move.
    Refund(usize),
    /// The customer disputes the payment.
    Withdrawal,
    /// The merchant has won.
    Reinstatement,
}

impl Cause {
    /// What follows the payment in the name.
    fn suffix(self) -> String {
        match self {
            Self::Charge => String::new(),
            Self::Refund(place) => format!("{place:03}"),
            Self::Withdrawal => WITHDRAWN.to_owned(),
            Self::Reinstatement => REINSTATED.to_owned(),
        }
    }
}

const WITHDRAWN: &str = "dis";
const REINSTATED: &str = "rei";

/// Of a charge, once money was taken.
pub(super) fn name_of_charge(payment: &Payment) -> Option<String> {
    (payment.captured_minor > 0).then(|| name(&payment.id, Cause::Charge))
}

/// Of the refund that is move number `place`.
pub(super) fn name_of_refund(id: &PaymentId, place: usize) -> String {
    name(id, Cause::Refund(place))
}

fn name(id: &PaymentId, cause: Cause) -> String {
    format!("{PREFIX}{}{}", id.base58(), cause.suffix())
}

/// What is added to the balance, or taken from it.
struct Entry<'a> {
    id: String,
    amount: i64,
    fee: u64,
    fee_for: &'a str,
    made: Moment,
    source: String,
    kind: &'a str,
    category: &'a str,
    description: Option<String>,
}

fn shown(config: &SharedConfig, payment: &Payment, entry: Entry<'_>, now: Moment) -> Value {
    let currency = payment.authorized.currency.code().to_ascii_lowercase();
    let waits = if published::is_available_at_once(config, payment) {
        Duration::ZERO
    } else {
        AVAILABLE_AFTER
    };
    let available = entry.made.plus(waits);
    let fees = (entry.fee > 0).then(|| {
        json!({
            "amount": entry.fee,
            "application": null,
            "currency": currency,
            "description": entry.fee_for,
            "type": "stripe_fee",
        })
    });
    json!({
        "id": entry.id,
        "object": "balance_transaction",
        "amount": entry.amount,
        "available_on": available.seconds(),
        "balance_type": "payments",
        "created": entry.made.seconds(),
        "currency": currency,
        "description": entry.description,
        "exchange_rate": null,
        "fee": entry.fee,
        "fee_details": fees.as_slice(),
        "net": entry.amount - signed(entry.fee),
        "reporting_category": entry.category,
        "source": entry.source,
        "status": if available <= now { "available" } else { "pending" },
        "type": entry.kind,
    })
}

fn signed(minor: u64) -> i64 {
    i64::try_from(minor).unwrap_or(i64::MAX)
}

fn of_charge(config: &SharedConfig, payment: &Payment, now: Moment) -> Option<Value> {
    let id = name_of_charge(payment)?;
    let mut moves = payment.moves.iter();
    let captured = moves.find(|made| made.kind == MoveKind::Capture);
    let entry = Entry {
        id,
        amount: signed(payment.captured_minor),
        fee: (payment.captured_minor * FEE_PER_MILLE + 500) / 1_000 + FEE_MINOR,
        fee_for: "Stripe processing fees",
        made: captured.map_or(payment.created, |made| made.at),
        source: charge_id(&payment.id),
        kind: "charge",
        category: "charge",
        description: None,
    };
    Some(shown(config, payment, entry, now))
}

fn of_refund(config: &SharedConfig, payment: &Payment, place: usize, now: Moment) -> Option<Value> {
    let made = payment.moves.get(place)?;
    if made.kind != MoveKind::Refund {
        return None;
    }
    let entry = Entry {
        id: name_of_refund(&payment.id, place),
        amount: -signed(made.minor),
        fee: 0,
        fee_for: "",
        made: made.at,
        source: refund_id(&payment.id, place),
        kind: "refund",
        category: "refund",
        description: None,
    };
    Some(shown(config, payment, entry, now))
}

/// Its members are those of `charge.dispute.funds_withdrawn.json` in stripe-ruby-mock.
fn of_withdrawal(config: &SharedConfig, payment: &Payment, now: Moment) -> Option<Value> {
    let withdrawn = payment.dispute.as_deref()?.withdrawn?;
    let charge = charge_id(&payment.id);
    let entry = Entry {
        id: name(&payment.id, Cause::Withdrawal),
        amount: -signed(withdrawn.minor),
        fee: DISPUTE_FEE_MINOR,
        fee_for: "Dispute fee",
        made: withdrawn.at,
        source: disputes::name_of(payment),
        kind: "adjustment",
        category: "dispute",
        description: Some(format!("Chargeback withdrawal for {charge}")),
    };
    Some(shown(config, payment, entry, now))
}

fn of_reinstatement(config: &SharedConfig, payment: &Payment, now: Moment) -> Option<Value> {
    let dispute = payment.dispute.as_deref()?;
    let (withdrawn, made) = dispute.withdrawn.zip(dispute.reinstated)?;
    let charge = charge_id(&payment.id);
    let entry = Entry {
        id: name(&payment.id, Cause::Reinstatement),
        amount: signed(withdrawn.minor),
        fee: 0,
        fee_for: "",
        made,
        source: disputes::name_of(payment),
        kind: "adjustment",
        category: "dispute_reversal",
        description: Some(format!("Chargeback reversal for {charge}")),
    };
    Some(shown(config, payment, entry, now))
}

/// What the dispute of a payment has done to the balance, in order.
pub(super) fn of_dispute(config: &SharedConfig, payment: &Payment, now: Moment) -> Vec<Value> {
    let causes = [Cause::Withdrawal, Cause::Reinstatement];
    let entries = causes.map(|cause| of(config, payment, cause, now));
    entries.into_iter().flatten().collect()
}

/// What a name leads to: a payment, and what of it.
pub(super) fn parse(text: &str) -> Option<(PaymentId, Cause)> {
    let rest = text.strip_prefix(PREFIX)?;
    if let Some(id) = PaymentId::from_base58(rest) {
        return Some((id, Cause::Charge));
    }
    let (id, suffix) = rest.split_at_checked(rest.len().checked_sub(3)?)?;
    let cause = match suffix {
        WITHDRAWN => Cause::Withdrawal,
        REINSTATED => Cause::Reinstatement,
        place => Cause::Refund(digits(place)?),
    };
    Some((PaymentId::from_base58(id)?, cause))
}

/// One of a payment's.
pub(super) fn of(
    config: &SharedConfig,
    payment: &Payment,
    cause: Cause,
    now: Moment,
) -> Option<Value> {
    match cause {
        Cause::Charge => of_charge(config, payment, now),
        Cause::Refund(place) => of_refund(config, payment, place, now),
        Cause::Withdrawal => of_withdrawal(config, payment, now),
        Cause::Reinstatement => of_reinstatement(config, payment, now),
    }
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let (account, query) = opening::of_one(context, request, Object::BalanceTransaction)?;
    let unknown = || no_such("balance transaction", "id", &request.id);
    let (id, cause) = parse(&request.id).ok_or_else(unknown)?;
    let payment = find(context, account, Some(id))
        .await?
        .ok_or_else(unknown)?;
    let shown = of(&request.space.config, &payment, cause, request.now).ok_or_else(unknown)?;
    Ok(ok(&written_out(context, account, &query, shown).await?))
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let known = parameters_kept::BALANCE;
    let (account, query) = opening::of_list(context, request, known, Object::BalanceTransaction)?;
    let (config, now) = (&request.space.config, request.now);
    let order = listed::Order::of(context, account).await?;
    let mut rows = Vec::new();
    for payment in listed::made(context, account).await? {
        let refunds = (0..payment.moves.len()).map(Cause::Refund);
        let others = [Cause::Charge, Cause::Withdrawal, Cause::Reinstatement];
        for cause in others.into_iter().chain(refunds) {
            if let Some(shown) = of(config, &payment, cause, now) {
                let refund = match cause {
                    Cause::Refund(place) => Some(place),
                    Cause::Charge | Cause::Withdrawal | Cause::Reinstatement => None,
                };
                // A charge moves money when it is captured, which may be later than it was made.
                let made = shown["created"]
                    .as_i64()
                    .map_or(payment.created, Moment::from_seconds);
                rows.push(order.row(shown, made, &payment.id, refund));
            }
        }
    }
    let url = "/v1/balance_transactions";
    let page = listed::list(rows, "balance_transaction", url, &query)?;
    Ok(ok(&written_out(context, account, &query, page).await?))
}
