//! One exchange while it is passed on: what its client said and heard, so that it can be written down once the answer has ended.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Response, Uri, Version};
use hyper::body::Body;
use parking_lot::Mutex;

use super::recorder::Recorder;
use super::tee::{Collected, Ended, Tee};
use crate::domain::moment::Moment;
use crate::journal::Entry;
use crate::journal::har::{self, Beside};
use crate::limits::{BODY_BYTES_MAX, RECORDED_ANSWER_BYTES_MAX};
use crate::outgoing::Reached;

/// An exchange that is kept, or one of which nothing is.
#[derive(Debug, Clone, Default)]
pub(in crate::proxy) struct Keeping(Option<Arc<Exchange>>);

/// What came, as its client sent it.
#[derive(Debug)]
pub(in crate::proxy) struct Exchange {
    recorder: Arc<Recorder>,
    number: u64,
    at: Moment,
    begun: Instant,
    surface: &'static str,
    method: Method,
    target: Uri,
    headers: HeaderMap,
    version: Version,
    /// None until it has ended.
    body: Mutex<Option<Collected>>,
}

/// The end of a request.
#[derive(Debug)]
pub(in crate::proxy) struct OfRequest(Arc<Exchange>);

/// The end of an answer, with its head.
#[derive(Debug)]
pub(in crate::proxy) struct OfAnswer {
    exchange: Arc<Exchange>,
    status: u16,
    headers: HeaderMap,
    version: Version,
    /// Who has answered, where that is another machine.
    from: Option<IpAddr>,
    /// Until its head was there.
    waited: Duration,
}

const STILL_SENT: &str = "it was still being sent when the answer had come";

impl Keeping {
    /// Begins to keep what has this head and this whole target, and is answered by this API.
    pub(in crate::proxy) fn begin(
        recorder: &Arc<Recorder>,
        at: Moment,
        surface: &'static str,
        target: Uri,
        parts: &Parts,
    ) -> Self {
        Self(Some(Arc::new(Exchange {
            number: recorder.number(),
            recorder: Arc::clone(recorder),
            at,
            begun: Instant::now(),
            surface,
            method: parts.method.clone(),
            target,
            headers: parts.headers.clone(),
            version: parts.version,
            body: Mutex::default(),
        })))
    }

    /// Whether anything is kept, so that an answer should come in a form that can be read.
    pub(in crate::proxy) const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The body of the request, on its way.
    pub(in crate::proxy) fn request<B: Body>(&self, body: B) -> Tee<B, OfRequest> {
        let looking = self.0.as_ref().map(|exchange| {
            let collected = exchange.recorder.collected(BODY_BYTES_MAX);
            (collected, OfRequest(Arc::clone(exchange)))
        });
        Tee::new(body, looking)
    }

    /// The answer, on its way.
    pub(in crate::proxy) fn answer<B: Body>(
        &self,
        answer: Response<B>,
    ) -> Response<Tee<B, OfAnswer>> {
        let looking = self.of_answer(&answer);
        answer.map(|body| Tee::new(body, looking))
    }

    /// The answer, where it is there in one piece. Its client gets it in the version in which it has asked.
    pub(in crate::proxy) fn whole_answer(&self, answer: &Response<Bytes>) {
        if let Some((mut collected, mut whom)) = self.of_answer(answer) {
            whom.version = whom.exchange.version;
            collected.push(answer.body());
            whom.ended(collected);
        }
    }

    fn of_answer<B>(&self, answer: &Response<B>) -> Option<(Collected, OfAnswer)> {
        let exchange = self.0.as_ref()?;
        let whom = OfAnswer {
            exchange: Arc::clone(exchange),
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            version: answer.version(),
            from: answer
                .extensions()
                .get::<Reached>()
                .map(|reached| reached.0.ip()),
            waited: exchange.begun.elapsed(),
        };
        Some((exchange.recorder.collected(RECORDED_ANSWER_BYTES_MAX), whom))
    }
}

impl Ended for OfRequest {
    fn ended(self, body: Collected) {
        *self.0.body.lock() = Some(body);
    }
}

impl Ended for OfAnswer {
    fn ended(self, answer: Collected) {
        let exchange = &self.exchange;
        let asked = exchange.body.lock().take();
        let (request, of_request, sent) = match &asked {
            Some(body) => (&body.bytes[..], body.left_out, body.length),
            None => (&[][..], Some(STILL_SENT), None),
        };
        let entry = Entry {
            surface: exchange.surface,
            headers: Some(&exchange.headers),
            status: self.status,
            request,
            response: &answer.bytes,
            ..Entry::of_proxy(exchange.at, &exchange.method, &exchange.target)
        };
        let beside = Beside {
            headers: &self.headers,
            versions: [exchange.version, self.version],
            waited: self.waited,
            received: exchange.begun.elapsed().saturating_sub(self.waited),
            from: self.from,
            sizes: [sent, answer.length],
            left_out: [of_request, answer.left_out],
        };
        let written = har::exchange(exchange.number, entry, &beside);
        exchange.recorder.keep(exchange.number, &written);
    }
}
