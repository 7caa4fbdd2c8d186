//! The list of exchanges, which goes on by itself, and the one that is open.

use askama::Template;
use bytes::Bytes;
use http::Response;
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::exchange::{Entry, Exchange, Row};
use super::frame::{Head, page};
use crate::limits::DASHBOARD_ROWS_MAX;

#[derive(Debug, Template)]
#[template(path = "exchanges.html", config = "src/pages/askama.toml")]
struct Exchanges {
    head: Head,
    search: String,
    problem: Option<String>,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    /// What a row is before it is filled.
    empty: Row,
    detail: Option<Exchange>,
    /// What links keep of the query.
    kept: String,
    /// Whether new ones come in at the top.
    live: bool,
    older: Option<u64>,
    evicted: u64,
    /// What can be tried first.
    first: String,
}

/// A search that is one click away.
#[derive(Debug)]
struct Chip {
    label: &'static str,
    query: String,
    on: bool,
}

const CHIPS: [(&str, &str); 4] = [
    ("errors", "status=4xx|5xx|0"),
    ("faults", "fault=*"),
    ("payments", "operation=authorize"),
    ("webhooks", "surface=webhooks"),
];

#[derive(Debug, Deserialize)]
struct Journal {
    entries: Vec<Entry>,
    evicted: u64,
    next: u64,
}

pub(super) async fn write(asked: &Asked) -> Result<Response<Bytes>, Refusal> {
    let search = asked.member("match").unwrap_or_default().trim().to_owned();
    let (clauses, mut problem) = match clauses(&search) {
        Ok(clauses) => (clauses, None),
        Err(why) => (String::new(), Some(why)),
    };
    let before = asked.member("before");
    let window = before.map_or_else(String::new, |number| format!("&before={}", encoded(number)));
    let target = format!("journal?brief=true&rows={DASHBOARD_ROWS_MAX}{window}{clauses}");
    let journal = if problem.is_some() {
        Err(None)
    } else {
        asked.api.get::<Journal>(&target).await.map_err(Some)
    };
    let journal = match journal {
        Ok(journal) => journal,
        Err(why) => {
            // A search that cannot be is no reason to show nothing at all.
            if let Some(refusal) = why.filter(|refusal| refusal.status.is_client_error()) {
                problem = Some(refusal.message);
            }
            asked.api.get("journal?rows=0").await?
        }
    };
    let detail = match asked.member("open") {
        None => None,
        Some(number) => match asked.api.get(&format!("journal/{}", encoded(number))).await {
            Ok(entry) => Some(Exchange::of(asked, entry)),
            Err(refusal) => {
                problem = Some(refusal.message);
                None
            }
        },
    };
    let first = journal.entries.first().map(|entry| entry.number);
    let full = journal.entries.len() >= DASHBOARD_ROWS_MAX;
    page(&Exchanges {
        head: Head::from(asked, journal.next, &clauses).await?,
        chips: CHIPS
            .iter()
            .map(|(label, clause)| Chip {
                label,
                query: encoded(clause),
                on: search == *clause,
            })
            .collect(),
        rows: journal.entries.iter().rev().map(Row::of).collect(),
        empty: Row::default(),
        detail,
        kept: match search.as_str() {
            "" => String::new(),
            search => format!("&match={}", encoded(search)),
        },
        live: before.is_none(),
        older: first.filter(|_| full),
        evicted: journal.evicted,
        first: format!(
            "curl {}/auth/realms/vgs/protocol/openid-connect/certs",
            asked.base()
        ),
        search,
        problem,
    })
}

/// The clauses of `--match` as members of a query of the API.
fn clauses(search: &str) -> Result<String, String> {
    let mut members = String::new();
    for clause in search.split('&').map(str::trim) {
        if clause.is_empty() {
            continue;
        }
        let (name, value) = clause.split_once('=').ok_or_else(|| {
            format!("{clause}: must be FIELD=VALUE, such as status=4xx; several are joined with &")
        })?;
        members += &format!("&{}={}", encoded(name.trim()), encoded(value.trim()));
    }
    Ok(members)
}

/// As a part of a query.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_said_in_the_words_of_match() {
        assert_eq!(clauses(""), Ok(String::new()));
        assert_eq!(
            clauses("surface=cmp & status=4xx|5xx"),
            Ok("&surface=cmp&status=4xx%7C5xx".to_owned())
        );
        assert_eq!(
            clauses("request:/a:=1"),
            Ok("&request%3A%2Fa%3A=1".to_owned())
        );
        assert!(clauses("cards").unwrap_err().contains("FIELD=VALUE"));
    }
}
