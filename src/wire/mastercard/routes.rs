//! What MDES answers, route by route. What each route does is in the file of its subject.

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::errors::{MdesError, Shape};
use super::request::finish;
use super::{tokenize, tokens, transact};
use crate::wire::request::Request;

/// Every route of MDES Digital Enablement that a token requestor calls.
pub fn router() -> Router {
    Router::new()
        .route("/mdes/digitization/static/1/0/tokenize", post(create))
        .route("/mdes/digitization/static/1/0/getToken", post(read))
        .route("/mdes/digitization/static/1/0/searchTokens", post(search))
        .route(
            "/mdes/digitization/static/1/0/getTaskStatus",
            post(task_status),
        )
        .route("/mdes/digitization/static/1/0/suspend", post(suspend))
        .route("/mdes/digitization/static/1/0/unsuspend", post(unsuspend))
        .route("/mdes/digitization/static/1/0/delete", post(remove))
        .route(
            "/mdes/remotetransaction/static/1/0/transact",
            post(cryptogram),
        )
        .route("/mdes/assets/static/1/0/asset/{AssetId}", get(asset))
        .fallback(no_such_page)
        .method_not_allowed_fallback(wrong_method)
}

/// Declares handlers: the name of each, what the journal calls it, the shape of its errors, and what does it.
macro_rules! handlers {
    ($($handler:ident: $operation:literal, $shape:ident, $does:path;)*) => {
        $(async fn $handler(mut request: Request) -> Response {
            let mut context = request.begin($operation).await;
            let result = $does(&mut context, &request).await;
            finish(&request, context, result, Shape::$shape)
        })*
    };
}

handlers! {
    create: "tokenize", List, tokenize::tokenize;
    read: "get token", List, tokens::get;
    search: "search tokens", List, tokens::search;
    task_status: "get task status", List, tokenize::task_status;
    suspend: "suspend tokens", List, tokens::suspend;
    unsuspend: "unsuspend tokens", List, tokens::unsuspend;
    remove: "delete tokens", List, tokens::delete;
    cryptogram: "transact", Flat, transact::transact;
    asset: "get asset", List, tokens::asset;
}

async fn no_such_page(mut request: Request) -> Response {
    let context = request.begin("").await;
    finish(&request, context, Err(MdesError::NoSuchPage), Shape::List)
}

async fn wrong_method(mut request: Request) -> Response {
    let context = request.begin("").await;
    finish(&request, context, Err(MdesError::Method), Shape::List)
}
