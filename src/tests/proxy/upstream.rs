//! Another machine: answers each request by a function, on a thread of its own, with and without TLS.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use parking_lot::Mutex;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use standin::clock::machine_now;
use standin::crypto::authority::Authority;

/// What is answered to a request, when so many have come, this one included.
pub(super) type Answers = fn(&str, usize) -> Vec<u8>;

/// See the module.
pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    said: Arc<Mutex<Vec<String>>>,
    authority: Option<String>,
}

impl Upstream {
    pub(super) fn that(answers: Answers) -> Self {
        Self::with(None, answers)
    }

    /// With TLS, as somebody of this name.
    pub(super) fn secured(name: &str, answers: Answers) -> Self {
        Self::with(Some(name), answers)
    }

    fn with(name: Option<&str>, answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let said = Arc::<Mutex<Vec<String>>>::default();
        let keeps = Arc::clone(&said);
        let (authority, tls) = name.map(tls).unzip();
        // It ends with the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let keeps = Arc::clone(&keeps);
                let tls = tls.clone();
                std::thread::spawn(move || match tls {
                    None => serve(stream, &keeps, answers),
                    Some(tls) => {
                        let tls = ServerConnection::new(tls).unwrap();
                        serve(StreamOwned::new(tls, stream), &keeps, answers);
                    }
                });
            }
        });
        Self {
            address,
            said,
            authority,
        }
    }

    /// Every request so far.
    pub(super) fn said(&self) -> Vec<String> {
        self.said.lock().clone()
    }

    /// Whom to believe.
    pub(super) fn authority(&self) -> &str {
        self.authority.as_deref().unwrap()
    }
}

/// One request, and its answer.
fn serve(mut stream: impl Read + Write, keeps: &Mutex<Vec<String>>, answers: Answers) {
    let (mut asked, mut piece) = (String::new(), [0; 4096]);
    while !super::is_whole(&asked) {
        match stream.read(&mut piece) {
            Ok(length @ 1..) => asked += &String::from_utf8_lossy(&piece[..length]),
            Ok(0) | Err(_) => return,
        }
    }
    let count = {
        let mut keeps = keeps.lock();
        keeps.push(asked.clone());
        keeps.len()
    };
    let _gone = stream.write_all(&answers(&asked, count));
    let _gone = stream.flush();
}

fn tls(name: &str) -> (String, Arc<ServerConfig>) {
    let now_s = machine_now().seconds();
    let authority = Authority::make("elsewhere", now_s).unwrap();
    let chain = authority.leaf(name, now_s).unwrap().to_vec();
    let key = PrivateKeyDer::from(authority.leaf_key());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(chain, key);
    (authority.pem().to_owned(), Arc::new(config.unwrap()))
}
