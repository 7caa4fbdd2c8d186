//! The whole format of a target file, in words: `standin target reference`. The tables, keys and closed words are in
//! `format.toml`; operations, variables, facts, formats and capabilities come from where the harness itself reads them. The
//! tests see to it that nothing which a file may hold is missing.

mod capabilities;
#[cfg(test)]
mod defaults;
pub(crate) mod operations;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

pub use schema::schema;
use serde::Deserialize;

use super::binding::format::Format;
use super::binding::{Binding, Operation, source, vocabulary};
use super::prepare::checked_features;
use super::scenario::Case;

const FORMAT: &str = include_str!("format.toml");

/// What stands at the head. The tests look for "source" in every fixture.
const HEAD: &str = "# The target file

Source: printed by `standin target reference`; a test compares. A target file tells `standin conform` how to speak to a gateway
and what it claims. Begin with `standin target init`, look for mistakes with `standin target check FILE`, try each operation once
with `standin target probe FILE`, and judge with `standin conform --target FILE`. An unknown key is a mistake.

A *time* is a text such as `500ms`, `5s` or `2m`. A *source* says where an answer tells something, and a *list of sources* is tried
in order. `{name}` in a path, a header or a body is a *variable*; every word for these is below.
";

/// `format.toml` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    tables: Vec<Table>,
    words: Vec<Words>,
}

/// One table of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    title: String,
    about: String,
    /// The header under which its keys stand, with what must stand there before them.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests build files of it"))]
    header: String,
    /// A value for each key without which the file cannot be read.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests build files of it"))]
    #[serde(default)]
    sample: BTreeMap<String, String>,
    #[serde(default)]
    keys: Vec<[String; 4]>,
}

/// Words that one kind of member may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    title: String,
    about: String,
    /// A file in which the word `zzz` stands where one of these must.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests read this file"))]
    asked: String,
    words: Vec<[String; 2]>,
}

fn written() -> Result<Written, String> {
    toml::from_str(FORMAT).map_err(|error| error.to_string())
}

/// Prints the reference of the target file.
///
/// # Errors
/// A text when a built-in file is wrong, or when nothing can be written.
pub fn print_reference(out: &mut dyn io::Write) -> Result<(), String> {
    let bindings = Binding::built_in()?;
    let cases = checked_features(None, &bindings).map_err(|problems| problems.join("\n"))?;
    out.write_all(text(&cases)?.as_bytes())
        .map_err(|error| error.to_string())
}

/// The reference as Markdown. `cases` are the scenarios, which say what each capability opens.
///
/// # Errors
/// A text when the built-in file is wrong; a test reads it.
fn text(cases: &[Case]) -> Result<String, String> {
    let written = written()?;
    let mut out = HEAD.to_owned();
    out.push_str("\n## Tables and keys\n");
    for table in &written.tables {
        section(&mut out, &table.title, &table.about);
        for [name, kind, without, meaning] in &table.keys {
            let without = without.as_str();
            let without = if without.starts_with("needed") {
                without.to_owned()
            } else {
                format!("without it: {without}")
            };
            line(&mut out, name, &format!("({kind}; {without}) {meaning}"));
        }
    }
    out.push_str("\n## Words\n");
    for words in &written.words {
        section(&mut out, &words.title, &words.about);
        for [word, meaning] in &words.words {
            line(&mut out, word, meaning);
        }
    }
    out.push_str(
        "\n## Sources\n\nWhere an answer tells something. A pointer may name variables.\n\n",
    );
    list(&mut out, source::FORMS.iter().copied());
    out.push_str("\n## Formats\n\nBehind a variable, `{token_expiry:MM/YY}`, or a source, `/valid_thru as MM/YY`.\n\n");
    list(&mut out, Format::meanings().into_iter());
    variables(&mut out);
    out.push_str("\n## Facts\n\nWhat an answer may tell, in `facts` of an operation.\n\n");
    let facts = vocabulary::FACTS.iter();
    list(&mut out, facts.map(|(_, name, meaning)| (*name, *meaning)));
    out.push_str("\n## Operations\n\nIn `[binding.operations]`, and those that say so also in `[control.operations]`. Each one that is declared is a capability of the\nsame name. Every operation may name the variables that are always there and those that an\nanswer has told before; `reason` may be told by all of them.\n\n");
    for operation in Operation::all() {
        operations::describe(&mut out, operation);
    }
    capabilities::describe(&mut out, cases);
    Ok(out)
}

fn variables(out: &mut String) {
    out.push_str("\n## Variables\n\nA JSON string that is nothing but one placeholder takes the variable's own type: `\"{exp_month}\"` becomes a number. `{name?}` takes\nits member, its pair of a form or of a query, its element or its attribute of XML away when there is no such variable.\n");
    section(
        out,
        "Always there",
        "Those of the card, the payment and the moment. The token_… ones are there once its expiry is known.",
    );
    list(out, vocabulary::ALWAYS.iter().copied());
    section(
        out,
        "Once an answer has told them",
        "The facts of the same name.",
    );
    let told = vocabulary::TOLD.iter();
    list(
        out,
        told.map(|(name, fact)| (*name, vocabulary::meaning_of(*fact))),
    );
    section(out, "In some operations", "Where the operation says so.");
    list(out, vocabulary::BESIDES.iter().copied());
}

fn section(out: &mut String, title: &str, about: &str) {
    let _ = write!(out, "\n### {title}\n\n{about}\n\n");
}

fn list<'a>(out: &mut String, rows: impl Iterator<Item = (&'a str, &'a str)>) {
    for (name, meaning) in rows {
        line(out, name, meaning);
    }
}

fn line(out: &mut String, name: &str, meaning: &str) {
    let _ = writeln!(out, "- `{name}`: {meaning}");
}
