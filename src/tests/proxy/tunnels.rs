//! Many tunnels at once, and what they cost.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{CREDENTIALS, Elsewhere, Proxied, head, heard};
use crate::cli::Served;
use crate::client::Ask;
use crate::program::require;

const TUNNELS: usize = 500;
const ASK: &str = "GET /v1/charges HTTP/1.1\r\nhost: api.stripe.com\r\n\r\n";

/// Takes seconds: five hundred times TLS on both sides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_tunnels_are_open_at_once_and_share_one_certificate() {
    let proxied = Arc::new(Proxied::with("").await);
    let before = proxied.proxy.certificates_made();
    let open = (0..TUNNELS).map(|_| {
        let proxied = Arc::clone(&proxied);
        tokio::spawn(async move {
            let host = "api.stripe.com";
            let secured = proxied.secured("api.stripe.com:443", host, &["http/1.1"]);
            let mut stream = secured.await.unwrap();
            stream.write_all(ASK.as_bytes()).await.unwrap();
            stream
        })
    });
    let open = join_all(open).await;
    let mut open: Vec<_> = open.into_iter().map(Result::unwrap).collect();
    for stream in &mut open {
        let head = head(stream).await;
        assert!(head.starts_with("HTTP/1.1 401"), "{head}");
    }
    assert_eq!(proxied.proxy.certificates_made() - before, 1);
    assert_eq!(
        proxied.proxy.told().answered["api.stripe.com"],
        TUNNELS as u64
    );
}

/// What a tunnel with TLS inside may take of the server: two heads, two pieces of TLS, and what HTTP keeps.
const TUNNEL_KIB_MAX: u64 = 128;

/// Takes seconds, as above; the server is a process of its own, so that it is measured alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_tunnels_take_no_more_memory_than_they_may() {
    let served = Served::new("tunnels", &["--proxy-plain", "127.0.0.1:0", "--proxy-open"]).await;
    if !require(
        "/proc",
        served.resident_kib().is_some(),
        "memory is not measured",
    ) {
        return;
    }
    let facts = served
        .client()
        .send(Ask::get("/_standin/proxy"))
        .await
        .expect(200);
    let proxy = facts.at("/plain").trim_start_matches("http://").to_owned();
    let mut roots = rustls::RootCertStore::empty();
    let pem = facts.at("/authority");
    let der = rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes()).unwrap();
    roots.add(der).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut open = Vec::new();
    let mut first = 0;
    for place in 0..=TUNNELS {
        let mut stream = TcpStream::connect(&proxy).await.unwrap();
        stream
            .write_all(b"CONNECT api.stripe.com:443 HTTP/1.1\r\n\r\n")
            .await
            .unwrap();
        head(&mut stream).await;
        let name = ServerName::try_from("api.stripe.com").unwrap();
        let mut stream = connector.connect(name, stream).await.unwrap();
        stream.write_all(ASK.as_bytes()).await.unwrap();
        head(&mut stream).await;
        open.push(stream);
        if place == 0 {
            first = served.resident_kib().unwrap();
        }
    }
    let each = (served.resident_kib().unwrap() - first) / TUNNELS as u64;
    println!("a tunnel takes {each} KiB of the server");
    assert!(each <= TUNNEL_KIB_MAX, "{each} KiB each");
    drop(open);
    let (code, _, _) = served.terminate().await;
    assert_eq!(code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tunnel_to_a_listed_upstream_passes_every_byte_both_ways() {
    let elsewhere =
        Elsewhere::that("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\nwhatever").await;
    let settings = format!(
        "[proxy.upstreams]\n\"own.test\" = \"{}\"\n",
        elsewhere.address
    );
    let proxied = Proxied::with(&settings).await;
    let mut stream = proxied.tunnel("own.test:443").await;
    let odd = "GET /  HTTP/1.1\r\nHost: elsewhere\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n";
    stream.write_all(odd.as_bytes()).await.unwrap();
    let said = heard(&mut stream).await;
    assert!(said.ends_with("whatever"), "{said}");
    stream.write_all(b"more \xff\x00").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest))
        .await
        .unwrap()
        .unwrap();
    let [heard] = elsewhere.said().try_into().unwrap();
    let heard: String = heard;
    assert!(
        heard.starts_with(odd) && heard.len() == odd.len() + "more ?".len() + 3,
        "{heard:?}"
    );
    assert_eq!(proxied.proxy.told().passed["own.test"], 1);
    // Nobody is there.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let proxied = Proxied::with(&format!("[proxy.upstreams]\n\"own.test\" = \"{free}\"\n")).await;
    let said = proxied
        .said(&format!(
            "CONNECT own.test:443 HTTP/1.1\r\nproxy-authorization: {CREDENTIALS}\r\n\r\n"
        ))
        .await;
    assert!(
        said.starts_with("HTTP/1.1 502 ") && said.contains("own.test gives no answer"),
        "{said}"
    );
}
