//! Targets that misbehave in one way each, spoken byte by byte so that hyper cannot make them polite.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How a target misbehaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Script {
    /// The same answer to everything.
    Always(u16, &'static str, &'static str),
    /// Each request gets the next of these, of a media type and a body, and after the last one the first again.
    InTurn(&'static [(&'static str, String)]),
    /// Reads the request and closes.
    CloseAfterRequest,
    /// Reads the request and says nothing.
    Hang,
    /// Answers the token endpoint as it should, so many times, then closes every connection.
    DieAfter(usize),
    /// Promises more bytes than it sends.
    Truncate,
    /// Answers with something that is not HTTP.
    Garbage,
}

/// A target that is running.
pub(crate) struct Scripted {
    pub(crate) url: String,
    pub(crate) requests: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a target.
pub(crate) async fn start(script: Script) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, script, Arc::clone(&counter)));
        }
    });
    Scripted {
        url,
        requests,
        task,
    }
}

/// An address where nobody listens.
pub(crate) async fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn serve(mut stream: TcpStream, script: Script, counter: Arc<AtomicUsize>) {
    while let Some(request) = read_request(&mut stream).await {
        let seen = counter.fetch_add(1, Ordering::SeqCst);
        let answer = match script {
            Script::Always(status, kind, body) => whole(status, kind, body),
            Script::InTurn(answers) => {
                let (kind, body) = &answers[seen % answers.len()];
                whole(201, kind, body)
            }
            Script::CloseAfterRequest => return,
            Script::Hang => std::future::pending().await,
            Script::DieAfter(count) if seen >= count => return,
            Script::DieAfter(_) => token_endpoint(&request),
            Script::Truncate => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned(),
            Script::Garbage => "220 smtp.example ESMTP\r\n\r\n".to_owned(),
        };
        if stream.write_all(answer.as_bytes()).await.is_err()
            || matches!(script, Script::Truncate | Script::Garbage)
        {
            return;
        }
    }
}

fn whole(status: u16, kind: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// Just enough of a token endpoint for a few checks to pass.
fn token_endpoint(request: &str) -> String {
    let right = request.contains("grant_type=client_credentials")
        && request.contains("client_id=standin-manual")
        && request.contains("client_secret=standin-secret");
    if !right {
        return whole(
            401,
            "application/json",
            r#"{"error":"invalid_client","error_description":"no"}"#,
        );
    }
    let scopes = "cards:read cards:write cards:read-pci network-tokens:read network-tokens:write";
    whole(
        200,
        "application/json",
        &format!(r#"{{"access_token":"a.b.c","scope":"{scopes}","token_type":"Bearer"}}"#),
    )
}

/// One request, head and body; none when the peer has closed.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length:")?
                    .trim()
                    .parse::<usize>()
                    .ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text.into_owned());
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
