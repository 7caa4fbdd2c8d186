//! From a request on the wire to the surface that answers it, and into the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use tower::ServiceExt;

use super::broken::AnswerBody;
use super::faulted;
use super::gate::Gate;
use super::inject::{self, Line, Outcome};
use crate::control;
use crate::domain::moment::Moment;
use crate::journal::Entry;
use crate::limits::BODY_BYTES_MAX;
use crate::operations::fault_context::{Arrival, FaultContext};
use crate::operations::settings::ClientBounds;
use crate::operations::{Space, SpaceName, Spaces};
use crate::wire::{Received, Surface, Told, address};

/// Everything that answers.
#[derive(Debug)]
pub(super) struct App {
    spaces: Arc<Spaces>,
    /// In the order of [`Surface::ALL`].
    surfaces: Vec<Router>,
    control: Router,
    gate: Gate,
}

/// What the journal needs of a request that the surface consumes.
struct Arrived {
    at: Moment,
    method: http::Method,
    target: Uri,
    body: Bytes,
}

/// What goes out.
enum Answered {
    /// A surface's answer, in one piece because the journal keeps it.
    Exchange {
        response: Response<Bytes>,
        /// By whose plan something is to be done to it on its way, and whether waiting is free, because the space's clock is
        /// moved by hand.
        planned: Option<(Box<FaultContext>, bool)>,
    },
    /// The control plane's, as it comes: who follows a journal gets an answer that has no end.
    Control(Response),
}

impl App {
    /// `scheme` is what URLs of this server begin with.
    pub(super) fn new(spaces: Arc<Spaces>, gate: Gate, scheme: &'static str) -> Self {
        let surfaces = Surface::ALL.into_iter().map(Surface::router).collect();
        let control = control::router(Arc::clone(&spaces), scheme);
        Self {
            spaces,
            surfaces,
            control,
            gate,
        }
    }

    /// What clients may take.
    pub(super) fn bounds(&self) -> &ClientBounds {
        &self.spaces.config().settings.clients
    }

    pub(super) async fn answer(&self, request: Request<Incoming>, line: &Line) -> Outcome {
        let version = request.version();
        let (parts, body) = request.into_parts();
        match self.route(parts, body).await {
            Ok(Answered::Exchange { response, planned }) => match planned {
                None => Ok(response.map(AnswerBody::whole)),
                Some((faults, free)) => {
                    inject::send(&faults.plan, response, version, line, free).await
                }
            },
            Ok(Answered::Control(response)) => Ok(response.map(AnswerBody::Stream)),
            Err(refused) => Ok(whole(*refused).await.map(AnswerBody::whole)),
        }
    }

    /// Finds the surface and the space and lets them answer, or says why there is neither.
    async fn route(&self, mut parts: Parts, body: Incoming) -> Result<Answered, Box<Response>> {
        let target = parts.uri.clone();
        let (prefix, path) = address::split_prefix(target.path())
            .map_err(|error| refusal(StatusCode::NOT_FOUND, "space_name", &error))?;
        let path = address::readable(path);
        let surface = address::surface(&path, &parts.headers);
        self.gate
            .check(&parts, surface.is_none())
            .map_err(|(status, code, why)| refusal(status, code, &why))?;
        let body = bounded(body, surface, self.bounds().body_wait).await?;
        readdress(&mut parts, &target, &path);
        let Some(surface) = surface else {
            let name = prefix.unwrap_or_else(SpaceName::default_space);
            parts.extensions.insert(name);
            let request = Request::from_parts(parts, Body::from(body));
            let answered = self.control.clone().oneshot(request).await;
            return Ok(Answered::Control(answered.into_response()));
        };
        let named = || {
            let config = self.spaces.config();
            let query = target.query().unwrap_or_default();
            address::space_of_credential(config, surface, query, &parts.headers, &body)
        };
        let name = prefix
            .or_else(named)
            .unwrap_or_else(SpaceName::default_space);
        let space = self
            .spaces
            .open(&name)
            .map_err(|full| refusal(StatusCode::INSUFFICIENT_STORAGE, "spaces_full", &full))?;
        let faults = faulted::evaluate(&space, surface, &parts, &path)
            .map_err(|error| refusal(StatusCode::BAD_REQUEST, "fault_rule", &error))?;
        let said = faults.as_ref().filter(|faults| faults.has_matched());
        let outline = said.map(|faults| Box::new(faults.outline()));
        let asked = Arrived {
            at: space.clock.now(),
            method: parts.method.clone(),
            target: target.clone(),
            body: body.clone(),
        };
        parts.extensions.insert(Received {
            arrival: Arrival {
                space: Arc::clone(&space),
                faults,
            },
            sent: target,
            body,
        });
        let request = Request::from_parts(parts, Body::empty());
        self.ask(surface, space, request, asked, outline).await
    }

