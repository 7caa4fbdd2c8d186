//! Writes the script.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::super::broken::{Mismatch, NOTHING_THERE};
use super::super::http::{Answer, Exchange};
use super::pieces::{Piece, Pieces};
use crate::masking;
use crate::report::Secrets;

/// What every script begins with.
const BEGIN: &str = r#"set -u
fresh() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
# The text of the nth member of that name in the last answer.
member() {
  printf '%s' "$body" | tr '\n' ' ' | grep -o "\"$1\"[[:space:]]*:[[:space:]]*\"[^\"]*\"" |
    sed -n "$2p" | sed 's/^"[^"]*"[[:space:]]*:[[:space:]]*"//; s/"$//'
}
ask() {
  answer=$(curl -sS -g --max-time 15 -w '\n%{http_code}' "$@") || exit 2
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d')
  printf '%s\n%s\n' "$status" "$body"
}
"#;

/// A header of a request.
#[derive(Debug)]
struct Header {
    name: String,
    value: Vec<Piece>,
}

/// A request, and the lines around it.
#[derive(Debug)]
struct Asked {
    before: Vec<String>,
    method: String,
    url: Vec<Piece>,
    headers: Vec<Header>,
    body: Option<Vec<Piece>>,
    after: Vec<String>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Script {
    base: String,
    needs: Vec<String>,
    spaces: bool,
    asked: Vec<Asked>,
}

/// How a script ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With whether the status and these members are as they were.
    Claims(Vec<Claim>),
    /// With what was answered last.
    Shown,
}

/// A member that said what the check was failed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    name: String,
    nth: usize,
    value: String,
}

impl Script {
    pub(super) fn of(exchanges: &[Exchange], pieces: &mut Pieces) -> Self {
        let mut asked = Vec::new();
        let mut ids = 0;
        let mut spaces = false;
        for (place, exchange) in exchanges.iter().enumerate() {
            let sent = &exchange.sent;
            let before = pieces.prepare(sent);
            let url = pieces.of(&sent.url);
            let headers = sent.headers.iter().map(|(name, value)| Header {
                name: name.clone(),
                value: pieces.of(value),
            });
            let headers: Vec<Header> = headers.collect();
            let body = sent.body.as_deref().map(|body| pieces.of(body));
            let named = |pieces: &Vec<Piece>| pieces.contains(&Piece::Variable("SPACE".to_owned()));
            spaces |= named(&url)
                || headers.iter().any(|it| named(&it.value))
                || body.as_ref().is_some_and(named);
            let mut after = Vec::new();
            let later = exchanges.get(place + 1..).unwrap_or_default();
            for found in told(exchange, exchanges.get(..=place).unwrap_or_default(), later) {
                ids += 1;
                let variable = format!("ID_{ids}");
                after.push(format!("{variable}=$(member {} {})", found.name, found.nth));
                pieces.know(&found.value, &variable);
            }
            asked.push(Asked {
                before,
                method: sent.method.clone(),
                url,
                headers,
                body,
                after,
            });
        }
        Self {
            base: pieces.base().to_owned(),
            needs: pieces.given().into_iter().map(|it| it.variable).collect(),
            spaces,
            asked,
        }
    }

    /// The text. None where something in it cannot be shown and no variable stands for it.
    pub(super) fn text(
        &self,
        head: &[String],
        status: u16,
        ending: &Ending,
        secrets: &Secrets,
    ) -> Option<String> {
        let mut out = "#!/bin/sh\n".to_owned();
        for line in head.iter().flat_map(|text| text.lines()) {
            let _ = writeln!(out, "# {line}");
        }
        out.push_str(match ending {
            Ending::Claims(_) => "# It ends with 1 while the target answers as it did, and with 0 once it answers otherwise.\n",
            Ending::Shown => "# It shows what was asked and answered; what is wrong stands in no one member of an answer.\n",
        });
        out.push_str(BEGIN);
        let _ = writeln!(out, "BASE=${{BASE:-{}}}", literal(&self.base, secrets)?);
        if self.spaces {
            out.push_str("SPACE=${SPACE:-again$$}\n");
        }
        for variable in &self.needs {
            let _ = writeln!(out, ": \"${{{variable}:?}}\"");
        }
        for (place, asked) in self.asked.iter().enumerate() {
            let _ = writeln!(out, "\n# {}", place + 1);
            for line in &asked.before {
                let _ = writeln!(out, "{line}");
            }
            let method = match asked.method.as_str() {
                "HEAD" => "--head".to_owned(),
                other => format!("-X {other}"),
            };
            let _ = write!(out, "ask {method} {}", plain(&asked.url, secrets)?);
            for header in &asked.headers {
                let _ = write!(out, " \\\n  -H {}", with_name(header, secrets)?);
            }
            if let Some(body) = &asked.body {
                let _ = write!(out, " \\\n  --data-raw {}", plain(body, secrets)?);
            }
            out.push('\n');
            for line in &asked.after {
                let _ = writeln!(out, "{line}");
            }
        }
        let Ending::Claims(claims) = ending else {
            return Some(out);
        };
        let mut test = format!("[ \"$status\" = {status} ]");
        for claim in claims {
            let value = literal(&claim.value, secrets)?;
            let _ = write!(
                test,
                " && [ \"$(member {} {})\" = {value} ]",
                claim.name, claim.nth
            );
        }
        let _ = write!(
            out,
            "\nif {test}; then\n  echo \"it still fails: the target answers $status as before\"\n  exit 1\nfi\necho \"it answers otherwise now: $status\"\n"
        );
        Some(out)
    }
}

