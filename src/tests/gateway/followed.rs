//! Following the journal, as a client of HTTP/1.1 and one of HTTP/2 see it: what arrives, when, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use standin::operations::SpaceName;
use standin::operations::settings::Settings;
use standin::server::Options;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Ask, HOST, Stand, options};

/// Long enough for a loaded machine, and shorter than open requests may take when the server stops.
const SOON: Duration = Duration::from_secs(4);
const VERSIONS: [u8; 2] = [1, 2];

/// One event.
#[derive(Debug, PartialEq)]
struct Event {
    id: Option<String>,
    name: String,
    told: Value,
}

/// Somebody who follows.
struct Tail {
    body: Incoming,
    read: String,
}

impl Tail {
    async fn open(stand: &Stand, version: u8, path: &str) -> Self {
        Self::after(stand, version, path, "").await
    }

    /// Goes on behind an event.
    async fn after(stand: &Stand, version: u8, path: &str, last: &str) -> Self {
        let address = stand.server.address();
        let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let uri = match version {
            1 => path.to_owned(),
            _ => format!("http://{HOST}{path}"),
        };
        let mut request = Request::get(uri).header("last-event-id", last);
        if version == 1 {
            request = request.header("host", HOST);
        }
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        let answer: Response<Incoming> = if version == 1 {
            let (mut send, connection) = http1::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            send.send_request(request).await.unwrap()
        } else {
            let executor = TokioExecutor::new();
            let mut builder = http2::Builder::new(executor);
            builder.initial_stream_window_size(64 * 1024);
            let (mut send, connection) = builder.handshake(stream).await.unwrap();
            tokio::spawn(connection);
            send.send_request(request).await.unwrap()
        };
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut tail = Self {
            body: answer.into_body(),
            read: String::new(),
        };
        let opening = tail.block().await.unwrap();
        assert!(opening.starts_with(": the next entry is number "));
        tail
    }

    /// What stands before the next empty line; none at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let block = block.to_owned();
                self.read = rest.to_owned();
                return Some(block);
            }
            let frame = tokio::time::timeout(SOON, self.body.frame()).await;
            let Some(frame) = frame.expect("nothing was told") else {
                assert_eq!(self.read, "", "the last event is cut off");
                return None;
            };
            let bytes = frame.unwrap().into_data().unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    async fn event(&mut self) -> Option<Event> {
        let block = self.block().await?;
        let field = |name: &str| {
            let mut lines = block.lines();
            let line = lines.find_map(|line| line.strip_prefix(name))?;
            Some(line.strip_prefix(": ").unwrap_or(line).to_owned())
        };
        Some(Event {
            id: field("id"),
            name: field("event").unwrap(),
            told: serde_json::from_str(&field("data").unwrap()).unwrap(),
        })
    }

    /// The next event, which must be of this kind.
    async fn told(&mut self, name: &str) -> Event {
        let event = self.event().await.expect("the stream has ended");
        assert_eq!(event.name, name, "{event:?}");
        event
    }

    async fn number(&mut self) -> u64 {
        self.told("entry").await.told["number"].as_u64().unwrap()
    }

    async fn ends_because(mut self, reason: &str) {
        assert_eq!(self.told("end").await.told, json!({ "reason": reason }));
        assert_eq!(self.event().await, None);
    }
}

async fn ask_for(stand: &Stand, path: &str) {
    stand.send(Ask::get(path)).await.expect(401);
}

#[tokio::test]
async fn entries_arrive_as_they_are_recorded() {
    for version in VERSIONS {
        println!("over {version:?}");
        let stand = Stand::start(options()).await;
        ask_for(&stand, "/cards/before").await;
        let mut all = Tail::open(&stand, version, "/_standin/journal/events").await;
        let query = "?method=post&request:/data/attributes/exp_month:=12";
        let mut some =
            Tail::open(&stand, version, &format!("/_standin/journal/events{query}")).await;
        let elsewhere = "/~elsewhere/_standin/journal/events";
        let mut elsewhere = Tail::open(&stand, version, elsewhere).await;
        ask_for(&stand, "/cards/x").await;
        let event = all.told("entry").await;
        let journal = stand.send(Ask::get("/_standin/journal?from=1")).await;
        assert_eq!(event.told, journal.expect(200).json()["entries"][0]);
        assert_eq!(event.told["target"], "/cards/x");
        let token = stand.client.token("standin-manual", None).await;
        let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 30 });
        let create = Ask::post("/cards").bearer(&token).attributes(&card);
        stand.send(create).await.expect(201);
        assert_eq!((all.number().await, all.number().await), (2, 3));
        let told = some.told("entry").await.told;
        assert_eq!(told["number"], 3);
        assert!(
            told["request"]
                .as_str()
                .unwrap()
                .contains("411111******1111")
        );
        ask_for(&stand, "/~elsewhere/cards/x").await;
        assert_eq!(elsewhere.number().await, 0);
    }
}

