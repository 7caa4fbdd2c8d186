//! From a request on the wire to the surface that answers it, and into the journal.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONNECTION;
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode, Uri, Version};
use hyper::body::Incoming;
use tokio::time::Instant;
use tower::ServiceExt;

use super::broken::AnswerBody;
use super::faulted;
use super::gate::{Gate, ORIGIN_FOREIGN};
use super::inject::{self, Line, Outcome};
use super::intake::{self, Bounds};
use super::purpose::{Purpose, is_control};
use super::refused::{Refused, encoded, no_room, plainly};
use super::target::{at_path, say_host};
use crate::control::{self, SNAPSHOT};
use crate::domain::operation::Operation;
use crate::journal::Entry;
use crate::limits::{
    ANSWERS_BYTES_MAX, BODIES_BYTES_MAX, BODY_BYTES_MAX, Room, SNAPSHOT_BYTES_MAX,
};
use crate::metrics::Asked;
use crate::operations::fault_context::FaultContext;
use crate::operations::settings::ClientBounds;
use crate::operations::space_state::keep_counts;
use crate::operations::{OpenError, Space, SpaceName, Spaces};
use crate::wire::edge;
use crate::wire::edge::{
    Answer, EdgeRefusal, Head, LogRecord, RouteTable, Surface, headers, path, run,
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
    /// For the bodies that are being read.
    bodies: Arc<Room>,
    /// For the answers that are being sent.
    answers: Arc<Room>,
}

