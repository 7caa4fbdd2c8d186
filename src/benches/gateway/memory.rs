//! A million requests against a journal that fills up many times over: the process must not outgrow the bound of its
//! journal by more than a fifth.
//!
//! What is measured is the resident memory of the whole process (`VmRSS`), twenty times a second and at the end; the bound is
//! that of the journal of one space, and many times what an idle server takes. What recording costs is told by the same run
//! with a journal that keeps next to nothing.
//!
//! `cargo bench --bench gateway memory` sends a million requests to each; a number behind it sends so many instead.

use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tokio::time::Instant;

use crate::load::Line;
use crate::process::resident_bytes;
use crate::versus::{Case, prepare};

const REQUESTS: u64 = 1_000_000;
/// Few enough that what connections take is no part of the answer.
const CONNECTIONS: usize = 16;
/// A port that nothing else uses.
const ADDRESS: &str = "127.0.0.1:41118";
const MEBIBYTE: u64 = 1 << 20;
const BOUND: u64 = 256 * MEBIBYTE;
/// Two entries or so.
const TINY: u64 = 4 * 1024;

/// What one run came to.
struct Measured {
    requests_per_second: f64,
    /// Resident bytes before the first request.
    idle: u64,
    /// Resident bytes at the most.
    most: u64,
    /// Bytes that the journal says it keeps at the end.
    kept: u64,
    evicted: u64,
}

pub(crate) fn run() {
    let given = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let requests = given.unwrap_or(REQUESTS);
    let without = measure(TINY, requests);
    let with = measure(BOUND, requests);
    let mebibytes = |bytes: u64| bytes as f64 / MEBIBYTE as f64;
    let allowed = BOUND + BOUND / 5;
    println!(
        "{requests} requests with a journal of {:.0} MiB: at most {:.1} MiB resident, {:.1} MiB when idle (allowed {:.1} MiB), {:.2} of the bound",
        mebibytes(BOUND),
        mebibytes(with.most),
        mebibytes(with.idle),
        mebibytes(allowed),
        with.most as f64 / BOUND as f64,
    );
    println!(
        "the journal: {:.1} MiB kept, {} entries evicted; without one at most {:.1} MiB resident",
        mebibytes(with.kept),
        with.evicted,
        mebibytes(without.most),
    );
    println!(
        "GET card and POST cryptogram in turn: {:.0} requests/s, {:.0} with a journal of {TINY} bytes, ratio {:.2}",
        with.requests_per_second,
        without.requests_per_second,
        with.requests_per_second / without.requests_per_second
    );
    assert!(
        with.evicted > 0 && with.kept > BOUND / 10 * 9,
        "the journal is not full; send more"
    );
    assert!(with.most <= allowed, "the journal outgrows its bound");
}

fn measure(bound: u64, requests: u64) -> Measured {
    let config = std::env::temp_dir().join(format!("standin-bench-{}.toml", std::process::id()));
    std::fs::write(&config, format!("[journal]\nbytes_max = {bound}\n")).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_standin"))
        .args(["serve", "--quiet", "--listen", ADDRESS, "--config"])
        .arg(&config)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while TcpStream::connect(ADDRESS).is_err() {
        std::thread::sleep(Duration::from_millis(1));
    }
    // By then the keys have been made.
    std::thread::sleep(Duration::from_secs(2));
    let idle = resident_bytes(server.id());
    let client = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let measured = client.block_on(load(&server, idle, requests));
    server.kill().unwrap();
    server.wait().unwrap();
    std::fs::remove_file(&config).unwrap();
    measured
}

async fn load(server: &Child, idle: u64, requests: u64) -> Measured {
    let address: SocketAddr = ADDRESS.parse().unwrap();
    let cases = Arc::new(prepare(address, "default").await);
    let sent = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut lines = Vec::new();
    for place in 0..CONNECTIONS {
        let (cases, sent) = (Arc::clone(&cases), Arc::clone(&sent));
        lines.push(tokio::spawn(async move {
            let mut line = Line::open(address).await;
            loop {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                if number >= requests {
                    return;
                }
                let Case { requests, .. } = &cases[number as usize % cases.len()];
                let (status, _) = line.ask(requests[place].clone()).await;
                assert_eq!(status, 200, "the server under load must answer");
            }
        }));
    }
    let mut most = 0;
    while sent.load(Ordering::Relaxed) < requests {
        most = most.max(resident_bytes(server.id()));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for line in lines {
        line.await.unwrap();
    }
    let took = begun.elapsed();
    most = most.max(resident_bytes(server.id()));
    let mut line = Line::open(address).await;
    let journal = Request::get("/_standin/journal?rows=0").header("host", "localhost");
    let journal = journal.body(Full::<Bytes>::default()).unwrap();
    let (_, journal) = line.ask(journal).await;
    let journal: serde_json::Value = serde_json::from_slice(&journal).unwrap();
    Measured {
        requests_per_second: requests as f64 / took.as_secs_f64(),
        idle,
        most,
        kept: journal["bytes"].as_u64().unwrap(),
        evicted: journal["evicted"].as_u64().unwrap(),
    }
}
