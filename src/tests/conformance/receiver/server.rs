//! A receiver of webhooks that does one thing wrong, or nothing.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use serde_json::Value;
use standin::crypto::webhook::{Scheme, WebhookError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What a receiver does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defect {
    None,
    RefusesAll,
    ChecksNothing,
    RefusesDuplicates,
    ActsTwice,
    RefusesLate,
    RefusesEarlierEvents,
    LooksAtOneSignature,
    IgnoresTime,
    TakesFuture,
    ActsBeforeItChecks,
    FailsOnRefusal,
    RefusesUnknown,
    FailsOnHuge,
    TiresOfSlow,
    FailsOnOtherType,
    FailsOnNoJson,
    TakesGet,
    DiesOfHuge,
    Hangs,
}

/// How it answers what it takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: &'static str,
    pub(super) wait: Duration,
}

pub(super) const PLAIN: Reply = Reply {
    status: 200,
    body: "",
    wait: Duration::ZERO,
};

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) seen: HashSet<String>,
    latest: String,
    pub(super) acted: u64,
    dead: bool,
}

pub(super) struct Receiver {
    pub(super) url: String,
    pub(super) state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Ways {
    pub(super) scheme: Option<Scheme>,
    pub(super) defect: Defect,
    pub(super) reply: Reply,
}

pub(super) const KEY: &str = "44782def547aaa06c910c43932b1eb0c71fc68d9d0c057550c48ec2acf6ba056";

pub(super) fn secret(scheme: Scheme) -> String {
    if scheme == Scheme::Standard {
        return "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
    }
    KEY.to_owned()
}

impl Receiver {
    pub(super) async fn open(ways: Ways) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let state = Arc::clone(&state);
                        async move { Ok::<_, Infallible>(answer(ways, &state, request).await) }
                    });
                    let http = hyper::server::conn::http1::Builder::new();
                    let _cut_off = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self {
            url,
            state,
            serving,
        }
    }
}

async fn answer(
    ways: Ways,
    state: &Mutex<State>,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    if parts.uri.path() == "/count" {
        let count = state.lock().acted.to_string();
        return Response::new(Full::from(count));
    }
    if ways.defect == Defect::Hangs {
        std::future::pending::<()>().await;
    }
    // Whoever wants to know the length of what comes may say so (RFC 9110, section 15.5.12).
    if parts.method == Method::POST && !parts.headers.contains_key("content-length") {
        let unsized_body = Response::builder().status(411);
        return unsized_body.body(Full::default()).unwrap();
    }
    let reading = body.collect();
    let patience = if ways.defect == Defect::TiresOfSlow {
        300
    } else {
        60_000
    };
    let read = tokio::time::timeout(Duration::from_millis(patience), reading).await;
    let (status, text) = match read {
        Ok(body) => {
            let status = judged(ways, state, &parts, &body.unwrap().to_bytes());
            (status, if status < 300 { ways.reply.body } else { "" })
        }
        Err(_) => (408, ""),
    };
    tokio::time::sleep(ways.reply.wait).await;
    let response = Response::builder().status(status);
    response.body(Full::from(text)).unwrap()
}

/// The status of the answer.
fn judged(ways: Ways, state: &Mutex<State>, parts: &http::request::Parts, body: &Bytes) -> u16 {
    let defect = ways.defect;
    let mut state = state.lock();
    if state.dead || defect == Defect::RefusesAll {
        return 500;
    }
    if parts.method == Method::GET {
        return if defect == Defect::TakesGet { 200 } else { 405 };
    }
    let text = String::from_utf8_lossy(body);
    if body.len() > 100_000 {
        state.dead = defect == Defect::DiesOfHuge;
        return if defect == Defect::FailsOnHuge {
            500
        } else {
            413
        };
    }
    let plain = parts.headers["content-type"] == "text/plain";
    if defect == Defect::FailsOnOtherType && plain {
        return 500;
    }
    if defect == Defect::ActsBeforeItChecks {
        state.acted += 1;
    }
    if let Err(error) = checked(ways, parts, &text) {
        let early = matches!(error, WebhookError::Early { .. });
        let timely = early || matches!(error, WebhookError::Stale { .. });
        let passes = defect == Defect::ChecksNothing
            || defect == Defect::IgnoresTime && timely
            || defect == Defect::TakesFuture && early;
        if !passes {
            return if defect == Defect::FailsOnRefusal {
                500
            } else {
                400
            };
        }
    }
    let Ok(value) = serde_json::from_str::<Value>(&text) else {
        return if defect == Defect::FailsOnNoJson {
            500
        } else {
            400
        };
    };
    if plain {
        return 415;
    }
    happened(ways, &mut state, &value)
}

/// What the receiver does with an event that it believes.
fn happened(ways: Ways, state: &mut State, value: &Value) -> u16 {
    let (id, kind, at) = (&value["id"], &value["type"], &value["timestamp"]);
    let (id, at) = (id.to_string(), at.as_str().unwrap_or_default());
    let is = |defect| ways.defect == defect;
    if is(Defect::RefusesUnknown) && kind == "standin.made_up" {
        return 422;
    }
    let known = is(Defect::RefusesDuplicates) && state.seen.contains(&id);
    if known || is(Defect::RefusesEarlierEvents) && at < state.latest.as_str() {
        return 409;
    }
    if is(Defect::RefusesLate) {
        let then: jiff::Timestamp = at.parse().unwrap();
        let now = standin::clock::machine_now().seconds();
        if now - then.as_second() > 3_600 {
            return 410;
        }
    }
    if at > state.latest.as_str() {
        at.clone_into(&mut state.latest);
    }
    let new = state.seen.insert(id);
    if (new || ways.defect == Defect::ActsTwice) && ways.defect != Defect::ActsBeforeItChecks {
        state.acted += 1;
    }
    ways.reply.status
}

fn checked(ways: Ways, parts: &http::request::Parts, body: &str) -> Result<(), WebhookError> {
    let Some(scheme) = ways.scheme else {
        return Ok(());
    };
    let header = |name: &str| {
        let value = parts.headers.get(name)?.to_str().ok()?.to_owned();
        let first = value.split(' ').next().unwrap_or_default().to_owned();
        let only = ways.defect == Defect::LooksAtOneSignature && name == "webhook-signature";
        Some(if only { first } else { value })
    };
    let now = standin::clock::machine_now().seconds();
    scheme.verify(&secret(scheme), header, body, now)
}
