//! The tokens that the scenarios of a run have been given. Where they share a target, a scenario may receive messages about
//! another's token; a message about a token that nobody was given is the target's mistake.

use std::collections::BTreeSet;
use std::sync::Arc;

use parking_lot::Mutex;

use super::binding::template::{Variables, shown};

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    /// The variable by which messages name a token.
    by: String,
    tokens: Arc<Mutex<BTreeSet<String>>>,
}

impl Ledger {
    pub(crate) fn new(by: &str) -> Self {
        Self {
            by: by.to_owned(),
            tokens: Arc::default(),
        }
    }

    /// What messages call the token of these variables.
    pub(crate) fn name(&self, variables: &Variables) -> Option<String> {
        variables.get(&self.by).map(shown)
    }

    pub(crate) fn enter(&self, variables: &Variables) {
        if let Some(name) = self.name(variables) {
            self.tokens.lock().insert(name);
        }
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        self.tokens.lock().contains(name)
    }
}
