//! The words for what an entry was about, and for where it happened.

use crate::domain::operation::Operation;
use crate::domain::surface::SurfaceName;

/// Every operation that an entry can have, so that a filter for another is refused with the nearest.
pub(super) const OPERATIONS: &[&str] = &words::<{ Operation::ALL.len() }>();

const fn words<const COUNT: usize>() -> [&'static str; COUNT] {
    let mut words = [""; COUNT];
    let mut place = 0;
    while place < COUNT {
        words[place] = Operation::ALL[place].word();
        place += 1;
    }
    words
}

/// What the journal calls standin's own webhook messages, which are of no surface.
pub const WEBHOOKS: &str = "webhooks";

/// What the journal calls the server itself, which answers what never gets to a surface: at a path of none, for a host that
/// is not ours, in a head that cannot be read.
pub const SERVER: &str = "server";

/// What the journal calls the proxy, which is asked for hosts and not for what they do.
pub const PROXY: &str = "proxy";

/// What an entry can have as its surface: every impersonated API, standin's own messages, the server itself and its proxy.
pub const SURFACES: [&str; SurfaceName::ALL.len() + 3] = {
    let mut words = [WEBHOOKS; SurfaceName::ALL.len() + 3];
    let mut place = 0;
    while place < SurfaceName::ALL.len() {
        words[place] = SurfaceName::ALL[place].word();
        place += 1;
    }
    words[place + 1] = SERVER;
    words[place + 2] = PROXY;
    words
};
