//! Scripts under a real hyper server, seen by curl and by a raw socket: what counts is what the client saw, not what the
//! server meant. Over HTTP/1.1 and HTTP/2, with and without TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::pki_types::PrivatePkcs8KeyDer;
use standin::faults::transport::ErrorCode;
use standin::server::broken::{AnswerBody, Broken};
use standin::server::fault_io::{Abort, FaultIo};
use standin::server::frames::{goaway, illegal_data};
use standin::server::script::{FaultHandle, Step};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;

const BODY: &[u8] = &[b'x'; 101];
/// Longer than curl waits.
const STALL: Duration = Duration::from_secs(60);
const SHORT_STALL: Duration = Duration::from_millis(100);
/// So that bytes are read before the reset that follows them: a reset may overtake what is still on its way.
const SETTLE: Step = Step::Sleep(Duration::from_millis(50));

/// What the server does to a request for this path.
fn script(path: &str) -> Vec<Step> {
    let send = |bytes: &'static [u8]| Step::Send(Bytes::from_static(bytes));
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n";
    let unended = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let nul = b"HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n";
    match path {
        "/close" => vec![Step::Close],
        "/reset" => vec![SETTLE, Step::Reset],
        "/reset-after-head" => vec![Step::PassHead, SETTLE, Step::Reset],
        "/reset-in-body" => vec![Step::PassHead, Step::Pass(40), SETTLE, Step::Reset],
        "/cut-in-body" => vec![Step::PassHead, Step::Pass(40), Step::Close],
        "/cut-in-head" => vec![Step::Pass(9), Step::Close],
        "/stall" => vec![Step::Stall(STALL)],
        "/stall-in-body" => vec![Step::PassHead, Step::Pass(40), Step::Stall(STALL)],
        "/short-stall" => vec![Step::PassHead, Step::Pass(40), Step::Stall(SHORT_STALL)],
        "/drip" => vec![Step::Drip {
            bytes: 20,
            every: Duration::from_millis(10),
        }],
        "/bad-chunk" => vec![send(chunked), Step::Close],
        "/no-last-chunk" => vec![send(unended), Step::Close],
        "/nul" => vec![send(nul), Step::Close],
        "/garbage" => vec![
            send(b"\x16\x03\x01 not http at all\n\n"),
            SETTLE,
            Step::Close,
        ],
        "/goaway" => vec![Step::Send(goaway(0, 0xb)), Step::Close],
        "/illegal-frame" => vec![Step::Send(illegal_data()), SETTLE, Step::Close],
        "/cut-after-100" => vec![Step::Pass(100), Step::Close],
        "/reset-after-100" => vec![Step::Pass(100), Step::Reset],
        _ => Vec::new(),
    }
}

async fn answer(
    request: Request<Incoming>,
    handle: FaultHandle,
) -> Result<Response<AnswerBody>, Broken> {
    let path = request.uri().path();
    handle.arm(script(path));
    let whole = Bytes::from_static(BODY);
    match path {
        "/break" => Err(Broken::with_code(ErrorCode::EnhanceYourCalm.number())),
        "/break-in-body" => {
            let error = Broken::with_code(ErrorCode::Cancel.number());
            Ok(Response::new(AnswerBody::broken(whole.slice(..40), error)))
        }
        _ => Ok(Response::new(AnswerBody::whole(whole))),
    }
}

async fn serve<S>(socket: S)
where
    S: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
{
    let (connection, handle) = FaultIo::new(socket);
    let service = service_fn(move |request| answer(request, handle.clone()));
    let builder = Builder::new(TokioExecutor::new());
    let _cut = builder
        .serve_connection(TokioIo::new(connection), service)
        .await;
}

fn tls() -> TlsAcceptor {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// One server in plain text, one with TLS.
async fn start() -> (SocketAddr, SocketAddr) {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secure = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = (plain.local_addr().unwrap(), secure.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = plain.accept().await {
            tokio::spawn(serve(socket));
        }
    });
    let acceptor = tls();
    tokio::spawn(async move {
        while let Ok((socket, _)) = secure.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(socket).await {
                    serve(stream).await;
                }
            });
        }
    });
    at
}

/// Everything that arrives on a raw socket, and how it ended.
async fn raw(at: SocketAddr, path: &str) -> (Vec<u8>, &'static str) {
    let mut socket = TcpStream::connect(at).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        match socket.read(&mut buffer).await {
            Ok(0) => return (seen, "end"),
            Ok(count) => seen.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                return (seen, "reset");
            }
            Err(error) => panic!("{path}: {error}"),
        }
    }
}

/// What arrived without the date, which hyper takes from the machine's clock.
fn undated(seen: &[u8]) -> String {
    let text = String::from_utf8_lossy(seen);
    text.split_inclusive('\n')
        .filter(|line| !line.starts_with("date:"))
        .collect()
}

