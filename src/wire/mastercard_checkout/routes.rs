//! What Checkout Solutions answers, route by route. What each route does is in the file of its subject.

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::asked::finish;
use super::errors::CheckoutError;
use super::{cards, credentials, keys};
use crate::wire::asked::Asked;

/// Every route that a card on file needs, and the keys that go with them.
pub fn router() -> Router {
    Router::new()
        .route("/src/api/digital/payments/cards", post(enrol))
        .route(
            "/src/api/digital/payments/cards/{cardId}",
            get(read).delete(remove),
        )
        .route(
            "/src/api/digital/payments/cards/{cardId}/transactions",
            get(transactions),
        )
        .route(
            "/src/api/digital/payments/transaction/credentials",
            post(checkout),
        )
        .route("/keys", get(public_keys))
        .fallback(no_such_page)
        .method_not_allowed_fallback(wrong_method)
}

/// Declares handlers: the name of each, what the journal calls it, and what does it.
macro_rules! handlers {
    ($($handler:ident: $operation:literal, $does:path;)*) => {
        $(async fn $handler(mut asked: Asked) -> Response {
            let mut visit = asked.visit($operation).await;
            let result = $does(&mut visit, &asked).await;
            finish(&asked, visit, result)
        })*
    };
}

handlers! {
    enrol: "enrol card", cards::enrol;
    read: "read card", cards::read;
    remove: "delete card", cards::delete;
    transactions: "read transactions", cards::transactions;
    checkout: "request credentials", credentials::checkout;
    public_keys: "read keys", keys::list;
}

async fn no_such_page(mut asked: Asked) -> Response {
    let visit = asked.visit("").await;
    finish(&asked, visit, Err(CheckoutError::NoSuchPage))
}

async fn wrong_method(mut asked: Asked) -> Response {
    let visit = asked.visit("").await;
    finish(&asked, visit, Err(CheckoutError::Method))
}