/// What stands in the journal for the method of a head that could not be read.
const UNREAD: &str = "UNREAD";

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
            bodies: Room::new(BODIES_BYTES_MAX),
            answers: Room::new(ANSWERS_BYTES_MAX),
        })
    }

    /// What clients may take.
    pub(super) fn bounds(&self) -> &ClientBounds {
        &self.spaces.config().settings.clients
    }

    pub(super) async fn answer(&self, request: Request<Incoming>, line: &Line) -> Outcome {
        let version = request.version();
        let (mut parts, body) = request.into_parts();
        let begun = Instant::now();
        let mut answer = match self.route(&mut parts, body, line).await {
            Ok(Answered::Exchange { response, planned }) => match planned {
                None => response.map(AnswerBody::whole),
                Some((faults, free)) => {
                    inject::send(&faults.plan, response, version, line, free).await?
                }
            },
            Ok(Answered::Control(response)) => response.map(AnswerBody::stream),
            Err(refused) => {
                self.write_down(&parts, &refused);
                self.note(Asked::Nobody, refused.status.as_u16(), begun);
                refused.answer().map(AnswerBody::whole)
            }
        };
        if !answer.body_mut().find_room(&self.answers) {
            answer = no_room("answers").answer().map(AnswerBody::whole);
        }
        if line.reserved && version < Version::HTTP_2 {
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(CONNECTION, close);
        }
        Ok(answer)
    }

    /// Finds the surface and the space and lets them answer, or says why there is neither. What it takes out of `parts` it
    /// takes when it refuses nothing any more.
    async fn route(
        &self,
        parts: &mut Parts,
        body: Incoming,
        line: &Line,
    ) -> Result<Answered, Box<Refused>> {
        let target = parts.uri.clone();
        let readable = path::readable(target.path());
        let (prefix, path) = path::split_prefix(&readable)
            .map_err(|error| Refused::with(StatusCode::NOT_FOUND, "space_name", &error))?;
        let surface = addressed(path, &parts.headers);
        self.gate
            .check(parts, Purpose::of(path, surface.is_some()), &line.host)
            .map_err(|(status, code, why)| Refused::with(status, code, &why))?;
        if line.reserved && !is_control(path) {
            return Err(no_room("connections"));
        }
        let head = intake::head_bytes(parts);
        let bounds = self.body_bounds(&parts.method, path);
        let body = intake::read(body, head, bounds)
            .await
            .map_err(|error| Refused::with(StatusCode::BAD_REQUEST, "body_cut_short", &error))?;
        let begun = Instant::now();
        say_host(parts);
        let Some(surface) = surface else {
            let answered = self.control(parts, path, prefix, body).await?;
            self.note(Asked::Control, answered.status().as_u16(), begun);
            return Ok(Answered::Control(answered));
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
        let faults = faulted::evaluate(&space, surface, parts, path, now)
            .map_err(|error| Refused::with(StatusCode::BAD_REQUEST, "fault_rule", &error))?;
        let uri = if path == target.path() {
            std::mem::take(&mut parts.uri)
        } else {
            at_path(&target, path)
        };
        let request = edge::Request {
            space,
            now,
            faults,
            method: std::mem::take(&mut parts.method),
            uri,
            sent: target,
            id: String::new(),
            headers: std::mem::take(&mut parts.headers),
            body,
            connection: Arc::clone(&line.connection),
            access,
        };
        Ok(self.ask(surface, request, refused, begun).await)
    }

    /// Lets the control plane answer, or says that nothing is there.
    async fn control(
        &self,
        parts: &Parts,
        path: &str,
        prefix: Option<SpaceName>,
        body: Result<Bytes, EdgeRefusal>,
    ) -> Result<Response, Box<Refused>> {
        if !is_control(path) {
            let why = "nothing answers at this path; the surfaces' paths are listed in the README";
            return Err(Refused::with(StatusCode::NOT_FOUND, "not_found", &why));
        }
        let bounds = self.body_bounds(&parts.method, path);
        let body = body.map_err(|refused| plainly(&refused, bounds))?;
        headers::plain(&parts.headers, &body).map_err(encoded)?;
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = at_path(&parts.uri, path);
        *request.headers_mut() = parts.headers.clone();
        let name = prefix.unwrap_or_else(SpaceName::default_space);
        request.extensions_mut().insert(name);
        let answered = self.control.clone().oneshot(request).await;
        Ok(answered.into_response())
    }

    /// Counts a request that has been answered.
    fn note(&self, asked: Asked, status: u16, begun: Instant) {
        let requests = &self.spaces.config().metrics.requests;
        requests.note(asked, status, begun.elapsed());
    }

    /// What a body may take. A snapshot may be as large as one that is given out.
    fn body_bounds(&self, method: &Method, path: &str) -> Bounds<'_> {
        let is_snapshot = path == SNAPSHOT && method == Method::POST;
        Bounds {
            bytes_max: if is_snapshot {
                SNAPSHOT_BYTES_MAX
            } else {
                BODY_BYTES_MAX
            },
            wait: self.bounds().body_wait,
            room: &self.bodies,
        }
    }

    /// Writes down what no surface has seen, where its sender looks for it: in the space that the path names, if it is there.
    /// What a page of another origin asks for is only logged, or any page could fill the journal and change what it proves.
    fn write_down(&self, parts: &Parts, refused: &Refused) {
        let (status, code) = (refused.status.as_u16(), refused.code);
        tracing::info!(status, code, "refused before any surface: {}", refused.why);
        if code == ORIGIN_FOREIGN {
            return;
        }
        let readable = path::readable(parts.uri.path());
        let named = path::split_prefix(&readable).ok();
        let named = named.and_then(|(prefix, _)| self.spaces.find(&prefix?));
        let space = named.or_else(|| self.spaces.find(&SpaceName::default_space()));
        let Some(space) = space else { return };
        space.journal.record(Entry {
            headers: Some(&parts.headers),
            status,
            reason: Some(refused.why.clone().into()),
            response: &refused.body(),
            ..Entry::of_server(space.clock.now(), &parts.method, &parts.uri)
        });
    }

    /// Writes down that a head could not be read. What of it was there, only the client knows.
    pub(super) fn write_down_unread(&self, status: StatusCode, why: String) {
        let Some(space) = self.spaces.find(&SpaceName::default_space()) else {
            return;
        };
        let (method, target) = (UNREAD.parse().unwrap_or_default(), Uri::from_static("*"));
        space.journal.record(Entry {
            status: status.as_u16(),
            reason: Some(why.into()),
            ..Entry::of_server(space.clock.now(), &method, &target)
        });
    }

    /// The space of a name. Where it cannot be made for now, the surface says so in its own words, in the one that is always
    /// there.
    async fn open(
        &self,
        name: &SpaceName,
        refused: Option<EdgeRefusal>,
    ) -> Result<(Arc<Space>, Option<EdgeRefusal>), Box<Refused>> {
        match self.spaces.visit(name).await {
            Ok(space) => Ok((space, refused)),
            Err(OpenError::Full(full)) => {
                let status = StatusCode::INSUFFICIENT_STORAGE;
                Err(Refused::with(status, "spaces_full", &full))
            }
            Err(OpenError::Rejected(rejection)) => {
                let space = self.spaces.find(&SpaceName::default_space());
                let none =
                    || Refused::with(StatusCode::SERVICE_UNAVAILABLE, "no_space", &rejection);
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
        begun: Instant,
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
            warnings,
            faults,
        } = record;
        // Nobody makes a space who only looks: a stranger could use all of them up.
        let changes = !matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if let_in || (changes && answer.status().is_success()) {
            self.spaces.keep(space);
        }
        if let Some(faults) = &faults {
            space.config.metrics.faults.add(faults.plan.rules.len());
            keep_counts(space).await;
        }
        let response = faulty(space, answer, faults.as_deref());
        self.note(
            Asked::Surface(surface.name, operation),
            response.status().as_u16(),
            begun,
        );
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
            warnings,
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