#[tokio::test]
async fn what_a_raw_socket_sees() {
    let (at, _) = start().await;
    let (whole, end) = raw(at, "/").await;
    let head = whole.len() - BODY.len();
    assert_eq!(end, "end");
    assert!(whole.ends_with(&[b"\r\n\r\n", BODY].concat()));
    let rows = [
        ("/close", 0, "end"),
        ("/reset", 0, "reset"),
        ("/reset-after-head", head, "reset"),
        ("/reset-in-body", head + 40, "reset"),
        ("/cut-in-body", head + 40, "end"),
        ("/cut-in-head", 9, "end"),
        ("/short-stall", head + 40, "end"),
        ("/drip", whole.len(), "end"),
    ];
    for (path, length, want) in rows {
        let (seen, end) = raw(at, path).await;
        assert_eq!((seen.len(), end), (length, want), "{path}");
        assert!(undated(&whole).starts_with(&undated(&seen)), "{path}");
    }
    let (rubbish, _) = raw(at, "/garbage").await;
    assert!(rubbish.starts_with(b"\x16\x03\x01"));
}

/// curl's exit code, the status and the bytes of the body that it got.
async fn curl(at: SocketAddr, arguments: &[&str], scheme: &str, path: &str) -> String {
    let url = format!("{scheme}://{at}{path}");
    let told = Command::new("curl")
        .args([
            "-sSk",
            "--max-time",
            "3",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code} %{size_download}",
        ])
        .args(arguments)
        .arg(url)
        .output()
        .await
        .unwrap();
    let seen = String::from_utf8(told.stdout).unwrap();
    format!("{} {seen}", told.status.code().unwrap())
}

/// What curl says: its exit code, the HTTP status, the bytes of the body that it got. Exit codes: 0 well, 1 not HTTP, 8 weird
/// head, 16 HTTP/2 framing, 18 partial, 28 time-out, 52 empty reply, 56 receive failure, 92 HTTP/2 stream.
const CURL_HTTP1: [(&str, &str, &str); 18] = [
    ("/", "0 200 101", "0 200 101"),
    ("/close", "52 000 0", "52 000 0"),
    ("/reset", "56 000 0", "56 000 0"),
    ("/reset-after-head", "56 200 0", "56 200 0"),
    ("/reset-in-body", "56 200 40", "56 200 40"),
    ("/cut-in-body", "18 200 40", "18 200 40"),
    ("/cut-in-head", "52 000 0", "52 000 0"),
    ("/stall", "28 000 0", "28 000 0"),
    ("/stall-in-body", "28 200 40", "28 200 40"),
    ("/drip", "0 200 101", "0 200 101"),
    ("/bad-chunk", "56 200 0", "56 200 0"),
    ("/no-last-chunk", "18 200 5", "18 200 5"),
    ("/nul", "8 200 0", "8 200 0"),
    ("/garbage", "1 000 0", "1 000 0"),
    ("/break", "52 000 0", "52 000 0"),
    ("/break-in-body", "18 200 40", "18 200 40"),
    ("/goaway", "1 000 0", "1 000 0"),
    ("/illegal-frame", "1 000 0", "1 000 0"),
];

const CURL_HTTP2: [(&str, &str, &str); 10] = [
    ("/", "0 200 101", "0 200 101"),
    ("/close", "18 000 0", "18 000 0"),
    ("/reset", "56 000 0", "56 000 0"),
    ("/stall", "28 000 0", "28 000 0"),
    ("/drip", "0 200 101", "0 200 101"),
    ("/goaway", "16 000 0", "16 000 0"),
    ("/illegal-frame", "52 000 0", "52 000 0"),
    ("/garbage", "52 000 0", "52 000 0"),
    ("/break", "92 000 0", "92 000 0"),
    ("/break-in-body", "92 200 40", "92 200 40"),
];

/// Takes three seconds, because that is how long curl waits for an answer that stalls. All rows run at once.
#[tokio::test]
async fn what_curl_sees() {
    if Command::new("curl")
        .arg("--version")
        .output()
        .await
        .is_err()
    {
        println!("SKIPPED: there is no curl here; the raw socket rows have been checked");
        return;
    }
    let (plain, secure) = start().await;
    let http1 = CURL_HTTP1.iter().map(|row| ("--http1.1", "--http1.1", row));
    let http2 = CURL_HTTP2
        .iter()
        .map(|row| ("--http2", "--http2-prior-knowledge", row));
    let seen = http1.chain(http2).map(|(version, clear, row)| async move {
        let clear = [clear];
        let version = [version];
        let in_clear = curl(plain, &clear, "http", row.0);
        let over_tls = curl(secure, &version, "https", row.0);
        let (in_clear, over_tls) = tokio::join!(in_clear, over_tls);
        let right = in_clear == row.1 && over_tls == row.2;
        let mark = if right { "" } else { "   <- wrong" };
        let line = format!(
            "{:9} {:18} {in_clear:12} TLS {over_tls:12}{mark}",
            version[0], row.0
        );
        (right, line)
    });
    let seen = futures::future::join_all(seen).await;
    let table: Vec<_> = seen.iter().map(|(_, line)| line.as_str()).collect();
    println!("{}", table.join("\n"));
    assert!(
        seen.iter().all(|(right, _)| *right),
        "\n{}",
        table.join("\n")
    );
}
