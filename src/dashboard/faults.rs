//! Fault rules: what they have done, on and off, and a picker of kinds with an example of each.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::frame::{Head, page};

#[derive(Debug, Template)]
#[template(path = "faults.html", config = "src/pages/askama.toml")]
struct Faults {
    head: Head,
    rules: Vec<Rule>,
    presets: Vec<String>,
    families: Vec<Family>,
    quick: &'static [Quick],
}

#[derive(Debug, Deserialize)]
struct Listed {
    rules: Vec<Rule>,
    presets: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Rule {
    name: String,
    text: String,
    on: bool,
    decided_at: String,
    armed_until: Option<String>,
    matched: u64,
    fired: u64,
}

#[derive(Debug, Deserialize)]
struct Kinds {
    kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: String,
    family: String,
    about: String,
    example: String,
    parameters: Vec<Parameter>,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    name: String,
    about: String,
    default: Option<String>,
}

/// Kinds that are about the same thing.
#[derive(Debug)]
struct Family {
    word: String,
    kinds: Vec<Kind>,
}

/// A rule that is one click away.
#[derive(Debug)]
struct Quick {
    label: &'static str,
    text: &'static str,
}

const QUICK: [Quick; 6] = [
    Quick {
        label: "Fail the next call",
        text: "status 503 when first=1",
    },
    Quick {
        label: "Lose the next answer, after it was done",
        text: "lost_after_commit when first=1",
    },
    Quick {
        label: "Lose the next request",
        text: "lost_before_commit when first=1",
    },
    Quick {
        label: "Close the next connection without a word",
        text: "empty_reply when first=1",
    },
    Quick {
        label: "Five seconds late, once",
        text: "delay 5s when first=1",
    },
    Quick {
        label: "Decline the next payment",
        text: "issuer_answer do_not_honour when first=1",
    },
];

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let Listed { rules, presets } = asked.api.get("faults").await?;
    let Kinds { kinds } = asked.api.get("fault-kinds").await?;
    let mut families: Vec<Family> = Vec::new();
    for kind in kinds {
        match families.last_mut() {
            Some(family) if family.word == kind.family => family.kinds.push(kind),
            _ => families.push(Family {
                word: kind.family.clone(),
                kinds: vec![kind],
            }),
        }
    }
    page(&Faults {
        head: Head::of(asked).await?,
        rules,
        presets,
        families,
        quick: &QUICK,
    })
}
