//! Reading bodies: no larger and no slower than one may be, and all of them together no larger than the room that there is
//! for them.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::Body;

use crate::limits::{BODY_BYTES_FREE, Room, Share};
use crate::wire::edge::{EdgeRefusal, HttpProblem};

/// What the heads of so many streams hold while their bodies are waited for. A connection of HTTP/1 has one head, which its
/// own bound is for.
pub(super) fn head_bytes(parts: &Parts) -> usize {
    if parts.version < Version::HTTP_2 {
        return 0;
    }
    let lines = parts.headers.iter();
    lines
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum()
}

/// What a body may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds<'a> {
    pub(super) bytes_max: usize,
    pub(super) wait: Duration,
    pub(super) room: &'a Arc<Room>,
}

/// The body in one piece. What a surface words is refused inside. `head` is counted with it.
///
/// # Errors
/// When it breaks off.
pub(super) async fn read<B>(
    mut body: B,
    head: usize,
    bounds: Bounds<'_>,
) -> Result<Result<Bytes, EdgeRefusal>, B::Error>
where
    B: Body<Data = Bytes> + Unpin,
{
    if body.is_end_stream() {
        return Ok(Ok(Bytes::new()));
    }
    let late = if is_too_large(&body, bounds) {
        HttpProblem::TooLarge
    } else {
        HttpProblem::TooSlow
    };
    let mut pieces = pin!(pieces(&mut body, head, bounds));
    // Nearly every body has come with its head, and then nothing need be timed.
    if let Poll::Ready(read) = futures::poll!(pieces.as_mut()) {
        return read;
    }
    let read = tokio::time::timeout(bounds.wait, pieces);
    read.await.unwrap_or(Ok(Err(late.into())))
}

/// Whether a body is announced to be larger than it may be.
pub(super) fn is_too_large<B: Body>(body: &B, bounds: Bounds<'_>) -> bool {
    body.size_hint().lower() > bounds.bytes_max as u64
}

async fn pieces<B>(
    body: &mut B,
    head: usize,
    bounds: Bounds<'_>,
) -> Result<Result<Bytes, EdgeRefusal>, B::Error>
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let share = Share::new(bounds.room, usize::MAX);
    let mut counted = BODY_BYTES_FREE;
    if head > counted {
        if !share.take(head - counted) {
            return Ok(Err(no_room_for_it()));
        }
        counted = head;
    }
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        let length = first.len() + more.len() + data.len();
        if length > bounds.bytes_max {
            return Ok(Err(HttpProblem::TooLarge.into()));
        }
        if head + length > counted {
            if !share.take(head + length - counted) {
                return Ok(Err(no_room_for_it()));
            }
            counted = head + length;
        }
        // Nearly every body comes in one piece, which need not be copied.
        if first.is_empty() {
            first = data;
        } else {
            more.extend_from_slice(&data);
        }
    }
    if more.is_empty() {
        return Ok(Ok(first));
    }
    let mut whole = BytesMut::with_capacity(first.len() + more.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&more);
    Ok(Ok(whole.freeze()))
}

fn no_room_for_it() -> EdgeRefusal {
    tracing::warn!("refused, because there is no room for more bodies at the moment");
    HttpProblem::Status(StatusCode::SERVICE_UNAVAILABLE).into()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream::{self, StreamExt};
    use http_body_util::StreamBody;
    use hyper::body::Frame;

    use super::*;
    use crate::limits::BODY_BYTES_MAX;

    const fn within(room: &Arc<Room>) -> Bounds<'_> {
        Bounds {
            bytes_max: BODY_BYTES_MAX,
            wait: Duration::from_secs(30),
            room,
        }
    }

    async fn taken(pieces: &[usize], room: &Arc<Room>) -> Result<usize, String> {
        let frames = pieces.iter().map(|bytes| Bytes::from(vec![7; *bytes]));
        let frames: Vec<_> = frames
            .map(|b| Ok::<_, Infallible>(Frame::data(b)))
            .collect();
        let body = StreamBody::new(stream::iter(frames));
        let read = read(body, 0, within(room)).await.unwrap();
        read.map(|bytes| bytes.len()).map_err(|e| format!("{e:?}"))
    }

    #[tokio::test]
    async fn a_body_is_put_together_within_its_bounds() {
        let room = Room::new(2 * BODY_BYTES_MAX);
        assert_eq!(taken(&[], &room).await, Ok(0));
        assert_eq!(taken(&[3, 4, 5], &room).await, Ok(12));
        assert_eq!(taken(&[BODY_BYTES_MAX], &room).await, Ok(BODY_BYTES_MAX));
        let over = taken(&[BODY_BYTES_MAX, 1], &room).await;
        assert_eq!(over, Err("Http(TooLarge)".to_owned()));
        assert_eq!(room.taken(), 0);
    }

    #[tokio::test]
    async fn bodies_that_never_end_share_one_room() {
        let room = Room::new(10 * BODY_BYTES_FREE);
        let endless = || {
            let first = Bytes::from(vec![7; 5 * BODY_BYTES_FREE]);
            let first = stream::iter([Ok::<_, Infallible>(Frame::data(first))]);
            StreamBody::new(Box::pin(first.chain(stream::pending())))
        };
        let reading: Vec<_> = (0..2)
            .map(|_| {
                let (body, room) = (endless(), Arc::clone(&room));
                tokio::spawn(async move { read(body, 0, within(&room)).await })
            })
            .collect();
        while room.taken() < 8 * BODY_BYTES_FREE {
            tokio::task::yield_now().await;
        }
        assert_eq!(taken(&[BODY_BYTES_FREE], &room).await, Ok(BODY_BYTES_FREE));
        let refused = taken(&[5 * BODY_BYTES_FREE], &room).await.unwrap_err();
        assert!(refused.contains("503"), "{refused}");
        for reading in reading {
            reading.abort();
            let _gone = reading.await;
        }
        assert_eq!(room.taken(), 0);
    }
}
