//! A connection whose bytes can be held up, cut off and replaced, between the socket (or TLS) and hyper.
//!
//! hyper stays in charge of parsing, routing, keep-alive and HTTP/2 and never learns of it: it sees slow writes and broken
//! connections, as it does on a bad network. A connection that is not armed costs one relaxed load for each read and write.
//! This file carries out scripts; what is in them is decided elsewhere.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_rustls::server::TlsStream;

use super::script::{Fate, FaultHandle, Step};

/// A socket that can be closed with a reset in place of an orderly end.
pub trait Abort {
    /// Makes closing the socket reset the connection and throw away what has not been sent (SO_LINGER 0).
    fn abort_on_close(&self) -> io::Result<()>;
}

impl Abort for TcpStream {
    fn abort_on_close(&self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

/// A connection within the process has nothing to throw away: what was written can be read.
impl Abort for DuplexStream {
    fn abort_on_close(&self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Abort> Abort for TlsStream<S> {
    fn abort_on_close(&self) -> io::Result<()> {
        self.get_ref().0.abort_on_close()
    }
}

impl<S: Abort> Abort for FaultIo<S> {
    fn abort_on_close(&self) -> io::Result<()> {
        self.inner.abort_on_close()
    }
}

/// The wrapped connection. See the module.
#[derive(Debug)]
pub struct FaultIo<S> {
    inner: S,
    handle: FaultHandle,
    step: Option<Running>,
}

/// A step that has begun.
#[derive(Debug)]
enum Running {
    Pass(u64),
    /// How many of the four bytes that end a head have been seen in a row.
    Head(usize),
    Send(Bytes),
    Drip {
        bytes: usize,
        every: Duration,
        left: usize,
        pause: Option<Pin<Box<Sleep>>>,
    },
    Sleep(Pin<Box<Sleep>>),
    Stall(Pin<Box<Sleep>>),
    Close,
    Reset,
    /// Nothing comes after it.
    Ended(io::ErrorKind),
}

/// How much of what the server writes may pass now.
enum Gate {
    All,
    Most(usize),
    Head(usize),
}

const HEAD_END: &[u8; 4] = b"\r\n\r\n";

impl<S> FaultIo<S> {
    /// Wraps a connection. The handle goes to whoever answers its requests.
    pub fn new(inner: S) -> (Self, FaultHandle) {
        let handle = FaultHandle::default();
        (
            Self {
                inner,
                handle: handle.clone(),
                step: None,
            },
            handle,
        )
    }

    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    fn ended(&self) -> Option<io::Error> {
        match self.step {
            Some(Running::Ended(kind)) => Some(kind.into()),
            Some(
                Running::Pass(_)
                | Running::Head(_)
                | Running::Send(_)
                | Running::Drip { .. }
                | Running::Sleep(_)
                | Running::Stall(_)
                | Running::Close
                | Running::Reset,
            )
            | None => None,
        }
    }

    fn end(&mut self, kind: io::ErrorKind) -> io::Error {
        self.step = Some(Running::Ended(kind));
        self.handle.end();
        kind.into()
    }

    /// Whether the script waits for bytes that the server has yet to write. If so, and there will be none, its rest is
    /// dropped; a drip was to last to the end of the answer anyway.
    fn abandon_if_waiting(&mut self) {
        let fate = match self.step {
            Some(Running::Drip { .. }) => Fate::Done,
            Some(Running::Pass(1..) | Running::Head(_)) => Fate::FellShort,
            Some(
                Running::Pass(0)
                | Running::Send(_)
                | Running::Sleep(_)
                | Running::Stall(_)
                | Running::Close
                | Running::Reset
                | Running::Ended(_),
            )
            | None => return,
        };
        self.step = None;
        self.handle.abandon(fate);
    }

    /// Notes that these bytes have passed.
    fn passed(&mut self, bytes: &[u8]) {
        match &mut self.step {
            Some(Running::Pass(left)) => *left = left.saturating_sub(bytes.len() as u64),
            Some(Running::Drip { left, .. }) => *left = left.saturating_sub(bytes.len()),
            Some(Running::Head(seen)) => {
                *seen = follow_head(*seen, bytes).1;
                if *seen == HEAD_END.len() {
                    self.step = None;
                }
            }
            Some(
                Running::Send(_)
                | Running::Sleep(_)
                | Running::Stall(_)
                | Running::Close
                | Running::Reset
                | Running::Ended(_),
            )
            | None => {}
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Abort + Unpin> FaultIo<S> {
    /// Carries out steps until one lets bytes through.
    fn poll_gate(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Gate>> {
        loop {
            let Some(step) = &mut self.step else {
                match self.handle.next() {
                    Some(step) => self.step = Some(begin(step)),
                    None => return Poll::Ready(Ok(Gate::All)),
                }
                continue;
            };
            match step {
                Running::Pass(0) => self.step = None,
                Running::Pass(left) => {
                    let most = usize::try_from(*left).unwrap_or(usize::MAX);
                    return Poll::Ready(Ok(Gate::Most(most)));
                }
                Running::Head(seen) => return Poll::Ready(Ok(Gate::Head(*seen))),
                Running::Send(bytes) if bytes.is_empty() => self.step = None,
                Running::Send(bytes) => {
                    let sent = ready!(Pin::new(&mut self.inner).poll_write(cx, bytes))?;
                    if sent == 0 {
                        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                    }
                    bytes.advance(sent);
                }
                Running::Drip {
                    bytes,
                    every,
                    left,
                    pause,
                } => {
                    if let Some(sleeping) = pause {
                        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
                        ready!(sleeping.as_mut().poll(cx));
                        (*left, *pause) = (*bytes, None);
                    }
                    if *left > 0 {
                        return Poll::Ready(Ok(Gate::Most(*left)));
                    }
                    *pause = Some(Box::pin(sleep(*every)));
                }
                Running::Sleep(sleeping) => {
                    ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
                    ready!(sleeping.as_mut().poll(cx));
                    self.step = None;
                }
                Running::Stall(sleeping) => {
                    ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
                    ready!(sleeping.as_mut().poll(cx));
                    self.step = Some(Running::Close);
                }
                Running::Close => {
                    ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
                    ready!(Pin::new(&mut self.inner).poll_shutdown(cx))?;
                    return Poll::Ready(Err(self.end(io::ErrorKind::BrokenPipe)));
                }
                Running::Reset => {
                    ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
                    self.inner.abort_on_close()?;
                    return Poll::Ready(Err(self.end(io::ErrorKind::ConnectionReset)));
                }
                Running::Ended(kind) => return Poll::Ready(Err((*kind).into())),
            }
        }
    }

    fn poll_armed_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let most = match ready!(self.poll_gate(cx))? {
            Gate::All => bytes.len(),
            Gate::Most(most) => most.min(bytes.len()),
            Gate::Head(seen) => follow_head(seen, bytes).0,
        };
        let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &bytes[..most]))?;
        self.passed(&bytes[..written]);
        Poll::Ready(Ok(written))
    }
}

/// How many of these bytes belong to the head, and how many bytes of its end have been seen in a row then, when it were
/// `seen` before.
fn follow_head(mut seen: usize, bytes: &[u8]) -> (usize, usize) {
    for (place, byte) in bytes.iter().enumerate() {
        seen = match (*byte == HEAD_END[seen], *byte) {
            (true, _) => seen + 1,
            (false, b'\r') => 1,
            (false, _) => 0,
        };
        if seen == HEAD_END.len() {
            return (place + 1, seen);
        }
    }
    (bytes.len(), seen)
}

fn begin(step: Step) -> Running {
    match step {
        Step::Pass(bytes) => Running::Pass(bytes),
        Step::PassHead => Running::Head(0),
        Step::Send(bytes) => Running::Send(bytes),
        Step::Drip { bytes, every } => {
            let bytes = bytes.max(1);
            Running::Drip {
                bytes,
                every,
                left: bytes,
                pause: None,
            }
        }
        Step::Sleep(wait) => Running::Sleep(Box::pin(sleep(wait))),
        Step::Stall(wait) => Running::Stall(Box::pin(sleep(wait))),
        Step::Close => Running::Close,
        Step::Reset => Running::Reset,
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FaultIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.handle.is_armed()
            && let Some(error) = self.ended()
        {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Abort + Unpin> AsyncWrite for FaultIo<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.handle.is_armed() {
            return self.poll_armed_write(cx, bytes);
        }
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.handle.is_armed() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            return self.poll_armed_write(cx, first.map_or(&[], |slice| slice));
        }
        Pin::new(&mut self.inner).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// Also carries out steps that need no bytes, because the server may have none left to write.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.handle.is_armed() && self.handle.is_finishing() {
            self.abandon_if_waiting();
        }
        if self.handle.is_armed() {
            ready!(self.poll_gate(cx))?;
        }
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    /// The server writes no more, so what waits for bytes is dropped and the rest is carried out.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.handle.is_armed() {
            self.abandon_if_waiting();
        }
        if self.handle.is_armed() {
            if self.ended().is_none()
                && let Err(error) = ready!(self.poll_gate(cx))
                && self.ended().is_none()
            {
                return Poll::Ready(Err(error));
            }
            if self.ended().is_some() {
                return Poll::Ready(Ok(()));
            }
        }
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
