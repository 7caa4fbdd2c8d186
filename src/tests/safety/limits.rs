//! Clients that take too much or too long.

use std::time::Duration;

use standin::operations::settings::Settings;
use standin::server::{Options, Running, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

use crate::client::options;

/// Longer than anything here may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn server(bounds: &str) -> Running {
    let settings = Settings::parse(&format!("[clients]\n{bounds}\n")).unwrap();
    start(Options {
        settings,
        ..options()
    })
    .await
    .unwrap()
}

/// Everything that the server says until it hangs up, and how long that took.
async fn heard(stream: &mut TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    // A reset is a way of hanging up.
    let _cut = read.expect("the server hangs up");
    (
        String::from_utf8_lossy(&bytes).into_owned(),
        begun.elapsed(),
    )
}

pub(super) async fn said(running: &Running, request: &[u8]) -> (String, Duration) {
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    heard(&mut stream).await
}

const HEALTH: &[u8] = b"GET /_standin/health HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[tokio::test]
async fn who_says_nothing_is_hung_up_on() {
    let running = server("first_byte_wait = \"PT0.2S\"").await;
    let (text, took) = said(&running, b"").await;
    assert_eq!(text, "");
    assert!(took >= Duration::from_millis(150), "{took:?}");
}

/// Whoever asks before sending it is not told to go on, and who never sends it is not told that it was slow.
#[tokio::test]
async fn a_body_that_is_announced_as_too_large_is_refused_as_that() {
    let running = server("body_wait = \"PT0.2S\"").await;
    for (path, expect) in [
        ("/_standin/clock", "expect: 100-continue\r\n"),
        ("/v1/payment_intents", "expect: 100-continue\r\n"),
        ("/cards", ""),
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{expect}content-length: 2000000000\r\n\r\n"
        );
        let (text, _) = said(&running, head.as_bytes()).await;
        assert!(text.starts_with("HTTP/1.1 413"), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_head_that_never_ends_is_hung_up_on() {
    let running = server("idle_wait = \"PT0.2S\"").await;
    let (text, _) = said(
        &running,
        b"GET /cards HTTP/1.1\r\nhost: localhost\r\nx-slow: ",
    )
    .await;
    assert!(!text.contains("200"), "{text}");
}

#[tokio::test]
async fn who_is_idle_between_two_requests_is_hung_up_on() {
    let running = server("idle_wait = \"PT0.2S\"").await;
    let (text, took) = said(&running, HEALTH).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(took >= Duration::from_millis(150), "{took:?}");
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered_and_hung_up_on() {
    let running = server("body_wait = \"PT0.2S\"").await;
    let head = "POST /_standin/clock HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    let (text, _) = said(&running, head.as_bytes()).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    assert!(text.contains("body_too_slow"), "{text}");
    let surface = head.replace("/_standin/clock", "/cards");
    let (text, _) = said(&running, surface.as_bytes()).await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
    assert!(
        text.contains(r#""errors""#),
        "in the surface's own words: {text}"
    );
}

/// Answers are asked for one behind the other until the buffers of both ends are full of them.
#[tokio::test]
async fn who_reads_no_answer_is_hung_up_on() {
    let running = server("answer_wait = \"PT0.2S\"").await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(running.address()).await.unwrap();
    let asking = async {
        let begun = Instant::now();
        let many = b"GET /auth/realms/vgs/protocol/openid-connect/certs HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
        while stream.write_all(&many).await.is_ok() {}
        begun.elapsed()
    };
    let took = timeout(PATIENCE, asking).await;
    let took = took.expect("the server hangs up, and does not wait for ever");
    assert!(took >= Duration::from_millis(150), "{took:?}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let running = server("head_bytes_max = 8192").await;
    let request = format!(
        "GET /_standin/health HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n",
        "x".repeat(9_000)
    );
    let (text, _) = said(&running, request.as_bytes()).await;
    assert!(text.starts_with("HTTP/1.1 431"), "{text}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let running = server("").await;
    let request = format!(
        "POST /_standin/clock HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 1048577\r\n\r\n{}",
        " ".repeat(1_048_577)
    );
    let (text, _) = said(&running, request.as_bytes()).await;
    assert!(text.starts_with("HTTP/1.1 413"), "{text}");
    assert!(text.contains("body_too_large"), "{text}");
}

async fn beginning(stream: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    let read = timeout(PATIENCE, stream.read_exact(&mut answer)).await;
    read.expect("an answer").unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn who_finds_no_room_is_told_so_and_the_control_plane_has_room_of_its_own() {
    let running = server("connections_max = 3").await;
    let mut guests = Vec::new();
    for _ in 0..3 {
        let mut guest = TcpStream::connect(running.address()).await.unwrap();
        guest.write_all(HEALTH).await.unwrap();
        assert_eq!(beginning(&mut guest).await, "HTTP/1.1 200");
        guests.push(guest);
    }
    const CARDS: &[u8] = b"GET /cards/x HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for _ in 0..5 {
        let (text, _) = said(&running, CARDS).await;
        assert!(text.starts_with("HTTP/1.1 503"), "{text}");
        assert!(text.contains("no_room"), "{text}");
        let (text, took) = said(&running, HEALTH).await;
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert!(text.contains("connection: close"), "{text}");
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
    // Who takes a reserved place and says nothing keeps it for a second.
    let mut silent = TcpStream::connect(running.address()).await.unwrap();
    let (text, took) = heard(&mut silent).await;
    assert!(text.is_empty() && took < Duration::from_secs(5), "{text}");
    drop(guests);
    let mut late = TcpStream::connect(running.address()).await.unwrap();
    loop {
        late.write_all(CARDS).await.unwrap();
        if beginning(&mut late).await == "HTTP/1.1 401" {
            break;
        }
        // The server has not seen yet that they have gone.
        late = TcpStream::connect(running.address()).await.unwrap();
    }
}
