//! Where somebody gives the control token to a browser.

use askama::Template;
use bytes::Bytes;
use http::{Response, StatusCode};

use super::frame::Failed;
use crate::pages::{Kind, page};

#[derive(Debug, Template)]
#[template(path = "sign_in.html", config = "src/pages/askama.toml")]
struct SignIn<'a> {
    /// Which one to go to; empty for the one without a name.
    space: &'a str,
    problem: Option<&'a str>,
}

/// The form, and what was wrong with what was typed before.
pub fn sign_in(space: &str, problem: Option<&str>) -> Response<Bytes> {
    let written = SignIn { space, problem }.render().unwrap_or_default();
    page(StatusCode::UNAUTHORIZED, Kind::Still, written)
}

/// A page that says why there is none.
pub(super) fn refused(status: StatusCode, message: &str) -> Response<Bytes> {
    Failed::plainly(status, message).page()
}
