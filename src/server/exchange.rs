//! One exchange with a surface, once it is known which surface is meant: the space that it is in, the answer, and what is
//! written down of it. Whatever comes by the proxy goes this way too.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use http::header::{EXPECT, RETRY_AFTER};
use http::request::Parts;
use http::{Method, StatusCode};
use hyper::body::Body;
use tokio::time::Instant;

use super::dispatch::App;
use super::faulted::{self, NotEvaluated};
use super::inject::{self, Line};
use super::intake::{self, Bounds};
use super::refused::Refused;
use super::target::at_path;
use crate::domain::operation::Operation;
use crate::journal::{Entry, Observed};
use crate::metrics::Asked;
use crate::operations::access::Access;
use crate::operations::fault_context::FaultContext;
use crate::operations::revealed::Revealed;
use crate::operations::space_state::keep_counts;
use crate::operations::{OpenError, Space, SpaceName};
use crate::wire::edge;
use crate::wire::edge::{Answer, EdgeRefusal, Head, HttpProblem, LogRecord, Surface, run};

/// Whom a request is meant for.
#[derive(Debug)]
pub(crate) struct Meant<'a> {
    pub(crate) surface: &'static Surface,
    /// As the surface knows it: readable, and without what chose the space.
    pub(crate) path: &'a str,
    /// The space that was chosen beside the request. Its credential chooses one otherwise.
    pub(crate) space: Option<SpaceName>,
}

/// A request that has come to its space.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) space: Arc<Space>,
    pub(crate) body: Bytes,
    /// What has gone wrong before its route could be asked.
    pub(crate) refused: Option<EdgeRefusal>,
    /// What the proxy has put in the place of aliases.
    pub(crate) revealed: Vec<Revealed>,
    access: Option<Arc<Access>>,
    begun: Instant,
}

/// What goes out.
pub(crate) enum Answered {
    /// A surface's answer, in one piece because the journal keeps it.
    Exchange {
        response: Answer,
        /// By whose plan something is to be done to it on its way, and whether waiting is free, because the space's clock is
        /// moved by hand.
        planned: Option<(Box<FaultContext>, bool)>,
    },
    /// The control plane's, as it comes: who follows a journal gets an answer that has no end.
    Control(Response),
    /// Another machine's, bit by bit. Nothing of it is held here.
    Passed(Response),
}

impl Answered {
    pub(crate) fn whole(response: Answer) -> Self {
        Self::Exchange {
            response,
            planned: None,
        }
    }

    pub(crate) fn refused(refused: Refused) -> Self {
        Self::whole(refused.answer())
    }
}

/// A body that was read, or why it was not.
pub(crate) type Read = Result<Bytes, EdgeRefusal>;

impl App {
    /// Reads a body. What a surface has words for is refused inside.
    pub(crate) async fn read<B>(
        &self,
        parts: &Parts,
        body: B,
        bounds: Bounds<'_>,
    ) -> Result<Read, Box<Refused>>
    where
        B: Body<Data = Bytes> + Unpin,
        B::Error: ToString,
    {
        // Who asks before sending it need not send it. Others send it anyway, and may not look at an answer before they have.
        if parts.headers.contains_key(EXPECT) && intake::is_too_large(&body, bounds) {
            return Ok(Err(HttpProblem::TooLarge.into()));
        }
        let head = intake::head_bytes(parts);
        let read = intake::read(body, head, bounds).await;
        read.map_err(|error| Refused::with(StatusCode::BAD_REQUEST, "body_cut_short", &error))
    }

