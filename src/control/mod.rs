//! The tester's own API, under `/_standin/`: clock, reset, test cards, tokens and what happens to
//! them, payments, journal and questions about it. It acts on
//! the space of the path's prefix, and is the only surface that may look into every record.

mod allowances;
mod caller;
mod cards;
mod clock;
mod credentials;
mod errors;
mod export;
mod faults;
mod follow;
mod followers;
mod issuer;
mod journal;
mod judge;
mod keys;
mod metrics;
mod openapi;
mod payments;
mod proxy;
mod reading;
mod reports;
mod schemas;
mod snapshot;
mod spaces;
mod tokens;
mod verify;
mod webhooks;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::HttpBody as _;
use axum::extract::{Extension, Request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use http::Method;
use http::header::CONTENT_TYPE;
use tower::Layer as _;

use crate::operations::Spaces;
use caller::Scheme;
use errors::ControlError;
use followers::Followers;
use reports::Reports;

/// Where snapshots are taken and loaded.
pub const SNAPSHOT: &str = "/_standin/snapshot";

/// Every route of the control plane. A request must carry the [`crate::operations::SpaceName`] that it is about as an extension.
/// `scheme` is what URLs of this server begin with, `reports` the folder of the runs that it tells of.
pub fn router(spaces: Arc<Spaces>, scheme: &'static str, reports: Option<Arc<Path>>) -> Router {
    let routes = Router::new()
        .route("/_standin/health", get(spaces::health))
        .route("/_standin/ready", get(spaces::ready))
        .route("/_standin/openapi.json", get(openapi::read))
        .route("/_standin/schemas/{schema}", get(schemas::read))
        .route("/_standin/metrics", get(metrics::read))
        .route("/_standin/clock", get(clock::read).post(clock::change))
        .route("/_standin/reset", post(spaces::reset))
        .route("/_standin/space", delete(spaces::remove))
        .route("/_standin/spaces", get(spaces::list))
        .route("/_standin/spaces/{name}", post(snapshot::fork))
        .route(
            "/_standin/snapshot",
            get(snapshot::save).post(snapshot::load),
        )
        .route("/_standin/settings", get(spaces::settings))
        .route("/_standin/cards", get(cards::list))
        .route("/_standin/cards/{card_id}/events", post(issuer::event))
        .route("/_standin/tokens", get(tokens::list))
        .route("/_standin/tokens/{reference}", get(tokens::read))
        .route(
            "/_standin/tokens/{reference}/events",
            get(tokens::events).post(tokens::event),
        )
        .route(
            "/_standin/tokens/{reference}/allowance",
            get(allowances::read)
                .put(allowances::set)
                .delete(allowances::revoke),
        )
        .route("/_standin/credentials", get(credentials::list))
        .route("/_standin/keys/token-service", get(keys::token_service))
        .route("/_standin/proxy", get(proxy::read))
        .route("/_standin/payments", get(payments::list))
        .route("/_standin/payments/{id}", get(payments::read))
        .route("/_standin/notices", get(tokens::notices))
        .route(
            "/_standin/webhooks",
            get(webhooks::list).post(webhooks::create),
        )
        .route("/_standin/webhooks/{endpoint}", delete(webhooks::remove))
        .route("/_standin/webhooks/messages", get(webhooks::messages))
        .route(
            "/_standin/webhooks/messages/{message}/attempts",
            get(webhooks::attempts),
        )
        .route(
            "/_standin/webhooks/messages/{message}/replay",
            post(webhooks::replay),
        )
        .route(
            "/_standin/faults",
            get(faults::list).post(faults::arm).delete(faults::clear),
        )
        .route(
            "/_standin/faults/{name}",
            get(faults::read).put(faults::turn).delete(faults::disarm),
        )
        .route("/_standin/fault-kinds", get(faults::kinds))
        .merge(looking_back())
        // In this order: what nobody answers is not asked for its media type.
        .route_layer(middleware::from_fn(only_json))
        .fallback(no_such_page)
        .method_not_allowed_fallback(async || ControlError::Method)
        .with_state(spaces);
    // Put around all of them at once: a layer of a router is put around each of its routes, which takes a third of its making.
    let followed = Extension(Arc::<Followers>::default()).layer(routes);
    let reported = Extension(Reports(reports)).layer(followed);
    Router::new().fallback_service(Extension(Scheme(scheme)).layer(reported))
}

/// What has happened, and what came of judging it.
fn looking_back() -> Router<Arc<Spaces>> {
    Router::new()
        .route("/_standin/reports", get(reports::list))
        .route("/_standin/reports/{report}", get(reports::read))
        .route("/_standin/journal", get(journal::read))
        .route("/_standin/journal/events", get(follow::events))
        .route("/_standin/journal/{number}", get(journal::entry))
        .route("/_standin/judge", get(judge::read))
        .route("/_standin/verify", post(verify::ask))
}

/// Lets nothing be changed by what a page of another origin may send without asking first: a form, or a text.
async fn only_json(request: Request, next: Next) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let empty = request.body().size_hint().exact() == Some(0);
    let lines = request.uri().path() == SNAPSHOT;
    let fits = match request.headers().get(CONTENT_TYPE) {
        Some(kind) => kind
            .to_str()
            .is_ok_and(|kind| is_json(kind) || lines && is_kind(kind, snapshot::LINES)),
        None => empty,
    };
    if reads || fits {
        next.run(request).await
    } else {
        ControlError::MediaType.into_response()
    }
}

fn is_json(kind: &str) -> bool {
    is_kind(kind, "application/json")
}

fn is_kind(given: &str, wanted: &str) -> bool {
    let kind = given.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case(wanted)
}

/// Nothing is there, or it has moved.
async fn no_such_page(uri: http::Uri) -> Response {
    webhooks::moved(&uri).unwrap_or_else(|| ControlError::NoSuchPage.into_response())
}
