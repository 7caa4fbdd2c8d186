//! One request for a host, whether it came through a tunnel or was named in full: answered by a surface, or passed on; and what
//! routes rewrite on the way.

use std::sync::Arc;

use axum::body::Body;
use http::header::ACCEPT_ENCODING;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use tokio::sync::Semaphore;

use super::Shared;
use super::head::{self, Place};
use super::hosts::{self, RealHost};
use super::recording::{Keeping, Replay};
use super::rules::Rewriting;
use super::tally::Fate;
use super::upstream::{Upstream, failed};
use crate::journal::{Entry, PROXY};
use crate::limits::UPSTREAM_WAIT;
use crate::operations::settings::ClientBounds;
use crate::operations::{Call, Space, SpaceName};
use crate::outgoing::Failure;
use crate::server::connection::Answers;
use crate::server::exchange::{Answered, Meant};
use crate::server::gate::check_coding;
use crate::server::inject::{Line, Outcome};
use crate::server::refused::Refused;
use crate::server::target::say_host;
use crate::wire::edge::path;

/// With which status the host itself has answered (VGS, identifying upstream status codes).
pub(super) const UPSTREAM_STATUS: &str = "vgs-upstream-status-code";

/// See the module.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) shared: Arc<Shared>,
    pub(super) place: Place,
    pub(super) way: Way,
    /// The space that the proxy's credentials chose.
    pub(super) space: Option<SpaceName>,
    /// The port that goes without saying: by TLS another than without.
    pub(super) implied: u16,
}

/// Who answers.
#[derive(Debug, Clone)]
pub(super) enum Way {
    Imitated(&'static RealHost),
    Passed(Upstream),
    Replayed(Arc<Replay>),
}

impl Shared {
    /// Who answers for a place, if anybody does. What somebody says of a name in the configuration goes before what the world
    /// says; a recording stands for the upstreams that it was made of, unless a flag lets requests go there.
    pub(super) fn way(&self, place: &Place) -> Option<Way> {
        let replay = self.replay.as_ref();
        let upstream = self.upstreams.find(place);
        if let Some(upstream) = upstream {
            let replay = replay.filter(|replay| replay.knows(&place.host) && !upstream.anywhere);
            return Some(replay.cloned().map_or(Way::Passed(upstream), Way::Replayed));
        }
        let real = hosts::find(&place.host).filter(|_| matches!(place.port, 80 | 443));
        real.map(Way::Imitated)
            .or_else(|| replay.cloned().map(Way::Replayed))
    }

    /// Whether requests for a host that are passed on are looked into.
    pub(super) fn looks_into(&self, host: &str) -> bool {
        self.recorder.is_some() || self.rules.names(host)
    }

    /// The space that somebody chose, or the first of all.
    async fn space(&self, name: Option<&SpaceName>) -> Option<Arc<Space>> {
        let first = SpaceName::default_space();
        self.app.spaces().open(name.unwrap_or(&first)).await.ok()
    }

    /// Writes down what was refused.
    pub(super) async fn write_down(
        &self,
        name: Option<&SpaceName>,
        parts: &Parts,
        refused: &Refused,
    ) {
        let Some(space) = self.space(name).await else {
            return;
        };
        space.journal.record(Entry {
            headers: Some(&parts.headers),
            status: refused.status.as_u16(),
            reason: Some(refused.why.clone().into()),
            response: &refused.body(),
            ..Entry::of_proxy(space.clock.now(), &parts.method, &parts.uri)
        });
    }
}

impl Inside {
    pub(super) fn note(&self, fate: Fate) {
        self.shared.tally.note(fate, &self.place.host);
    }

    /// Writes down a tunnel, or a request that was passed on.
    pub(super) async fn write_down(&self, parts: &Parts, status: StatusCode, why: &'static str) {
        let Some(space) = self.shared.space(self.space.as_ref()).await else {
            return;
        };
        space.journal.record(Entry {
            headers: Some(&parts.headers),
            status: status.as_u16(),
            reason: Some(why.into()),
            ..Entry::of_proxy(space.clock.now(), &parts.method, &parts.uri)
        });
    }

