//! Talking to the control plane of a server that runs already.

use bytes::Bytes;
use clap::Args;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::Incoming;
use serde_json::Value;

use crate::operations::SpaceName;
use crate::outgoing::{Client, Resend, Trust, anywhere};

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
}

impl Remote {
    /// A server that this program has started itself.
    pub(super) fn at(server: String) -> Self {
        Self {
            server,
            space: SpaceName::default_space().text().to_owned(),
            control_token: None,
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
        let body = self.send(method, path, body).await?;
        Ok(serde_json::from_slice(&whole(body).await?).unwrap_or_default())
    }

    /// Asks one of the impersonated APIs in the space, as its client would.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Value, String> {
        let answer = self.exchange(method, path, headers, body).await?;
        Ok(answer.body)
    }

    /// The same, with the status of the answer.
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
        let body = serde_json::from_slice(&bytes);
        let body = body.map_err(|_| format!("{url} answered {status} and no JSON"))?;
        Ok(Answered { status, body })
    }

    /// The same, with the answer as it comes.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Incoming, String> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send_bytes(method, path, "application/json", body.into())
            .await
    }

    /// The same, with a body of any kind.
    pub(super) async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Bytes,
    ) -> Result<Incoming, String> {
        let url = format!("{}/~{}/_standin/{path}", self.server(), self.space);
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
            return Ok(answer.into_body());
        }
        let bytes = whole(answer.into_body()).await?;
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let message = value["error"]["message"].as_str();
        // Of a server that is there and cannot do what it is asked for.
        let message = message.or_else(|| value["reason"].as_str());
        Err(message.map_or_else(|| format!("{url} answered {status}"), str::to_owned))
    }

    async fn open(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, String> {
        let client = Client::new(Trust::default(), Resend::Unsent);
        client.open(request, anywhere).await.map_err(|_| {
            format!(
                "nobody answers at {}; start a server with `standin serve`, or name one with --server",
                self.server()
            )
        })
    }
}

/// What an impersonated API has answered.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) body: Value,
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
