//! A target for tests that gives the answers that it is told, one after the other, and a conversation with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::conversation::Conversation;
use super::http::client;
use super::pace::Pace;
use super::target::{Auth, Limits, Target};

/// A status and a body.
pub(crate) type Said = (u16, &'static str);

/// A target without authentication that gives these answers, and the last one again and again.
pub(crate) async fn target(answers: &'static [Said]) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let said = Arc::new(AtomicUsize::new(0));
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, answers, Arc::clone(&said)));
        }
    });
    let mut target = Target::at(&base).unwrap();
    target.auth = Auth::None;
    target
}

/// A conversation with a target.
pub(crate) fn talk(target: Target) -> Conversation {
    let pace = Arc::new(Pace::new(&Limits::default()));
    let client = client(None, Duration::from_secs(5)).unwrap();
    Conversation::new(Arc::new(target), client, None, pace)
}

async fn serve(mut stream: TcpStream, answers: &'static [Said], said: Arc<AtomicUsize>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Ok(count @ 1..) = stream.read(&mut buffer).await else {
            return;
        };
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        let mut lengths = head
            .lines()
            .filter_map(|line| line.strip_prefix("content-length:"));
        let length: usize = lengths
            .next()
            .map_or(0, |text| text.trim().parse().unwrap());
        if body.len() < length {
            continue;
        }
        request.clear();
        let place = said.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let (status, body) = answers[place];
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
