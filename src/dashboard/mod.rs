//! The page at `/` and `/~NAME/`: what happened in a space, and buttons for what a tester does. It is written from what the
//! control API answers and acts by calls of it, so it can do nothing that the API cannot.

mod ask;
mod cards;
mod conformance;
mod docs;
mod exchange;
mod exchanges;
mod faults;
mod frame;
mod payments;
mod sign_in;
mod snippets;
mod tokens;
mod views;
mod webhooks;

use axum::Router;
use bytes::Bytes;
use http::header::{HOST, LOCATION};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode};

use crate::operations::SpaceName;
use ask::{Api, Refusal};
pub use docs::{docs, is_docs};
use frame::Failed;
pub use sign_in::sign_in;
use views::View;

/// See the module.
#[derive(Debug)]
pub struct Dashboard {
    control: Router,
    /// What URLs of this server begin with.
    scheme: &'static str,
}

/// What a view is written from.
#[derive(Debug)]
struct Asked {
    api: Api,
    view: &'static View,
    query: Vec<(String, String)>,
    space: SpaceName,
    /// What stands before every path: nothing for the space that is there without a name.
    prefix: String,
    /// `http://127.0.0.1:4111`
    origin: String,
    /// Whether somebody signed in, and may want to sign out.
    guarded: bool,
}

impl Asked {
    /// A member of the query that is not empty.
    fn member(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(one, _)| one == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Where clients of the space find it.
    fn base(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }
}

impl Dashboard {
    /// `control` is what answers at the paths of the control API.
    pub const fn new(control: Router, scheme: &'static str) -> Self {
        Self { control, scheme }
    }

    /// The page of a space. `guarded` says that somebody signed in for it.
    pub async fn answer(
        &self,
        parts: &Parts,
        space: Option<SpaceName>,
        guarded: bool,
    ) -> Response<Bytes> {
        let query = parts.uri.query().unwrap_or_default();
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let member = |name: &str| query.iter().find(|(one, _)| one == name);
        if let Some((_, name)) = member("space") {
            return to_space(name, member("view").map_or("", |(_, view)| view));
        }
        let view = View::read(member("view").map_or("", |(_, view)| view));
        let space = space.unwrap_or_else(SpaceName::default_space);
        let asked = Asked {
            api: Api::new(self.control.clone(), space.clone()),
            view: view.as_ref().copied().unwrap_or(&views::VIEWS[0]),
            query,
            prefix: prefix(&space),
            space,
            origin: self.origin(parts),
            guarded,
        };
        let written = match view {
            Ok(view) => views::write(view, &asked).await,
            Err(message) => Err(Refusal {
                status: StatusCode::NOT_FOUND,
                message,
            }),
        };
        match written {
            Ok(page) => page,
            Err(refusal) => Failed::of(&asked, refusal).page(),
        }
    }

    fn origin(&self, parts: &Parts) -> String {
        let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = parts.uri.authority().map(|authority| authority.as_str());
        let host = authority.or(named).unwrap_or("127.0.0.1:4111");
        format!("{}://{host}", self.scheme)
    }
}

/// What stands before the paths of a space.
fn prefix(space: &SpaceName) -> String {
    if *space == SpaceName::default_space() {
        String::new()
    } else {
        format!("/~{space}")
    }
}

/// Leads to the page of a space that was typed in.
fn to_space(name: &str, view: &str) -> Response<Bytes> {
    let view = View::read(view).map_or("", |view| view.word);
    match SpaceName::parse(name.trim()) {
        Ok(space) => led(&format!("{}/?view={view}", prefix(&space))),
        Err(error) => sign_in::refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
    }
}

/// Leads a browser to another page of ours.
fn led(to: &str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(to) = HeaderValue::from_str(to) {
        answer.headers_mut().insert(LOCATION, to);
    }
    answer
}