#[tokio::test]
async fn whoever_comes_back_goes_on_where_it_left_off() {
    let path = "/_standin/journal/events";
    for version in VERSIONS {
        println!("over {version:?}");
        let stand = Stand::start(options()).await;
        for place in 0..5 {
            ask_for(&stand, &format!("/cards/{place}")).await;
        }
        let mut first = Tail::open(&stand, version, &format!("{path}?from=1")).await;
        assert_eq!(first.number().await, 1);
        let seen = first.told("entry").await;
        drop(first);
        let mut again = Tail::after(&stand, version, path, &seen.id.unwrap()).await;
        assert_eq!((again.number().await, again.number().await), (3, 4));
        let query = format!("{path}?rows=2&path=/cards/*&path=/nowhere");
        let mut latest = Tail::open(&stand, version, &query).await;
        assert_eq!((latest.number().await, latest.number().await), (3, 4));
        let mut last = Tail::open(&stand, version, &format!("{path}?rows=0&from=1")).await;
        let mut one = Tail::open(&stand, version, &format!("{path}?rows=9&path=/cards/1")).await;
        assert_eq!(one.number().await, 1);
        let mut other = Tail::open(&stand, version, "/~other/_standin/journal/events?from=0").await;
        ask_for(&stand, "/~other/cards/x").await;
        let foreign = other.told("entry").await.id.unwrap();
        // An event of another journal says nothing about this one.
        let mut lost = Tail::after(&stand, version, path, &foreign).await;
        assert_eq!(lost.told("reset").await.id.as_deref(), Some(""));
        assert_eq!(lost.number().await, 0);
        ask_for(&stand, "/cards/5").await;
        assert_eq!((last.number().await, again.number().await), (5, 5));
    }
}

#[tokio::test]
async fn what_was_evicted_is_told() {
    let settings = Settings::parse("[journal]\nbytes_max = 4000\n").unwrap();
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    let path = "/_standin/journal/events";
    ask_for(&stand, "/cards/x").await;
    let mut begun = Tail::open(&stand, 1, &format!("{path}?from=0")).await;
    let first = begun.told("entry").await.id.unwrap();
    drop(begun);
    for _ in 0..99 {
        ask_for(&stand, "/cards/x").await;
    }
    let evicted = stand.send(Ask::get("/_standin/journal")).await.expect(200);
    let evicted = evicted.json()["evicted"].as_u64().unwrap();
    assert!(evicted > 50, "{evicted}");
    for version in VERSIONS {
        println!("over {version:?}");
        let mut again = Tail::after(&stand, version, path, &first).await;
        let gap = again.told("evicted").await;
        assert_eq!(gap.told, json!({ "from": 1, "evicted": evicted - 1 }));
        for number in evicted..100 {
            assert_eq!(again.number().await, number);
        }
        // Who has been told of the gap is not told again.
        let mut after = Tail::after(&stand, version, path, &gap.id.unwrap()).await;
        assert_eq!(after.number().await, evicted);
    }
}

#[tokio::test]
async fn a_space_that_begins_again_or_goes_is_told() {
    for version in VERSIONS {
        println!("over {version:?}");
        let stand = Stand::start(options()).await;
        let mut tail = Tail::open(&stand, version, "/~lab/_standin/journal/events").await;
        ask_for(&stand, "/~lab/cards/x").await;
        let before = tail.told("entry").await;
        stand
            .send(Ask::post("/~lab/_standin/reset"))
            .await
            .expect(200);
        let reset = tail.told("reset").await;
        assert_eq!((reset.id.as_deref(), &reset.told), (Some(""), &json!({})));
        ask_for(&stand, "/~lab/cards/y").await;
        let after = tail.told("entry").await;
        assert_eq!(after.told["number"], 0);
        assert_ne!(after.id, before.id);
        // The number is there again, but not the entry.
        let path = "/~lab/_standin/journal/events";
        let mut late = Tail::after(&stand, version, path, &before.id.unwrap()).await;
        late.told("reset").await;
        assert_eq!(late.number().await, 0);
        stand
            .send(Ask::delete("/~lab/_standin/space"))
            .await
            .expect(204);
        tail.ends_because("removed").await;
        late.ends_because("removed").await;
    }
}

