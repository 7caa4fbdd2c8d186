//! What a run looks like while it goes on.

/// How a run is shown to whoever watches it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// Colour what checks came to.
    pub colours: bool,
    /// Show on standard error how far the run is.
    pub progress: bool,
}
