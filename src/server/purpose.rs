//! What a request is for, as far as the gate cares.

use http::Method;

use super::session;
use crate::dashboard::is_docs;
use crate::pages::FOLDER;
use crate::wire::edge::Surface;

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The control plane, which may ask for its token and whose answers somebody may look at in a window.
    Control,
    /// Whether the server takes requests, which anybody may ask: whoever watches containers has no token, and calls them by
    /// addresses that nobody knows before.
    Probe,
    /// What nobody answers. It is told to those who may use the control plane.
    Nobody,
    /// A page that other pages may lead to.
    Page,
    /// A surface. Whoever is led there by another page would use up faults and be in the journal.
    Surface,
}

impl Purpose {
    /// By the path, and the surface that has it.
    pub(super) fn of(method: &Method, path: &str, surface: Option<&Surface>) -> Self {
        match surface {
            Some(surface) if surface.has_page(path) => Self::Page,
            Some(_) => Self::Surface,
            // The dashboard asks for the token itself, in a form.
            None if is_dashboard(method, path) => Self::Page,
            None if path == "/_standin/ready" => Self::Probe,
            None if is_control(path) => Self::Control,
            None => Self::Nobody,
        }
    }
}

/// Whether the dashboard is there, what it is made of, or the form with which somebody signs in.
pub(super) fn is_dashboard(method: &Method, path: &str) -> bool {
    match *method {
        Method::GET | Method::HEAD => path == "/" || path.starts_with(FOLDER) || is_docs(path),
        Method::POST => path == session::PATH,
        _ => false,
    }
}

/// Whether the control plane answers at a path.
pub(super) fn is_control(path: &str) -> bool {
    let below = path.strip_prefix("/_standin");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
