//! A story: calls in a row against one server, written down whole and compared with `snapshots/<surface>/<name>.snap`, and
//! every answer held against the served OpenAPI document.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;
use standin::crypto::jwt;
use standin::server::Options;

use crate::client::{Answer, Ask, FORM, Stand, options};
use crate::gateway::document::Document;

/// See the module.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) stand: Arc<Stand>,
    document: Document,
    text: String,
}

impl Story {
    pub(crate) async fn begin() -> Self {
        Self::begin_with(options()).await
    }

    pub(crate) async fn begin_with(options: Options) -> Self {
        Self::at(Arc::new(Stand::start(options).await)).await
    }

    /// Against a server that is there.
    pub(crate) async fn at(stand: Arc<Stand>) -> Self {
        let document = Document::of(&stand.client).await;
        Self {
            stand,
            document,
            text: String::new(),
        }
    }

    /// Makes a call and writes it down.
    pub(crate) async fn call(&mut self, ask: Ask) -> Answer {
        let answer = self.stand.send(ask.clone()).await;
        self.document.check(&ask, &answer);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        writeln!(self.text, "> {} {}", ask.method, ask.path).unwrap();
        let mut headers = ask.headers.clone();
        headers.sort();
        for (name, value) in &headers {
            writeln!(self.text, "> {name}: {}", header(value)).unwrap();
        }
        let is_form = ask.headers.iter().any(|(_, value)| value == FORM);
        self.text += &match is_form {
            true => form(&ask.body),
            false => body(&ask.body),
        };
        self.text += &answer.head();
        self.text += &body(&answer.body);
        answer
    }

    /// A token, whose making is not part of the story.
    pub(crate) async fn token(&self, client_id: &str, scope: Option<&str>) -> String {
        self.stand.client.token(client_id, scope).await
    }

    /// Says what comes next.
    pub(crate) fn note(&mut self, note: &str) {
        writeln!(self.text, "\n# {note}").unwrap();
    }

    /// Compares what has been told with its snapshot, and goes on with the next chapter.
    pub(crate) fn chapter(&mut self, surface: &str, name: &str) {
        compare(surface, name, &std::mem::take(&mut self.text));
    }

    /// Compares the last chapter, or the whole of a short story, with its snapshot.
    pub(crate) fn end(self, surface: &str, name: &str) {
        compare(surface, name, &self.text);
    }
}

/// Compares a text with `snapshots/<folder>/<name>.snap`.
pub(crate) fn compare(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{}/snapshots/{folder}", env!("CARGO_MANIFEST_DIR")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A token is shown by what it says, because a signature tells a reader nothing.
fn header(value: &str) -> String {
    match value.strip_prefix("Bearer ") {
        Some(token) => format!("Bearer {}", shown_token(token).unwrap_or(token.to_owned())),
        None => value.to_owned(),
    }
}

fn shown_token(token: &str) -> Option<String> {
    let claims: Value = serde_json::from_slice(&jwt::unverified_claims(token).ok()?).ok()?;
    let text = |name: &str| claims[name].as_str().unwrap_or_default().to_owned();
    Some(format!(
        "<{} in {}: {}>",
        text("client_id"),
        text("space"),
        text("scope")
    ))
}

/// A form, one member a line.
fn form(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('&', "\n&") + "\n"
}

fn body(bytes: &[u8]) -> String {
    let Ok(mut value) = serde_json::from_slice::<Value>(bytes) else {
        let text = String::from_utf8_lossy(bytes);
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        return format!("{text}{end}");
    };
    if let Some(token) = value["access_token"].as_str().map(str::to_owned) {
        let claims = jwt::unverified_claims(&token).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        value["access_token"] = serde_json::json!({
            "(signed by)": jwt::key_id(&token).unwrap(),
            "(claims)": claims,
        });
    }
    format!("{value:#}\n")
}
