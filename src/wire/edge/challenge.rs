//! The page on which a customer is authenticated (3-D Secure), whichever payment service sends it there: it is standin's, and
//! asks only what the outcome is to be. A client without a browser posts the outcome to the same address.

use askama::Template;
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, Response, StatusCode};

use super::Answer;
use super::payment::StrictWording;
use super::problem::{Flaw, Problem};
use super::refusal::{Refusal, Wording};
use crate::domain::rejection::Rejection;
use crate::operations::challenges::CompleteError;
use crate::operations::drafts::DraftError;
use crate::pages::{self, Kind};

impl<Own: StrictWording> From<CompleteError> for Refusal<Own> {
    fn from(error: CompleteError) -> Self {
        match error {
            CompleteError::Authorize(error) => error.into(),
            CompleteError::Draft(DraftError::Unavailable(why)) => why.into(),
            // Whoever asks has found it a moment ago.
            CompleteError::Draft(_) => Rejection::Contention.into(),
        }
    }
}

/// A button: what it posts as the outcome, and what stands on it.
type Button = (&'static str, &'static str);

/// What the customer can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wire) enum Asks {
    /// It says how it ended.
    Outcome,
    /// It is asked nothing and goes on.
    Nothing,
    /// There is nothing left to do.
    Over,
}

impl Asks {
    const fn buttons(self) -> &'static [Button] {
        match self {
            Self::Outcome => &[
                (PASSED, "Complete authentication"),
                (FAILED, "Fail authentication"),
            ],
            Self::Nothing => &[(PASSED, "Continue")],
            Self::Over => &[],
        }
    }
}

/// The outcome that stands for success.
pub(in crate::wire) const PASSED: &str = "succeeded";

/// And the one for failure.
pub(in crate::wire) const FAILED: &str = "failed";

/// The page, with how it ended or the question.
#[derive(Template)]
#[template(path = "challenge.html", config = "src/pages/askama.toml")]
struct Challenge<'a> {
    said: &'a str,
    buttons: &'a [Button],
}

/// The page.
///
/// # Errors
/// When it cannot be written.
pub(in crate::wire) fn page(said: &str, asks: Asks) -> Result<Answer, Rejection> {
    let buttons = asks.buttons();
    let page = Challenge { said, buttons }.render();
    let page = page.map_err(|_| Rejection::SystemError)?;
    Ok(pages::page(StatusCode::OK, Kind::Still, page))
}

/// The page that somebody is led to: the question, or that it has been answered.
///
/// # Errors
/// When it cannot be written.
pub(in crate::wire) fn asking(asks: Asks) -> Result<Answer, Rejection> {
    let said = match asks {
        Asks::Outcome => "A test page of 3-D Secure. Nobody is asked anything.",
        Asks::Nothing => "A test page of 3-D Secure. This card's bank asks its customer nothing.",
        Asks::Over => "There is nothing to authenticate.",
    };
    page(said, asks)
}

/// Sends the customer back to where its shop has said, with these names and values added, or tells it how it ended. None when
/// that is no address.
///
/// # Errors
/// When the page cannot be written.
pub(in crate::wire) fn back(
    to: Option<&str>,
    more: &[(&str, &str)],
    outcome: &str,
) -> Result<Option<Answer>, Rejection> {
    let Some(url) = to else {
        let said = format!("Authentication has {outcome}.");
        return page(&said, Asks::Over).map(Some);
    };
    let (page, fragment) = url.split_once('#').unwrap_or((url, ""));
    let joint = if page.contains('?') { '&' } else { '?' };
    let hash = if fragment.is_empty() { "" } else { "#" };
    let more: Vec<_> = more
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let to = format!("{page}{joint}{}{hash}{fragment}", more.join("&"));
    Ok(HeaderValue::from_str(&to).ok().map(|to| {
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = StatusCode::SEE_OTHER;
        answer.headers_mut().insert(LOCATION, to);
        answer
    }))
}

/// What was posted as the outcome.
///
/// # Errors
/// When nothing was, or another word: neither says that an authentication failed.
pub(in crate::wire) fn outcome<Own: Wording>(form: &[u8]) -> Result<&'static str, Refusal<Own>> {
    let mut pairs = form_urlencoded::parse(form);
    let posted = pairs.find(|(name, _)| name == "outcome");
    let flaw = match posted.as_ref().map(|(_, value)| value.as_ref()) {
        Some(PASSED) => return Ok(PASSED),
        Some(FAILED) => return Ok(FAILED),
        Some(_) => Flaw::Value,
        None => Flaw::Missing,
    };
    Err(Refusal::Members(vec![Problem {
        pointer: "/outcome".to_owned(),
        flaw,
        due: format!("must be {PASSED} or {FAILED}"),
    }]))
}

/// Whether a customer can be sent there.
pub(in crate::wire) fn is_address(text: &str) -> bool {
    text.contains("://") && HeaderValue::from_str(text).is_ok()
}
