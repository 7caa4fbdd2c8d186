//! From a request on the wire to the surface that answers it, and into the journal.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONNECTION;
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode, Uri, Version};
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tower::ServiceExt;

use super::broken::AnswerBody;
use super::connection::Answers;
use super::exchange::{Answered, Meant};
use super::gate::{Gate, ORIGIN_FOREIGN};
use super::inject::{self, Line, Outcome};
use super::intake::Bounds;
use super::purpose::{Purpose, is_control, is_dashboard};
use super::refused::{Refused, encoded, no_room, plainly};
use super::session;
use super::target::{at_path, say_host};
use crate::control::{self, SNAPSHOT};
use crate::dashboard::{Dashboard, docs, is_docs, sign_in};
use crate::journal::Entry;
use crate::limits::{
    ANSWERS_BYTES_MAX, BODIES_BYTES_MAX, BODY_BYTES_MAX, Room, SNAPSHOT_BYTES_MAX,
};
use crate::metrics::Asked;
use crate::operations::settings::ClientBounds;
use crate::operations::{OnFirstUse, SpaceName, Spaces};
use crate::pages;
use crate::wire::edge::{EdgeRefusal, RouteTable, headers, path};
use crate::wire::{addressed, surfaces};

/// Everything that answers.
#[derive(Debug)]
pub(crate) struct App {
    pub(super) spaces: Arc<Spaces>,
    /// In the order of [`SurfaceName::ALL`].
    pub(super) surfaces: Vec<OnFirstUse<RouteTable>>,
    control: Router,
    dashboard: Dashboard,
    /// What URLs of this server begin with.
    scheme: &'static str,
    gate: Gate,
    /// For the bodies that are being read.
    pub(super) bodies: Arc<Room>,
    /// For the answers that are being sent.
    answers: Arc<Room>,
    /// For the connections that are open, those to the proxy among them.
    connections: Arc<Semaphore>,
}

/// What stands in the journal for the method of a head that could not be read.
const UNREAD: &str = "UNREAD";

impl App {
    /// `scheme` is what URLs of this server begin with.
    pub(super) fn new(
        spaces: Arc<Spaces>,
        gate: Gate,
        scheme: &'static str,
        reports: Option<Arc<Path>>,
    ) -> Self {
        if let Some(token) = &gate.control_token {
            session::keep_unseen(token);
        }
        let tables = surfaces().map(|surface| OnFirstUse::new(|| RouteTable::new(surface.routes)));
        let control = control::router(Arc::clone(&spaces), scheme, reports);
        let connections_max = spaces.config().settings.clients.connections_max;
        Self {
            connections: Arc::new(Semaphore::new(connections_max)),
            spaces,
            surfaces: tables.collect(),
            dashboard: Dashboard::new(control.clone(), scheme),
            scheme,
            control,
            gate,
            bodies: Room::new(BODIES_BYTES_MAX),
            answers: Room::new(ANSWERS_BYTES_MAX),
        }
    }

    /// What clients may take.
    pub(crate) fn bounds(&self) -> &ClientBounds {
        &self.spaces.config().settings.clients
    }

    /// Where requests are answered.
    pub(crate) const fn spaces(&self) -> &Arc<Spaces> {
        &self.spaces
    }

