//! What the proxy costs. A plain tunnel passes bytes to a bare server, and is told beside calls that go there directly. An
//! intercepted call is answered by standin inside a tunnel, by TLS as programs speak it, and is told beside the same call
//! without a proxy and without TLS. And what 500 tunnels take of memory, each with TLS and a call in it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;
use tokio::time::Instant;

use crate::cases::{Case, prepare, read};
use crate::process::resident_bytes;
use crate::server::{Server, pin_client};
use crate::spin::{Connection, Wire, rounds, spin};
use crate::versus::SETTLED;

const STANDIN: &str = "127.0.0.1:24132";
const BARE: &str = "127.0.0.1:24133";
const PROXY: &str = "127.0.0.1:24134";
const CONNECTIONS: usize = 32;
const CARDS: usize = 20;
const TUNNELS: usize = 500;
const SPAN: Duration = Duration::from_secs(1);
const STARTS: usize = 5;
/// The name of the imitated service and that of the upstream.
const IMITATED: &str = "sandbox.vgsapi.com";
const UPSTREAM: &str = "own.test";

/// Calls a second, and microseconds of standin's processor time for each.
type Measured = (f64, f64);

pub(crate) fn run() {
    pin_client();
    let folder = std::env::temp_dir().join(format!("standin-proxy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (config, answers) = (folder.join("own.toml"), folder.join("answers.json"));
    let upstream = format!("[proxy.upstreams]\n\"{UPSTREAM}\" = \"{BARE}\"\n");
    std::fs::write(&config, upstream).unwrap();
    let (mut tunnels, mut calls, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let more = ["--proxy-plain", PROXY, "--proxy-open", "--config"];
        let standin = Server::standin(STANDIN, &[&more, &[config.to_str().unwrap()][..]].concat());
        std::thread::sleep(SETTLED);
        let case = prepare(standin.address, "default", CONNECTIONS, CARDS).remove(0);
        let answer = json!({ "headers": case.headers, "body": case.answer });
        std::fs::write(&answers, json!([answer, answer]).to_string()).unwrap();
        let bare = Server::bare(BARE, answers.to_str().unwrap());
        tunnels.push(in_turn(
            &standin,
            &mut case.open(bare.address),
            &mut passed(&case),
        ));
        let trust = trust(standin.address);
        calls.push(in_turn(
            &standin,
            &mut case.open(standin.address),
            &mut intercepted(&case, &trust),
        ));
        taken.push(kib_each(&standin, &case, &trust));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{CONNECTIONS} connections, {STARTS} starts, medians");
    tell("plain tunnel", &tunnels);
    tell("intercepted call", &calls);
    taken.sort_unstable();
    println!(
        "{TUNNELS} tunnels with TLS and a call in each: {} KiB resident each, the most of {STARTS} starts {}",
        taken[STARTS / 2],
        taken[STARTS - 1]
    );
}

/// The one, the other, the other, the one.
fn in_turn(
    standin: &Server,
    direct: &mut [Connection],
    through: &mut [Connection],
) -> [Measured; 2] {
    spin(direct, SPAN / 4);
    spin(through, SPAN / 4);
    let first = measured(standin, direct);
    let second = measured(standin, through);
    let third = measured(standin, through);
    let fourth = measured(standin, direct);
    let mean = |one: Measured, other: Measured| ((one.0 + other.0) / 2.0, (one.1 + other.1) / 2.0);
    [mean(first, fourth), mean(second, third)]
}

fn measured(standin: &Server, lines: &mut [Connection]) -> Measured {
    let (before, begun) = (standin.spent(), Instant::now());
    let calls = spin(lines, SPAN) as f64;
    let took = begun.elapsed().as_secs_f64();
    let spent = standin.spent().since(before).all.as_secs_f64();
    (calls / took, spent * 1e6 / calls)
}

fn tell(name: &str, measured: &[[Measured; 2]]) {
    let middle = |of: fn(&[Measured; 2]) -> f64| {
        let mut values: Vec<_> = measured.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    println!(
        "{name:<16} rate ratio {:.2} to direct calls, {:.0} calls/s; {:.1} us of standin's processor time, {:.1} us directly",
        middle(|[direct, through]| through.0 / direct.0),
        middle(|[_, through]| through.0),
        middle(|[_, through]| through.1),
        middle(|[direct, _]| direct.1),
    );
}

/// A tunnel to a place, before anything has been said in it.
fn tunnel(to: &str) -> TcpStream {
    let mut stream = TcpStream::connect(PROXY).unwrap();
    let ask = format!("CONNECT {to} HTTP/1.1\r\nhost: {to}\r\n\r\n");
    stream.write_all(ask.as_bytes()).unwrap();
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    assert!(head.starts_with(b"HTTP/1.1 200"));
    stream
}

/// The connections of a case, each by a tunnel that is passed on.
fn passed(case: &Case) -> Vec<Connection> {
    let port = BARE.rsplit(':').next().unwrap();
    let lines = case.lines.iter().map(|ids| {
        let wire = Wire::Plain(tunnel(&format!("{UPSTREAM}:{port}")));
        Connection::over(wire, &case.before, ids.clone(), &case.after)
    });
    lines.collect()
}

/// The connections of a case, each by a tunnel with TLS in which standin answers.
fn intercepted(case: &Case, trust: &Arc<ClientConfig>) -> Vec<Connection> {
    let lines = case.lines.iter();
    lines.map(|ids| secured(case, ids.clone(), trust)).collect()
}

fn secured(case: &Case, ids: Vec<String>, trust: &Arc<ClientConfig>) -> Connection {
    let name = ServerName::try_from(IMITATED).unwrap();
    let tls = ClientConnection::new(Arc::clone(trust), name).unwrap();
    let mut stream = StreamOwned::new(tls, tunnel(&format!("{IMITATED}:443")));
    // The handshake, while reading still waits.
    stream.flush().unwrap();
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).unwrap();
    }
    let before = String::from_utf8(case.before.clone()).unwrap();
    let before = before.replace("host: localhost", &format!("host: {IMITATED}"));
    let after = String::from_utf8(case.after.clone()).unwrap();
    let after = after.replace("host: localhost", &format!("host: {IMITATED}"));
    let wire = Wire::Tls(Box::new(stream));
    Connection::over(wire, before.as_bytes(), ids, after.as_bytes())
}

/// Whoever believes the proxy.
fn trust(standin: SocketAddr) -> Arc<ClientConfig> {
    let facts = read(standin, "/_standin/proxy");
    let pem = facts["authority"].as_str().unwrap();
    let mut roots = RootCertStore::empty();
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    roots.add(der).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn kib_each(standin: &Server, case: &Case, trust: &Arc<ClientConfig>) -> u64 {
    let before = resident_bytes(standin.id());
    let ids = &case.lines[0];
    let open = (0..TUNNELS).map(|_| secured(case, ids.clone(), trust));
    let mut open: Vec<_> = open.collect();
    rounds(&mut open, 1);
    let after = resident_bytes(standin.id());
    after.saturating_sub(before) / 1024 / TUNNELS as u64
}
