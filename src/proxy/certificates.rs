//! Certificates for names: each is made when somebody first asks for it, and kept while there is room. A tunnel shows the
//! certificate of the name that it was opened for, whatever the client says in TLS.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

use super::hosts::vault_of;
use crate::clock::machine_now;
use crate::crypto::authority::Authority;
use crate::limits::PROXY_CERTIFICATES_MAX;
use crate::server::is_called;

/// See the module.
pub(super) struct Certificates {
    authority: Authority,
    key: Arc<dyn SigningKey>,
    kept: Mutex<Kept<ServerConfig>>,
    made: AtomicU64,
}

/// What was made for names, as much of it as there is room for.
#[derive(Debug)]
struct Kept<T> {
    by_name: HashMap<String, Arc<T>>,
    /// Oldest first.
    names: VecDeque<String>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            by_name: HashMap::new(),
            names: VecDeque::new(),
        }
    }
}

impl<T> Kept<T> {
    /// What is kept for a name, or is made now and kept in place of the oldest.
    fn get_or_make(
        &mut self,
        name: &str,
        make: impl FnOnce() -> Result<Arc<T>, String>,
    ) -> Result<Arc<T>, String> {
        if let Some(known) = self.by_name.get(name) {
            return Ok(Arc::clone(known));
        }
        let made = make()?;
        while self.names.len() >= PROXY_CERTIFICATES_MAX {
            if let Some(oldest) = self.names.pop_front() {
                self.by_name.remove(&oldest);
            }
        }
        self.names.push_back(name.to_owned());
        self.by_name.insert(name.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({} made)", self.made())
    }
}

impl Certificates {
    pub(super) fn new(authority: Authority) -> Result<Self, rustls::Error> {
        let key = PrivateKeyDer::from(authority.leaf_key());
        Ok(Self {
            key: ring::sign::any_supported_type(&key)?,
            authority,
            kept: Mutex::default(),
            made: AtomicU64::new(0),
        })
    }

    pub(super) const fn authority(&self) -> &Authority {
        &self.authority
    }

    pub(super) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// How TLS is spoken with whoever wants this name, in both versions of HTTP.
    pub(super) fn for_name(&self, name: &str) -> Result<Arc<ServerConfig>, String> {
        self.kept.lock().get_or_make(name, || {
            let shown = self.certified(name)?;
            config(Arc::new(One(shown)), &[b"h2", b"http/1.1"])
        })
    }

    /// How TLS is spoken with the proxy itself: under the name of a vault, as `localhost`, or by its address.
    pub(super) fn for_proxy(
        self: &Arc<Self>,
        address: IpAddr,
    ) -> Result<Arc<ServerConfig>, String> {
        self.as_itself(address, |name| vault_of(name).is_some(), &[b"http/1.1"])
    }

    fn as_itself(
        self: &Arc<Self>,
        address: IpAddr,
        is_own: impl Fn(&str) -> bool + Send + Sync + 'static,
        protocols: &[&[u8]],
    ) -> Result<Arc<ServerConfig>, String> {
        let shown = Itself {
            certificates: Arc::clone(self),
            fallback: self.certified(&address.to_string())?,
            localhost: self.certified("localhost")?,
            is_own: Box::new(is_own),
            others: Mutex::default(),
        };
        config(Arc::new(shown), protocols)
    }

