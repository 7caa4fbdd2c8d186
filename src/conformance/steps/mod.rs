//! What the words of a feature mean. A step asks or states; it gives back [`Held`](super::broken::Held), and the runner
//! decides from the value what the check came to.
//!
//! To add a step: put it beside its like, name its phrase in `features/README.md` (a test compares them), and use "refused" in
//! the phrase of a statement that something was refused, and in no other.

/// The step macros unwrap a step's result with `panic!("{}", error)`. This shadows that one form: the error travels to the
/// runner as a typed value, by unwinding without the panic hook, so nothing is printed and nothing is lost. Every other panic
/// is a real one.
macro_rules! panic {
    ("{}", $error:expr $(,)?) => {
        ::std::panic::resume_unwind(::std::boxed::Box::new($error))
    };
    ($($anything:tt)*) => {
        ::std::panic!($($anything)*)
    };
}

mod access_tokens;
mod again;
mod amid;
mod answers;
pub(crate) mod attempts;
mod bent;
pub(crate) mod cards;
mod cryptograms;
mod endpoint;
mod error_shapes;
mod faults;
mod flat_errors;
mod idempotency;
mod kept;
pub(crate) mod lifecycle;
mod listed;
mod numbers;
mod off_file;
mod paid;
mod parts;
mod paying;
mod races;
mod refusals;
mod requests;
mod sealed;
mod secrecy;
mod series;
mod settling;
mod shapes;
mod signing;
mod tales;
pub(crate) mod telling;
mod tenants;
mod things;
mod tokens;
mod watched;
mod words;
