//! A story: calls in a row against one server, written down whole and compared with `snapshots/<folder>/<name>.snap`, every
//! answer held against the served OpenAPI document.

use std::fmt::Write as _;

use serde_json::Value;

use super::shop::Shop;
use crate::client::{Answer, Ask};
use crate::gateway::document::Document;

/// See the module.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) shop: Shop,
    document: Document,
    text: String,
}

impl Story {
    pub(super) async fn begin() -> Self {
        let shop = Shop::open().await;
        let document = Document::of(&shop.stand.client).await;
        let text = String::new();
        Self {
            shop,
            document,
            text,
        }
    }

    /// Makes a call and writes it down.
    pub(super) async fn call(&mut self, ask: Ask) -> Answer {
        let answer = self.shop.send(ask.clone()).await;
        self.document.check(&ask, &answer);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        writeln!(self.text, "> {} {}", ask.method, ask.path).unwrap();
        let mut headers = ask.headers.clone();
        headers.sort();
        for (name, value) in &headers {
            writeln!(self.text, "> {name}: {value}").unwrap();
        }
        self.text += &body(&ask.body);
        self.text += &answer.head();
        self.text += &body(&answer.body);
        answer
    }

    /// Says what comes next.
    pub(super) fn note(&mut self, note: &str) {
        writeln!(self.text, "\n# {note}").unwrap();
    }

    pub(super) fn end(self, folder: &str, name: &str) {
        compare(folder, name, &self.text);
    }
}

/// Compares a text with its snapshot.
pub(super) fn compare(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{}/snapshots/{folder}", env!("CARGO_MANIFEST_DIR")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn body(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => format!("{value:#}\n"),
        Err(_) => {
            String::from_utf8_lossy(bytes)
                .replace('&', "\n&")
                .trim_end()
                .to_owned()
                + "\n"
        }
    }
}
