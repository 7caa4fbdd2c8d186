//! What Checkout Solutions answers, route by route. What each route does is in the file of its subject.

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::errors::CheckoutError;
use super::request::finish;
use super::{cards, credentials, keys};
use crate::wire::request::Request;

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
        $(async fn $handler(mut request: Request) -> Response {
            let mut context = request.begin($operation).await;
            let result = $does(&mut context, &request).await;
            finish(&request, context, result)
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

async fn no_such_page(mut request: Request) -> Response {
    let context = request.begin("").await;
    finish(&request, context, Err(CheckoutError::NoSuchPage))
}

async fn wrong_method(mut request: Request) -> Response {
    let context = request.begin("").await;
    finish(&request, context, Err(CheckoutError::Method))
}
