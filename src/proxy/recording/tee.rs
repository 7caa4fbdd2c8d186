//! A body that is looked at while it passes, as far as there is room for it. It is never slower or shorter for that.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};

use crate::limits::{Room, Share};

/// What has been seen of a body.
#[derive(Debug)]
pub(in crate::proxy) struct Collected {
    pub(super) bytes: BytesMut,
    /// Why it is not all there. Then nothing of it is.
    pub(super) left_out: Option<&'static str>,
    /// How many bytes have passed, kept or not. None when it ended before its end.
    pub(super) length: Option<u64>,
    bytes_max: usize,
    share: Share,
}

const TOO_LONG: &str = "it is longer than what is kept of a body";
const NO_ROOM: &str = "there was no room for it at the moment";
const BROKEN_OFF: &str = "it broke off, or was not waited for";

impl Collected {
    pub(super) fn new(room: &Arc<Room>, bytes_max: usize) -> Self {
        Self {
            bytes: BytesMut::new(),
            left_out: None,
            length: Some(0),
            bytes_max,
            share: Share::new(room, usize::MAX),
        }
    }

    pub(super) fn push(&mut self, data: &[u8]) {
        self.length = self.length.map(|length| length + data.len() as u64);
        if self.left_out.is_some() {
            return;
        }
        if self.bytes.len() + data.len() > self.bytes_max {
            self.leave_out(TOO_LONG);
        } else if self.share.take(data.len()) {
            self.bytes.extend_from_slice(data);
        } else {
            self.leave_out(NO_ROOM);
        }
    }

    fn leave_out(&mut self, why: &'static str) {
        self.left_out.get_or_insert(why);
        self.bytes = BytesMut::new();
        self.share.give(self.share.taken());
    }
}

/// Who is told when a body has ended.
pub(in crate::proxy) trait Ended {
    fn ended(self, body: Collected);
}

/// See the module.
#[derive(Debug)]
pub(in crate::proxy) struct Tee<B: Body, E: Ended> {
    inner: B,
    /// None where nobody looks, or any more.
    looking: Option<(Collected, E)>,
}

impl<B: Body, E: Ended> Tee<B, E> {
    pub(super) fn new(inner: B, looking: Option<(Collected, E)>) -> Self {
        let mut tee = Self { inner, looking };
        tee.end_if_over();
        tee
    }

    fn end_if_over(&mut self) {
        if self.inner.is_end_stream() {
            self.end(None);
        }
    }

    fn end(&mut self, broken: Option<&'static str>) {
        if let Some((mut body, whom)) = self.looking.take() {
            if let Some(why) = broken {
                body.length = None;
                body.leave_out(why);
            }
            whom.ended(body);
        }
    }
}

impl<B: Body, E: Ended> Drop for Tee<B, E> {
    fn drop(&mut self) {
        self.end_if_over();
        self.end(Some(BROKEN_OFF));
    }
}

impl<B, E> Body for Tee<B, E>
where
    B: Body<Data = Bytes> + Unpin,
    E: Ended + Unpin,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let (Some((body, _)), Some(data)) = (&mut self.looking, frame.data_ref()) {
                    body.push(data);
                }
                // Whoever has the last byte may be gone before anybody asks for more.
                self.end_if_over();
            }
            Some(Err(_)) => self.end(Some(BROKEN_OFF)),
            None => self.end(None),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures::stream;
    use http_body_util::{BodyExt, Full, StreamBody};
    use parking_lot::Mutex;

    use super::*;

    type Told = Arc<Mutex<Vec<Result<String, &'static str>>>>;

    struct Whom(Told);

    impl Ended for Whom {
        fn ended(self, body: Collected) {
            let told = match body.left_out {
                Some(why) => Err(why),
                None => Ok(String::from_utf8(body.bytes.to_vec()).unwrap()),
            };
            self.0.lock().push(told);
        }
    }

    fn looking(told: &Told, room: &Arc<Room>) -> Option<(Collected, Whom)> {
        Some((Collected::new(room, 8), Whom(Arc::clone(told))))
    }

    fn pieces(all: &'static [&'static str]) -> impl Body<Data = Bytes, Error = Infallible> + Unpin {
        let frames = all.iter().map(|piece| Ok(Frame::data(Bytes::from(*piece))));
        StreamBody::new(stream::iter(frames))
    }

    #[tokio::test]
    async fn a_body_passes_whole_and_is_told_once() {
        let (told, room) = (Told::default(), Room::new(100));
        let tee = Tee::new(pieces(&["one", "two"]), looking(&told, &room));
        assert_eq!(tee.collect().await.unwrap().to_bytes(), "onetwo");
        assert_eq!(*told.lock(), [Ok("onetwo".to_owned())]);
        // Its end is known with its last piece, or before there is any.
        let mut tee = Tee::new(Full::new(Bytes::from("last")), looking(&told, &room));
        tee.frame().await.unwrap().unwrap();
        let empty = Tee::new(Full::new(Bytes::new()), looking(&told, &room));
        assert_eq!(told.lock()[1..], [Ok("last".to_owned()), Ok(String::new())]);
        drop((tee, empty));
        assert_eq!((told.lock().len(), room.taken()), (3, 0));
    }

    #[tokio::test]
    async fn what_is_too_long_or_broken_off_passes_and_is_left_out() {
        let (told, room) = (Told::default(), Room::new(10));
        let long = Tee::new(pieces(&["12345", "6789"]), looking(&told, &room));
        assert_eq!(long.collect().await.unwrap().to_bytes(), "123456789");
        let mut gone = Tee::new(pieces(&["12345", "6"]), looking(&told, &room));
        gone.frame().await.unwrap().unwrap();
        let crowded = Tee::new(pieces(&["123456"]), looking(&told, &room));
        assert_eq!(crowded.collect().await.unwrap().to_bytes(), "123456");
        drop(gone);
        assert_eq!(*told.lock(), [Err(TOO_LONG), Err(NO_ROOM), Err(BROKEN_OFF)]);
        assert_eq!(room.taken(), 0);
        let unseen = Tee::<_, Whom>::new(pieces(&["123456789"]), None);
        assert_eq!(unseen.collect().await.unwrap().to_bytes(), "123456789");
    }
}
