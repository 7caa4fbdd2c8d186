//! The one language in which fault rules, `--match` and the control plane's query say what something must be like: a value
//! for each field that matters, all of which must be found. Pure: it compares texts and explains what differs.
//!
//! | a value | is found in |
//! |---|---|
//! | `visa` | that text |
//! | `a\|b`, or a list in JSON | either |
//! | `!visa` | anything else, and nothing; `\!visa` is the text itself |
//! | `/cards/*`, `/cards/**` | a path with one segment more, with anything more |
//! | `no answer*` | a text that begins so |
//! | `100..500`, `100..`, `..500` | a number from the first to the last |
//! | `>=100`, `>100`, `<=500`, `<500` | a number that compares so |
//! | `5xx` | a status of that class |
//!
//! Where there was no answer no status compares: only `0` is found there, and what a status must not be.

mod kind;
mod list;
mod matcher;
mod want;
mod wildcard;

pub use kind::Kind;
pub use list::split_values;
pub use matcher::{Asked, Difference, Matcher};

/// What can be asked for. Its words are a closed set.
pub trait Field: Copy + Ord + 'static {
    fn word(self) -> &'static str;

    /// What its values can be.
    fn kind(self) -> Kind;
}

/// What is known of something.
pub trait Facts<F: Field> {
    /// Whether any of the values of the field passes; false when there is none.
    fn any(&self, field: F, passes: &mut dyn FnMut(&str) -> bool) -> bool;

    /// A value of the field as it may be shown, be it one of these or one that is wanted.
    fn shown(&self, field: F, value: &str) -> String {
        field.kind().shown(value)
    }
}
