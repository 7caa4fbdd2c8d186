//! A connection as a tunnel sees it: whatever it is made of, and with what was read of it too early put back.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::fault_io::{Abort, FaultIo};
use super::write_timeout::WriteTimeout;

/// Whatever a connection can be made of.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Abort + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Abort + Unpin + Send> Wire for S {}

/// A connection of which only that is known.
pub(crate) type BoxedWire = Box<dyn Wire>;

impl Abort for BoxedWire {
    fn abort_on_close(&self) -> io::Result<()> {
        self.as_ref().abort_on_close()
    }
}

/// The connection that HTTP has been spoken on until now.
pub(crate) fn taken_over(upgraded: Upgraded) -> Option<BoxedWire> {
    type Served<S> = TokioIo<FaultIo<WriteTimeout<S>>>;
    match downcast::<Served<TcpStream>>(upgraded) {
        Ok(parts) => Some(Box::new(Rewound::new(
            parts.io.into_inner(),
            parts.read_buf,
        ))),
        Err(upgraded) => {
            let parts = downcast::<Served<TlsStream<TcpStream>>>(upgraded).ok()?;
            Some(Box::new(Rewound::new(
                parts.io.into_inner(),
                parts.read_buf,
            )))
        }
    }
}

/// A connection whose first bytes have been read already.
#[derive(Debug)]
pub(crate) struct Rewound<S> {
    first: Bytes,
    inner: S,
}

impl<S> Rewound<S> {
    pub(crate) const fn new(inner: S, first: Bytes) -> Self {
        Self { first, inner }
    }
}

impl<S: Abort> Abort for Rewound<S> {
    fn abort_on_close(&self) -> io::Result<()> {
        self.inner.abort_on_close()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Rewound<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.inner).poll_read(cx, buf);
        }
        let length = self.first.len().min(buf.remaining());
        buf.put_slice(&self.first[..length]);
        self.first.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Rewound<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
