//! One exchange as the page shows it: a row of the list, and the whole of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Asked;

/// An entry of the journal, as the API tells it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) at: String,
    pub(super) surface: String,
    pub(super) operation: String,
    pub(super) method: String,
    pub(super) target: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) status: u16,
    pub(super) duration_us: Option<u32>,
    pub(super) client: Option<String>,
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) request: String,
    #[serde(default)]
    pub(super) response: String,
    #[serde(default)]
    pub(super) legs: Vec<Leg>,
    #[serde(default)]
    pub(super) warnings: Vec<String>,
    #[serde(default)]
    pub(super) faults: Faults,
    pub(super) attempt: Option<Attempt>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Leg {
    pub(super) network: String,
    pub(super) operation: String,
    pub(super) outcome: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Faults {
    pub(super) fired: Vec<String>,
    #[serde(default)]
    pub(super) overruled: Vec<String>,
    pub(super) nearest: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Attempt {
    pub(super) message: String,
    pub(super) endpoint: String,
    pub(super) number: u32,
    pub(super) fate: String,
    pub(super) next: Option<String>,
    pub(super) signed: Option<String>,
}

/// A row of the list.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) time: String,
    pub(super) surface: String,
    pub(super) method: String,
    pub(super) target: String,
    pub(super) status: String,
    /// `ok`, `warn` or `bad`.
    pub(super) class: &'static str,
    pub(super) operation: String,
    pub(super) reason: String,
    pub(super) fired: String,
    /// Milliseconds; empty while the clock stood still.
    pub(super) took: String,
}

impl Row {
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            time: entry.at.get(11..23).unwrap_or_default().to_owned(),
            surface: entry.surface.clone(),
            method: entry.method.clone(),
            target: entry.target.clone(),
            status: match entry.status {
                0 => "—".to_owned(),
                status => status.to_string(),
            },
            class: match entry.status {
                1..=399 => "ok",
                400..=499 => "warn",
                _ => "bad",
            },
            operation: entry.operation.clone(),
            reason: entry.reason.clone().unwrap_or_default(),
            fired: entry.faults.fired.join(", "),
            took: entry
                .duration_us
                .map_or_else(String::new, |us| format!("{:.1}", f64::from(us) / 1_000.0)),
        }
    }
}

#[derive(Debug)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
}

/// The whole of one.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) row: Row,
    pub(super) at: String,
    pub(super) client: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) warnings: Vec<String>,
    pub(super) fired: Vec<String>,
    pub(super) overruled: String,
    pub(super) nearest: Option<String>,
    pub(super) attempt: Option<Attempt>,
    pub(super) legs: Vec<Leg>,
    pub(super) headers: Vec<Pair>,
    pub(super) request: String,
    pub(super) response: String,
    pub(super) curl: String,
    pub(super) verify: String,
}

impl Exchange {
    pub(super) fn of(asked: &Asked, entry: Entry) -> Self {
        let (curl, verify) = (curl(asked, &entry), verify(asked, &entry));
        let headers = entry.headers.iter();
        let headers = headers.map(|(name, value)| Pair {
            name: name.clone(),
            value: value.clone(),
        });
        Self {
            row: Row::of(&entry),
            headers: headers.collect(),
            request: pretty(&entry.request),
            response: pretty(&entry.response),
            at: entry.at,
            client: entry.client,
            reason: entry.reason,
            warnings: entry.warnings,
            fired: entry.faults.fired,
            overruled: entry.faults.overruled.join(", "),
            nearest: entry.faults.nearest,
            attempt: entry.attempt,
            legs: entry.legs,
            curl,
            verify,
        }
    }
}

/// JSON on lines of its own; anything else as it is.
pub(super) fn pretty(body: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    serde_json::to_string_pretty(&value).unwrap_or_else(|_| body.to_owned())
}

/// Headers that a client writes by itself.
const BY_ITSELF: [&str; 8] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "user-agent",
    "accept-encoding",
    "expect",
    "cookie",
];

/// The request as a command of a shell.
fn curl(asked: &Asked, entry: &Entry) -> String {
    let url = if entry.target.starts_with('/') {
        format!("{}{}", asked.origin, entry.target)
    } else {
        entry.target.clone()
    };
    let mut command = format!("curl -i -X {} {}", quoted(&entry.method), quoted(&url));
    for (name, value) in &entry.headers {
        if !BY_ITSELF.contains(&name.as_str()) && !name.starts_with("sec-") {
            command += &format!(" \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
    }
    if !entry.request.is_empty() {
        command += &format!(" \\\n  --data-raw {}", quoted(&entry.request));
    }
    command
}

/// The question whether it happened, as a command of a shell.
fn verify(asked: &Asked, entry: &Entry) -> String {
    let mut clauses = vec![format!("surface={}", entry.surface)];
    if entry.operation.is_empty() {
        clauses.push(format!("method={}", entry.method));
    } else {
        clauses.push(format!("operation={}", entry.operation));
    }
    clauses.push(format!("status={}", entry.status));
    let mut command = format!("standin verify --match {}", quoted(&clauses.join("&")));
    if asked.origin != "http://127.0.0.1:4111" {
        command += &format!(" --server {}", quoted(&asked.origin));
    }
    if !asked.prefix.is_empty() {
        command += &format!(" --space {}", quoted(asked.space.text()));
    }
    command
}

/// A word of a shell.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell_stay_whole_whatever_is_in_them() {
        for (text, word) in [
            ("GET", "GET"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's $HOME `x`", r"'it'\''s $HOME `x`'"),
            ("a\nb", "'a\nb'"),
            ("surface=cmp", "surface=cmp"),
            ("~root", "'~root'"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }
}
