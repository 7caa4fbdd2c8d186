//! Carrying out what the fault rules chose: waiting, changing an answer, and arming the connection that it leaves on.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, Version};
use tokio::time::{Instant, sleep};

use super::broken::{AnswerBody, Broken};
use super::connection::Door;
use super::frames::{goaway, illegal_data};
use super::gate::KnownHost;
use super::script::{FaultHandle, Step};
use crate::faults::answer::Answer;
use crate::faults::commit::{Commit, Seen};
use crate::faults::plan::{Pace, Plan, StandIn};
use crate::faults::time::Place;
use crate::faults::transport::{ErrorCode, ResetAt, Scope, Transport};
use crate::wire::edge::Connection;

/// A reset may overtake bytes that are still on their way, so it waits for them to be read.
const SETTLE: Step = Step::Sleep(Duration::from_millis(50));
/// How long a reply that got lost keeps its client waiting, if it is told nothing.
const SILENCE: Duration = crate::limits::FAULT_HOLD_MAX;

/// The connection on which a request came.
#[derive(Debug)]
pub(crate) struct Line {
    pub(super) handle: FaultHandle,
    pub(super) connection: Arc<Connection>,
    pub(super) host: KnownHost,
    /// What it was let in by.
    pub(crate) door: Door,
}

/// What a client gets: an answer, or a stream that is broken off.
pub(crate) type Outcome = Result<Response<AnswerBody>, Broken>;

