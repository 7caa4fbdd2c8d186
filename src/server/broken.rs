//! Exchanges that hyper itself breaks off. On HTTP/2 a fault must hit one stream and spare the others on its connection,
//! which no script of bytes can do; hyper resets a stream with the code that it finds in an error.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::streams::{Said, say};
use crate::limits::{ANSWER_PIECE_BYTES, Room, Share};

/// RFC 9113, section 7.
const INTERNAL_ERROR: u32 = 0x2;
const CANCEL: u32 = 0x8;

/// Data that is still queued when a stream is reset is thrown away, so a body that is to arrive in part waits this long.
const SETTLE_WAIT: Duration = Duration::from_millis(50);

/// Why there is no answer, or only part of one. As the error of a service it resets an HTTP/2 stream and closes an HTTP/1.1
/// connection without a byte.
#[derive(Debug, thiserror::Error)]
#[error("a fault breaks the exchange off")]
pub struct Broken(#[source] h2::Error);

impl Broken {
    /// `code` is an error code of RFC 9113, section 7.
    pub fn with_code(code: u32) -> Self {
        Self(h2::Error::from(h2::Reason::from(code)))
    }
}

impl From<Infallible> for Broken {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The body of an answer: whole, as it comes, or broken off.
#[derive(Debug)]
pub enum AnswerBody {
    Whole {
        left: Bytes,
        room: Option<Share>,
    },
    /// So many bytes at a time, each piece after a pause.
    Dripping {
        left: Bytes,
        bytes: usize,
        every: Duration,
        pause: Pin<Box<Sleep>>,
    },
    Broken {
        part: Option<Bytes>,
        pause: Pin<Box<Sleep>>,
        error: Option<Broken>,
    },
    /// As it comes, and perhaps without end. `left` has come and not been given yet.
    Stream {
        body: axum::body::Body,
        left: Bytes,
        room: Option<Share>,
    },
}

impl AnswerBody {
    pub const fn whole(bytes: Bytes) -> Self {
        Self::Whole {
            left: bytes,
            room: None,
        }
    }

    pub const fn stream(body: axum::body::Body) -> Self {
        Self::Stream {
            body,
            left: Bytes::new(),
            room: None,
        }
    }

    /// Takes a place in the room of all large answers, which it keeps until it has been sent. False when there is no more.
    pub(super) fn find_room(&mut self, answers: &Arc<Room>) -> bool {
        let bytes = self.size_hint().exact().unwrap_or_default();
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        if bytes > ANSWER_PIECE_BYTES
            && let Self::Whole { room, .. } | Self::Stream { room, .. } = self
        {
            let share = Share::new(answers, usize::MAX);
            if !share.take(bytes) {
                return false;
            }
            *room = Some(share);
        }
        true
    }

    fn give(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self {
            Self::Whole { left, .. } => {
                Poll::Ready(piece(left).map(|bytes| Ok(Frame::data(bytes))))
            }
            Self::Dripping {
                left,
                bytes,
                every,
                pause,
            } => {
                if left.is_empty() {
                    return Poll::Ready(None);
                }
                ready!(pause.as_mut().poll(cx));
                *pause = Box::pin(sleep(*every));
                let piece = left.split_to((*bytes).min(left.len()));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            Self::Broken { part, pause, error } => {
                if let Some(part) = part.take() {
                    return Poll::Ready(Some(Ok(Frame::data(part))));
                }
                ready!(pause.as_mut().poll(cx));
                Poll::Ready(error.take().map(Err))
            }
            Self::Stream { body, left, .. } => {
                if let Some(bytes) = piece(left) {
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                let come = ready!(Pin::new(body).poll_frame(cx));
                Poll::Ready(come.map(|frame| {
                    let frame = frame.map_err(|_| Broken::with_code(INTERNAL_ERROR))?;
                    Ok(match frame.into_data() {
                        Ok(bytes) => {
                            *left = bytes;
                            Frame::data(piece(left).unwrap_or_default())
                        }
                        Err(other) => other,
                    })
                }))
            }
        }
    }

    /// Gives nothing after the head, and is broken off after this time.
    pub fn stalled(lasts: Duration) -> Self {
        Self::Broken {
            part: None,
            pause: Box::pin(sleep(lasts)),
            error: Some(Broken::with_code(CANCEL)),
        }
    }

    /// Gives `bytes` at a time, `every` so often.
    pub fn dripping(whole: Bytes, bytes: usize, every: Duration) -> Self {
        Self::Dripping {
            left: whole,
            bytes: bytes.max(1),
            every,
            pause: Box::pin(sleep(Duration::ZERO)),
        }
    }

    /// Gives `part` and then the error. The head of the answer goes out even when the part is empty.
    pub fn broken(part: Bytes, error: Broken) -> Self {
        let part = Some(part).filter(|part| !part.is_empty());
        Self::Broken {
            part,
            pause: Box::pin(sleep(SETTLE_WAIT)),
            error: Some(error),
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let given = self.give(cx);
        say(if given.is_ready() {
            Said::Piece
        } else {
            Said::Nothing
        });
        given
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole { left, .. } | Self::Dripping { left, .. } => left.is_empty(),
            Self::Broken { error, .. } => error.is_none(),
            Self::Stream { body, left, .. } => left.is_empty() && body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole { left, .. } | Self::Dripping { left, .. } => {
                SizeHint::with_exact(left.len() as u64)
            }
            Self::Broken { .. } => SizeHint::default(),
            // What is left of a frame is asked for its size no more.
            Self::Stream { body, .. } => body.size_hint(),
        }
    }
}

/// The next piece of what is left.
fn piece(left: &mut Bytes) -> Option<Bytes> {
    if left.is_empty() {
        return None;
    }
    Some(left.split_to(left.len().min(ANSWER_PIECE_BYTES)))
}
