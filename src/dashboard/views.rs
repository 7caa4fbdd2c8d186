//! Which views there are.

use bytes::Bytes;
use http::Response;

use super::ask::Refusal;
use super::{Asked, cards, conformance, exchanges, faults, payments, snippets, tokens, webhooks};
use crate::domain::words::unknown;

/// One view.
#[derive(Debug)]
pub(super) struct View {
    kind: Kind,
    /// As the query has it.
    pub(super) word: &'static str,
    pub(super) title: &'static str,
    /// The key that leads there.
    pub(super) key: char,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Exchanges,
    Payments,
    Tokens,
    Webhooks,
    Faults,
    Cards,
    Snippets,
    Conformance,
}

const fn view(key: char, kind: Kind, word: &'static str, title: &'static str) -> View {
    View {
        kind,
        word,
        title,
        key,
    }
}

/// In the order in which they are shown.
pub(super) const VIEWS: &[View] = &[
    view('1', Kind::Exchanges, "exchanges", "Exchanges"),
    view('2', Kind::Payments, "payments", "Payments"),
    view('3', Kind::Tokens, "tokens", "Tokens"),
    view('4', Kind::Webhooks, "webhooks", "Webhooks"),
    view('5', Kind::Faults, "faults", "Faults"),
    view('6', Kind::Cards, "cards", "Cards"),
    view('7', Kind::Snippets, "snippets", "Snippets"),
    view('8', Kind::Conformance, "conformance", "Conformance"),
];

impl View {
    /// The view of a word; none is the first.
    pub(super) fn read(word: &str) -> Result<&'static Self, String> {
        if word.is_empty() {
            return Ok(&VIEWS[0]);
        }
        let found = VIEWS.iter().find(|view| view.word == word);
        let words: Vec<_> = VIEWS.iter().map(|view| view.word).collect();
        found.ok_or_else(|| format!("view: {}", unknown(word, &words)))
    }
}

/// Writes a view.
pub(super) async fn write(view: &View, asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    match view.kind {
        Kind::Exchanges => exchanges::write(asked).await,
        Kind::Payments => payments::write(asked).await,
        Kind::Tokens => tokens::write(asked).await,
        Kind::Webhooks => webhooks::write(asked).await,
        Kind::Faults => faults::write(asked).await,
        Kind::Cards => cards::write(asked).await,
        Kind::Snippets => snippets::write(asked).await,
        Kind::Conformance => conformance::write(asked).await,
    }
}