    /// Finds the space that a request is in.
    pub(crate) async fn visit(
        &self,
        meant: &Meant<'_>,
        parts: &Parts,
        body: Read,
        line: &Line,
    ) -> Result<Arrived, Box<Refused>> {
        let begun = Instant::now();
        let (body, refused) = match body {
            Ok(body) => (body, None),
            Err(refused) => (Bytes::new(), Some(refused)),
        };
        let access = line.connection.access(&parts.headers);
        let named = || {
            let head = Head {
                query: parts.uri.query().unwrap_or_default(),
                headers: &parts.headers,
                body: &body,
                access: access.as_deref(),
            };
            (meant.surface.space_of)(self.spaces.config(), &head)
        };
        let name = meant.space.clone().or_else(named);
        let name = name.unwrap_or_else(SpaceName::default_space);
        let (space, refused) = self.open(&name, refused).await?;
        Ok(Arrived {
            space,
            body,
            refused,
            revealed: Vec::new(),
            access,
            begun,
        })
    }

    /// Lets the surface answer and writes the exchange down. What it takes out of `parts` it takes when it refuses nothing any
    /// more.
    pub(crate) async fn ask(
        &self,
        meant: &Meant<'_>,
        arrived: Arrived,
        parts: &mut Parts,
        line: &Line,
    ) -> Result<Answered, Box<Refused>> {
        let Arrived {
            space,
            body,
            refused,
            revealed,
            access,
            begun,
        } = arrived;
        let Meant { surface, path, .. } = *meant;
        let now = space.clock.now();
        let (faults, refused) = match faulted::evaluate(&space, surface, parts, path, now).await {
            Ok(faults) => (faults, refused),
            Err(NotEvaluated::Rule(error)) => {
                return Err(Refused::with(StatusCode::BAD_REQUEST, "fault_rule", &error));
            }
            Err(NotEvaluated::Store(why)) => (None, Some(EdgeRefusal::Rejected(why))),
        };
        let sent = parts.uri.clone();
        let uri = if path == sent.path() {
            std::mem::take(&mut parts.uri)
        } else {
            at_path(&sent, path)
        };
        let mut request = edge::Request {
            space,
            now,
            faults,
            method: std::mem::take(&mut parts.method),
            uri,
            sent,
            id: String::new(),
            headers: std::mem::take(&mut parts.headers),
            body,
            connection: Arc::clone(&line.connection),
            access,
            revealed,
        };
        Ok(self.answered(surface, &mut request, refused, begun).await)
    }

    async fn answered(
        &self,
        surface: &'static Surface,
        request: &mut edge::Request,
        refused: Option<EdgeRefusal>,
        begun: Instant,
    ) -> Answered {
        let table = &self.surfaces[surface.name as usize];
        let (answer, record) = run(surface, table, request, refused).await;
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
            observed,
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
        // Read once for both: reading the clock costs as much as some two hundred instructions.
        let took = begun.elapsed();
        let asked = Asked::Surface(surface.name, operation);
        self.note(asked, response.status(), Some(took));
        let is_real = space.clock.is_real();
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
            // By the clock of the space, which does not move by itself where it is moved by hand.
            took: if is_real {
                took
            } else {
                space.clock.now().since(request.now)
            },
            client: client.or(merchant.as_deref()),
            reason,
            request: &request.body,
            response: response.body(),
            legs,
            warnings,
            faults: faults.as_deref().and_then(faulted::told),
            attempt: None,
            observed: observed_of(space, observed, &response, faults.as_deref()),
        });
        let planned = faults
            .filter(|faults| !faults.plan.is_empty())
            .map(|faults| (faults, !is_real));
        Answered::Exchange { response, planned }
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
}

/// What a judge is told of an answer, beside what it was told on the way.
fn observed_of(
    space: &Space,
    observed: Option<Box<Observed>>,
    response: &Answer,
    faults: Option<&FaultContext>,
) -> Option<Box<Observed>> {
    space.judge.as_ref()?;
    let mut observed = observed.unwrap_or_default();
    let wait = response.headers().get(RETRY_AFTER);
    let wait = wait.and_then(|wait| wait.to_str().ok()?.parse().ok());
    observed.retry_after_s = wait;
    observed.lost = faults.is_some_and(|faults| faults.plan.loses_answer());
    Some(observed)
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
