//! What is wrong with the members of somebody's JSON, with the place of each problem.

use std::cell::RefCell;

/// What is wrong with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    Missing,
    /// A null where nothing need be, at a surface that has no use for nulls.
    Null,
    /// Another JSON type is due.
    Type,
    /// The right type with a value that cannot be.
    Value,
    TooLong,
}

/// A problem with one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer (RFC 6901) to the member.
    pub pointer: String,
    pub flaw: Flaw,
    /// What is due, as the rest of a sentence that begins with the member's name.
    pub due: String,
}

impl Problem {
    /// The last part of the pointer.
    pub fn member(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// The pointer as many APIs write it: with dots.
    pub fn dotted(&self) -> String {
        self.pointer.trim_start_matches('/').replace('/', ".")
    }
}

/// What a null says where a member need not be there. Where one must be there it is missing at every surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nulls {
    /// Nothing that the API has: it is a wrong value, and never taken for a member that was left out.
    #[default]
    Wrong,
    /// The same as nothing, as clients write it that send every member of a type, set or not.
    Absent,
}

/// The problems found so far, one for each member at most: the first.
#[derive(Debug, Default)]
pub struct Problems {
    found: RefCell<Vec<Problem>>,
    nulls: Nulls,
}

impl Problems {
    /// None yet, at a surface that reads nulls so.
    pub fn new(nulls: Nulls) -> Self {
        Self {
            found: RefCell::default(),
            nulls,
        }
    }

    /// What a null says here.
    pub const fn nulls(&self) -> Nulls {
        self.nulls
    }

    /// Everything that was found, in the order of reading.
    pub fn into_vec(self) -> Vec<Problem> {
        self.found.into_inner()
    }

    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    pub fn add(&self, pointer: String, flaw: Flaw, due: impl Into<String>) {
        let mut found = self.found.borrow_mut();
        if found.iter().all(|problem| problem.pointer != pointer) {
            found.push(Problem {
                pointer,
                flaw,
                due: due.into(),
            });
        }
    }
}