    /// Sends what a request is answered.
    pub(crate) async fn send(&self, answered: Answered, version: Version, line: &Line) -> Outcome {
        let is_held = !matches!(answered, Answered::Passed(_));
        let mut answer = match answered {
            Answered::Exchange { response, planned } => match planned {
                None => response.map(AnswerBody::whole),
                Some((faults, free)) => {
                    inject::send(&faults.plan, response, version, line, free).await?
                }
            },
            Answered::Control(response) | Answered::Passed(response) => {
                response.map(AnswerBody::stream)
            }
        };
        if is_held && !answer.body_mut().find_room(&self.answers) {
            answer = no_room("answers").answer().map(AnswerBody::whole);
        }
        if line.door.reserved && version < Version::HTTP_2 {
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
            .check(parts, Purpose::of(&parts.method, path, surface), &line.host)
            .map_err(|(status, code, why)| Refused::with(status, code, &why))?;
        if line.door.reserved && !is_control(path) {
            return Err(no_room("connections"));
        }
        let body = self
            .read(parts, body, self.bounds_at(&parts.method, path))
            .await?;
        say_host(parts);
        let Some(surface) = surface else {
            let begun = Instant::now();
            let answered = self.control(parts, path, prefix, body).await?;
            self.note(Asked::Control, answered.status(), Some(begun.elapsed()));
            return Ok(Answered::Control(answered));
        };
        let meant = Meant {
            surface,
            path,
            space: prefix,
        };
        let arrived = self.visit(&meant, parts, body, line).await?;
        self.ask(&meant, arrived, parts, line).await
    }

    /// Lets the control plane answer, or says that nothing is there.
    async fn control(
        &self,
        parts: &Parts,
        path: &str,
        prefix: Option<SpaceName>,
        body: Result<Bytes, EdgeRefusal>,
    ) -> Result<Response, Box<Refused>> {
        if is_dashboard(&parts.method, path) {
            return self.page(parts, path, prefix, body).await;
        }
        if !is_control(path) {
            let why =
                "nothing answers at this path; `standin help` has the surfaces' paths on its pages";
            return Err(Refused::with(StatusCode::NOT_FOUND, "not_found", &why));
        }
        let bounds = self.bounds_at(&parts.method, path);
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

    /// The dashboard of a space, or what it is made of.
    async fn page(
        &self,
        parts: &Parts,
        path: &str,
        space: Option<SpaceName>,
        body: Result<Bytes, EdgeRefusal>,
    ) -> Result<Response, Box<Refused>> {
        let body = body.map_err(|refused| plainly(&refused, self.body_bounds()))?;
        let answer = if path == session::PATH {
            session::answer(&self.gate, parts, &body, self.scheme)
        } else if is_docs(path) {
            Some(docs(path))
        } else if path != "/" {
            pages::file(path)
        } else if self.gate.lets_in(parts) {
            let guarded = self.gate.control_token.is_some();
            Some(self.dashboard.answer(parts, space, guarded).await)
        } else {
            Some(sign_in(space.as_ref().map_or("", SpaceName::text), None))
        };
        let answer = answer.ok_or_else(|| {
            Refused::with(
                StatusCode::NOT_FOUND,
                "not_found",
                &"no page has such a part",
            )
        })?;
        Ok(answer.map(Body::from))
    }

    /// Counts a request that has been answered.
    pub(super) fn note(&self, asked: Asked, status: StatusCode, took: Option<Duration>) {
        let requests = &self.spaces.config().metrics.requests;
        requests.note(asked, status.as_u16(), took);
    }

    /// What a body may take.
    pub(crate) fn body_bounds(&self) -> Bounds<'_> {
        Bounds {
            bytes_max: BODY_BYTES_MAX,
            wait: self.bounds().body_wait,
            room: &self.bodies,
        }
    }

    /// The same. A snapshot may be as large as one that is given out.
    fn bounds_at(&self, method: &Method, path: &str) -> Bounds<'_> {
        let usual = self.body_bounds();
        if path == SNAPSHOT && method == Method::POST {
            let bytes_max = SNAPSHOT_BYTES_MAX;
            return Bounds { bytes_max, ..usual };
        }
        usual
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
}

impl Answers for App {
    fn bounds(&self) -> &ClientBounds {
        self.bounds()
    }

    async fn answer(&self, request: Request<Incoming>, line: &Arc<Line>) -> Outcome {
        let version = request.version();
        let (mut parts, body) = request.into_parts();
        let answered = self.route(&mut parts, body, line).await;
        let answered = answered.unwrap_or_else(|refused| {
            self.write_down(&parts, &refused);
            self.note(Asked::Nobody, refused.status, None);
            Answered::refused(*refused)
        });
        self.send(answered, version, line).await
    }

    fn room(&self) -> &Arc<Semaphore> {
        &self.connections
    }

    /// What of the head was there, only the client knows.
    fn unread(&self, status: StatusCode, why: String) {
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
}
