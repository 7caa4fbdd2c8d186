//! A closed-loop client: so many keep-alive connections, each sending its next request when the last one is answered.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Instant;

/// One connection.
pub(crate) struct Line(http1::SendRequest<Full<Bytes>>);

impl Line {
    pub(crate) async fn open(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (send, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self(send)
    }

    /// Sends a request and returns status and body.
    pub(crate) async fn ask(&mut self, request: Request<Full<Bytes>>) -> (u16, Bytes) {
        self.0.ready().await.unwrap();
        let answer = self.0.send_request(request).await.unwrap();
        let status = answer.status().as_u16();
        (
            status,
            answer.into_body().collect().await.unwrap().to_bytes(),
        )
    }
}

/// Requests per second over `connections` connections during `span`. Each connection repeats its own request.
pub(crate) async fn rate(
    to: SocketAddr,
    requests: &[Request<Full<Bytes>>],
    connections: usize,
    span: Duration,
) -> f64 {
    let until = Instant::now() + span;
    let begun = Instant::now();
    let mut lines = Vec::new();
    for place in 0..connections {
        let request = requests[place % requests.len()].clone();
        lines.push(tokio::spawn(async move {
            let mut line = Line::open(to).await;
            let mut count = 0_u64;
            while Instant::now() < until {
                let (status, _) = line.ask(request.clone()).await;
                assert_eq!(status, 200, "the server under load must answer");
                count += 1;
            }
            count
        }));
    }
    let mut total = 0;
    for line in lines {
        total += line.await.unwrap();
    }
    total as f64 / begun.elapsed().as_secs_f64()
}
