//! What stands around every view: the space, its clock, and the way to the other views.

use askama::Template;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;

use super::Asked;
use super::ask::Refusal;
use super::views::{VIEWS, View};
use crate::pages::{self, Kind};

/// How far a button moves the clock.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) label: &'static str,
    pub(super) words: &'static str,
    pub(super) span: &'static str,
}

const STEPS: [Step; 3] = [
    Step {
        label: "+1 h",
        words: "an hour",
        span: "PT1H",
    },
    Step {
        label: "+1 d",
        words: "a day",
        span: "PT24H",
    },
    Step {
        label: "+30 d",
        words: "thirty days",
        span: "PT720H",
    },
];

/// What the layout shows.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) view: &'static View,
    pub(super) views: &'static [View],
    pub(super) steps: &'static [Step],
    pub(super) space: String,
    pub(super) prefix: String,
    pub(super) spaces: Vec<String>,
    pub(super) now: String,
    pub(super) now_short: String,
    pub(super) now_seconds: String,
    pub(super) mode: String,
    /// Where the script follows the journal; empty where it need not.
    pub(super) stream: String,
    pub(super) guarded: bool,
}

#[derive(Debug, Deserialize)]
struct Clock {
    now: String,
    mode: String,
}

#[derive(Debug, Deserialize)]
struct Names {
    spaces: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Next {
    next: u64,
}

impl Head {
    /// Of a view that is fetched again whenever something happens.
    pub(super) async fn of(asked: &Asked) -> Result<Self, Refusal> {
        let Next { next } = asked.api.get("journal?rows=0").await?;
        Self::from(asked, next, "").await
    }

    /// Of one that shows the journal before number `next`; `query` says which entries it wants.
    pub(super) async fn from(asked: &Asked, next: u64, query: &str) -> Result<Self, Refusal> {
        let Clock { now, mode } = asked.api.get("clock").await?;
        let Names { mut spaces } = asked.api.get("spaces").await?;
        spaces.sort();
        let seconds = now.get(..19).unwrap_or(&now).to_owned();
        Ok(Self {
            view: asked.view,
            views: VIEWS,
            steps: &STEPS,
            space: asked.space.text().to_owned(),
            prefix: asked.prefix.clone(),
            spaces,
            now_short: seconds.replace('T', " "),
            now_seconds: format!("{seconds}Z"),
            now,
            mode,
            stream: format!(
                "{}/_standin/journal/events?brief=true&from={next}{query}",
                asked.prefix
            ),
            guarded: asked.guarded,
        })
    }
}

/// A template as a page.
pub(super) fn page(template: &impl Template) -> Result<Response<Bytes>, Refusal> {
    let written = template.render().map_err(|error| Refusal {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        message: error.to_string(),
    })?;
    Ok(pages::page(StatusCode::OK, Kind::Live, written))
}

/// A view that cannot be shown, and why.
#[derive(Debug, Template)]
#[template(path = "failed.html", config = "src/pages/askama.toml")]
pub(super) struct Failed {
    home: String,
    message: String,
    status: StatusCode,
}

impl Failed {
    pub(super) fn of(asked: &Asked, refusal: Refusal) -> Self {
        Self {
            home: format!("{}/", asked.prefix),
            message: refusal.message,
            status: refusal.status,
        }
    }

    pub(super) fn plainly(status: StatusCode, message: &str) -> Self {
        Self {
            home: "/".to_owned(),
            message: message.to_owned(),
            status,
        }
    }

    pub(super) fn page(&self) -> Response<Bytes> {
        let written = self.render().unwrap_or_default();
        pages::page(self.status, Kind::Still, written)
    }
}
