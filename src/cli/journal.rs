//! `standin journal`: what a running server was asked and answered, as a table, as a file, or as it happens.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use http::Method;
use http_body_util::BodyExt;
use serde_json::Value;

use super::events::{Event, Events};
use super::matching::Matching;
use super::out::{self, Failed, Shown, print};
use super::refused::having;
use super::remote::{EVENTS, JSON, LINES, Remote, run};
use super::table::fitted;

/// The arguments of `standin journal`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Journal {
    #[command(flatten)]
    matching: Matching,
    /// Only entries from this number on.
    #[arg(long, value_name = "NUMBER")]
    from: Option<u64>,
    /// So many of the latest entries at most. Without it 20, and all of them in a file or with --from.
    #[arg(long, value_name = "N")]
    rows: Option<u64>,
    /// Go on with what happens from now on, until interrupted or until the server stops.
    #[arg(long)]
    follow: bool,
    /// A table, one JSON object a line, or an HTTP archive (HAR 1.2).
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Print the answer as JSON; with --follow one object a line.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Ndjson,
    Har,
}

const EXAMPLES: &str = "Examples:
  standin journal
  standin journal --match status=4xx --match status=5xx
  standin journal --match 'operation=create_card&request:/data/attributes/exp_month:=12'
  standin journal --follow --match surface=webhooks
  standin journal --format har > journal.har";

/// With what an archive begins.
const ARCHIVE: &[u8] = b"{\"log\":";
const NO_ARCHIVE: &str = "the server answered with no archive; is it the right --server?";

/// Rows of a table for which nobody asked for a number: a screen has more.
const ROWS: u64 = 20;

impl Journal {
    pub(super) fn run(self) -> Result<(), Failed> {
        if self.follow && self.format == Format::Har {
            let why = "--format har: an archive has an end; follow with table or ndjson";
            return Err(why.into());
        }
        run(self.read())
    }

    async fn read(&self) -> Result<(), Failed> {
        if let Some(hint) = self.matching.hint() {
            notice(hint);
        }
        if self.follow {
            return self.follow().await;
        }
        match self.format {
            Format::Table => self.table().await,
            Format::Ndjson => self.file("ndjson").await,
            Format::Har => self.file("har").await,
        }
    }

    async fn table(&self) -> Result<(), Failed> {
        let rows = self.rows.or(self.from.is_none().then_some(ROWS));
        let path = self.path("journal", self.from, Some(rows.unwrap_or(u64::MAX)), None)?;
        let answer = self.remote.ask(Method::GET, &path, None).await?;
        let answer = having(answer, "entries")?;
        if self.json {
            return print(format!("{answer:#}\n").as_bytes());
        }
        let entries = answer["entries"].as_array().map_or(&[][..], Vec::as_slice);
        if entries.is_empty() {
            let none = if self.matching.is_empty() {
                "no entry yet\n"
            } else {
                "no entry matches\n"
            };
            print(none.as_bytes())?;
        } else {
            print(HEAD.as_bytes())?;
        }
        for entry in entries {
            print(row(entry).as_bytes())?;
        }
        let evicted = answer["evicted"].as_u64().unwrap_or_default();
        if evicted > self.from.unwrap_or_default() {
            notice(&format!(
                "{evicted} earlier entries were evicted; keep more with journal.bytes_max"
            ));
        }
        Ok(())
    }

    async fn file(&self, format: &str) -> Result<(), Failed> {
        let path = self.path("journal", self.from, self.rows, Some(format))?;
        let kind = if format == "har" { JSON } else { LINES };
        let mut body = self.remote.send(Method::GET, &path, None, kind).await?;
        let mut out = Shown::new(std::io::stdout());
        let due = if format == "har" { ARCHIVE } else { b"" };
        let mut head = Vec::new();
        while let Some(frame) = body.frame().await {
            let broke = |error| format!("the connection broke off: {error}");
            let Ok(bytes) = frame.map_err(broke)?.into_data() else {
                continue;
            };
            if head.len() >= due.len() {
                out.write_all(&bytes)?;
                continue;
            }
            // A frame may end in the middle of what it begins with.
            head.extend_from_slice(&bytes);
            let alike = head.iter().zip(due).all(|(is, due)| is == due);
            if !alike {
                return Err(NO_ARCHIVE.into());
            }
            if head.len() >= due.len() {
                out.write_all(&head)?;
            }
        }
        if head.len() < due.len() {
            return Err(NO_ARCHIVE.into());
        }
        Ok(out.flush()?)
    }

