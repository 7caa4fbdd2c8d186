//! `standin target init`: a target file to fill in. What is needed stands there with FILL IN, which `standin target check` names
//! until it is filled; everything else is behind #.

mod guess;
mod openapi;
#[cfg(test)]
mod tests;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

use super::binding::{Operation, vocabulary};
use super::reference::operations;
use super::target::UNFILLED;
use openapi::{Call, Document};

const HEAD: &str = include_str!("head.toml");
const TAIL: &str = include_str!("tail.toml");
const OPERATIONS: &str = include_str!("operations.toml");

/// Write a target file to fill in.
///
/// It asks nothing and sends nothing. What is needed says FILL IN, which `standin target check` names until it is filled;
/// everything that is optional stands behind #.
#[derive(Args, Clone, Debug)]
pub struct Init {
    /// An OpenAPI document, in JSON or YAML: paths that look like an operation are filled in, and marked as guesses.
    #[arg(long, value_name = "FILE")]
    pub openapi: Option<PathBuf>,
    /// Where the gateway's paths begin.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Where to write it; printed when not given. A file that is there is never overwritten.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// How an operation may look.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    operation: Operation,
    method: String,
    path: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    headers: Option<String>,
    /// The facts without which it is of no use.
    #[serde(default)]
    needed: Vec<String>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    operations: Vec<Example>,
}

/// The text of a target file to fill in, as the options say.
///
/// # Errors
/// A text when the document cannot be read.
pub fn init(options: &Init) -> Result<String, String> {
    let document = options.openapi.as_deref().map(document).transpose()?;
    text(document.as_ref(), options.base_url.as_deref())
}

fn document(file: &Path) -> Result<Document, String> {
    let name = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
    openapi::read(&text).map_err(|why| format!("{name}: {why}"))
}

fn text(document: Option<&Document>, base_url: Option<&str>) -> Result<String, String> {
    let server = document.and_then(|document| document.server.as_deref());
    let base = base_url.or(server);
    let base = base.map_or_else(|| format!("{UNFILLED}: http://…"), str::to_owned);
    let mut out = HEAD.replace("{{base_url}}", &base);
    let examples: Examples = toml::from_str(OPERATIONS).map_err(|error| error.to_string())?;
    for example in &examples.operations {
        let calls = document.map_or(&[][..], |document| document.calls.as_slice());
        operation(&mut out, example, guess::guess(example.operation, calls));
    }
    out.push_str(TAIL);
    Ok(out)
}

fn operation(out: &mut String, example: &Example, guessed: Option<&Call>) {
    let operation = example.operation;
    let least = [Operation::Store, Operation::Enrol, Operation::Read].contains(&operation);
    // A payment needs words for its outcomes, and an endpoint needs [webhooks]: these stay behind # with their guess.
    let alone = !operation.is_psp() && !matches!(operation, Operation::Control(_));
    let mark = if least || guessed.is_some() && alone {
        ""
    } else {
        "# "
    };
    let (word, asked) = (operation.word(), operations::asked(operation));
    let _ = writeln!(out, "\n# {word} {asked}");
    if let Some(note) = &example.note {
        let _ = writeln!(out, "# {note}");
    }
    let _ = writeln!(out, "{mark}[binding.operations.{word}]");
    let known = guessed
        .map(|call| call.statuses.clone())
        .unwrap_or_default();
    let accept = if known.is_empty() {
        vec![200, 201]
    } else {
        known
    };
    let _ = writeln!(out, "{mark}accept = {accept:?}");
    for fact in operations::facts(operation) {
        let name = vocabulary::name_of(*fact);
        let meaning = vocabulary::meaning_of(*fact);
        if example.needed.iter().any(|needed| needed == name) {
            let _ = writeln!(
                out,
                "{mark}facts.{name} = [\"/{UNFILLED}: where the answer tells {meaning}\"]"
            );
        } else {
            let _ = writeln!(out, "# facts.{name} = [\"/{name}\"]");
        }
    }
    let _ = writeln!(out, "# facts.reason = [\"/error/code\"]");
    let _ = writeln!(out, "{mark}[[binding.operations.{word}.requests]]");
    match guessed {
        Some(call) => {
            let _ = writeln!(
                out,
                "# A guess, by its name: {} {} {}",
                call.method, call.path, call.called
            );
            let _ = writeln!(out, "{mark}method = \"{}\"", call.method);
            let _ = writeln!(out, "{mark}path = \"{}\"", guess::path(call));
        }
        None => {
            let _ = writeln!(out, "{mark}method = \"{}\"", example.method);
            let _ = writeln!(out, "{mark}path = \"{}\"", example.path);
        }
    }
    if let Some(headers) = &example.headers {
        let _ = writeln!(out, "# headers = {headers}");
    }
    if let Some(body) = &example.body {
        let _ = writeln!(out, "{mark}body = '{body}'");
    }
}
