//! The program as a process: cold start to first answer, and memory when idle.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::time::Instant;

const STARTS: usize = 15;
/// A port that nothing else uses, so that the client can knock before the server has printed anything.
const ADDRESS: &str = "127.0.0.1:24119";

pub(crate) fn run() {
    let mut starts = Vec::new();
    let mut idle = 0;
    for _ in 0..STARTS {
        let begun = Instant::now();
        let mut server = Command::new(env!("CARGO_BIN_EXE_standin"))
            .args(["serve", "--quiet", "--listen", ADDRESS])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut stream = loop {
            if let Ok(stream) = TcpStream::connect(ADDRESS) {
                break stream;
            }
            std::thread::sleep(Duration::from_micros(200));
        };
        stream
            .write_all(b"GET /_standin/health HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        starts.push(begun.elapsed());
        // By then the key for access tokens has been made.
        std::thread::sleep(Duration::from_millis(500));
        idle = idle.max(resident_bytes(server.id()));
        server.kill().unwrap();
        server.wait().unwrap();
    }
    starts.sort();
    println!(
        "cold start to first answer: median {:.1} ms, worst {:.1} ms of {STARTS} (wanted 10 ms)",
        starts[STARTS / 2].as_secs_f64() * 1e3,
        starts[STARTS - 1].as_secs_f64() * 1e3
    );
    println!(
        "idle memory: {:.1} MiB (wanted 20 MiB)",
        idle as f64 / f64::from(1 << 20)
    );
}

/// Resident memory of a process, from /proc.
pub(crate) fn resident_bytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    let kibibytes = line
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse::<u64>().ok());
    kibibytes.unwrap_or_default() * 1024
}
