//! From a request on the wire to the surface that answers it, and into the journal.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use tower::ServiceExt;

use super::broken::AnswerBody;
use super::faulted;
use super::gate::Gate;
use super::inject::{self, Line, Outcome};
use crate::control;
use crate::domain::operation::Operation;
use crate::journal::Entry;
use crate::limits::BODY_BYTES_MAX;
use crate::operations::fault_context::FaultContext;
use crate::operations::kept::keep_faults;
use crate::operations::settings::ClientBounds;
use crate::operations::{OpenError, Space, SpaceName, Spaces};
use crate::wire::edge;
use crate::wire::edge::{
    Answer, EdgeRefusal, Head, HeaderProblem, LogRecord, RouteTable, Surface, headers, path, run,
};
use crate::wire::{addressed, surfaces};

/// Everything that answers.
#[derive(Debug)]
pub(super) struct App {
    spaces: Arc<Spaces>,
    /// In the order of [`SurfaceName::ALL`].
    surfaces: Vec<RouteTable>,
    control: Router,
    gate: Gate,
}

/// What goes out.
enum Answered {
    /// A surface's answer, in one piece because the journal keeps it.
    Exchange {
        response: Answer,
        /// By whose plan something is to be done to it on its way, and whether waiting is free, because the space's clock is
        /// moved by hand.
        planned: Option<(Box<FaultContext>, bool)>,
    },
    /// The control plane's, as it comes: who follows a journal gets an answer that has no end.
    Control(Response),
}

impl App {
    /// `scheme` is what URLs of this server begin with.
    ///
    /// # Errors
    /// When two routes of a surface cannot be told apart.
    pub(super) fn new(
        spaces: Arc<Spaces>,
        gate: Gate,
        scheme: &'static str,
    ) -> Result<Self, matchit::InsertError> {
        let tables = surfaces().map(|surface| RouteTable::new(surface.routes));
        let surfaces = tables.collect::<Result<_, _>>()?;
        let control = control::router(Arc::clone(&spaces), scheme);
        Ok(Self {
            spaces,
            surfaces,
            control,
            gate,
        })
    }

    /// What clients may take.
    pub(super) fn bounds(&self) -> &ClientBounds {
        &self.spaces.config().settings.clients
    }

