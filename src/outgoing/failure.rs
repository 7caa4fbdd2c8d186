//! Why a request has no answer.

use std::time::Duration;

/// Why a request has no answer. The texts are for whoever chose the URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("is not a URL such as http://127.0.0.1:8080/")]
    Url,
    /// An address of the host may not be connected to.
    #[error("{host} {why}")]
    Forbidden { host: String, why: String },
    #[error("{0}")]
    Connect(String),
    #[error("TLS: {0}")]
    Tls(String),
    #[error("{0}")]
    Http(String),
    #[error("no answer within {0:?}")]
    Late(Duration),
}

/// An error with everything behind it, which libraries leave to whoever prints it.
pub(super) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
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