    async fn follow(&self) -> Result<(), Failed> {
        let lines = self.json || self.format == Format::Ndjson;
        let (from, rows) = match (self.from, self.rows) {
            (None, None) if lines => (Some(0), None),
            (None, None) => (None, Some(ROWS)),
            given => given,
        };
        let path = self.path("journal/events", from, rows, None)?;
        let body = self.remote.send(Method::GET, &path, None, EVENTS).await?;
        let mut events = Events::of(body);
        if !lines {
            print(HEAD.as_bytes())?;
        }
        while let Some(Event { name, told }) = events.next().await? {
            if name == "entry" && lines {
                print(format!("{told}\n").as_bytes())?;
                continue;
            }
            let told: Value = serde_json::from_str(&told).unwrap_or_default();
            match name.as_str() {
                "entry" => print(row(&told).as_bytes())?,
                "evicted" => notice(&format!(
                    "{} entries from number {} on were evicted before they could be shown",
                    told["evicted"], told["from"]
                )),
                "reset" => notice("the space begins again, and so do the numbers"),
                "end" => {
                    notice(match told["reason"].as_str() {
                        Some("removed") => "the space is gone",
                        _ => "the server has been stopped",
                    });
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(Failed::Told("the connection broke off".to_owned()))
    }

    /// What to ask for.
    fn path(
        &self,
        page: &str,
        from: Option<u64>,
        rows: Option<u64>,
        format: Option<&str>,
    ) -> Result<String, String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.matching.members()?);
        for (name, number) in [("from", from), ("rows", rows)] {
            if let Some(number) = number {
                query.append_pair(name, &number.to_string());
            }
        }
        if let Some(format) = format {
            query.append_pair("format", format);
        }
        Ok(format!("{page}?{}", query.finish()))
    }
}

const HEAD: &str = "number  time                     method  status  target                                    why\n";

/// `     3  2026-01-01 00:00:00.000  POST       422  /cards/CRD…/cryptogram   token_missing; fault: lost`
fn row(entry: &Value) -> String {
    let text = |name: &str| entry[name].as_str().unwrap_or_default();
    let time = text("at").replace('T', " ");
    let time = time.get(..23).unwrap_or(&time);
    let status = match entry["status"].as_u64() {
        Some(0) | None => "none".to_owned(),
        Some(status) => status.to_string(),
    };
    let row = format!(
        "{:>6}  {time:<23}  {:<6}  {status:>6}  {:<40}  {}",
        entry["number"].as_u64().unwrap_or_default(),
        text("method"),
        text("target"),
        why(entry),
    );
    // What a client sent must not move the cursor.
    let row = row.replace(char::is_control, "?");
    format!("{}\n", fitted(row.trim_end()))
}

/// The reason, the faults that fired, and what became of a message.
fn why(entry: &Value) -> String {
    let mut why: Vec<_> = entry["reason"]
        .as_str()
        .map(str::to_owned)
        .into_iter()
        .collect();
    let fired = entry["faults"]["fired"].as_array().into_iter().flatten();
    why.extend(fired.map(|name| format!("fault: {}", name.as_str().unwrap_or_default())));
    let attempt = &entry["attempt"];
    if let (Some(fate), Some(number)) = (attempt["fate"].as_str(), attempt["number"].as_u64()) {
        why.push(format!("try {number}: {fate}"));
    }
    why.join("; ")
}

fn notice(text: &str) {
    out::notice(format_args!("standin: {text}"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_read_from_left_to_right() {
        let refused = json!({
            "number": 3, "at": "2026-01-01T00:00:00.123456Z", "method": "POST", "status": 422,
            "target": "/cards/x\u{1b}[2J/cryptogram", "reason": "token_missing",
            "faults": { "fired": ["slow", "lost"] },
        });
        assert_eq!(
            row(&refused),
            "     3  2026-01-01 00:00:00.123  POST       422  /cards/x?[2J/cryptogram                   token_missing; fault: slow; fault: lost\n"
        );
        let message = json!({
            "number": 12, "at": "2026-01-01T00:00:00.000000Z", "method": "POST", "status": 0,
            "target": "http://127.0.0.1:9/", "attempt": { "number": 2, "fate": "again" },
        });
        assert_eq!(
            row(&message),
            "    12  2026-01-01 00:00:00.000  POST      none  http://127.0.0.1:9/                       try 2: again\n"
        );
        let plain =
            json!({ "number": 0, "at": "", "method": "GET", "status": 200, "target": "/a" });
        assert!(row(&plain).ends_with("200  /a\n"));
    }
}
