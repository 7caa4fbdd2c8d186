//! The program as a process: cold start to first answer, beside a bare hyper server's in the same run, and memory when idle.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::Instant;

use crate::server::BARE;

const STARTS: usize = 15;
/// A port that nothing else uses, so that the client can knock before the server has printed anything.
pub(crate) const ADDRESS: &str = "127.0.0.1:24119";
/// Beside bare hyper.
const WANTED: f64 = 1.6;

pub(crate) fn run() {
    let file = std::env::temp_dir().join(format!("standin-start-{}.json", std::process::id()));
    std::fs::write(&file, r#"[{ "headers": {}, "body": "" }]"#).unwrap();
    let (mut starts, mut bare_starts) = (Vec::new(), Vec::new());
    let (mut idle, mut own) = (0, 0);
    for _ in 0..STARTS {
        let mut bare = Command::new(std::env::current_exe().unwrap());
        bare.args([BARE, ADDRESS, file.to_str().unwrap()]);
        let (took, server) = first_answer(bare);
        bare_starts.push(took);
        end(server);
        let mut standin = Command::new(env!("CARGO_BIN_EXE_standin"));
        standin.args(["serve", "--quiet", "--listen", ADDRESS]);
        let (took, server) = first_answer(standin);
        starts.push(took);
        // By then the key for access tokens has been made.
        std::thread::sleep(Duration::from_millis(500));
        idle = idle.max(resident_bytes(server.id()));
        own = own.max(status_bytes(server.id(), "RssAnon:"));
        end(server);
    }
    std::fs::remove_file(&file).unwrap();
    starts.sort();
    bare_starts.sort();
    let millis = |took: Duration| took.as_secs_f64() * 1e3;
    let (middle, bare) = (millis(starts[STARTS / 2]), millis(bare_starts[STARTS / 2]));
    println!(
        "cold start to first answer: median {middle:.1} ms, worst {:.1} ms of {STARTS}; bare hyper {bare:.1} ms: {:.1} times (wanted {WANTED})",
        millis(starts[STARTS - 1]),
        middle / bare
    );
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!(
        "idle memory: {:.1} MiB (wanted 12 MiB), of which {:.1} its own and the rest pages of the program's file",
        mib(idle),
        mib(own)
    );
}

/// Starts a server and asks it until it answers.
pub(crate) fn first_answer(mut command: Command) -> (Duration, Child) {
    let begun = Instant::now();
    let server = command.stdout(Stdio::null()).spawn().unwrap();
    let mut stream = loop {
        if let Ok(stream) = TcpStream::connect(ADDRESS) {
            break stream;
        }
        std::thread::sleep(Duration::from_micros(100));
    };
    stream
        .write_all(b"GET /_standin/health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    let took = begun.elapsed();
    assert_eq!(&answer, b"HTTP/1.1 200");
    (took, server)
}

pub(crate) fn end(mut server: Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

/// Resident memory of a process, from /proc.
pub(crate) fn resident_bytes(process: u32) -> u64 {
    status_bytes(process, "VmRSS:")
}

/// What a line of /proc says of a process.
fn status_bytes(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(name))
        .unwrap_or_default();
    let kibibytes = line
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse::<u64>().ok());
    kibibytes.unwrap_or_default() * 1024
}