    /// Writes down why no TLS is spoken in a tunnel.
    pub(super) async fn write_down_tls(&self, why: &str) {
        tracing::info!(host = self.place.host, "no TLS in a tunnel: {why}");
        self.note(Fate::Refused);
        let Some(space) = self.shared.space(self.space.as_ref()).await else {
            return;
        };
        let target: Uri = self.place.named(0).parse().unwrap_or_default();
        space.journal.record(Entry {
            reason: Some(format!("no TLS: {why}").into()),
            ..Entry::of_proxy(space.clock.now(), &Method::CONNECT, &target)
        });
    }

    /// Answers a request whose head has been looked at.
    pub(super) async fn exchange(
        &self,
        parts: &mut Parts,
        body: Incoming,
        line: &Line,
    ) -> Result<Answered, Box<Refused>> {
        head::strip(&mut parts.headers);
        match &self.way {
            Way::Imitated(real) => {
                self.note(Fate::Answered);
                self.imitated(real, parts, body, line).await
            }
            Way::Replayed(replay) => {
                let replayed = self.replayed(replay, parts, body).await;
                self.note(match &replayed {
                    Err(refused) if refused.status == StatusCode::FORBIDDEN => Fate::Refused,
                    Ok(_) | Err(_) => Fate::Replayed,
                });
                replayed
            }
            Way::Passed(upstream) => {
                let passed = self.passed(upstream, parts, body).await;
                let fate = match &passed {
                    Err(refused) if refused.status == StatusCode::FORBIDDEN => Fate::Refused,
                    Ok(_) | Err(_) => Fate::Passed,
                };
                self.note(fate);
                passed
            }
        }
    }

    /// Lets a surface answer, as it answers whoever asks it directly.
    async fn imitated(
        &self,
        real: &'static RealHost,
        parts: &mut Parts,
        body: Incoming,
        line: &Line,
    ) -> Result<Answered, Box<Refused>> {
        let app = &self.shared.app;
        say_host(parts);
        let readable = path::readable(parts.uri.path()).into_owned();
        let known = real.path(&readable);
        let surface = real.surface(known, &parts.headers);
        let keeping = self.keeping(surface.name.word(), parts).await?;
        let body = keeping.request(body);
        let body = app.read(parts, body, app.body_bounds()).await?;
        let meant = Meant {
            surface,
            path: known,
            space: self.space.clone(),
        };
        let mut arrived = app.visit(&meant, parts, body, line).await?;
        let space = Arc::clone(&arrived.space);
        let mut rewriting = Rewriting::begin(&self.shared.rules, &self.place.host, parts)?;
        if arrived.refused.is_none() {
            arrived.body = rewriting
                .request(&call(&space), parts, arrived.body)
                .await?;
            arrived.revealed = rewriting.revealed();
        }
        let answered = app.ask(&meant, arrived, parts, line).await?;
        let Answered::Exchange { response, planned } = answered else {
            return Ok(answered);
        };
        let status = response.status();
        let mut response = rewriting.response(&call(&space), response).await?;
        response
            .headers_mut()
            .insert(UPSTREAM_STATUS, status.as_u16().into());
        rewriting.write_down(&space, response.status(), response.body());
        keeping.whole_answer(&response);
        Ok(Answered::Exchange { response, planned })
    }

