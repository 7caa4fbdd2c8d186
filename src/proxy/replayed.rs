//! One request for a host that a recording stands for.

use http::StatusCode;
use http::header::HeaderValue;
use http::request::Parts;
use hyper::body::Incoming;

use super::inside::{Inside, UPSTREAM_STATUS};
use super::recording::{Asked, Found, Replay};
use super::refused;
use crate::journal::{Entry, PROXY};
use crate::server::exchange::Answered;
use crate::server::refused::Refused;
use crate::server::target::say_host;

impl Inside {
    /// Answers from a recording, and asks nobody.
    pub(super) async fn replayed(
        &self,
        replay: &Replay,
        parts: &mut Parts,
        body: Incoming,
    ) -> Result<Answered, Box<Refused>> {
        let app = &self.shared.app;
        say_host(parts);
        let space = self.opened().await?;
        let keeping = self.keeping(PROXY, parts).await?;
        let body = app.read(parts, keeping.request(body), app.body_bounds());
        let body = body.await?.map_err(|_| {
            let why = "a body that is compared is 1 MiB at most, and comes in time";
            Refused::with(StatusCode::PAYLOAD_TOO_LARGE, "proxy_body", &why)
        })?;
        let found = replay.find(&Asked {
            method: &parts.method,
            target: &self.target(parts)?,
            headers: &parts.headers,
            body: &body,
        });
        let Found { said, mut answer } = found.map_err(|why| {
            self.shared.tally.missed(&why);
            refused::not_recorded(&why)
        })?;
        space.journal.record(Entry {
            headers: Some(&parts.headers),
            status: answer.status().as_u16(),
            reason: Some(said.into()),
            request: &body,
            response: answer.body(),
            ..Entry::of_proxy(space.clock.now(), &parts.method, &parts.uri)
        });
        let number = HeaderValue::from(answer.status().as_u16());
        answer.headers_mut().insert(UPSTREAM_STATUS, number);
        keeping.whole_answer(&answer);
        Ok(Answered::whole(answer))
    }
}