#[tokio::test]
async fn nobody_who_follows_keeps_the_server_from_stopping() {
    for version in VERSIONS {
        println!("over {version:?}");
        let stand = Stand::start(options()).await;
        let tail = Tail::open(&stand, version, "/_standin/journal/events").await;
        let other = Tail::open(&stand, version, "/~lab/_standin/journal/events").await;
        let spaces = Arc::clone(stand.server.spaces());
        let stopped = tokio::spawn(stand.server.stop());
        tail.ends_because("stopped").await;
        other.ends_because("stopped").await;
        tokio::time::timeout(SOON, stopped).await.unwrap().unwrap();
        // Neither does who begins only then.
        let late = spaces
            .open(&SpaceName::parse("late").unwrap())
            .await
            .unwrap();
        assert!(late.journal.news(0).await.is_some());
    }
}

/// One who reads nothing holds nobody up, and when it reads at last it is told what it missed.
#[tokio::test]
async fn a_follower_that_does_not_read_is_no_burden() {
    let settings = Settings::parse("[journal]\nbytes_max = 400000\n").unwrap();
    let stand = Stand::start(Options {
        settings,
        ..options()
    })
    .await;
    let mut idle = Tail::open(&stand, 2, "/_standin/journal/events").await;
    for _ in 0..60 {
        let long = Ask::post("/cards").body("text/plain", "word ".repeat(10_000));
        stand.send(long).await.expect(401);
    }
    let (mut next, mut gaps) = (0, 0);
    while next < 60 {
        let event = idle.event().await.unwrap();
        if event.name == "evicted" {
            assert_eq!(event.told["from"], next);
            next += event.told["evicted"].as_u64().unwrap();
            gaps += 1;
        } else {
            assert_eq!(event.told["number"], next);
            next += 1;
        }
    }
    assert!(
        gaps > 0,
        "three megabytes are more than is on its way at once"
    );
}

/// The bytes themselves, so that what a browser would see is known.
#[tokio::test]
async fn events_are_chunks_as_they_come() {
    let stand = Stand::start(options()).await;
    let mut socket = TcpStream::connect(stand.server.address()).await.unwrap();
    let head = format!("GET /_standin/journal/events HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut seen = String::new();
    let mut read_until = async |end: &str| {
        let mut bytes = [0; 4096];
        while !seen.contains(end) {
            let read = tokio::time::timeout(SOON, socket.read(&mut bytes)).await;
            let read = read.unwrap().unwrap();
            assert!(read > 0, "{seen}");
            seen.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
        seen.clone()
    };
    let opening = read_until("number 0\n\n").await;
    let (head, body) = opening.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for header in [
        "content-type: text/event-stream",
        "cache-control: no-store",
        "transfer-encoding: chunked",
    ] {
        assert!(head.contains(header), "{head}");
    }
    assert!(!head.contains("access-control"), "{head}");
    assert_eq!(body, "1E\r\n: the next entry is number 0\n\n\r\n");
    ask_for(&stand, "/cards/x").await;
    let event = read_until("\"target\":\"/cards/x\"").await;
    assert!(
        event.contains("\r\nid: 0-0\nevent: entry\ndata: {\"number\":0,"),
        "{event}"
    );
    stand.server.stop().await;
    let end = read_until("\r\n0\r\n\r\n").await;
    assert!(
        end.contains("event: end\ndata: {\"reason\":\"stopped\"}\n\n"),
        "{end}"
    );
}

/// A quiet journal is told from a dead server. The clock of this test is moved by hand.
#[tokio::test(start_paused = true)]
async fn a_comment_comes_when_nothing_else_does() {
    use tower::ServiceExt as _;
    let stand = Stand::start(options()).await;
    let router = standin::control::router(Arc::clone(stand.server.spaces()), "http", None);
    let mut request = Request::get("/_standin/journal/events")
        .body(axum::body::Body::empty())
        .unwrap();
    request.extensions_mut().insert(SpaceName::default_space());
    let mut body = router.oneshot(request).await.unwrap().into_body();
    let mut begun = tokio::time::Instant::now();
    body.frame().await.unwrap().unwrap();
    for _ in 0..3 {
        let beat = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(beat, ": still here\n\n");
        assert_eq!(begun.elapsed().as_secs(), 15);
        begun = tokio::time::Instant::now();
    }
}
