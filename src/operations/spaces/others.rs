//! What other servers make of the spaces, where they share an engine: they make some, put some back to their beginning, let some
//! go, move clocks, and arm fault rules.

use std::collections::HashMap;
use std::sync::Arc;

use super::Spaces;
use crate::domain::rejection::Rejection;
use crate::journal::End;
use crate::operations::space::Space;
use crate::operations::space_name::SpaceName;
use crate::operations::space_state;
use crate::store::Engine;

impl Spaces {
    /// The space of a name, if it is there, here or elsewhere. Whoever asks lets no other space be made meanwhile.
    pub(super) async fn existing(&self, name: &SpaceName) -> Result<Option<Arc<Space>>, Rejection> {
        if let Some(space) = self.find(name)
            && self.is_as_others_have_it(&space).await?
        {
            return Ok(Some(space));
        }
        match self.config.engine.find(name.text()).await? {
            None => Ok(None),
            Some(store) => self.adopt(name.text(), store).await.map(Some),
        }
    }

    /// Sees to it that a request knows what others have done in its space before it began. False when they have let the space go,
    /// which this server has then done too.
    pub(super) async fn is_as_others_have_it(&self, space: &Arc<Space>) -> Result<bool, Rejection> {
        let Some(looked) = space.store.look().await? else {
            return Ok(true);
        };
        if looked.gone {
            self.let_go(space);
            return Ok(false);
        }
        space.names_epoch.at_least(looked.names);
        if looked.moved {
            space_state::read_again(space).await?;
        }
        Ok(true)
    }

    fn let_go(&self, space: &Arc<Space>) {
        let mut spaces = self.spaces.write();
        let same = |here: &Arc<Space>| Arc::ptr_eq(here, space);
        if spaces.get(&space.name).is_some_and(same) {
            spaces.remove(&space.name);
        }
        space.journal.close(End::Reset);
    }

    /// Lets go here what others have let go, and makes here what they have made: whoever made it may be gone when something is
    /// due there.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn follow(&self) -> Result<(), Rejection> {
        if self.config.engine.replica().is_none() {
            return Ok(());
        }
        let _one_at_a_time = self.making.lock().await;
        self.follow_names().await
    }

    /// The same for whoever lets no other space be made meanwhile.
    pub(super) async fn follow_names(&self) -> Result<(), Rejection> {
        let Engine::Shared(engine) = &self.config.engine else {
            return Ok(());
        };
        // Which are there is asked after this, so that one which is made meanwhile does not count as let go.
        let here: Vec<_> = self.all().into_iter().filter_map(made_here).collect();
        let names: HashMap<_, _> = engine.names().await?.into_iter().collect();
        for (space, id) in here {
            if names.get(space.name.text()) != Some(&id) {
                self.let_go(&space);
            }
        }
        for name in names.keys() {
            let is_here = SpaceName::parse(name).is_ok_and(|name| self.find(&name).is_some());
            if !is_here && let Some(store) = self.config.engine.find(name).await? {
                self.adopt(name, store).await?;
            }
        }
        Ok(())
    }

    /// Takes over what a server was doing that is gone: the messages that it was delivering, and whatever it was waiting for.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn take_over(&self, replica: &str) -> Result<(), Rejection> {
        let Engine::Shared(engine) = &self.config.engine else {
            return Ok(());
        };
        self.follow().await?;
        for space in self.all() {
            space.store.take_over(replica).await?;
        }
        Ok(engine.forget_replica(replica).await?)
    }
}

/// A space that the engine has, and what it calls it. What is not there yet is about to be made.
fn made_here(space: Arc<Space>) -> Option<(Arc<Space>, String)> {
    let id = space.store.as_shared()?.id()?.to_owned();
    Some((space, id))
}
