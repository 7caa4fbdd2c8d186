//! What the alias API answers, route by route.

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{Own, VaultError};
use super::messages;
use crate::domain::account::Scope;
use crate::domain::rejection::Rejection;
use crate::operations::aliases;
use crate::wire::edge::access_token::enter;
use crate::wire::edge::{self, Answer, Request, RequestContext, Route, document, empty, routes};

/// Every route of the alias API.
pub(super) const ROUTES: &[Route] = routes![
    POST "/aliases" CreateAlias => create,
    GET "/aliases/{alias}" ReadAlias => read,
    DELETE "/aliases/{alias}" DeleteAlias => delete,
];

async fn create(context: &mut RequestContext, request: &Request) -> Result<Answer, VaultError> {
    enter(context, request, Scope::CardsWrite)?;
    let values = messages::values(&document::object(request)?)?;
    for (place, value) in values.iter().enumerate() {
        let refused = |rejection| Own::Value(place, rejection);
        aliases::check(&context.call, value)
            .await
            .map_err(refused)?;
    }
    let mut rows = Vec::new();
    for value in values {
        let (alias, record) = aliases::create(&mut context.call, value).await?;
        // Whoever sent the value may see it again.
        rows.push(messages::row(&alias, &record, true));
    }
    Ok(data(StatusCode::CREATED, &rows))
}

async fn read(context: &mut RequestContext, request: &Request) -> Result<Answer, VaultError> {
    let access = enter(context, request, Scope::CardsRead)?;
    let record = aliases::find(&context.call, &request.id)
        .await?
        .ok_or(Rejection::AliasUnknown)?;
    let reveal = access.scopes.contains(Scope::CardsReadPci);
    Ok(data(
        StatusCode::OK,
        &[messages::row(&request.id, &record, reveal)],
    ))
}

async fn delete(context: &mut RequestContext, request: &Request) -> Result<Answer, VaultError> {
    enter(context, request, Scope::CardsWrite)?;
    aliases::delete(&mut context.call, &request.id).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn data(status: StatusCode, rows: &[Value]) -> Answer {
    edge::json(status, json!({ "data": rows }).to_string())
}
