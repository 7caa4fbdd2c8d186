//! Streams of HTTP/2, each as patient with its client as a connection of HTTP/1 is. A client that opens a stream and grants
//! no window for its answer (RFC 9113, section 6.9) blocks nothing, so no connection notices; without this it keeps the answer
//! for ever. hyper hands each stream to an executor as a future of its own, and to drop the future resets the stream.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use hyper::rt::Executor;
use tokio::time::{Sleep, sleep};

/// What a body has last said to the stream that asked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Here is a piece. The stream has to get rid of it before it asks again.
    Piece,
    /// Nothing yet. Then it is not the client that is waited for.
    Nothing,
}

thread_local! {
    /// Streams are polled on one thread from beginning to end, and their bodies inside.
    static LAST: Cell<Option<Said>> = const { Cell::new(None) };
}

/// Bodies say here what they say.
pub(super) fn say(said: Said) {
    LAST.set(Some(said));
}

/// Carries out the streams of one connection.
#[derive(Debug, Clone)]
pub(super) struct Streams {
    wait: Duration,
    open: Arc<AtomicUsize>,
}

impl Streams {
    /// No client takes nothing of an answer for longer than `wait`.
    pub(super) fn new(wait: Duration) -> Self {
        Self {
            wait,
            open: Arc::default(),
        }
    }

    /// Whether any stream is being answered.
    pub(super) fn any(&self) -> bool {
        self.open.load(Ordering::Relaxed) > 0
    }
}

impl<F> Executor<F> for Streams
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        self.open.fetch_add(1, Ordering::Relaxed);
        let open = Open(Arc::clone(&self.open));
        let wait = self.wait;
        tokio::spawn(async move {
            let _open = open;
            let mut stream = pin!(stream);
            // Runs while a piece waits to be taken.
            let mut patience: Option<Pin<Box<Sleep>>> = None;
            poll_fn(|cx| {
                LAST.set(None);
                if stream.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(());
                }
                match LAST.take() {
                    // Not asked: whatever woke the stream, no piece has gone.
                    None => {}
                    Some(Said::Nothing) => patience = None,
                    Some(Said::Piece) => patience = Some(Box::pin(sleep(wait))),
                }
                match &mut patience {
                    None => Poll::Pending,
                    Some(patience) => patience.as_mut().poll(cx),
                }
            })
            .await;
        });
    }
}

/// A stream that is open until this is dropped.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::Instant;

    use super::*;

    const WAIT: Duration = Duration::from_secs(30);

    async fn lasts(stream: impl Future<Output = ()> + Send + 'static) -> Duration {
        let (streams, begun) = (Streams::new(WAIT), Instant::now());
        streams.execute(stream);
        assert!(streams.any());
        while streams.any() && begun.elapsed() < 10 * WAIT {
            sleep(Duration::from_secs(1)).await;
        }
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_piece_that_nobody_takes_is_waited_for_so_long() {
        let given = async {
            say(Said::Piece);
            pending().await
        };
        assert!(lasts(given).await <= WAIT + Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_nothing_to_give_is_waited_for() {
        let silent = poll_fn(|_| {
            say(Said::Nothing);
            Poll::Pending
        });
        assert!(lasts(silent).await >= 10 * WAIT);
        assert!(lasts(pending()).await >= 10 * WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn each_piece_that_is_taken_begins_the_wait_again() {
        let slow = async {
            for _ in 0..5 {
                say(Said::Piece);
                sleep(WAIT - Duration::from_secs(1)).await;
            }
        };
        let took = lasts(slow).await;
        assert!(took >= 5 * (WAIT - Duration::from_secs(1)), "{took:?}");
        assert!(took < 6 * WAIT, "{took:?}");
    }
}
