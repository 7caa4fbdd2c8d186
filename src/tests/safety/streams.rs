//! HTTP/2: streams that take nothing of their answers, and connections that say nothing.

use std::time::Duration;

use bytes::Bytes;
use h2::client::{self, SendRequest};
use http::Request;
use standin::server::Running;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::limits::{PATIENCE, server};
use crate::client::{Ask, Client};

/// A connection that grants `window` bytes for each answer, and what ends with it.
async fn connect(running: &Running, window: u32) -> (SendRequest<Bytes>, JoinHandle<()>) {
    let stream = TcpStream::connect(running.address()).await.unwrap();
    let mut builder = client::Builder::new();
    builder.initial_window_size(window);
    let (send, connection) = builder.handshake(stream).await.unwrap();
    let open = tokio::spawn(async move {
        let _ended = connection.await;
    });
    (send, open)
}

fn large(running: &Running) -> Request<()> {
    let uri = format!("{}/_standin/openapi.json", running.base_url());
    Request::get(uri).body(()).unwrap()
}

#[tokio::test]
async fn a_stream_that_takes_nothing_is_reset_and_its_connection_goes_on() {
    let running = server("answer_wait = \"PT0.3S\"").await;
    let (send, _open) = connect(&running, 0).await;
    let begun = Instant::now();
    let mut bodies = Vec::new();
    for _ in 0..50 {
        let mut send = send.clone().ready().await.unwrap();
        let (answer, _) = send.send_request(large(&running), true).unwrap();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200);
        bodies.push(answer.into_body());
    }
    for mut body in bodies {
        let end = timeout(PATIENCE, body.data()).await.expect("an end");
        let error = end.expect("no end without an error").unwrap_err();
        assert!(error.is_reset(), "{error}");
    }
    assert!(begun.elapsed() >= Duration::from_millis(250));
    // The connection is none the worse for it.
    let mut send = send.ready().await.unwrap();
    let uri = format!("{}/_standin/health", running.base_url());
    let request = Request::head(uri).body(()).unwrap();
    let (answer, _) = send.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_stream_that_takes_little_at_a_time_gets_everything() {
    let running = server("answer_wait = \"PT2S\"").await;
    let (send, _open) = connect(&running, 16_384).await;
    let mut send = send.ready().await.unwrap();
    let (answer, _) = send.send_request(large(&running), true).unwrap();
    let mut body = answer.await.unwrap().into_body();
    let mut text = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece.unwrap();
        text.extend_from_slice(&piece);
        body.flow_control().release_capacity(piece.len()).unwrap();
        sleep(Duration::from_millis(5)).await;
    }
    let whole = Client::new(&running.base_url());
    let whole = whole.send(Ask::get("/_standin/openapi.json")).await;
    assert_eq!(text, whole.body);
}

#[tokio::test]
async fn a_connection_that_has_no_more_to_say_is_closed() {
    let running = server("idle_wait = \"PT0.3S\"\nanswer_wait = \"PT0.3S\"").await;
    let (send, open) = connect(&running, 65_535).await;
    let mut send = send.ready().await.unwrap();
    let uri = format!("{}/_standin/health", running.base_url());
    let request = Request::get(uri).body(()).unwrap();
    let (answer, _) = send.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    timeout(PATIENCE, open).await.expect("closed").unwrap();
}

#[tokio::test]
async fn what_a_stream_has_not_taken_does_not_keep_its_connection() {
    let running =
        server("first_byte_wait = \"PT0.3S\"\nidle_wait = \"PT0.3S\"\nanswer_wait = \"PT0.3S\"")
            .await;
    // One byte is enough for the last piece to be handed to the connection, which then has it for good.
    let (send, open) = connect(&running, 1).await;
    let mut send = send.ready().await.unwrap();
    let uri = format!("{}/_standin/health", running.base_url());
    let (answer, _) = send
        .send_request(Request::get(uri).body(()).unwrap(), true)
        .unwrap();
    let _body = answer.await.unwrap().into_body();
    timeout(PATIENCE, open).await.expect("closed").unwrap();
}

#[tokio::test]
async fn a_connection_that_follows_a_journal_is_not_idle() {
    let running = server("idle_wait = \"PT0.2S\"").await;
    let (send, open) = connect(&running, 65_535).await;
    let mut send = send.ready().await.unwrap();
    let uri = format!("{}/_standin/journal/events", running.base_url());
    let (answer, _) = send
        .send_request(Request::get(uri).body(()).unwrap(), true)
        .unwrap();
    let mut body = answer.await.unwrap().into_body();
    assert!(body.data().await.unwrap().is_ok());
    sleep(Duration::from_millis(900)).await;
    assert!(!open.is_finished());
}
