//! Talking to the control plane of a server that runs already.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Args;
use http::header::CONTENT_TYPE;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::Incoming;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::proxied::trust;
use super::proxy_args::CERTIFICATE;
use super::refused::{object, words};
use crate::operations::SpaceName;
use crate::outgoing::{Client, Failure, Resend, Trust, anywhere};

/// Media types of the control plane: what it is asked and says, a line for each thing, and what goes on.
pub(super) const JSON: &str = "application/json";
pub(super) const LINES: &str = "application/x-ndjson";
pub(super) const EVENTS: &str = "text/event-stream";

/// Which server, and which of its spaces.
#[derive(Debug, Clone, Args)]
pub(super) struct Remote {
    /// Base URL of the server.
    #[arg(
        long,
        value_name = "URL",
        env = "STANDIN_SERVER",
        default_value = "http://127.0.0.1:4111"
    )]
    server: String,
    /// The space to act in.
    #[arg(long, value_name = "NAME", default_value = "default")]
    space: String,
    /// What the server's control plane asks for.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "STANDIN_CONTROL_TOKEN",
        hide_env_values = true
    )]
    control_token: Option<String>,
    /// Believe this authority (PEM) when the server speaks TLS, or that of the folder of its --keys or --data. Without it that
    /// of SSL_CERT_FILE.
    #[arg(long, value_name = "FILE", env = "STANDIN_CA")]
    ca: Option<PathBuf>,
}

impl Remote {
    /// A server that this program has started itself.
    pub(super) fn at(server: String) -> Self {
        Self {
            server,
            space: SpaceName::default_space().text().to_owned(),
            control_token: None,
            ca: None,
        }
    }

    /// The same server and another of its spaces.
    pub(super) fn in_space(&self, space: &str) -> Result<Self, String> {
        let space = SpaceName::parse(space).map_err(|error| format!("space: {error}"))?;
        Ok(Self {
            space: space.text().to_owned(),
            ..self.clone()
        })
    }

    /// The base URL, without a slash at its end.
    pub(super) fn server(&self) -> &str {
        self.server.trim_end_matches('/')
    }

    /// The space, where one was named.
    pub(super) fn space(&self) -> Option<&str> {
        Some(self.space.as_str()).filter(|space| *space != "default")
    }

    /// Asks the control plane. A refusal is told in the server's own words.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let body = self.send(method, path, body, JSON).await?;
        object(&self.url(path), &whole(body).await?)
    }

    /// Takes something away by the control plane, which answers that with nothing.
    pub(super) async fn delete(&self, path: &str) -> Result<(), String> {
        let body = self.send(Method::DELETE, path, None, "nothing").await?;
        whole(body).await.map(|_| ())
    }

    /// Where a page of the control plane is.
    fn url(&self, path: &str) -> String {
        format!("{}/~{}/_standin/{path}", self.server(), self.space)
    }

    /// Asks one of the impersonated APIs in the space, as its client would.
    pub(super) async fn exchange(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answered, String> {
        let url = format!("{}/~{}{path}", self.server(), self.space);
        let mut request = Request::builder().method(method).uri(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| format!("--server {}: {error}", self.server))?;
        let answer = self.open(request).await?;
        let status = answer.status();
        let bytes = whole(answer.into_body()).await?;
        Ok(Answered {
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            said: match object(&url, &bytes) {
                Err(why) if status.is_success() => why,
                Ok(_) | Err(_) => words(&url, status, &bytes),
            },
            status,
        })
    }

    /// Asks the control plane, with the answer as it comes. `wanted` is its media type.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        wanted: &str,
    ) -> Result<Incoming, String> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send_bytes(method, path, JSON, body.into(), wanted)
            .await
    }

    /// The same, with a body of any kind.
    pub(super) async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Bytes,
        wanted: &str,
    ) -> Result<Incoming, String> {
        let url = self.url(path);
        let request = Request::builder()
            .method(method)
            .uri(&url)
            .header("content-type", kind)
            .header(
                "standin-control-token",
                self.control_token.as_deref().unwrap_or_default(),
            )
            .body(Full::new(body))
            .map_err(|error| format!("--server {}: {error}", self.server))?;
        let answer = self.open(request).await?;
        let status = answer.status();
        if status.is_success() {
            let given = answer.headers().get(CONTENT_TYPE);
            let given = given.and_then(|kind| kind.to_str().ok());
            let given = given.unwrap_or("no type").to_owned();
            if status == StatusCode::NO_CONTENT || given.starts_with(wanted) {
                return Ok(answer.into_body());
            }
            return Err(format!(
                "{url} answered {status} and {given}, where {wanted} is due; is it the right --server?"
            ));
        }
        Err(words(&url, status, &whole(answer.into_body()).await?))
    }

    async fn open(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, String> {
        let client = Client::new(self.trust()?, Resend::Unsent);
        let server = self.server();
        client.open(request, anywhere).await.map_err(|failure| match failure {
            Failure::Tls(why) => format!(
                "{server} is not who it says: {why}; name the authority of its certificate with --ca FILE"
            ),
            Failure::Http(why) => format!(
                "{server} gave no answer: {why}; is it the right --server, and does it begin with http:// or https:// as it should?"
            ),
            Failure::Url => format!("--server {server}: it is not a URL such as http://127.0.0.1:4111"),
            Failure::Connect(_) | Failure::Forbidden { .. } | Failure::Late(_) => format!(
                "nobody answers at {server}; start a server with `standin serve`, or name one with --server"
            ),
        })
    }

    /// Whom it is believed by that the server is the one.
    fn trust(&self) -> Result<Trust, String> {
        match &self.ca {
            Some(path) if path.is_dir() => believed(&path.join(CERTIFICATE)),
            Some(file) => believed(file),
            None if self.server.starts_with("https:") => Ok(trust()),
            None => Ok(Trust::default()),
        }
    }
}

fn believed(file: &Path) -> Result<Trust, String> {
    Trust::read(Some(file)).map_err(|why| format!("--ca {why}"))
}

/// A name as a part of a path.
pub(super) fn part(name: &str) -> String {
    utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}

/// What an impersonated API has answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    /// Null of what is no JSON.
    pub(super) body: Value,
    /// What it says in words, if it refuses.
    said: String,
}

impl Answered {
    /// Whether it can tell of a payment: one that was declined is HTTP 402 at some services.
    pub(super) fn is_of_a_payment(&self) -> bool {
        self.status.is_success() || self.status == StatusCode::PAYMENT_REQUIRED
    }

    /// The same, with everything that is said of a refusal.
    pub(super) fn told_whole(self) -> Result<Value, String> {
        let whole = self.body.is_object() && !self.status.is_success();
        let (status, body) = (self.status.as_u16(), self.body.to_string());
        self.granted()
            .map_err(|said| format!("refused with {status}: {}", if whole { body } else { said }))
    }

    /// What was answered, unless it was refused.
    pub(super) fn granted(self) -> Result<Value, String> {
        if self.status.is_success() && self.body.is_object() {
            return Ok(self.body);
        }
        Err(self.said)
    }
}

pub(super) async fn whole(body: Incoming) -> Result<Bytes, String> {
    let whole = body.collect().await;
    whole
        .map(Collected::to_bytes)
        .map_err(|error| error.to_string())
}

/// Runs a future to its end on a thread of its own kind.
pub(super) fn run<T, E: From<String>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime: {error}"))?
        .block_on(future)
}
