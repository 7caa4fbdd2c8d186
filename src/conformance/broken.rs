//! Why a step did not hold, as a value: the runner decides from it what the check came to.

use std::fmt;

/// Why a step did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The target's answer contradicts the statement.
    Wrong {
        /// What the statement demands.
        expected: String,
        /// What was there.
        actual: String,
        /// Where, member by member, as far as it has a place.
        places: Vec<Mismatch>,
    },
    /// No HTTP answer arrived; the text says what happened instead.
    NoAnswer(String),
    /// Something the step builds on is missing, so nothing can be said.
    Unready(String),
    /// The target does not claim what the step needs.
    NotDeclared(String),
    /// The feature, the binding or the harness itself is wrong.
    Suite(String),
}

/// What is said of a place where there is nothing.
pub(crate) const NOTHING_THERE: &str = "nothing there";

/// What stands in one place of an answer and what should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// A JSON pointer into the body, or `status`, or `header:NAME`.
    pub(crate) pointer: String,
    pub(crate) wanted: String,
    pub(crate) got: String,
}

/// What a step gives back.
pub(crate) type Held<T = ()> = Result<T, Broken>;

impl Broken {
    /// The target's answer contradicts the statement.
    pub(crate) fn wrong(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::Wrong {
            expected: expected.into(),
            actual: actual.into(),
            places: Vec::new(),
        }
    }

    /// In one place there is something else than should be.
    pub(crate) fn at(
        pointer: impl Into<String>,
        wanted: impl Into<String>,
        got: impl Into<String>,
    ) -> Self {
        let (pointer, wanted, got) = (pointer.into(), wanted.into(), got.into());
        Self::Wrong {
            expected: format!("{pointer} {wanted}"),
            actual: got.clone(),
            places: vec![Mismatch {
                pointer,
                wanted,
                got,
            }],
        }
    }

    /// The same, with what stood in the place that decided.
    pub(crate) fn in_place(mut self, place: Mismatch) -> Self {
        if let Self::Wrong { places, .. } = &mut self {
            places.push(place);
        }
        self
    }

    /// The target would not say, because it was asked too often: how fast it is asked is the judge's affair.
    pub(crate) fn asked_too_often(said: &str) -> Self {
        Self::Unready(format!(
            "the target was asked too often ({said}): is limits.requests_per_second right?"
        ))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong {
                expected, actual, ..
            } => write!(out, "expected {expected}, got {actual}"),
            Self::NoAnswer(why)
            | Self::Unready(why)
            | Self::NotDeclared(why)
            | Self::Suite(why) => out.write_str(why),
        }
    }
}

/// Holds when `right`, otherwise names the place, what it should hold and what it does.
pub(crate) fn demand_at(
    right: bool,
    pointer: impl Into<String>,
    wanted: impl Into<String>,
    got: impl Into<String>,
) -> Held {
    if right {
        Ok(())
    } else {
        Err(Broken::at(pointer, wanted, got))
    }
}

/// Holds when `right`, otherwise names what was expected and what was there.
pub(crate) fn demand(right: bool, expected: impl Into<String>, actual: impl Into<String>) -> Held {
    if right {
        Ok(())
    } else {
        Err(Broken::wrong(expected, actual))
    }
}
