//! A client that never sleeps: so many connections, each sending its next request when the last one is answered, all polled
//! in turn. A client that sleeps must be woken, and the slower of two servers pays for more of the waking.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustls::{ClientConnection, StreamOwned};
use tokio::time::Instant;

/// What bytes go over.
pub(crate) enum Wire {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Wire {
    const fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => &stream.sock,
        }
    }

    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(into),
            Self::Tls(stream) => stream.read(into),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(stream) => stream.write_all(bytes),
            Self::Tls(stream) => stream.write_all(bytes),
        }
    }
}

/// One connection with the requests that it sends in turn. They differ in one part only, so that a million of them fit into
/// memory.
pub(crate) struct Connection {
    wire: Wire,
    before: Vec<u8>,
    parts: Vec<String>,
    after: Vec<u8>,
    next: usize,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(to: SocketAddr, before: &[u8], parts: Vec<String>, after: &[u8]) -> Self {
        Self::over(
            Wire::Plain(TcpStream::connect(to).unwrap()),
            before,
            parts,
            after,
        )
    }

    /// Over a connection that is there already.
    pub(crate) fn over(wire: Wire, before: &[u8], parts: Vec<String>, after: &[u8]) -> Self {
        wire.socket().set_nodelay(true).unwrap();
        wire.socket().set_nonblocking(true).unwrap();
        Self {
            wire,
            before: before.to_owned(),
            parts,
            after: after.to_owned(),
            next: 0,
            request: Vec::with_capacity(8 * 1024),
            answer: Vec::with_capacity(8 * 1024),
        }
    }

    fn send(&mut self) {
        self.answer.clear();
        self.request.clear();
        self.request.extend_from_slice(&self.before);
        self.request
            .extend_from_slice(self.parts[self.next].as_bytes());
        self.request.extend_from_slice(&self.after);
        self.next = (self.next + 1) % self.parts.len();
        // A request is far smaller than the buffer of an idle socket.
        self.wire.write_all(&self.request).unwrap();
    }

    /// Whether the answer is whole now.
    fn poll(&mut self) -> bool {
        let mut chunk = [0; 8 * 1024];
        match self.wire.read(&mut chunk) {
            Ok(0) => panic!("the server under load closed a connection"),
            Ok(read) => self.answer.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(error) => panic!("{error}"),
        }
        is_whole(&self.answer)
    }
}

/// Sends what each connection has once, and says how long every answer took. Panics when one is no success.
pub(crate) fn once(connections: &mut [Connection]) -> Vec<Duration> {
    let mut took = Vec::new();
    let mut open: Vec<_> = connections
        .iter_mut()
        .map(|line| (line, Instant::now()))
        .collect();
    for (connection, begun) in &mut open {
        *begun = Instant::now();
        connection.send();
    }
    while !open.is_empty() {
        open.retain_mut(|(connection, begun)| {
            if !connection.poll() {
                return true;
            }
            took.push(begun.elapsed());
            // The first one again: all have been sent.
            if connection.next == 0 {
                return false;
            }
            *begun = Instant::now();
            connection.send();
            true
        });
    }
    took
}

/// Whether head and body are there. Panics when the answer is no success.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = &answer[..end];
    assert!(
        head.starts_with(b"HTTP/1.1 20"),
        "the server under load must answer: {}",
        String::from_utf8_lossy(answer)
    );
    answer.len() >= end + 4 + content_length(head)
}

fn content_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME));
    let value = line.map(|line| String::from_utf8_lossy(&line[NAME.len()..]).into_owned());
    value.map_or(0, |value| value.trim().parse().unwrap())
}

/// How many requests are answered during `span`.
pub(crate) fn spin(connections: &mut [Connection], span: Duration) -> u64 {
    let begun = Instant::now();
    let mut answered = 0;
    for connection in connections.iter_mut() {
        connection.send();
    }
    while begun.elapsed() < span {
        for connection in connections.iter_mut() {
            if connection.poll() {
                answered += 1;
                connection.send();
            }
        }
    }
    // What is on its way is waited for, so that the next round finds idle connections.
    for connection in connections.iter_mut() {
        while !connection.poll() {}
        answered += 1;
    }
    answered
}

/// Asks so many times on each connection, one answer at a time.
pub(crate) fn rounds(connections: &mut [Connection], count: u64) {
    for _ in 0..count {
        for connection in connections.iter_mut() {
            connection.send();
            while !connection.poll() {}
        }
    }
}
