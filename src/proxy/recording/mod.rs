//! Exchanges with other hosts as a file: kept while they are passed on, and answered from later, when nobody is asked any more.
//!
//! | file | is |
//! |---|---|
//! | `kept` | one exchange while it is passed on |
//! | `tee` | a body that is looked at while it passes |
//! | `recorder` | everything that is kept, and the file that it is written to |
//! | `archive` | the exchanges of a HAR file, whoever has written it |
//! | `answer` | what such a file says was answered |
//! | `shape` | what of a request is compared |
//! | `differ` | in what two requests differ |
//! | `replay` | which exchange answers a request |
//! | `nearest` | which one nearly would have |

mod answer;
mod archive;
mod differ;
mod kept;
mod nearest;
mod recorder;
mod replay;
mod shape;
mod tee;

pub(super) use kept::Keeping;
pub use recorder::Recorder;
pub use replay::Replay;
pub(super) use replay::{Asked, Found};
