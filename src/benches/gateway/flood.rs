//! What a flood leaves behind: 50,000 payments, each with an idempotency key of its own, while 900 try to follow the journal.
//! Resident memory before, at the most, while all of it is kept, and after the followers have gone and the space was put back
//! to its beginning: it must stay under the sum that `src/limits.rs` states, and what was let go must be given back.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use standin::limits::{FOLLOWERS_MAX, MIB, WORST_CASE};
use tokio::time::Instant;

use crate::process::resident_bytes;
use crate::server::Server;
use crate::versus::SETTLED;

const ADDRESS: &str = "127.0.0.1:24131";
const PAYMENTS: u64 = 50_000;
const FOLLOWERS: usize = 900;
const PAYERS: u64 = 4;
/// How long an allocator may keep what was let go.
const PATIENCE: Duration = Duration::from_secs(30);
/// What it may keep of the flood for good: a third.
const KEPT: f64 = 1.0 / 3.0;

pub(crate) fn run() {
    let server = Server::standin(ADDRESS, &[]);
    std::thread::sleep(SETTLED * 2);
    let resident = || resident_bytes(server.id());
    let (before, most, over) = (resident(), AtomicU64::new(0), AtomicBool::new(false));
    let watch = || {
        most.fetch_max(resident(), Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(20));
    };
    let begun = Instant::now();
    let (followers, kept) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                watch();
            }
        });
        let followers = follow(server.address);
        let payers = (0..PAYERS).map(|payer| scope.spawn(move || pay(server.address, payer)));
        for payer in payers.collect::<Vec<_>>() {
            payer.join().unwrap();
        }
        over.store(true, Ordering::Relaxed);
        (followers, resident())
    });
    let rate = PAYMENTS as f64 / begun.elapsed().as_secs_f64();
    assert_eq!(followers.len(), FOLLOWERS_MAX, "who may follow");
    drop(followers);
    let mut line = Line::open(server.address);
    line.ask("POST /_standin/reset HTTP/1.1\r\nhost: localhost\r\n\r\n");
    drop(line);
    let begun = Instant::now();
    let allowed = before + ((kept - before) as f64 * KEPT) as u64;
    while resident() > allowed && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(200));
    }
    let (after, waited) = (resident(), begun.elapsed());
    let most = most.into_inner().max(kept);
    let stated = WORST_CASE.iter().sum::<usize>() as u64;
    let mib = |bytes: u64| bytes as f64 / MIB as f64;
    println!(
        "{PAYMENTS} keyed payments ({rate:.0} a second) and {FOLLOWERS} who would follow: {:.1} MiB resident before, {:.1} at most, {:.1} with all of it, {:.1} after it was let go, {:.1} s later; src/limits.rs states {:.0}",
        mib(before),
        mib(most),
        mib(kept),
        mib(after),
        waited.as_secs_f64(),
        mib(stated)
    );
    assert!(most < stated, "more than src/limits.rs states");
    assert!(after <= allowed, "what was let go is not given back");
}

/// Who is let in to follow. They read nothing of what they are told.
fn follow(to: SocketAddr) -> Vec<Line> {
    let request = "GET /_standin/journal/events HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let follower = |_| {
        let mut line = Line::open(to);
        line.stream.write_all(request.as_bytes()).unwrap();
        let (status, _) = line.head();
        status.contains(" 200 ").then_some(line)
    };
    (0..FOLLOWERS).filter_map(follower).collect()
}

fn pay(to: SocketAddr, payer: u64) {
    let mut line = Line::open(to);
    for number in (0..PAYMENTS).filter(|number| number % PAYERS == payer) {
        let body = format!(
            r#"{{"amount":{},"currency":"EUR","reference":"order {number} of a flood","card":{{"number":"4111111111111111","exp_month":12,"exp_year":40,"cvc":"123"}}}}"#,
            1_000 + number
        );
        let status = line.ask(&format!(
            "POST /payments HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer standin_key\r\ncontent-type: application/json\r\nidempotency-key: order-{number}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ));
        assert!(status.contains(" 201 "), "{status}");
    }
}

/// One connection, one answer at a time.
struct Line {
    stream: TcpStream,
    answers: BufReader<TcpStream>,
}

impl Line {
    fn open(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).unwrap();
        stream.set_nodelay(true).unwrap();
        let answers = BufReader::new(stream.try_clone().unwrap());
        Self { stream, answers }
    }

    /// Sends a request, reads the answer, and tells its first line.
    fn ask(&mut self, request: &str) -> String {
        self.stream.write_all(request.as_bytes()).unwrap();
        let (status, length) = self.head();
        let mut body = vec![0; length];
        self.answers.read_exact(&mut body).unwrap();
        status
    }

    fn head(&mut self) -> (String, usize) {
        let (mut status, mut length) = (String::new(), 0);
        self.answers.read_line(&mut status).unwrap();
        loop {
            let mut line = String::new();
            self.answers.read_line(&mut line).unwrap();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                return (status, length);
            }
        }
    }
}
