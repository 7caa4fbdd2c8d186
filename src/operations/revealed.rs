//! Values that stand in the place of their aliases in a request.

/// A value that stands in the place of its alias in a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed {
    pub alias: String,
    pub value: String,
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Revealed({})", self.alias)
    }
}