/// Says how long the client is asked to wait.
pub(super) fn with_retry_after<B>(mut response: Response<B>, stand_in: StandIn) -> Response<B> {
    if let Some(wait) = stand_in.retry_after {
        // Whole seconds, and never less than the rule asked for (RFC 9110, section 10.2.3).
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Makes the changes to an answer. Those that found nothing to change are left out of what is returned.
pub(super) fn edit(plan: &Plan, response: Response<Bytes>) -> Response<Bytes> {
    if plan.edits.is_empty() {
        return response;
    }
    let (mut parts, mut body) = response.into_parts();
    for change in &plan.edits {
        match change {
            Answer::WrongContentType { content_type } => {
                if let Ok(value) = HeaderValue::from_str(content_type) {
                    parts.headers.insert(CONTENT_TYPE, value);
                }
            }
            Answer::MissingField { .. } | Answer::ExtraField { .. } | Answer::WrongValue { .. } => {
                if let Ok(mut value) = serde_json::from_slice(&body)
                    && change.edit(&mut value)
                {
                    body = value.to_string().into();
                }
            }
            Answer::Status { .. } => {}
        }
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

/// Sends the answer as the plan says. `free` is a clock on which waiting costs nothing.
pub(super) async fn send(
    plan: &Plan,
    response: Response<Bytes>,
    version: Version,
    line: &Line,
    free: bool,
) -> Outcome {
    if !free && !plan.wait.is_zero() {
        sleep(plan.wait).await;
    }
    let transport = plan.transport.or_else(|| plan.commit.and_then(lost));
    match (transport, plan.pace) {
        (None, None) => Ok(response.map(AnswerBody::whole)),
        (None, Some(pace)) => paced(pace, response, version, line).await,
        (Some(transport), _) if version == Version::HTTP_2 => {
            on_stream(transport, response, line).await
        }
        (Some(transport), _) => on_connection(transport, response, line).await,
    }
}

/// What a lost reply looks like from outside.
const fn lost(commit: Commit) -> Option<Transport> {
    let (Commit::LostBeforeCommit { seen } | Commit::LostAfterCommit { seen }) = commit;
    match seen {
        Seen::Reset => Some(Transport::Reset {
            at: ResetAt::BeforeHeaders,
            bytes: 0,
            scope: Scope::Stream,
        }),
        Seen::EmptyReply => Some(Transport::EmptyReply),
        Seen::Silence => Some(Transport::Silence {
            ms: crate::faults::Wait(SILENCE),
        }),
        Seen::GatewayTimeout => None,
    }
}

async fn paced(pace: Pace, response: Response<Bytes>, version: Version, line: &Line) -> Outcome {
    let two = version == Version::HTTP_2;
    match pace {
        Pace::Stall {
            at: Place::BeforeHeaders,
            lasts,
        } => {
            sleep(lasts).await;
            Err(Broken::with_code(ErrorCode::Cancel.number()))
        }
        Pace::Stall {
            at: Place::AfterHeaders,
            lasts,
        } if two => Ok(response.map(|_| AnswerBody::stalled(lasts))),
        Pace::Stall {
            at: Place::AfterHeaders,
            lasts,
        } => {
            line.handle.arm([Step::PassHead, Step::Stall(lasts)]);
            line.handle.finish();
            Ok(response.map(AnswerBody::whole))
        }
        Pace::Drip { bytes, every, .. } if two => {
            Ok(response.map(|body| AnswerBody::dripping(body, bytes as usize, every)))
        }
        Pace::Drip { at, bytes, every } => {
            let drip = Step::Drip {
                bytes: bytes as usize,
                every,
            };
            match at {
                Place::BeforeHeaders => line.handle.arm([drip]),
                Place::AfterHeaders => line.handle.arm([Step::PassHead, drip]),
            }
            line.handle.finish();
            Ok(response.map(AnswerBody::whole))
        }
    }
}

/// HTTP/2: on the stream, and on the connection only where the fault says so.
async fn on_stream(transport: Transport, response: Response<Bytes>, line: &Line) -> Outcome {
    let broken = |code: ErrorCode| Broken::with_code(code.number());
    let part = |response: Response<Bytes>, bytes: u32, code: ErrorCode| {
        Ok(response.map(|body| {
            let length = body.len().min(bytes as usize);
            AnswerBody::broken(body.slice(..length), broken(code))
        }))
    };
    let whole = |response: Response<Bytes>| Ok(response.map(AnswerBody::whole));
    match transport {
        Transport::RefuseConnection { ms } => {
            let until = Instant::now() + ms.0;
            line.door.closed.send_replace(Some(until));
            line.handle.arm([Step::Reset]);
            whole(response)
        }
        Transport::Reset {
            scope: Scope::Connection,
            bytes,
            ..
        } => {
            line.handle
                .arm([Step::Pass(bytes.into()), SETTLE, Step::Reset]);
            whole(response)
        }
        Transport::Reset { at, bytes, .. } => match at {
            ResetAt::BeforeHeaders => Err(broken(ErrorCode::Cancel)),
            ResetAt::AfterHeaders => part(response, 0, ErrorCode::Cancel),
            ResetAt::AfterBytes => part(response, bytes, ErrorCode::Cancel),
        },
        Transport::EmptyReply => Err(broken(ErrorCode::InternalError)),
        Transport::Truncate { bytes } => part(response, bytes, ErrorCode::InternalError),
        Transport::MalformedChunk => {
            line.handle
                .arm([Step::Send(illegal_data()), SETTLE, Step::Close]);
            whole(response)
        }
        Transport::Garbage { bytes } => {
            line.handle
                .arm([Step::Send(rubbish(bytes)), SETTLE, Step::Close]);
            whole(response)
        }
        Transport::Silence { ms } => {
            sleep(ms.0).await;
            Err(broken(ErrorCode::Cancel))
        }
        Transport::StreamReset { code, at, bytes } => match at {
            ResetAt::BeforeHeaders => Err(broken(code)),
            ResetAt::AfterHeaders => part(response, 0, code),
            ResetAt::AfterBytes => part(response, bytes, code),
        },
        Transport::Goaway {
            code: ErrorCode::NoError,
        } => {
            // Every stream that is open may finish (RFC 9113, section 6.8).
            line.handle.arm([Step::Send(goaway(u32::MAX, 0))]);
            whole(response)
        }
        Transport::Goaway { code } => {
            let frame = Step::Send(goaway(0, code.number()));
            line.handle.arm([frame, SETTLE, Step::Close]);
            whole(response)
        }
    }
}

/// HTTP/1.1: the request has the connection to itself.
async fn on_connection(
    transport: Transport,
    mut response: Response<Bytes>,
    line: &Line,
) -> Outcome {
    let handle = &line.handle;
    match transport {
        Transport::RefuseConnection { ms } => {
            line.door.closed.send_replace(Some(Instant::now() + ms.0));
            handle.arm([Step::Reset]);
        }
        Transport::Reset { at, bytes, .. } | Transport::StreamReset { at, bytes, .. } => match at {
            ResetAt::BeforeHeaders => handle.arm([SETTLE, Step::Reset]),
            ResetAt::AfterHeaders => handle.arm([Step::PassHead, SETTLE, Step::Reset]),
            ResetAt::AfterBytes => {
                let pass = Step::Pass(bytes.into());
                handle.arm([Step::PassHead, pass, SETTLE, Step::Reset]);
            }
        },
        Transport::EmptyReply => handle.arm([Step::Close]),
        Transport::Truncate { bytes } => {
            handle.arm([Step::PassHead, Step::Pass(bytes.into()), Step::Close]);
        }
        Transport::MalformedChunk => {
            handle.arm([Step::Send(MALFORMED.into()), SETTLE, Step::Close])
        }
        Transport::Garbage { bytes } => {
            handle.arm([Step::Send(rubbish(bytes)), SETTLE, Step::Close]);
        }
        Transport::Silence { ms } => {
            sleep(ms.0).await;
            handle.arm([Step::Close]);
        }
        Transport::Goaway {
            code: ErrorCode::NoError,
        } => {
            let close = HeaderValue::from_static("close");
            response
                .headers_mut()
                .insert(http::header::CONNECTION, close);
        }
        Transport::Goaway { .. } => handle.arm([Step::Close]),
    }
    // Steps that wait for more bytes than the answer has must not hit the next one.
    handle.finish();
    Ok(response.map(AnswerBody::whole))
}

/// A chunked answer whose second chunk has no number for a length.
const MALFORMED: &[u8] =
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n";

/// Bytes that are neither HTTP nor TLS, the same each time.
fn rubbish(bytes: u32) -> Bytes {
    (0..bytes)
        .map(|place| (place.wrapping_mul(167) >> 1) as u8 | 0x80)
        .collect::<Vec<_>>()
        .into()
}
