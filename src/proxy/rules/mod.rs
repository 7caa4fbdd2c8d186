//! What is rewritten on the way to a host and back: values in the place of aliases, and aliases in the place of values. Routes
//! are data, those that come with the program as well as the user's own; they are read once, when the proxy starts.
//!
//! | file | is |
//! |---|---|
//! | `compile` | routes as they are asked, from routes as they are written |
//! | `rewrite` | one exchange: what is rewritten, and what is written down of it |

mod compile;
mod rewrite;

use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, StatusCode};
use regex::Regex;
use serde_json_path::JsonPath;

use super::tokens::CardPlaces;
use crate::domain::alias::{Format, Storage};
use crate::operations::proxy_settings::{Action, Phase};
use crate::wire::edge::path;
pub(super) use rewrite::Rewriting;

/// Every route, those of the user before those that are built in.
#[derive(Debug, Default)]
pub(super) struct Rules {
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    host: Regex,
    rules: Vec<Rule>,
    card: Option<CardPlaces>,
}

/// See [`crate::operations::proxy_settings::RuleSettings`].
#[derive(Debug, Clone)]
pub(super) struct Rule {
    action: Action,
    phase: Phase,
    path: Option<Regex>,
    methods: Vec<Method>,
    content_type: Option<String>,
    statuses: Vec<u16>,
    json: Vec<JsonPath>,
    form: Vec<String>,
    headers: Vec<HeaderName>,
    text: Vec<Regex>,
    format: Format,
    storage: Storage,
}

impl Rules {
    /// Whether any route names a host, so that requests for it have to be looked into.
    pub(super) fn names(&self, host: &str) -> bool {
        self.routes.iter().any(|route| route.host.is_match(host))
    }

    /// Where a card stands in payments at a host.
    fn card(&self, host: &str) -> Option<CardPlaces> {
        let mut routes = self.routes.iter().filter(|route| route.host.is_match(host));
        routes.find_map(|route| route.card.clone())
    }

    /// The rules for a request and for whatever its answer may be.
    fn of(&self, host: &str, parts: &Parts) -> Vec<Rule> {
        let path = path::readable(parts.uri.path());
        let routes = self.routes.iter().filter(|route| route.host.is_match(host));
        let rules = routes.flat_map(|route| &route.rules);
        let rules = rules.filter(|rule| rule.is_for(&parts.method, &path));
        rules.cloned().collect()
    }
}

impl Rule {
    fn is_for(&self, method: &Method, path: &str) -> bool {
        let by_path = self.path.as_ref().is_none_or(|own| own.is_match(path));
        by_path && (self.methods.is_empty() || self.methods.contains(method))
    }

    /// Whether the body is of its kind.
    fn is_for_body(&self, headers: &HeaderMap) -> bool {
        let Some(own) = &self.content_type else {
            return true;
        };
        let kind = headers.get(http::header::CONTENT_TYPE);
        // Bytes that are no text can only stand in a parameter, or they make it another kind.
        let kind = kind.map(|kind| String::from_utf8_lossy(kind.as_bytes()));
        let kind = kind.unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(own)
    }

    fn is_for_status(&self, status: StatusCode) -> bool {
        self.statuses.is_empty() || self.statuses.contains(&status.as_u16())
    }
}
