//! Taking spaces apart, and putting them together: snapshots, and forks.

use std::sync::Arc;

use super::{OpenError, Spaces, SpacesFull};
use crate::faults::choose::RuleSet;
use crate::journal::End;
use crate::limits::{SNAPSHOT_BYTES_MAX, SPACES_MAX};
use crate::operations::settle::settle;
use crate::operations::snapshot::{Scope, Snapshot, SnapshotError, Taken};
use crate::operations::space::Space;
use crate::operations::space_name::SpaceName;
use crate::operations::space_state;
use crate::seed::Purpose;
use crate::store::{Putting, StoreError};

impl Spaces {
    /// What stands for the seed of the server in a snapshot: nobody who reads it learns the seed.
    pub fn seed_name(&self) -> String {
        let name: [&[u8]; 0] = [];
        let name = self.seed.derive16(Purpose::Snapshot, &name);
        name.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// One space, or all of them, with what was due by now done.
    ///
    /// # Errors
    /// [`SnapshotError`] when the space is not there, is too large, or its store is away.
    pub async fn take(&self, name: Option<&SpaceName>) -> Result<Snapshot, SnapshotError> {
        // Each takes memory, so one at a time.
        let _one_at_a_time = self.making.lock().await;
        let (of, spaces) = match name {
            Some(name) => {
                let space = self.existing(name).await?;
                let space = space.ok_or_else(|| SnapshotError::NoSuchSpace(name.clone()))?;
                (Scope::Space, vec![space])
            }
            None => {
                self.follow_names().await?;
                (Scope::Server, self.all())
            }
        };
        let mut taken = Vec::new();
        for space in spaces {
            settle(&space, space.clock.now()).await?;
            taken.push(taken_apart(&space).await?);
        }
        Ok(Snapshot { of, spaces: taken })
    }

    /// Puts the spaces of a snapshot in place of those that are there: that of a space into `into`, that of a server in place
    /// of every space. Gives their names.
    ///
    /// # Errors
    /// [`SnapshotError`]; then everything that was kept is as it was. Whoever was about to be the first in a space that was
    /// not there is refused.
    pub async fn load(
        &self,
        snapshot: Snapshot,
        into: &SpaceName,
    ) -> Result<Vec<SpaceName>, SnapshotError> {
        let _one_at_a_time = self.making.lock().await;
        let Snapshot { of, mut spaces } = snapshot;
        let gone = match of {
            Scope::Space => {
                for space in &mut spaces {
                    space.name = into.clone();
                }
                self.existing(into).await?.into_iter().collect()
            }
            Scope::Server => {
                self.follow_names().await?;
                self.all()
            }
        };
        let default = SpaceName::default_space();
        if of == Scope::Server && spaces.iter().all(|space| space.name != default) {
            let problem = "the file is of a server and has no space default".to_owned();
            return Err(SnapshotError::Line(1, problem));
        }
        self.put_together(spaces, gone).await
    }

    /// Makes a space that is as another one is now, and goes on by itself: the same calls are answered the same bytes in both.
    ///
    /// # Errors
    /// [`SnapshotError`] when the other is not there, this one is, or there is no room for it.
    pub async fn fork(&self, from: &SpaceName, to: &SpaceName) -> Result<usize, SnapshotError> {
        let none = || SnapshotError::NoSuchSpace(from.clone());
        let _one_at_a_time = self.making.lock().await;
        let space = self.existing(from).await?.ok_or_else(none)?;
        if self.existing(to).await?.is_some() {
            return Err(SnapshotError::SpaceExists(to.clone()));
        }
        settle(&space, space.clock.now()).await?;
        let taken = Taken {
            name: to.clone(),
            ..taken_apart(&space).await?
        };
        let waiting = taken.waiting;
        self.put_together(vec![taken], Vec::new()).await?;
        Ok(waiting)
    }

    async fn put_together(
        &self,
        taken: Vec<Taken>,
        gone: Vec<Arc<Space>>,
    ) -> Result<Vec<SpaceName>, SnapshotError> {
        let left = self.spaces.read().len() - gone.len();
        if left + taken.len() > SPACES_MAX {
            return Err(OpenError::from(SpacesFull).into());
        }
        let mut made = Vec::new();
        for Taken {
            name,
            parts,
            settings,
            ..
        } in taken
        {
            let store = self.config.engine.open(name.text(), self.share());
            let origin = space_state::origin(&name, &settings);
            let space = self.around(&name, &origin.map_err(unfit)?, store);
            space_state::restore(&space.clock, &space.faults, &settings).map_err(unfit)?;
            made.push((Arc::new(space), parts, settings));
        }
        let spaces: Vec<_> = made.iter().map(|(space, ..)| Arc::clone(space)).collect();
        let puttings = spaces.iter().zip(made);
        let puttings = puttings.map(|(space, (_, parts, settings))| Putting {
            store: &space.store,
            parts,
            settings,
        });
        for space in &spaces {
            self.retire_seen(&space.name, End::Reset).await?;
        }
        let stores: Vec<_> = gone.iter().map(|space| &space.store).collect();
        let engine = &self.config.engine;
        engine.put_together(puttings.collect(), &stores).await?;
        drop(stores);
        let names: Vec<_> = spaces.iter().map(|space| space.name.clone()).collect();
        for space in spaces {
            if space.store.outlives_process() {
                space.faults.change(RuleSet::watch);
            }
            let name = space.name.clone();
            self.put(&name, space);
        }
        for space in gone.iter().filter(|space| !names.contains(&space.name)) {
            self.spaces.write().remove(&space.name);
            space.journal.close(End::Removed);
        }
        Ok(names)
    }
}

fn unfit(why: String) -> SnapshotError {
    SnapshotError::from(StoreError::Away(why.into()))
}

async fn taken_apart(space: &Space) -> Result<Taken, SnapshotError> {
    let parts = space.store.parts(SNAPSHOT_BYTES_MAX).await?;
    let parts = parts.ok_or(SnapshotError::TooLarge)?;
    Ok(Taken {
        name: space.name.clone(),
        parts: parts.parts,
        settings: space_state::entries(space),
        waiting: parts.waiting,
    })
}