/// A text for a shell, if nothing in it has to be hidden that no variable stands for.
fn plain(pieces: &[Piece], secrets: &Secrets) -> Option<String> {
    let shown = joined(pieces);
    (secrets.text(&shown).as_str() == shown).then(|| quoted(pieces))
}

/// The same of a header.
fn with_name(header: &Header, secrets: &Secrets) -> Option<String> {
    let shown = joined(&header.value);
    let is_fine = secrets.header(&header.name, &shown).as_str() == shown;
    let mut pieces = vec![Piece::Literal(format!("{}: ", header.name))];
    pieces.extend(header.value.iter().cloned());
    is_fine.then(|| quoted(&pieces))
}

fn literal(text: &str, secrets: &Secrets) -> Option<String> {
    plain(&[Piece::Literal(text.to_owned())], secrets)
}

/// As it would be shown anywhere else.
fn joined(pieces: &[Piece]) -> String {
    let shown = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => text.as_str(),
        Piece::Variable(_) => masking::HIDDEN,
    });
    shown.collect()
}

/// For a shell, to which only variables are more than they look.
fn quoted(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => {
                let _ = write!(out, "'{}'", text.replace('\'', "'\\''"));
            }
            Piece::Variable(name) => {
                let _ = write!(out, "\"${name}\"");
            }
        }
    }
    if out.is_empty() {
        out.push_str("''");
    }
    out
}

/// What an answer tells for the first time and a later request says.
fn told(exchange: &Exchange, before: &[Exchange], later: &[Exchange]) -> Vec<Claim> {
    let Ok(answer) = &exchange.answer else {
        return Vec::new();
    };
    let says = |exchange: &Exchange, value: &str| {
        let sent = &exchange.sent;
        let body = sent.body.as_deref().unwrap_or_default();
        let headers = sent.headers.iter().any(|(_, text)| text.contains(value));
        sent.url.contains(value) || body.contains(value) || headers
    };
    let mut found = members(answer);
    found.retain(|it| {
        let known = before.iter().any(|exchange| says(exchange, &it.value));
        it.value.len() >= 4 && !known && later.iter().any(|exchange| says(exchange, &it.value))
    });
    found.dedup_by(|one, other| one.value == other.value);
    found
}

/// The members of an answer that are texts, as the script finds them: by name, counted from 1 in the order of the text.
fn members(answer: &Answer) -> Vec<Claim> {
    let Some(document) = answer.json() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    collect(&document, &mut BTreeMap::new(), &mut found);
    found
}

fn collect(value: &Value, counted: &mut BTreeMap<String, usize>, found: &mut Vec<Claim>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let Value::String(text) = member else {
                    collect(member, counted, found);
                    continue;
                };
                let nth = counted.entry(name.clone()).or_default();
                *nth += 1;
                let usual = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
                // The script's pattern ends at a quote, escaped or not.
                let is_whole = !text.contains(['"', '\\']) && !text.chars().any(char::is_control);
                if !name.is_empty() && name.chars().all(usual) && is_whole {
                    found.push(Claim {
                        name: name.clone(),
                        nth: *nth,
                        value: text.clone(),
                    });
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, counted, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// How a script ends: what has to be as it was for the failure to be there still, if an answer says so at all.
pub(super) fn ending(answer: &Answer, places: &[Mismatch]) -> Ending {
    let members = members(answer);
    let mut claims = Vec::new();
    let mut decides = false;
    for place in places {
        let name = place.pointer.rsplit('/').next().unwrap_or_default();
        let got = serde_json::from_str::<Value>(&place.got);
        let got = got.ok().and_then(|it| Some(it.as_str()?.to_owned()));
        let got = got.unwrap_or_else(|| place.got.clone());
        let found = members.iter().find(|it| it.name == name && it.value == got);
        decides |= found.is_some() || place.pointer == "status" || place.got == NOTHING_THERE;
        claims.extend(found.cloned());
    }
    if decides {
        Ending::Claims(claims)
    } else {
        Ending::Shown
    }
}
