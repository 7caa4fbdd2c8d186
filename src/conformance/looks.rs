//! What a run looks like while it goes on.

use std::io::Write;

/// How a run is shown to whoever watches it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// Colour what checks came to, on this stream.
    pub colours: Option<fn() -> Box<dyn Write>>,
    /// Show on standard error how far the run is.
    pub progress: bool,
}
