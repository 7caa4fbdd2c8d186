//! Following the journal: server-sent events (WHATWG HTML, section 9.2). A follower takes what it can; what it is too slow
//! for is evicted under its eyes, and it is told so.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, Uri};
use serde_json::json;

use super::caller::Caller;
use super::errors::ControlError;
use super::followers::{Followers, Seat};
use super::journal::{JournalQuery, beside, shown};
use crate::domain::number::digits;
use crate::journal::{End, Pattern};
use crate::limits::{FOLLOW_BEAT, FOLLOW_ROWS_MAX, FOLLOWERS_MAX};
use crate::operations::{Space, SpaceName, Spaces};

const LAST_EVENT_ID: &str = "last-event-id";
/// Numbers begin again, so the id of the last event is taken back.
const RESET: &str = "id\nevent: reset\ndata: {}\n\n";

/// Somebody who reads along.
struct Follower {
    spaces: Arc<Spaces>,
    name: SpaceName,
    space: Arc<Space>,
    pattern: Pattern,
    /// Without headers and bodies.
    brief: bool,
    /// The number of the entry that comes next.
    position: u64,
    /// What is said next, before anything that is recorded from now on.
    next: VecDeque<Bytes>,
    over: bool,
    seat: Seat,
}

/// Entries as they are recorded: from now on, from number `from` on, from the latest `rows` on, or from where the last event
/// left off.
pub(super) async fn events(
    State(spaces): State<Arc<Spaces>>,
    Extension(name): Extension<SpaceName>,
    Extension(followers): Extension<Arc<Followers>>,
    Caller(call): Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ControlError> {
    let asked = JournalQuery::read(&uri, &["from", "rows", "brief"])?;
    let last = last_event(&headers)?;
    let space = call.space;
    let next = space.journal.next();
    let mut opening = format!(": the next entry is number {next}\n\n");
    let position = match last {
        Some((serial, number)) if serial == space.serial && number < next => number + 1,
        Some(_) => {
            opening.push_str(RESET);
            0
        }
        None => begin(&space, &asked, next).await?,
    };
    let seat = followers.join().ok_or_else(|| {
        let why = format!("{FOLLOWERS_MAX} follow a journal already");
        tracing::warn!("refused, because {why}");
        ControlError::Full("followers_full", why)
    })?;
    let follower = Follower {
        spaces,
        name,
        space,
        pattern: asked.pattern,
        brief: asked.brief,
        position,
        next: VecDeque::from([opening.into()]),
        over: false,
        seat,
    };
    let told = futures::stream::unfold(follower, |mut follower| async move {
        let told = follower.next().await?;
        Some((Ok::<_, Infallible>(told), follower))
    });
    let kind = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((kind, Body::from_stream(told)).into_response())
}

/// Which journal the last event was of, and the number of its entry.
fn last_event(headers: &HeaderMap) -> Result<Option<(u64, u64)>, ControlError> {
    let last = headers.get(LAST_EVENT_ID);
    let Some(last) = last.filter(|last| !last.is_empty()) else {
        return Ok(None);
    };
    let parts = last.to_str().ok().and_then(|last| last.split_once('-'));
    let read = parts.and_then(|(serial, number)| Some((digits(serial)?, digits(number)?)));
    let wrong = "must be the id of an event, as this server gave it".to_owned();
    read.map(Some)
        .ok_or(ControlError::Member(LAST_EVENT_ID, wrong))
}

/// Where somebody begins who has heard nothing yet.
async fn begin(space: &Space, asked: &JournalQuery, next: u64) -> Result<u64, ControlError> {
    let Some(rows) = asked.rows() else {
        return Ok(asked.from.unwrap_or(next));
    };
    let (excerpt, pattern) = (
        space.journal.excerpt(asked.from.unwrap_or_default()),
        asked.pattern.clone(),
    );
    let first = beside(move || {
        let found = excerpt.latest(&pattern, rows);
        found.first().map_or(excerpt.next, |(number, _)| *number)
    });
    first.await
}

impl Follower {
    /// The next event, when there is one.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(told) = self.next.pop_front() {
                return Some(told);
            }
            if self.over {
                return None;
            }
            if self.look() {
                continue;
            }
            let news = self.space.journal.news(self.position);
            match tokio::time::timeout(FOLLOW_BEAT, news).await {
                Err(_) => return Some(Bytes::from_static(b": still here\n\n")),
                // Others want to be answered, however many entries there are that do not match.
                Ok(None) => tokio::task::yield_now().await,
                Ok(Some(end)) => return Some(self.ended(end).into()),
            }
        }
    }

    /// Takes the next entry that matches, and says whether there is something to tell. One at a time: what a slow follower has
    /// not taken yet stays in memory, however long the journal has forgotten it.
    fn look(&mut self) -> bool {
        let excerpt = self.space.journal.some(self.position, FOLLOW_ROWS_MAX);
        let serial = self.space.serial;
        let lost = excerpt.first.saturating_sub(self.position);
        if lost > 0 {
            let told = json!({ "from": self.position, "evicted": lost });
            let told = event(serial, excerpt.first - 1, "evicted", &told);
            self.next.push_back(told.into());
            self.position = excerpt.first;
        }
        for (number, entry) in &excerpt.entries {
            self.position = number + 1;
            if self.pattern.matches(entry) {
                let word = || event(serial, *number, "entry", &shown(entry, *number, self.brief));
                let name = (serial, *number, self.brief);
                self.next.push_back(self.seat.told(name, word));
                break;
            }
        }
        !self.next.is_empty()
    }

    fn ended(&mut self, end: End) -> String {
        let reason = match end {
            End::Reset => match self.spaces.find(&self.name) {
                Some(space) => {
                    (self.space, self.position) = (space, 0);
                    return RESET.to_owned();
                }
                None => "removed",
            },
            End::Removed => "removed",
            End::Stopped => "stopped",
        };
        self.over = true;
        format!("event: end\ndata: {}\n\n", json!({ "reason": reason }))
    }
}

fn event(serial: u64, number: u64, name: &str, told: &impl serde::Serialize) -> String {
    let told = serde_json::to_string(told).unwrap_or_default();
    format!("id: {serial}-{number}\nevent: {name}\ndata: {told}\n\n")
}
