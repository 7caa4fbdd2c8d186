//! A connection whose peer may be only so slow in taking what is written to it. hyper has bounds for reading and none for
//! writing, so without this a client that asks and does not read keeps its answer and its place for ever.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::fault_io::Abort;

/// The wrapped connection. It costs no timer as long as everything can be written at once.
#[derive(Debug)]
pub(super) struct WriteTimeout<S> {
    inner: S,
    wait: Duration,
    /// Runs while nothing can be written.
    patience: Option<Pin<Box<Sleep>>>,
}

impl<S> WriteTimeout<S> {
    /// Waits for the peer no longer than `wait` at a time.
    pub(super) const fn new(inner: S, wait: Duration) -> Self {
        Self {
            inner,
            wait,
            patience: None,
        }
    }
}

impl<S: Abort> WriteTimeout<S> {
    /// Gives up when nothing has been taken for too long. What the peer has not read is thrown away then, so that the system
    /// does not go on holding it.
    fn bear<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.patience = None;
            return polled;
        }
        let wait = self.wait;
        let patience = self.patience.get_or_insert_with(|| Box::pin(sleep(wait)));
        ready!(patience.as_mut().poll(cx));
        self.inner.abort_on_close()?;
        let why = "the client takes nothing of its answer";
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, why)))
    }
}

impl<S: Abort> Abort for WriteTimeout<S> {
    fn abort_on_close(&self) -> io::Result<()> {
        self.inner.abort_on_close()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WriteTimeout<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Abort + Unpin> AsyncWrite for WriteTimeout<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.bear(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.bear(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_flush(cx);
        self.bear(cx, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.bear(cx, polled)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::Instant;

    use super::*;

    const WAIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up_on() {
        let (near, far) = duplex(4);
        let mut near = WriteTimeout::new(near, WAIT);
        let begun = Instant::now();
        let error = near.write_all(b"hello").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed(), WAIT);
        drop(far);
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_little_at_a_time_gets_everything() {
        let (near, mut far) = duplex(4);
        let mut near = WriteTimeout::new(near, WAIT);
        let reading = tokio::spawn(async move {
            let mut bytes = [0; 40];
            for place in 0..10 {
                sleep(WAIT - Duration::from_secs(1)).await;
                far.read_exact(&mut bytes[place * 4..][..4]).await.unwrap();
            }
            bytes
        });
        near.write_all(&[7; 40]).await.unwrap();
        assert_eq!(reading.await.unwrap(), [7; 40]);
    }
}
