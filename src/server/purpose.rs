//! What a request is for, as far as the gate cares.

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
    /// By the path, and whether a surface has it.
    pub(super) fn of(path: &str, of_a_surface: bool) -> Self {
        match (path, of_a_surface) {
            // A shop's page leads to the form in which its customers pay.
            ("/checkout", true) => Self::Page,
            (_, true) => Self::Surface,
            ("/_standin/ready", false) => Self::Probe,
            (path, false) if is_control(path) => Self::Control,
            (_, false) => Self::Nobody,
        }
    }
}

/// Whether the control plane answers at a path.
pub(super) fn is_control(path: &str) -> bool {
    let below = path.strip_prefix("/_standin");
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
