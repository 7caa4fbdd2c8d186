//! What the file engine costs beside memory: reading a card, minting a cryptogram and spending one, over HTTP, with what a
//! folder outlives either way; and how soon a server answers that has a file of a million tokens.
//!
//! `BENCH_STORES="redis://127.0.0.1:6379 redis-cluster://127.0.0.1:7001"` names shared engines to be measured as well; they must be
//! empty. How many servers one of them bears is told by the processor time of both. `cargo bench --bench gateway store` makes a
//! million tokens, which takes some minutes; a number behind it makes so many.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use futures::StreamExt as _;
use standin::limits::MIB;
use standin::server::open_folder;
use standin::store::Durability;
use tokio::time::Instant;

use crate::cases::{api, ask, bearer, parse, prepare, request};
use crate::process::{ADDRESS, end, first_answer, resident_bytes};
use crate::server::{Server, pin_client};
use crate::spin::{Connection, once};
use crate::tokens;
use crate::versus::SETTLED;

/// Names shared engines; no variable of standin, which warns of one that begins like its own.
const STORES: &str = "BENCH_STORES";
const SERVED: &str = "127.0.0.1:24132";
const CONNECTIONS: usize = 32;
/// Of each connection, of each kind.
const REQUESTS: usize = 250;
const TOKENS: usize = 1_000_000;
/// Tokens that are made at once, so that they are committed together.
const TOGETHER: usize = 512;
/// Stands in a request where the next one differs.
const PART: &str = "THE-PART";
const STARTS: usize = 5;

