//! What the rules of HTTP/1.1 say of requests that are not quite right.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::limits::{PATIENCE, said, server};

/// RFC 9112, sections 3.2 (host), 6.1 and 6.3 (transfer codings).
#[tokio::test]
async fn a_head_says_what_it_has_to_and_once() {
    let running = server("").await;
    for (head, status, code) in [
        ("GET /cards/x HTTP/1.1\r\n", "400", "host_missing"),
        ("GET /_standin/health HTTP/1.1\r\n", "400", "host_missing"),
        ("GET /_standin/health HTTP/1.0\r\n", "200", "ok"),
        ("GET /_standin/health HTTP/1.1\r\nhost:\r\n", "200", "ok"),
        (
            "GET /_standin/health HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n",
            "400",
            "header_unreadable",
        ),
        (
            "GET /cards/x HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n",
            "400",
            "header_unreadable",
        ),
        (
            "GET http://evil.example/cards HTTP/1.1\r\nhost: localhost\r\n",
            "421",
            "host_unknown",
        ),
        (
            "POST /cards HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip, chunked\r\n",
            "501",
            "transfer_coding",
        ),
        (
            "POST /cards HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n",
            "400",
            "",
        ),
    ] {
        let request = format!("{head}connection: close\r\n\r\n");
        let (text, _) = said(&running, request.as_bytes()).await;
        let began = text.split(' ').nth(1);
        assert_eq!(began, Some(status), "{head}: {text}");
        assert!(text.contains(code), "{head}: {text}");
    }
}

#[tokio::test]
async fn who_has_said_all_and_closes_that_half_gets_an_answer() {
    let running = server("").await;
    for body in ["", r#"{"advance":"PT1S"}"#] {
        let mut stream = TcpStream::connect(running.address()).await.unwrap();
        let method = if body.is_empty() { "GET" } else { "POST" };
        let head = format!(
            "{method} /_standin/clock HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
        read.expect("the server hangs up").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with('}'), "{answer}");
    }
    // Who closes in the middle has said nothing.
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    stream.write_all(b"GET /_standin/clock HT").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    let read = timeout(Duration::from_secs(10), stream.read_to_string(&mut answer)).await;
    read.expect("the server hangs up").unwrap();
    assert!(!answer.contains(" 200 "), "{answer}");
}
