//! The client against servers that say and close as they are told.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::*;
use crate::limits::{IDLE_CONNECTION_WAIT, IDLE_CONNECTIONS_MAX};

const BOUNDS: Bounds = Bounds {
    wait: Duration::from_secs(10),
    bytes_max: 16,
};
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// What a server says to each request of one connection, after which it closes it.
type Answers = &'static [&'static str];

/// A server, and how many requests came over each of its connections. The last answers are those of every connection after.
async fn server(answers: &[Answers]) -> (SocketAddr, Arc<Mutex<Vec<usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut left: VecDeque<Answers> = answers.iter().copied().collect();
    let counted = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let answers = if left.len() > 1 {
                left.pop_front()
            } else {
                left.front().copied()
            };
            let place = counted.lock().len();
            counted.lock().push(0);
            tokio::spawn(serve(stream, answers.unwrap(), Arc::clone(&counted), place));
        }
    });
    (address, seen)
}

async fn serve(mut stream: TcpStream, answers: Answers, seen: Arc<Mutex<Vec<usize>>>, at: usize) {
    for answer in answers {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).await.unwrap_or_default() == 0 {
                return;
            }
            request.extend(byte);
        }
        seen.lock()[at] += 1;
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn client(resend: Resend) -> Client {
    Client::new(Trust::default(), resend)
}

async fn get(client: &Client, address: SocketAddr) -> Result<String, String> {
    let request = Request::get(format!("http://{address}/x"));
    let request = request.body(Full::default()).unwrap();
    let answer = client.exchange(request, anywhere, BOUNDS).await;
    let body = answer.map_err(|failure| failure.to_string())?.into_body()?;
    Ok(String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_connection_is_used_again_until_it_is_closed() {
    const CLOSING: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    let (address, seen) = server(&[&[OK, OK, CLOSING], &[OK, OK]]).await;
    let client = client(Resend::Unsent);
    for _ in 0..5 {
        assert_eq!(get(&client, address).await.as_deref(), Ok("ok"));
    }
    assert_eq!(*seen.lock(), [3, 2]);
}

/// The server reads the second request of a connection and closes, as one does whose patience ended meanwhile.
#[tokio::test]
async fn what_may_arrive_twice_is_sent_once_more_and_nothing_else_is() {
    let (address, seen) = server(&[&[OK, ""], &[OK, ""]]).await;
    let repeats = client(Resend::Unanswered);
    for _ in 0..2 {
        assert_eq!(get(&repeats, address).await.as_deref(), Ok("ok"));
    }
    assert_eq!(*seen.lock(), [2, 1]);

    let (address, seen) = server(&[&[OK, ""]]).await;
    let once = client(Resend::Unsent);
    assert_eq!(get(&once, address).await.as_deref(), Ok("ok"));
    assert!(get(&once, address).await.is_err());
    assert_eq!(*seen.lock(), [2]);
}

/// A new connection that fails says what the server does, so that nothing is sent again.
#[tokio::test]
async fn a_request_fails_with_its_new_connection() {
    let (address, seen) = server(&[&[""]]).await;
    assert!(get(&client(Resend::Unanswered), address).await.is_err());
    assert_eq!(*seen.lock(), [1]);
}

#[tokio::test]
async fn an_answer_that_was_not_read_to_its_end_spoils_its_connection() {
    const LONG: &str = "HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n12345678901234567";
    let (address, seen) = server(&[&[LONG, OK], &[OK]]).await;
    let client = client(Resend::Unsent);
    assert!(get(&client, address).await.is_err());
    assert_eq!(get(&client, address).await.as_deref(), Ok("ok"));
    assert_eq!(*seen.lock(), [1, 1]);
}

#[tokio::test]
async fn no_connection_is_kept_beyond_its_time_nor_more_than_the_bound() {
    let (address, seen) = server(&[&[OK, OK]]).await;
    let client = client(Resend::Unsent);
    get(&client, address).await.unwrap();
    let idle = &client.kept.0;
    let now = Instant::now();
    assert!(idle.lock().close(now).is_some());
    assert_eq!(idle.lock().close(now + IDLE_CONNECTION_WAIT), None);
    get(&client, address).await.unwrap();
    assert_eq!(*seen.lock(), [1, 1]);

    let all = (0..=IDLE_CONNECTIONS_MAX).map(|_| get(&client, address));
    assert!(
        futures::future::join_all(all)
            .await
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(idle.lock().connections.len(), IDLE_CONNECTIONS_MAX);
}

/// The name may lead elsewhere by now, so what it leads to is checked for each request, also when a connection is kept.
#[tokio::test]
async fn a_kept_connection_goes_only_where_the_address_is_still_admitted() {
    let (address, seen) = server(&[&[OK, OK]]).await;
    let client = client(Resend::Unsent);
    get(&client, address).await.unwrap();
    let request = Request::get(format!("http://{address}/x"));
    let request = request.body(Full::default()).unwrap();
    let refuse = |_| Err("is somebody else's".to_owned());
    let answer = client.exchange(request, refuse, BOUNDS).await;
    let want = "127.0.0.1 is somebody else's";
    assert_eq!(answer.unwrap_err().to_string(), want);
    assert_eq!(*seen.lock(), [1]);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let request = Request::get(url).body(Full::default()).unwrap();
    let bounds = Bounds {
        wait: Duration::ZERO,
        ..BOUNDS
    };
    let answer = client(Resend::Unsent)
        .exchange(request, anywhere, bounds)
        .await;
    assert_eq!(answer.unwrap_err(), Failure::Late(Duration::ZERO));
}
