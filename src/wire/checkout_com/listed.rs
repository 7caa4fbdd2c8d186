//! The payments that have a reference, newest first, a few at a time (Checkout.com, API reference, get payment list).

use http::StatusCode;
use serde_json::{Map, Value, json as object};

use super::auth::{Right, enter};
use super::errors::CheckoutError;
use super::messages::{self, base, json};
use super::secure;
use crate::domain::payment::draft::{Draft, DraftStatus};
use crate::domain::payment::record::Payment;
use crate::limits::TEXT_BYTES_MAX;
use crate::operations::counter;
use crate::wire::edge::document::read;
use crate::wire::edge::read::{Flaw, Members};
use crate::wire::edge::{Answer, Request, RequestContext};

const LIMIT: i64 = 10;
const LIMIT_MAX: i64 = 100;

/// What the query asks for.
struct Asked {
    reference: String,
    limit: usize,
    skip: usize,
}

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, CheckoutError> {
    let account = enter(context, request, Right::Read)?;
    let query = request.sent.query().unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes());
    let query: Map<String, Value> = pairs
        .map(|(name, value)| (name.into_owned(), Value::from(value)))
        .collect();
    let Asked {
        reference,
        limit,
        skip,
    } = read(&query, asked)?;
    let has_it = |note: Option<&str>| {
        let kept = messages::parsed(note);
        kept.get("reference").and_then(Value::as_str) == Some(&reference)
    };
    let (space, base) = (&request.space, base(request));
    let mut found = Vec::new();
    for payment in counter::all::<Payment>(&context.call, account.counter()).await? {
        if has_it(payment.note.as_deref()) {
            let shown = messages::details(space, &base, &payment);
            found.push((payment.created, shown));
        }
    }
    for draft in counter::all::<Draft>(&context.call, account.counter()).await? {
        let held = draft.held.as_ref().filter(|_| is_waiting(draft.status));
        if held.is_some_and(|held| has_it(held.note.as_deref())) {
            let shown = secure::waiting(request, &draft);
            found.extend(shown.map(|shown| (draft.created, shown)));
        }
    }
    found.sort_by_key(|(created, _)| std::cmp::Reverse(*created));
    let total = found.len();
    let rows = found.into_iter().map(|(_, row)| row);
    let rows: Vec<_> = rows.skip(skip).take(limit).collect();
    let answer = object!({ "limit": limit, "skip": skip, "total_count": total, "data": rows });
    Ok(json(StatusCode::OK, &answer))
}

/// Whether its customer may still come back.
const fn is_waiting(status: DraftStatus) -> bool {
    matches!(
        status,
        DraftStatus::Challenged { .. } | DraftStatus::Confirming { .. }
    )
}

fn asked(query: &Members<'_>) -> Option<Asked> {
    let reference = query.required_string("reference", TEXT_BYTES_MAX);
    let within = |name: &str, least: i64, most: i64, unsaid: i64| {
        let number = if query.has(name) {
            query.integer_or_digits(name)?
        } else {
            unsaid
        };
        if !(least..=most).contains(&number) {
            let due = format!("must be from {least} to {most}");
            query.flaw(name, Flaw::Value, due);
        }
        usize::try_from(number).ok()
    };
    let limit = within("limit", 1, LIMIT_MAX, LIMIT);
    let skip = within("skip", 0, i64::MAX, 0);
    Some(Asked {
        reference: reference?.to_owned(),
        limit: limit?,
        skip: skip?,
    })
}
