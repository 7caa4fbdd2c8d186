//! The forward proxy, on the wire.

mod aliases;
mod clients;
mod expired;
mod heads;
mod inbound;
mod inside;
mod recorded;
mod replayed;
mod rewriting;
mod run;
mod shells;
mod tokens;
mod tunnels;
mod upstream;

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use standin::clock::machine_now;
use standin::crypto::authority::Authority;
use standin::operations::settings::Settings;
use standin::outgoing::Trust;
use standin::proxy::{self, Proxy};
use standin::server::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::{Client, Stand, options};

/// `USstandin:standin-secret`
const CREDENTIALS: &str = "Basic VVNzdGFuZGluOnN0YW5kaW4tc2VjcmV0";

/// A server, and a proxy in front of it.
struct Proxied {
    stand: Stand,
    proxy: Proxy,
}

impl Proxied {
    /// With these settings, as a file has them.
    async fn with(settings: &str) -> Self {
        Self::made(settings, false).await
    }

    async fn made(settings: &str, open: bool) -> Self {
        let stand = Stand::start(Options {
            settings: Settings::parse(settings).unwrap(),
            ..options()
        })
        .await;
        let listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let options = proxy::Options {
            tls: Some(listen),
            plain: Some(listen),
            open,
            allow: Vec::new(),
            authority: Authority::make("test", machine_now().seconds()).unwrap(),
            trust: Trust::default(),
            recorder: None,
            replay: None,
        };
        let proxy = proxy::start(&stand.server, options).await.unwrap();
        Self { stand, proxy }
    }

    fn client(&self) -> &Client {
        &self.stand.client
    }

    /// A connection to the proxy.
    async fn dial(&self) -> TcpStream {
        TcpStream::connect(self.proxy.plain().unwrap())
            .await
            .unwrap()
    }

    /// What the proxy answers to these bytes, until it closes or falls silent.
    async fn said(&self, bytes: &str) -> String {
        let mut stream = self.dial().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        heard(&mut stream).await
    }

    /// A tunnel.
    async fn tunnel(&self, target: &str) -> TcpStream {
        let mut stream = self.dial().await;
        let connect = format!(
            "CONNECT {target} HTTP/1.1\r\nhost: {target}\r\nproxy-authorization: {CREDENTIALS}\r\n\r\n"
        );
        stream.write_all(connect.as_bytes()).await.unwrap();
        let head = head(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        stream
    }

    /// How a client that believes the authority speaks TLS.
    fn trusting(&self, protocols: &[&str]) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        let pem = self.proxy.authority().pem();
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider);
        let config = config.with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        TlsConnector::from(Arc::new(config))
    }

    /// TLS inside a tunnel, with a name that may be another than the tunnel's.
    async fn secured(
        &self,
        target: &str,
        name: &str,
        protocols: &[&str],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = self.tunnel(target).await;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        self.trusting(protocols).connect(name, stream).await
    }
}

/// The head of an answer.
async fn head(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// Everything that comes until the other side closes, or says nothing for a while.
async fn heard(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    let quiet = std::time::Duration::from_millis(700);
    while let Ok(Ok(length @ 1..)) = tokio::time::timeout(quiet, stream.read(&mut piece)).await {
        all.extend_from_slice(&piece[..length]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Somebody elsewhere: counts who comes, keeps what they say, and answers each connection the same.
struct Elsewhere {
    address: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Elsewhere {
    async fn that(answers: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let said = Arc::<Mutex<Vec<String>>>::default();
        let keeps = Arc::clone(&said);
        let serving = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let keeps = Arc::clone(&keeps);
                let place = {
                    let mut keeps = keeps.lock();
                    keeps.push(String::new());
                    keeps.len() - 1
                };
                tokio::spawn(async move {
                    let mut piece = [0; 4096];
                    let mut answered = false;
                    while let Ok(length @ 1..) = stream.read(&mut piece).await {
                        let text = String::from_utf8_lossy(&piece[..length]).into_owned();
                        keeps.lock()[place].push_str(&text);
                        let whole = is_whole(&keeps.lock()[place]);
                        if whole && !answered {
                            answered = true;
                            stream.write_all(answers.as_bytes()).await.unwrap();
                        }
                    }
                });
            }
        });
        Self {
            address,
            said,
            serving,
        }
    }

    /// What each connection has said.
    fn said(&self) -> Vec<String> {
        self.said.lock().clone()
    }
}

/// Whether a request has come to its end.
fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let head = head.to_ascii_lowercase();
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with("0\r\n\r\n");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The reasons in the journal of what the proxy did.
async fn reasons(client: &Client, prefix: &str) -> Vec<String> {
    let ask = crate::client::Ask::get(format!("{prefix}/_standin/journal?surface=proxy"));
    let shown = client.send(ask).await.expect(200).json();
    let entries = shown["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| entry["reason"].as_str().unwrap_or_default().to_owned())
        .collect()
}