    fn certified(&self, name: &str) -> Result<Arc<CertifiedKey>, String> {
        let chain = self.authority.leaf(name, machine_now().seconds());
        let chain = chain.map_err(|error| format!("a certificate for {name:?} {error}"))?;
        self.made.fetch_add(1, Ordering::Relaxed);
        let key = CertifiedKey::new(chain.to_vec(), Arc::clone(&self.key));
        Ok(Arc::new(key))
    }
}

fn config(
    shown: Arc<dyn ResolvesServerCert>,
    protocols: &[&[u8]],
) -> Result<Arc<ServerConfig>, String> {
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let mut config = config.with_no_client_auth().with_cert_resolver(shown);
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(Arc::new(config))
}

/// The one certificate of a tunnel.
#[derive(Debug)]
struct One(Arc<CertifiedKey>);

impl ResolvesServerCert for One {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// How a server speaks TLS, HTTP/2 too, that is asked by its address, as `localhost`, or by one of these names, of which one
/// that begins with an asterisk stands for all below it.
///
/// # Errors
/// A sentence, when no certificate can be made.
pub fn for_server(
    authority: Authority,
    address: IpAddr,
    names: Vec<String>,
) -> Result<Arc<ServerConfig>, String> {
    let certificates = Certificates::new(authority).map_err(|error| error.to_string())?;
    let is_own = move |name: &str| names.iter().any(|own| is_called(name, own));
    Arc::new(certificates).as_itself(address, is_own, &[b"h2", b"http/1.1"])
}

/// One's own. Whoever asks for a name that is none of them is shown the address, and will not believe it.
struct Itself {
    certificates: Arc<Certificates>,
    fallback: Arc<CertifiedKey>,
    localhost: Arc<CertifiedKey>,
    is_own: Box<dyn Fn(&str) -> bool + Send + Sync>,
    others: Mutex<Kept<CertifiedKey>>,
}

impl fmt::Debug for Itself {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Itself({:?})", self.certificates)
    }
}

impl ResolvesServerCert for Itself {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().unwrap_or_default().to_ascii_lowercase();
        if name == "localhost" {
            return Some(Arc::clone(&self.localhost));
        }
        if !(self.is_own)(&name) {
            return Some(Arc::clone(&self.fallback));
        }
        let make = || self.certificates.certified(&name);
        self.others.lock().get_or_make(&name, make).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_once_for_each_name_and_as_many_are_kept_as_there_is_room_for() {
        let authority = Authority::make("standin", machine_now().seconds()).unwrap();
        let certificates = Certificates::new(authority).unwrap();
        for _ in 0..100 {
            certificates.for_name("api.stripe.com").unwrap();
        }
        assert_eq!(certificates.made(), 1);
        for number in 0..PROXY_CERTIFICATES_MAX {
            certificates
                .for_name(&format!("{number}.api.checkout.com"))
                .unwrap();
        }
        assert_eq!(certificates.made(), 1 + PROXY_CERTIFICATES_MAX as u64);
        assert_eq!(
            certificates.kept.lock().by_name.len(),
            PROXY_CERTIFICATES_MAX
        );
        certificates.for_name("api.stripe.com").unwrap();
        assert_eq!(certificates.made(), 2 + PROXY_CERTIFICATES_MAX as u64);
        assert!(certificates.for_name("é.test").is_err());
    }

    #[test]
    fn a_name_below_an_asterisk_is_ours() {
        let authority = Authority::make("standin", machine_now().seconds()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(authority.der().to_vec().into()).unwrap();
        let client =
            rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        let client = Arc::new(client);
        let names = vec!["*.shop.test".to_owned(), "till.test".to_owned()];
        let server = for_server(authority, IpAddr::from([127, 0, 0, 1]), names).unwrap();
        for (name, is_believed) in [
            ("a.shop.test", true),
            ("A.B.shop.test", true),
            ("till.test", true),
            ("localhost", true),
            ("127.0.0.1", true),
            ("shop.test", false),
            ("b.till.test", false),
        ] {
            let asked = name.to_owned().try_into().unwrap();
            let mut client = rustls::ClientConnection::new(Arc::clone(&client), asked).unwrap();
            let mut server = rustls::ServerConnection::new(Arc::clone(&server)).unwrap();
            assert_eq!(
                shakes_hands(&mut client, &mut server),
                is_believed,
                "{name}"
            );
        }
    }

    fn shakes_hands(
        client: &mut rustls::ClientConnection,
        server: &mut rustls::ServerConnection,
    ) -> bool {
        while client.is_handshaking() {
            let mut sent = Vec::new();
            client.write_tls(&mut sent).unwrap();
            server.read_tls(&mut sent.as_slice()).unwrap();
            server.process_new_packets().unwrap();
            let mut answered = Vec::new();
            while server.wants_write() {
                server.write_tls(&mut answered).unwrap();
            }
            let mut answered = answered.as_slice();
            while !answered.is_empty() {
                client.read_tls(&mut answered).unwrap();
                if client.process_new_packets().is_err() {
                    return false;
                }
            }
        }
        true
    }
}
