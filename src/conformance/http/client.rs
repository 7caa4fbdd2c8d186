//! The HTTP client: one pool for the run, a deadline for every request, bodies up to a bound.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use serde::Deserialize;

use super::{Answer, Sent};
use crate::outgoing::{Bounds, Resend, Trust, anywhere};

/// An answer longer than this is cut off as an error: no answer of a token API is near it, and a target that streams
/// without end must not fill the judge's memory.
const ANSWER_BYTES_MAX: usize = 4 << 20;

/// Sends requests to the target.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    outgoing: Arc<crate::outgoing::Client>,
    deadline: Duration,
}

/// A certificate of the judge's own and its key, as PEM files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Builds the client. `ca` is a PEM file with authorities that an `https` target may be signed by, beside those of browsers.
///
/// # Errors
/// A text for the caller when the file cannot be read or holds no certificate.
pub(crate) fn client(
    ca: Option<&Path>,
    shown: Option<&Identity>,
    deadline: Duration,
) -> Result<Client, String> {
    let mut trust = Trust::read(ca).map_err(|why| format!("--ca {why}"))?;
    if let Some(shown) = shown {
        trust = trust.showing(identity(shown)?);
    }
    // The target sees each request once, or the judge would pay twice.
    let outgoing = crate::outgoing::Client::new(trust, Resend::Unsent);
    Ok(Client {
        outgoing: Arc::new(outgoing),
        deadline,
    })
}

/// Reads the judge's certificate and key.
///
/// # Errors
/// A text that names the file and what is wrong with it.
pub(crate) fn identity(files: &Identity) -> Result<crate::outgoing::Identity, String> {
    crate::outgoing::Identity::read(&files.certificate, &files.key)
}

impl Client {
    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    /// `Err(Ok(text))` is not used; a text says why no answer arrived within the deadline, and [`Malformed`] that the
    /// request itself could not be built.
    pub(crate) async fn send(&self, sent: &Sent) -> Result<Answer, Unanswered> {
        let request = build(sent)?;
        let bounds = Bounds {
            wait: self.deadline,
            bytes_max: ANSWER_BYTES_MAX,
        };
        let answer = self.outgoing.exchange(request, anywhere, bounds).await;
        let (head, body) = answer
            .map_err(|failure| Unanswered::Silent(failure.to_string()))?
            .into_parts();
        let bytes =
            body.map_err(|why| Unanswered::Silent(format!("the answer broke off: {why}")))?;
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
