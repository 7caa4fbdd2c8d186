//! POST cryptogram and GET card, journal on, beside a bare hyper server that answers the same bytes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use standin::clock::Source;
use standin::domain::account::Accounts;
use standin::domain::persona::Personas;
use standin::operations::settings::Settings;
use standin::server::{self, Options, Running};
use standin::store::Engine;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::load::{Line, rate};

pub(crate) const CONNECTIONS: usize = 32;
/// Short and many, because a machine that others use is slower at one second than at the next.
pub(crate) const ROUNDS: usize = 41;
pub(crate) const SPAN: Duration = Duration::from_millis(250);
/// What we want at least.
const WANTED: f64 = 0.80;

pub(crate) fn run() {
    let standin = runtime();
    let running = standin.block_on(start());
    let address = running.address();
    let client = runtime();
    let cases = client.block_on(prepare(address, "default"));
    println!(
        "{CONNECTIONS} connections, {ROUNDS} rounds of {SPAN:?}, server and client one thread each"
    );
    for Case {
        name,
        requests,
        answer,
    } in cases
    {
        let bare_server = runtime();
        let bare = bare_server.block_on(bare(answer.clone()));
        let mut ratios = Vec::new();
        let mut rates = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let plain = client.block_on(rate(bare, &requests, CONNECTIONS, SPAN));
            let ours = client.block_on(rate(address, &requests, CONNECTIONS, SPAN));
            ratios.push(ours / plain);
            rates.0.push(ours);
            rates.1.push(plain);
        }
        let ratio = median(&mut ratios);
        println!(
            "{name:<16} {:>8.0} requests/s, bare hyper {:>8.0}, ratio {ratio:.2} (wanted {WANTED:.2}), {} byte answers",
            median(&mut rates.0),
            median(&mut rates.1),
            answer.len()
        );
    }
}

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) requests: Vec<Request<Full<Bytes>>>,
    answer: Bytes,
}

/// A server as anybody has it, on a free port.
pub(crate) async fn start() -> Running {
    let options = Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        seed: "bench".to_owned(),
        clock: Source::Machine,
        settings: Settings::default(),
        accounts: Accounts::parse(include_str!("../../../fixtures/accounts.toml")).unwrap(),
        personas: Personas::parse(include_str!("../../../fixtures/cards.toml")).unwrap(),
        merchants: Default::default(),
        responses: Default::default(),
        keys: None,
        gate: Default::default(),
        faults: Vec::new(),
        engine: Engine::Memory,
        tls: None,
    };
    server::start(options).await.unwrap()
}

/// One thread, so that server and client have a core each.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// Makes a card with a token for each connection, in a space.
pub(crate) async fn prepare(address: SocketAddr, space: &str) -> Vec<Case> {
    let mut line = Line::open(address).await;
    let form = format!(
        "grant_type=client_credentials&client_id=standin-manual@{space}&client_secret=standin-secret"
    );
    let token = Request::post("/auth/realms/vgs/protocol/openid-connect/token")
        .header("content-type", "application/x-www-form-urlencoded");
    let (_, body) = line.ask(token.body(Full::from(form)).unwrap()).await;
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let bearer = format!("Bearer {}", body["access_token"].as_str().unwrap());
    let ask = |method: &str, path: &str, body: &str| {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("authorization", &bearer)
            .header("content-type", "application/vnd.api+json")
            .body(Full::from(body.to_owned()))
            .unwrap()
    };
    let card = r#"{"data":{"attributes":{"pan":"4111111111111111","exp_month":12,"exp_year":40}}}"#;
    let want = r#"{"data":{"attributes":{"amount":100.5,"currency_code":"USD"}}}"#;
    let (mut reads, mut mints) = (Vec::new(), Vec::new());
    for _ in 0..CONNECTIONS {
        let (_, body) = line.ask(ask("POST", "/cards", card)).await;
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let id = body["data"]["id"].as_str().unwrap();
        line.ask(ask("POST", &format!("/cards/{id}/network-tokens"), ""))
            .await;
        reads.push(ask("GET", &format!("/cards/{id}"), ""));
        mints.push(ask("POST", &format!("/cards/{id}/cryptogram"), want));
    }
    let (_, read) = line.ask(reads[0].clone()).await;
    let (_, minted) = line.ask(mints[0].clone()).await;
    vec![
        Case {
            name: "GET card",
            requests: reads,
            answer: read,
        },
        Case {
            name: "POST cryptogram",
            requests: mints,
            answer: minted,
        },
    ]
}

/// A server that reads the body and answers always the same.
async fn bare(answer: Bytes) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let answer = answer.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let answer = answer.clone();
                async move {
                    request.into_body().collect().await.unwrap();
                    Ok::<_, Infallible>(Response::new(Full::new(answer)))
                }
            });
            tokio::spawn(async move {
                let builder = Builder::new(TokioExecutor::new());
                builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .unwrap();
            });
        }
    });
    address
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