    /// Lets the surface answer and writes the exchange down.
    async fn ask(
        &self,
        surface: Surface,
        space: Arc<Space>,
        request: Request<Body>,
        asked: Arrived,
        arrived: Option<Box<FaultContext>>,
    ) -> Result<Answered, Box<Response>> {
        let missing = || refusal(StatusCode::NOT_FOUND, "not_found", &"no such surface");
        let router = self.surfaces.get(surface as usize).ok_or_else(missing)?;
        let status = arrived.as_ref().and_then(|faults| faults.plan.status);
        let mut response = match status {
            // A rule that needs to know no more than the head keeps the request from its surface.
            Some(_) => Response::default(),
            None => router.clone().oneshot(request).await.into_response(),
        };
        let told = response
            .extensions_mut()
            .remove::<Told>()
            .unwrap_or_default();
        let faults = told.faults.or(arrived);
        let response = faulty(surface, &space, response, faults.as_deref()).await;
        let answered = response.body().clone();
        let account = told
            .account
            .and_then(|owner| space.config.accounts.get(owner));
        tracing::debug!(
            space = %space.name,
            surface = surface.word(),
            operation = told.operation,
            status = response.status().as_u16(),
            "answered"
        );
        space.journal.record(Entry {
            at: asked.at,
            surface: surface.word(),
            operation: told.operation,
            method: asked.method,
            target: asked.target,
            status: response.status().as_u16(),
            client: account
                .map(|account| account.client_id.clone())
                .or(told.merchant),
            reason: told.reason,
            request: asked.body,
            response: answered,
            legs: told.legs,
            faults: faults.as_deref().and_then(faulted::told),
            attempt: None,
        });
        let free = !space.clock.is_real();
        let planned = faults
            .filter(|faults| !faults.plan.is_empty())
            .map(|faults| (faults, free));
        Ok(Answered::Exchange { response, planned })
    }
}

/// The answer with what fault rules change in it.
async fn faulty(
    surface: Surface,
    space: &Space,
    response: Response,
    faults: Option<&FaultContext>,
) -> Response<Bytes> {
    let Some(faults) = faults else {
        return whole(response).await;
    };
    let plan = &faults.plan;
    let mut response = match inject::stand_in(plan) {
        Some(refusal) => {
            let status = StatusCode::from_u16(refusal.status);
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = whole(surface.failure(status)).await;
            inject::with_retry_after(&mut response, refusal);
            response
        }
        None => inject::edit(plan, whole(response).await),
    };
    if space.config.settings.faults.tell && !plan.rules.is_empty() {
        let names: Vec<_> = plan.rules.iter().map(AsRef::as_ref).collect();
        if let Ok(names) = names.join(", ").parse() {
            response.headers_mut().insert(faulted::FIRED, names);
        }
    }
    response
}

/// The same response with its body in one piece.
async fn whole(response: Response) -> Response<Bytes> {
    let (parts, body) = response.into_parts();
    let bytes = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    Response::from_parts(parts, bytes)
}

/// Puts a request at its path without the prefix that chose the space, and the host where surfaces look for it: HTTP/2
/// says in the target what HTTP/1 says in a header.
fn readdress(parts: &mut Parts, target: &Uri, path: &str) {
    if path != target.path() {
        parts.uri = at_path(target, path);
    }
    if let Some(authority) = target.authority()
        && !parts.headers.contains_key(HOST)
        && let Ok(host) = authority.as_str().parse()
    {
        parts.headers.insert(HOST, host);
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

/// The body in one piece, if it is no larger and no slower than it may be.
async fn bounded(
    body: Incoming,
    surface: Option<Surface>,
    wait: Duration,
) -> Result<Bytes, Box<Response>> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let Ok(read) = tokio::time::timeout(wait, Limited::new(body, BODY_BYTES_MAX).collect()).await
    else {
        let status = StatusCode::REQUEST_TIMEOUT;
        let what = format!("the body was not there within {} s", wait.as_secs_f64());
        let plain = || *refusal(status, "body_too_slow", &what);
        return Err(Box::new(
            surface.map_or_else(plain, |surface| surface.failure(status)),
        ));
    };
    match read {
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
