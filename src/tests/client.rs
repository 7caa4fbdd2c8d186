//! A plain HTTP client for tests, and a server to point it at. Requests carry a fixed `Host`, so that two servers on two
//! ports see the same bytes.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Collected, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use standin::clock::{MANUAL_START, Source};
use standin::domain::account::Accounts;
use standin::domain::merchant::Merchants;
use standin::domain::moment::Moment;
use standin::domain::payment::responses::Responses;
use standin::domain::persona::Personas;
use standin::operations::settings::Settings;
use standin::server::{Options, Running, start};
use standin::store::Engine;

/// What every request says it is for.
pub(crate) const HOST: &str = "127.0.0.1:4111";
const TOKEN_PATH: &str = "/auth/realms/vgs/protocol/openid-connect/token";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
pub(crate) const JSON_API: &str = "application/vnd.api+json";
/// The secret of every built-in account.
pub(crate) const SECRET: &str = "standin-secret";

/// The options of a server with the built-in accounts and cards, a clock that stands still and a fixed seed.
pub(crate) fn options() -> Options {
    Options {
        listen: "127.0.0.1:0".parse().unwrap(),
        seed: "standin".to_owned(),
        clock: Source::Manual(MANUAL_START),
        settings: Settings::default(),
        accounts: Accounts::parse(include_str!("../../fixtures/accounts.toml"))
            .unwrap()
            .into(),
        personas: Personas::parse(include_str!("../../fixtures/cards.toml"))
            .unwrap()
            .into(),
        merchants: Merchants::parse(include_str!("../../fixtures/merchants.toml"))
            .unwrap()
            .into(),
        responses: Responses::parse(include_str!("../../fixtures/responses.toml"))
            .unwrap()
            .into(),
        keys: None,
        gate: Default::default(),
        faults: Vec::new(),
        engine: Engine::Memory,
        tls: None,
        reports: None,
    }
}

/// The same, from another instant on.
pub(crate) fn options_at(instant: &str) -> Options {
    Options {
        clock: Source::Manual(Moment::parse(instant).unwrap()),
        ..options()
    }
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Ask {
    pub(crate) fn new(method: &str, path: impl Into<String>) -> Self {
        Self {
            method: method.parse().unwrap(),
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }

    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new("DELETE", path)
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn header_map(&self) -> HeaderMap {
        let pairs = self.headers.iter();
        let pair =
            |(name, value): &(String, String)| (name.parse().unwrap(), value.parse().unwrap());
        pairs
            .map(pair)
            .collect::<Vec<(HeaderName, HeaderValue)>>()
            .into_iter()
            .collect()
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub(crate) fn body(self, kind: &str, body: impl Into<Bytes>) -> Self {
        let mut asked = self.header("content-type", kind);
        asked.body = body.into();
        asked
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body(JSON, body.to_string())
    }

    /// The attributes in the envelope of JSON:API.
    pub(crate) fn attributes(self, attributes: &Value) -> Self {
        let document = serde_json::json!({ "data": { "attributes": attributes } });
        self.body(JSON_API, document.to_string())
    }

    pub(crate) fn form(self, members: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(members);
        self.body(FORM, form.finish())
    }

    /// The request for an access token of a built-in account.
    pub(crate) fn token(client_id: &str, scope: Option<&str>) -> Self {
        let mut members = vec![
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_secret", SECRET),
        ];
        members.extend(scope.map(|scope| ("scope", scope)));
        Self::post(TOKEN_PATH).form(&members)
    }
}

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Sorted by name; without `date`, which is the machine's.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// What stands at a JSON pointer, as text.
    pub(crate) fn at(&self, pointer: &str) -> String {
        let body = self.json();
        match body.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("nothing at {pointer} in {body}"),
        }
    }

    /// The answer, which must have this status.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Status line and headers, as a snapshot shows them.
    pub(crate) fn head(&self) -> String {
        let code = StatusCode::from_u16(self.status).unwrap();
        let mut text = format!("< {code}\n");
        for (name, value) in &self.headers {
            writeln!(text, "< {name}: {value}").unwrap();
        }
        text
    }
}

/// Sends requests to one server over kept connections.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    base: String,
}

impl Client {
    pub(crate) fn new(base: &str) -> Self {
        Self {
            pool: Pool::builder(TokioExecutor::new()).build_http(),
            base: base.to_owned(),
        }
    }

    /// Sends a request. Panics when no whole answer comes back, which is what a panic in the server looks like from here. Of
    /// events, which have no end, the first piece is enough.
    pub(crate) async fn send(&self, ask: Ask) -> Answer {
        match self.attempt(&ask).await {
            Ok(answer) => answer,
            Err(error) => panic!("no answer to {} {}: {error:?}", ask.method, ask.path),
        }
    }

    /// The same, at a server that may be gone.
    pub(crate) async fn attempt(
        &self,
        ask: &Ask,
    ) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(format!("{}{}", self.base, ask.path));
        if ask.headers.iter().all(|(name, _)| name != "host") {
            request = request.header("host", HOST);
        }
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(ask.body.clone())).unwrap();
        let (parts, mut body) = self.pool.request(request).await?.into_parts();
        let kind = parts.headers.get("content-type");
        let body = if kind.is_some_and(|kind| kind == "text/event-stream") {
            let first = body.frame().await.unwrap();
            first.map(|first| first.into_data().unwrap())
        } else {
            body.collect().await.map(Collected::to_bytes)
        }?;
        let mut headers: Vec<_> = parts
            .headers
            .iter()
            .filter(|(name, _)| *name != "date")
            .map(|(n, v)| (n.to_string(), v.to_str().unwrap_or("(not text)").to_owned()))
            .collect();
        headers.sort();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers,
            body,
        })
    }

    /// An access token of a built-in account, with the scopes asked for or with all.
    pub(crate) async fn token(&self, client_id: &str, scope: Option<&str>) -> String {
        let answer = self.send(Ask::token(client_id, scope)).await;
        answer.expect(200).at("/access_token")
    }

    /// Moves the clock of a space, which is named by its prefix (`""` or `/~NAME`).
    pub(crate) async fn advance(&self, prefix: &str, span: &str) {
        let clock = Ask::post(format!("{prefix}/_standin/clock"));
        let moved = clock.json(&serde_json::json!({ "advance": span }));
        self.send(moved).await.expect(200);
    }
}

/// A server and a client of it.
#[derive(Debug)]
pub(crate) struct Stand {
    pub(crate) server: Running,
    pub(crate) client: Client,
}

impl Stand {
    pub(crate) async fn start(options: Options) -> Self {
        let server = start(options).await.unwrap();
        let client = Client::new(&server.base_url());
        Self { server, client }
    }

    pub(crate) async fn send(&self, ask: Ask) -> Answer {
        self.client.send(ask).await
    }
}
