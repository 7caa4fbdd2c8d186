//! A million requests against a journal that fills up many times over: the process must not outgrow the bound of its
//! journal by more than a fifth.
//!
//! What is measured is the resident memory of the whole process (`VmRSS`), twenty times a second and at the end; the bound is
//! that of the journal of one space, and many times what an idle server takes. What recording costs is told by the same run
//! with a journal that keeps next to nothing.
//!
//! `cargo bench --bench gateway memory` sends a million requests to each; a number behind it sends so many instead.

use std::time::Duration;

use tokio::time::Instant;

use crate::cases::{prepare, read};
use crate::process::resident_bytes;
use crate::server::Server;
use crate::spin::spin;

const REQUESTS: u64 = 1_000_000;
/// Few enough that what connections take is no part of the answer.
const CONNECTIONS: usize = 16;
/// A port that nothing else uses.
const ADDRESS: &str = "127.0.0.1:24118";
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
    let server = Server::standin(ADDRESS, &["--config", config.to_str().unwrap()]);
    // By then the keys have been made.
    std::thread::sleep(Duration::from_secs(2));
    let idle = resident_bytes(server.id());
    let measured = load(&server, idle, requests);
    std::fs::remove_file(&config).unwrap();
    measured
}

fn load(server: &Server, idle: u64, requests: u64) -> Measured {
    let cases = prepare(server.address, "default", CONNECTIONS, 1);
    let begun = Instant::now();
    let (mut sent, mut most) = (0, 0);
    let mut lines: Vec<_> = cases.iter().map(|case| case.open(server.address)).collect();
    while sent < requests {
        for lines in &mut lines {
            sent += spin(lines, Duration::from_millis(50));
            most = most.max(resident_bytes(server.id()));
        }
    }
    let took = begun.elapsed();
    let journal = read(server.address, "/_standin/journal?rows=0");
    Measured {
        requests_per_second: sent as f64 / took.as_secs_f64(),
        idle,
        most,
        kept: journal["bytes"].as_u64().unwrap(),
        evicted: journal["evicted"].as_u64().unwrap(),
    }
}
