//! The HTTP client: one pool for the run, a deadline for every request, bodies up to a bound.

use std::path::Path;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::{Answer, Sent};

/// An answer longer than this is cut off as an error: no answer of a token API is near it, and a target that streams
/// without end must not fill the judge's memory.
const ANSWER_BYTES_MAX: usize = 4 << 20;

type Pool = hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Sends requests to the target.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pool: Pool,
    deadline: Duration,
}

/// Builds the client. `ca` is a PEM file with the authorities that an `https` target may be signed by.
///
/// # Errors
/// A text for the caller when the file cannot be read or holds no certificate.
pub(crate) fn client(ca: Option<&Path>, deadline: Duration) -> Result<Client, String> {
    let mut roots = rustls::RootCertStore::empty();
    if let Some(path) = ca {
        let shown = path.display();
        let found = CertificateDer::pem_file_iter(path)
            .map_err(|error| format!("--ca {shown}: {error}"))?;
        for certificate in found {
            let certificate = certificate.map_err(|error| format!("--ca {shown}: {error}"))?;
            roots
                .add(certificate)
                .map_err(|error| format!("--ca {shown}: {error}"))?;
        }
        if roots.is_empty() {
            return Err(format!("--ca {shown}: no PEM certificate in it"));
        }
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS: {error}"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .build();
    // A request is sent once. The pool may only repeat one that never reached a connection.
    let pool = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(connector);
    Ok(Client { pool, deadline })
}

impl Client {
    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    /// `Err(Ok(text))` is not used; a text says why no answer arrived within the deadline, and [`Malformed`] that the
    /// request itself could not be built.
    pub(crate) async fn send(&self, sent: &Sent) -> Result<Answer, Unanswered> {
        let request = build(sent)?;
        match tokio::time::timeout(self.deadline, self.exchange(request)).await {
            Ok(answer) => answer.map_err(Unanswered::Silent),
            Err(_) => Err(Unanswered::Silent(format!(
                "no answer within {:?}",
                self.deadline
            ))),
        }
    }

    async fn exchange(&self, request: hyper::Request<Full<Bytes>>) -> Result<Answer, String> {
        let response = self
            .pool
            .request(request)
            .await
            .map_err(|error| causes(&error))?;
        let (head, body) = response.into_parts();
        let read = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
        let bytes = read
            .map_err(|error| format!("the answer broke off: {error}"))?
            .to_bytes();
        let headers = head.headers.iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        Ok(Answer {
            status: head.status.as_u16(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub(crate) enum Unanswered {
    /// The target said nothing, or broke off.
    Silent(String),
    /// The request could not be built: a mistake of the feature or the binding.
    Malformed(String),
}

fn build(sent: &Sent) -> Result<hyper::Request<Full<Bytes>>, Unanswered> {
    let mut builder = hyper::Request::builder()
        .method(sent.method.as_str())
        .uri(&sent.url);
    for (name, value) in &sent.headers {
        builder = builder.header(name, value);
    }
    let body = Full::new(Bytes::from(sent.body.clone().unwrap_or_default()));
    builder
        .body(body)
        .map_err(|error| Unanswered::Malformed(format!("{} {}: {error}", sent.method, sent.url)))
}

/// The error with everything behind it: hyper's own text is only "client error (Connect)".
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        below = cause.source();
    }
    text
}