    pub(super) async fn answer(&self, request: Request<Incoming>, line: &Line) -> Outcome {
        let version = request.version();
        let (parts, body) = request.into_parts();
        match self.route(parts, body, line).await {
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
    async fn route(
        &self,
        mut parts: Parts,
        body: Incoming,
        line: &Line,
    ) -> Result<Answered, Box<Response>> {
        let target = parts.uri.clone();
        let readable = path::readable(target.path());
        let (prefix, path) = path::split_prefix(&readable)
            .map_err(|error| refusal(StatusCode::NOT_FOUND, "space_name", &error))?;
        let surface = addressed(path, &parts.headers);
        self.gate
            .check(&parts, surface.is_none(), &line.host)
            .map_err(|(status, code, why)| refusal(status, code, &why))?;
        let body = bounded(body, self.bounds().body_wait).await?;
        readdress(&mut parts, &target, path);
        let Some(surface) = surface else {
            let body = body.map_err(|refused| plainly(&refused, self.bounds().body_wait))?;
            headers::plain(&parts.headers, &body).map_err(encoded)?;
            let name = prefix.unwrap_or_else(SpaceName::default_space);
            parts.extensions.insert(name);
            let request = Request::from_parts(parts, Body::from(body));
            let answered = self.control.clone().oneshot(request).await;
            return Ok(Answered::Control(answered.into_response()));
        };
        let (body, refused) = match body {
            Ok(body) => (body, None),
            Err(refused) => (Bytes::new(), Some(refused)),
        };
        let access = line.connection.access(&parts.headers);
        let named = || {
            let head = Head {
                query: target.query().unwrap_or_default(),
                headers: &parts.headers,
                body: &body,
                access: access.as_deref(),
            };
            (surface.space_of)(self.spaces.config(), &head)
        };
        let name = prefix
            .or_else(named)
            .unwrap_or_else(SpaceName::default_space);
        let (space, refused) = self.open(&name, refused).await?;
        let now = space.clock.now();
        let faults = faulted::evaluate(&space, surface, &parts, path, now)
            .map_err(|error| refusal(StatusCode::BAD_REQUEST, "fault_rule", &error))?;
        let request = edge::Request {
            space,
            now,
            faults,
            method: parts.method,
            uri: parts.uri,
            sent: target,
            id: String::new(),
            headers: parts.headers,
            body,
            connection: Arc::clone(&line.connection),
            access,
        };
        Ok(self.ask(surface, request, refused).await)
    }

    /// The space of a name. Where it cannot be made for now, the surface says so in its own words, in the one that is always
    /// there.
    async fn open(
        &self,
        name: &SpaceName,
        refused: Option<EdgeRefusal>,
    ) -> Result<(Arc<Space>, Option<EdgeRefusal>), Box<Response>> {
        match self.spaces.visit(name).await {
            Ok(space) => Ok((space, refused)),
            Err(OpenError::Full(full)) => {
                let status = StatusCode::INSUFFICIENT_STORAGE;
                Err(refusal(status, "spaces_full", &full))
            }
            Err(OpenError::Rejected(rejection)) => {
                let space = self.spaces.find(&SpaceName::default_space());
                let none = || refusal(StatusCode::SERVICE_UNAVAILABLE, "no_space", &rejection);
                let space = space.ok_or_else(none)?;
                Ok((space, Some(EdgeRefusal::Rejected(rejection))))
            }
        }
    }

    /// Lets the surface answer and writes the exchange down.
    async fn ask(
        &self,
        surface: &'static Surface,
        mut request: edge::Request,
        refused: Option<EdgeRefusal>,
    ) -> Answered {
        let table = &self.surfaces[surface.name as usize];
        let (answer, record) = run(surface, table, &mut request, refused).await;
        let space = &request.space;
        let LogRecord {
            operation,
            operations,
            account,
            merchant,
            let_in,
            reason,
            legs,
            faults,
        } = record;
        // Nobody makes a space who only looks: a stranger could use all of them up.
        let changes = !matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if let_in || (changes && answer.status().is_success()) {
            self.spaces.keep(space);
        }
        if faults.is_some()
            && space.store.outlives_process()
            && let Err(error) = keep_faults(space).await
        {
            tracing::warn!(space = %space.name, %error, "what fault rules have counted");
        }
        let response = faulty(space, answer, faults.as_deref());
        let account = account.and_then(|owner| space.config.accounts.get(owner));
        let client = account.map(|account| account.client_id.as_str());
        let (operation, status) = (
            operation.map_or("", Operation::word),
            response.status().as_u16(),
        );
        tracing::debug!(space = %space.name, surface = surface.name.word(), operation, status, "answered");
        space.journal.record(Entry {
            at: request.now,
            surface: surface.name.word(),
            operation,
            operations,
            method: &request.method,
            target: &request.sent,
            headers: Some(&request.headers),
            status,
            client: client.or(merchant.as_deref()),
            reason,
            request: &request.body,
            response: response.body(),
            legs,
            faults: faults.as_deref().and_then(faulted::told),
            attempt: None,
        });
        let free = !space.clock.is_real();
        let planned = faults
            .filter(|faults| !faults.plan.is_empty())
            .map(|faults| (faults, free));
        Answered::Exchange { response, planned }
    }
}

/// The answer with what fault rules change in it.
fn faulty(space: &Space, answer: Answer, faults: Option<&FaultContext>) -> Answer {
    let Some(faults) = faults else {
        return answer;
    };
    let plan = &faults.plan;
    let mut response = match plan.stand_in() {
        Some(stand_in) => inject::with_retry_after(answer, stand_in),
        None => inject::edit(plan, answer),
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

/// The body in one piece, if it is no larger and no slower than it may be. What a surface words is refused inside.
async fn bounded(
    body: Incoming,
    wait: Duration,
) -> Result<Result<Bytes, EdgeRefusal>, Box<Response>> {
    if body.is_end_stream() {
        return Ok(Ok(Bytes::new()));
    }
    let Ok(read) = tokio::time::timeout(wait, Limited::new(body, BODY_BYTES_MAX).collect()).await
    else {
        return Ok(Err(EdgeRefusal::TooSlow));
    };
    match read {
        Ok(collected) => Ok(Ok(collected.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Ok(Err(EdgeRefusal::TooLarge)),
        Err(error) => Err(refusal(StatusCode::BAD_REQUEST, "body_cut_short", &error)),
    }
}

/// The same for the control plane.
fn plainly(refused: &EdgeRefusal, wait: Duration) -> Box<Response> {
    if matches!(refused, EdgeRefusal::TooLarge) {
        let what = "the body is larger than 1 MiB";
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &what);
    }
    let what = format!("the body was not there within {} s", wait.as_secs_f64());
    refusal(StatusCode::REQUEST_TIMEOUT, "body_too_slow", &what)
}

/// The control plane reads bodies as they are.
fn encoded(problem: HeaderProblem) -> Box<Response> {
    let why = problem.in_small_letters();
    let mut response = refusal(problem.status(), "body_encoded", &why);
    response.headers_mut().extend(problem.advice());
    response
}

/// What is said before any surface has been chosen.
fn refusal(status: StatusCode, code: &str, message: &impl ToString) -> Box<Response> {
    let body = serde_json::json!({ "error": { "code": code, "message": message.to_string() } });
    let kind = [(CONTENT_TYPE, "application/json")];
    Box::new((status, kind, body.to_string()).into_response())
}
