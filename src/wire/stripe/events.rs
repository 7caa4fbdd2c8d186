//! `/v1/events`: what was told of a merchant's payments, read back. The latest are kept, as many as the journal of notices.

use super::auth::enter;
use super::calls::{no_such, ok, query_of};
use super::errors::StripeError;
use super::expansions::{self, Object};
use super::lists::Rows;
use super::notifications::event;
use super::parameters;
use crate::domain::webhook::Profile;
use crate::wire::edge::payment::MerchantAccount;
use crate::wire::edge::{Answer, Request, RequestContext};

use serde_json::Value;

pub(super) async fn list(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::EVENTS)?;
    expansions::of_list(&query, Object::Plain)?;
    let wanted: Vec<_> = query.below("types").map(|(_, kind)| kind).collect();
    let one = query.text("type");
    let mut rows = events(request, account).await?;
    rows.retain(|row| {
        let kind = row["type"].as_str().unwrap_or_default();
        one.is_none_or(|pattern| is_of(pattern, kind))
            && (wanted.is_empty() || wanted.contains(&kind))
    });
    let rows = Rows {
        what: "event",
        url: "/v1/events".into(),
        rows,
    };
    Ok(ok(&rows.page(&query)?))
}

pub(super) async fn read(
    context: &mut RequestContext,
    request: &Request,
) -> Result<Answer, StripeError> {
    let account = enter(context, request)?;
    let query = query_of(request, parameters::READ)?;
    expansions::of_one(&query, Object::Plain)?;
    let events = events(request, account).await?;
    let found = events.iter().find(|event| event["id"] == request.id);
    Ok(ok(found.ok_or_else(|| no_such("event", "id", &request.id))?))
}

/// Every event of the merchant's payments here, newest first.
async fn events(
    request: &Request,
    account: MerchantAccount<'_>,
) -> Result<Vec<Value>, StripeError> {
    let space = &request.space;
    let notices = space.store.payment_notices().await;
    let notices = notices.map_err(crate::domain::rejection::Rejection::from)?;
    let own = notices.iter().rev().filter(|notice| {
        let then = notice.payment_then.as_deref();
        then.is_some_and(|then| {
            let (merchant, service) = then.counter();
            merchant == account.merchant.name && Profile::Stripe.service() == Some(service)
        })
    });
    Ok(own.filter_map(|notice| event(space, notice)).collect())
}

/// Whether a type is this one, or of this kind: `charge.*`.
pub(super) fn is_of(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => kind.starts_with(start),
        None => pattern == kind,
    }
}
