//! From a request on the wire to the surface that answers it, and into the journal.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use tower::ServiceExt;

use super::gate::Gate;
use crate::control;
use crate::domain::moment::Moment;
use crate::journal::Entry;
use crate::limits::BODY_BYTES_MAX;
use crate::operations::{Desk, SpaceName, Spaces};
use crate::wire::{SentTo, Surface, Told, address};

/// Everything that answers.
#[derive(Debug)]
pub(super) struct App {
    spaces: Arc<Spaces>,
    surfaces: HashMap<Surface, Router>,
    control: Router,
    gate: Gate,
}

/// What the journal needs of a request that the surface consumes.
struct Asked {
    at: Moment,
    method: http::Method,
    target: Uri,
    body: Bytes,
}

impl App {
    pub(super) fn new(spaces: Arc<Spaces>, gate: Gate) -> Self {
        let surfaces = Surface::ALL.into_iter().map(|s| (s, s.router())).collect();
        let control = control::router(Arc::clone(&spaces));
        Self {
            spaces,
            surfaces,
            control,
            gate,
        }
    }

    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        match self.route(parts, body).await {
            Ok(response) => response,
            Err(refused) => whole(*refused).await.0,
        }
    }

    /// Finds the surface and the desk and lets them answer, or says why there is neither.
    async fn route(
        &self,
        parts: Parts,
        body: Incoming,
    ) -> Result<Response<Full<Bytes>>, Box<Response>> {
        let target = parts.uri.clone();
        let (prefix, path) = address::split_prefix(target.path())
            .map_err(|error| refusal(StatusCode::NOT_FOUND, "space_name", &error))?;
        let path = address::readable(path);
        let surface = address::surface(&path, &parts.headers);
        self.gate
            .check(&parts, surface.is_none())
            .map_err(|(status, code, why)| refusal(status, code, &why))?;
        let body = bounded(body, surface).await?;
        let mut request = Request::from_parts(parts, Body::from(body.clone()));
        readdress(&mut request, &target, &path);
        request.extensions_mut().insert(SentTo(target.clone()));
        let Some(surface) = surface else {
            let name = prefix.unwrap_or_else(SpaceName::default_space);
            request.extensions_mut().insert(name);
            let answered = self.control.clone().oneshot(request).await;
            return Ok(whole(answered.into_response()).await.0);
        };
        let named = || {
            let world = self.spaces.world();
            let query = target.query().unwrap_or_default();
            address::space_of_credential(world, surface, query, request.headers(), &body)
        };
        let name = prefix
            .or_else(named)
            .unwrap_or_else(SpaceName::default_space);
        let desk = self
            .spaces
            .open(&name)
            .map_err(|full| refusal(StatusCode::INSUFFICIENT_STORAGE, "spaces_full", &full))?;
        let method = request.method().clone();
        let asked = Asked {
            at: desk.clock.now(),
            method,
            target,
            body,
        };
        self.ask(surface, desk, request, asked).await
    }

    /// Lets the surface answer and writes the exchange down.
    async fn ask(
        &self,
        surface: Surface,
        desk: Arc<Desk>,
        mut request: Request<Body>,
        asked: Asked,
    ) -> Result<Response<Full<Bytes>>, Box<Response>> {
        request.extensions_mut().insert(Arc::clone(&desk));
        let missing = || refusal(StatusCode::NOT_FOUND, "not_found", &"no such surface");
        let router = self.surfaces.get(&surface).ok_or_else(missing)?;
        let mut response = router.clone().oneshot(request).await.into_response();
        let told = response
            .extensions_mut()
            .remove::<Told>()
            .unwrap_or_default();
        let (response, answered) = whole(response).await;
        let account = told
            .account
            .and_then(|owner| desk.world.accounts.get(owner));
        tracing::debug!(
            space = %desk.name,
            surface = surface.word(),
            operation = told.operation,
            status = response.status().as_u16(),
            "answered"
        );
        desk.journal.record(Entry {
            at: asked.at,
            surface: surface.word(),
            operation: told.operation,
            method: asked.method,
            target: asked.target,
            status: response.status().as_u16(),
            account: account
                .map(|account| account.client_id.clone())
                .or(told.merchant),
            reason: told.reason,
            request: asked.body,
            response: answered,
            legs: told.legs,
            faults: None,
        });
        Ok(response)
    }
}

/// The same response with its body in one piece, and that piece.
async fn whole(response: Response) -> (Response<Full<Bytes>>, Bytes) {
    let (parts, body) = response.into_parts();
    let bytes = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    (Response::from_parts(parts, Full::new(bytes.clone())), bytes)
}

/// Puts a request at its path without the prefix that chose the space, and the host where surfaces look for it: HTTP/2
/// says in the target what HTTP/1 says in a header.
fn readdress(request: &mut Request<Body>, target: &Uri, path: &str) {
    if path != target.path() {
        *request.uri_mut() = at_path(target, path);
    }
    if let Some(authority) = target.authority()
        && !request.headers().contains_key(HOST)
        && let Ok(host) = authority.as_str().parse()
    {
        request.headers_mut().insert(HOST, host);
    }
}

/// The target with another path: without the prefix that chose the space, and readable.
fn at_path(target: &Uri, path: &str) -> Uri {
    let query = target
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    format!("{path}{query}")
        .parse()
        .unwrap_or_else(|_| target.clone())
}

/// The body in one piece, if it is no larger than it may be.
async fn bounded(body: Incoming, surface: Option<Surface>) -> Result<Bytes, Box<Response>> {
    match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let what = "the body is larger than 1 MiB";
            let plain = || *refusal(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &what);
            Err(Box::new(surface.map_or_else(plain, Surface::too_large)))
        }
        Err(error) => Err(refusal(StatusCode::BAD_REQUEST, "body_cut_short", &error)),
    }
}

/// What is said before any surface has been chosen.
fn refusal(status: StatusCode, code: &str, message: &impl ToString) -> Box<Response> {
    let body = serde_json::json!({ "error": { "code": code, "message": message.to_string() } });
    let kind = [(CONTENT_TYPE, "application/json")];
    Box::new((status, kind, body.to_string()).into_response())
}
