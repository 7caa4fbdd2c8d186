//! Which function carries out which step. Finding one tries the expression of every step there is, and the same sentence comes in
//! hundreds of checks, so what was found is remembered.

use std::collections::HashMap;

use cucumber::World as _;
use cucumber::gherkin::{Step, StepType};
use cucumber::step::{CaptureName, Collection, Context, Step as Function};
use parking_lot::Mutex;

use super::broken::Broken;
use super::world::World;

/// A function, and what the sentence tells it.
#[derive(Clone)]
struct Found {
    function: Function<World>,
    matches: Vec<(CaptureName, String)>,
}

/// See the module.
pub(crate) struct StepBook {
    steps: Collection<World>,
    found: Mutex<HashMap<(StepType, String), Found>>,
}

impl StepBook {
    /// Every step of the suite.
    pub(crate) fn new() -> Self {
        Self {
            steps: World::collection(),
            found: Mutex::default(),
        }
    }

    /// The function of a step, with what it is to be given.
    ///
    /// # Errors
    /// When no step has the sentence, or several have: a mistake of the suite, which its lint finds first.
    pub(crate) fn find(&self, step: &Step) -> Result<(Function<World>, Context), Broken> {
        let sentence = (step.ty, step.value.clone());
        let known = self.found.lock().get(&sentence).cloned();
        if let Some(Found { function, matches }) = known {
            let step = step.clone();
            return Ok((function, Context { step, matches }));
        }
        let found = self.steps.find(step);
        let found = found.map_err(|error| Broken::Suite(error.to_string()))?;
        let Some((function, _, _, context)) = found else {
            return Err(Broken::Suite(format!("no step matches {:?}", step.value)));
        };
        let matches = context.matches.clone();
        let found = Found {
            function: *function,
            matches,
        };
        self.found.lock().insert(sentence, found);
        Ok((*function, context))
    }
}
