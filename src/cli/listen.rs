//! `standin listen`: a receiver of webhooks on this machine, which prints what arrives and passes it on.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use clap::Args;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::out::{Failed, say};
use super::profiles;
use super::refused::having;
use super::remote::{Remote, run};
use super::stop::told_to_stop;
use crate::limits::{DELIVERY_WAIT, RECEIPT_BYTES_MAX};
use crate::outgoing::{Bounds, Client, Resend, Trust, anywhere};

/// The arguments of `standin listen`.
#[derive(Debug, Args)]
pub(super) struct Listen {
    /// Pass every message on to this URL, and answer as it answers.
    #[arg(long, value_name = "URL")]
    forward_to: Option<http::Uri>,
    /// Only these events, separated by commas: provisioned, suspended, payment_intent.succeeded, …
    #[arg(long, value_name = "EVENTS", value_delimiter = ',')]
    events: Vec<String>,
    // What is listed is the list that the server reads too.
    #[arg(
        long,
        value_name = "PROFILE",
        default_value = "standard",
        help = format!("Webhook profile: {}", profiles::listed())
    )]
    profile: String,
    /// The secret to sign with. One is made and printed when none is given.
    #[arg(long, value_name = "SECRET")]
    secret: Option<String>,
    /// Print each message as one line of JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

/// The sender waits no longer for us than we for whoever gets the message in the end.
const BOUNDS: Bounds = Bounds {
    wait: DELIVERY_WAIT,
    bytes_max: RECEIPT_BYTES_MAX,
};

impl Listen {
    pub(super) fn run(self) -> Result<(), Failed> {
        run(self.listen())
    }

    async fn listen(self) -> Result<(), Failed> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.map_err(|error| format!("a port to listen on: {error}"))?;
        let stop = told_to_stop();
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let mut asked = json!({ "url": format!("http://{address}/"), "profile": self.profile });
        if !self.events.is_empty() {
            asked["events"] = json!(self.events);
        }
        if let Some(secret) = &self.secret {
            asked["secret"] = json!(secret);
        }
        let made = self
            .remote
            .ask(Method::POST, "webhooks", Some(&asked))
            .await?;
        let made = having(made, "id")?;
        let id = made["id"].as_str().unwrap_or_default().to_owned();
        let told = if self.json {
            say!("{}", json!({ "listening": id, "secret": made["secret"] }))
        } else {
            let secret = made["secret"].as_str().unwrap_or_default();
            say!("listening as {id}; messages are signed with {secret}")
        };
        let listen = Arc::new(self);
        let ended = match told {
            Ok(()) => until_the_end(listener, &listen, stop).await,
            Err(failed) => Err(failed),
        };
        // The server may be gone before its listener is, and then there is nothing to take back.
        let path = format!("webhooks/{id}");
        let _gone = listen.remote.ask(Method::DELETE, &path, None).await;
        ended
    }

    async fn take(
        &self,
        client: &Client,
        request: Request<Incoming>,
        broken: &mpsc::Sender<Failed>,
    ) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let body = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes);
        let body = body.unwrap_or_default();
        let status = match &self.forward_to {
            Some(url) => forward(client, url, parts.headers, body.clone()).await,
            None => Ok(StatusCode::OK),
        };
        if let Err(failed) = self.print(&body, &status) {
            // The first tells enough.
            let _told_already = broken.try_send(failed);
        }
        let mut response = Response::new(Full::default());
        *response.status_mut() = status.unwrap_or(StatusCode::BAD_GATEWAY);
        response
    }

    fn print(&self, body: &[u8], status: &Result<StatusCode, String>) -> Result<(), Failed> {
        let message: Value = serde_json::from_slice(body).unwrap_or_default();
        let answer = match status {
            Ok(status) => status.as_u16().to_string(),
            Err(why) => why.clone(),
        };
        if self.json {
            say!("{}", json!({ "message": message, "answer": answer }))?;
            return Ok(());
        }
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
        let item = "/notificationItems/0/NotificationRequestItem";
        let of_item = |name: &str| text(&format!("{item}/{name}"));
        let event = text("/type").or_else(|| text("/details/reason_code"));
        let event = event.or_else(|| of_item("eventCode"));
        let about = text("/data/token_reference").or_else(|| text("/details/network_token_id"));
        let about = about.or_else(|| text("/data/object/id").or_else(|| text("/data/id")));
        let about = about.or_else(|| of_item("pspReference"));
        say!(
            "{}  {:<36}  {}  -> {answer}",
            text("/timestamp").unwrap_or_default(),
            event.unwrap_or("(unknown)"),
            about.unwrap_or_default(),
        )
    }
}

/// Takes messages until somebody interrupts, or nobody reads what is printed.
async fn until_the_end(
    listener: TcpListener,
    listen: &Arc<Listen>,
    stop: impl Future<Output = Result<(), String>>,
) -> Result<(), Failed> {
    let (broken, mut unread) = mpsc::channel(1);
    tokio::select! {
        ended = serve(listener, Arc::clone(listen), broken) => Ok(ended?),
        failed = unread.recv() => failed.map_or(Ok(()), Err),
        stopped = stop => stopped.map_err(Failed::Told),
    }
}

async fn serve(
    listener: TcpListener,
    listen: Arc<Listen>,
    broken: mpsc::Sender<Failed>,
) -> Result<(), String> {
    let client = Arc::new(Client::new(Trust::default(), Resend::Unanswered));
    loop {
        let (stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
        let (listen, client, broken) = (Arc::clone(&listen), Arc::clone(&client), broken.clone());
        let service = service_fn(move |request| {
            let (listen, client, broken) =
                (Arc::clone(&listen), Arc::clone(&client), broken.clone());
            async move { Ok::<_, Infallible>(listen.take(&client, request, &broken).await) }
        });
        tokio::spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            // A sender that breaks off has said all it wanted.
            let _broke_off = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// The message as it came, at another address.
async fn forward(
    client: &Client,
    url: &http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, String> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.clone();
    *request.headers_mut() = headers;
    request.headers_mut().remove(HOST);
    request.headers_mut().remove(CONTENT_LENGTH);
    let answer = client.exchange(request, anywhere, BOUNDS).await;
    answer
        .map(|answer| answer.status())
        .map_err(|_| format!("nobody answers at {url}"))
}