pub(crate) fn run() {
    pin_client();
    let folder = std::env::temp_dir().join(format!("standin-store-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let data = folder.join("data");
    let data = data.to_str().unwrap();
    let mut engines = vec![
        ("memory", vec![]),
        ("file, process", vec!["--data", data]),
        ("file, power", vec!["--data", data, "--durability", "power"]),
    ];
    let stores = std::env::var_os(STORES).unwrap_or_default();
    let stores = stores.to_string_lossy();
    for store in stores.split_whitespace() {
        let scheme = store.split(':').next().unwrap();
        engines.push((scheme, vec!["--store", store]));
    }
    let mut memory = Vec::new();
    for (name, arguments) in engines {
        let measured = measure(&arguments);
        if memory.is_empty() {
            memory.clone_from(&measured);
        }
        for (one, beside) in measured.iter().zip(&memory) {
            println!(
                "{name:<14} {:<16} {:>7.0} requests/s, {:.2} of memory; p50 {:.1?}, p99 {:.1?}; processor time {:.0?} a request, of the engine {:.0?}",
                one.name,
                one.rate,
                one.rate / beside.rate,
                one.p50,
                one.p99,
                one.spent,
                one.engine,
            );
        }
        let _not_there_in_memory = std::fs::remove_dir_all(data);
    }
    cold(&folder.join("many"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[derive(Clone)]
struct Measured {
    name: &'static str,
    rate: f64,
    p50: Duration,
    p99: Duration,
    /// Of standin, a request.
    spent: Duration,
    /// Of a shared engine that is one server, a request; zero of any other.
    engine: Duration,
}

fn measure(arguments: &[&str]) -> Vec<Measured> {
    let server = Server::standin(SERVED, arguments);
    std::thread::sleep(SETTLED);
    let engine = arguments
        .iter()
        .find_map(|word| word.strip_prefix("redis://"));
    let cases = prepare(server.address, "default", CONNECTIONS, REQUESTS);
    let timed = |name, lines: &mut [Connection]| timed(name, lines, &server, engine);
    let mut measured: Vec<_> = cases
        .iter()
        .map(|case| timed(case.name, &mut case.open(server.address)))
        .collect();
    measured.push(timed("POST payment", &mut spenders(&server)));
    measured
}

fn timed(
    name: &'static str,
    lines: &mut [Connection],
    server: &Server,
    engine: Option<&str>,
) -> Measured {
    let before = (server.spent(), engine_spent(engine));
    let begun = Instant::now();
    let mut took = once(lines);
    let rate = took.len() as f64 / begun.elapsed().as_secs_f64();
    let requests = u32::try_from(took.len()).unwrap();
    took.sort();
    Measured {
        name,
        rate,
        p50: took[took.len() / 2],
        p99: took[took.len() * 99 / 100],
        spent: server.spent().since(before.0).all / requests,
        engine: (engine_spent(engine) - before.1) / requests,
    }
}

/// What an engine says that it has taken of its processor.
fn engine_spent(address: Option<&str>) -> Duration {
    let Some(address) = address else {
        return Duration::ZERO;
    };
    let mut line = TcpStream::connect(address).unwrap();
    line.write_all(b"INFO cpu\r\nQUIT\r\n").unwrap();
    let mut told = String::new();
    line.read_to_string(&mut told).unwrap();
    let seconds = told.lines().filter_map(|line| {
        let (name, seconds) = line.split_once(':')?;
        ["used_cpu_sys", "used_cpu_user"]
            .contains(&name)
            .then(|| seconds.parse::<f64>().unwrap())
    });
    Duration::from_secs_f64(seconds.sum())
}

/// A token for each connection, and as many cryptograms of it as it spends. The connections are opened when all is minted: one
/// on which no head comes for that long is closed.
fn spenders(server: &Server) -> Vec<Connection> {
    let mut line = TcpStream::connect(server.address).unwrap();
    let bearer = bearer(&mut line, "default");
    let mut ask = |method: &str, path: &str, body: &str| {
        let (_, body) = ask(&mut line, &api(&bearer, method, path, body));
        parse(&body)["data"].clone()
    };
    let card = r#"{"data":{"attributes":{"pan":"4111111111111111","exp_month":12,"exp_year":40}}}"#;
    let want = r#"{"data":{"attributes":{"amount":10,"currency_code":"USD"}}}"#;
    let spender = |_| {
        let card = ask("POST", "/cards", card)["id"].clone();
        let path = format!("/cards/{}", card.as_str().unwrap());
        let token = ask("POST", &format!("{path}/network-tokens"), "")["attributes"].clone();
        let body = format!(
            r#"{{"amount":1000,"currency":"USD","network_token":{{"number":{},"exp_month":{},"exp_year":{},"cryptogram":"{PART}"}}}}"#,
            token["network_token"], token["exp_month"], token["exp_year"]
        );
        let mint = |_| {
            let minted = ask("POST", &format!("{path}/cryptogram"), want);
            let value = &minted["attributes"]["cryptogram"]["value"];
            value.as_str().unwrap().to_owned()
        };
        let cryptograms: Vec<String> = (0..REQUESTS).map(mint).collect();
        // All of one length, which the request names.
        let whole = body.replace(PART, &cryptograms[0]);
        let headers = [
            ("authorization", "Bearer standin_key"),
            ("content-type", "application/json"),
        ];
        let pay = String::from_utf8(request("POST", "/payments", &headers, &whole)).unwrap();
        let (before, after) = pay.split_once(&cryptograms[0]).unwrap();
        (before.to_owned(), cryptograms, after.to_owned())
    };
    let spenders: Vec<_> = (0..CONNECTIONS).map(spender).collect();
    spenders
        .into_iter()
        .map(|(before, cryptograms, after)| {
            Connection::open(
                server.address,
                before.as_bytes(),
                cryptograms,
                after.as_bytes(),
            )
        })
        .collect()
}

fn cold(folder: &Path) {
    let given = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let count = given.unwrap_or(TOKENS);
    let begun = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(fill(folder, count));
    drop(runtime);
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let bytes: u64 = files.map(|file| file.metadata().unwrap().len()).sum();
    let (mut starts, mut resident) = (Vec::new(), 0);
    for _ in 0..STARTS {
        let mut standin = Command::new(env!("CARGO_BIN_EXE_standin"));
        standin.args(["serve", "--quiet", "--listen", ADDRESS, "--data"]);
        standin.arg(folder);
        let (took, server) = first_answer(standin);
        starts.push(took);
        resident = resident_bytes(server.id());
        end(server);
    }
    starts.sort();
    println!(
        "a file of {count} tokens, each with its card ({rate:.0} a second): {:.0} bytes on disk a token; cold start to first answer: median {:.1?}, worst {:.1?} of {STARTS}; {:.1} MiB resident then",
        bytes as f64 / count as f64,
        starts[STARTS / 2],
        starts[STARTS - 1],
        resident as f64 / MIB as f64
    );
}

async fn fill(folder: &Path, count: usize) {
    let engine = open_folder(folder, Durability::Process, "standin").unwrap();
    let space = tokens::space(engine).await;
    let made = futures::stream::iter(0..count).map(|place| tokens::token(&space, place));
    let mut made = made.buffer_unordered(TOGETHER);
    while made.next().await.is_some() {}
}