    /// Passes a request on, bit by bit where nothing is to be rewritten.
    async fn passed(
        &self,
        upstream: &Upstream,
        parts: &mut Parts,
        body: Incoming,
    ) -> Result<Answered, Box<Refused>> {
        let app = &self.shared.app;
        let host = &self.place.host;
        say_host(parts);
        let space = self.opened().await?;
        let keeping = self.keeping(PROXY, parts).await?;
        let body = keeping.request(body);
        let mut rewriting = Rewriting::begin(&self.shared.rules, host, parts)?;
        let body = if rewriting.of_request() {
            let read = app.read(parts, body, app.body_bounds()).await?;
            let read = read.map_err(|_| {
                let why = "a body that is rewritten is 1 MiB at most, and comes in time";
                Refused::with(StatusCode::PAYLOAD_TOO_LARGE, "proxy_body", &why)
            })?;
            Body::from(rewriting.request(&call(&space), parts, read).await?)
        } else {
            Body::new(body)
        };
        if keeping.is_on() || rewriting.wants_plain() {
            parts.headers.remove(ACCEPT_ENCODING);
        }
        let request = self.outward(parts, body)?;
        let sent = self
            .shared
            .client
            .pass(request, &upstream.peer, |address| upstream.admit(address));
        let sent = tokio::time::timeout(UPSTREAM_WAIT, sent).await;
        let sent = sent.unwrap_or(Err(Failure::Late(UPSTREAM_WAIT)));
        let answer = sent.map_err(|failure| failed(host, &failure))?;
        let (mut head, body) = answer.into_parts();
        let status = head.status;
        head::strip(&mut head.headers);
        let number = HeaderValue::from(status.as_u16());
        head.headers.insert(UPSTREAM_STATUS, number);
        if !rewriting.of_response(&head) {
            rewriting.record(&space, status, b"");
            let answer = keeping.answer(Response::from_parts(head, body));
            return Ok(Answered::Passed(answer.map(Body::new)));
        }
        let read = app
            .read(parts, body, app.body_bounds())
            .await?
            .map_err(|_| {
                let why = "its answer is longer than 1 MiB, or comes too slowly to be rewritten";
                super::refused::no_answer(host, why)
            })?;
        let response = Response::from_parts(head, read);
        let mut response = rewriting.response(&call(&space), response).await?;
        response.headers_mut().remove(http::header::CONTENT_LENGTH);
        response
            .headers_mut()
            .remove(http::header::TRANSFER_ENCODING);
        rewriting.record(&space, status, response.body());
        keeping.whole_answer(&response);
        Ok(Answered::whole(response))
    }

    pub(super) async fn opened(&self) -> Result<Arc<Space>, Box<Refused>> {
        let space = self.shared.space(self.space.as_ref()).await;
        space.ok_or_else(|| {
            let why = "the space cannot be opened";
            Refused::with(StatusCode::SERVICE_UNAVAILABLE, "no_space", &why)
        })
    }

    /// Begins to keep an exchange, if exchanges are kept.
    pub(super) async fn keeping(
        &self,
        surface: &'static str,
        parts: &Parts,
    ) -> Result<Keeping, Box<Refused>> {
        let Some(recorder) = &self.shared.recorder else {
            return Ok(Keeping::default());
        };
        let now = self.opened().await?.clock.now();
        let target = self.target(parts)?;
        Ok(Keeping::begin(recorder, now, surface, target, parts))
    }

    /// The whole URL of a request.
    pub(super) fn target(&self, parts: &Parts) -> Result<Uri, Box<Refused>> {
        let scheme = match self.implied {
            443 => Scheme::HTTPS,
            _ => Scheme::HTTP,
        };
        let uri = Uri::builder()
            .scheme(scheme)
            .authority(self.place.named(self.implied))
            .path_and_query(parts.uri.path_and_query().map_or("/", |path| path.as_str()))
            .build();
        uri.map_err(|error| super::refused::head(&error.to_string()))
    }

    /// The request with its host in the target.
    fn outward(&self, parts: &Parts, body: Body) -> Result<Request<Body>, Box<Refused>> {
        let mut request = Request::new(body);
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = self.target(parts)?;
        *request.headers_mut() = parts.headers.clone();
        Ok(request)
    }
}

fn call(space: &Arc<Space>) -> Call {
    Call::at(Arc::clone(space), space.clock.now())
}

impl Answers for Inside {
    fn bounds(&self) -> &ClientBounds {
        self.shared.app.bounds()
    }

    fn room(&self) -> &Arc<Semaphore> {
        self.shared.app.room()
    }

    async fn answer(&self, request: Request<Incoming>, line: &Arc<Line>) -> Outcome {
        let version = request.version();
        let (mut parts, body) = request.into_parts();
        let answered = async {
            check_coding(&parts.headers)
                .map_err(|(status, code, why)| Refused::with(status, code, &why))?;
            head::check_inside(&parts, &self.place, self.implied)?;
            self.exchange(&mut parts, body, line).await
        };
        let answered = answered.await;
        let answered = match answered {
            Ok(answered) => answered,
            Err(refused) => {
                self.shared
                    .write_down(self.space.as_ref(), &parts, &refused)
                    .await;
                Answered::refused(*refused)
            }
        };
        self.shared.app.send(answered, version, line).await
    }

    fn unread(&self, status: StatusCode, why: String) {
        self.shared.app.unread(status, why);
    }
}
