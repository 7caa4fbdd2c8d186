//! What all spaces share: their names, and what every replica has to agree on.

use redis::Pipeline;

use super::bytes::hex_of;
use super::keys::Registry;
use super::link::{Link, unreadable};
use super::script::{CLAIM, SWITCH};
use super::{OpenSharedError, SharedEngine, SharedSpace};
use crate::limits::SPACES_MAX;
use crate::store::StoreError;

/// The form of what is written. It goes up whenever an older release could not read it, or this one not what an older wrote.
const FORM: u32 = 1;

/// What the engine is made with and then keeps.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// Stands for the seed of all spaces.
    pub(super) seed: &'a str,
    pub(super) secret: &'a str,
}

/// Agrees with the other replicas, and gives the secret that all of them have.
pub(super) async fn agree(link: &Link, facts: &Facts<'_>) -> Result<String, OpenSharedError> {
    let form = FORM.to_string();
    let mut pipe = Pipeline::new();
    let key = Registry::Facts.key();
    let own = [
        ("form", form.as_str()),
        ("seed", facts.seed),
        ("secret", facts.secret),
    ];
    for (name, value) in own {
        pipe.cmd("HSETNX").arg(key).arg(name).arg(value).ignore();
    }
    for (name, _) in own {
        pipe.cmd("HGET").arg(key).arg(name);
    }
    let said = link.read(&pipe).await;
    let (found, seed, secret): (String, String, String) =
        said.map_err(|error| OpenSharedError::Away(error.to_string()))?;
    if found != form {
        return Err(OpenSharedError::Form { found, known: FORM });
    }
    if seed != facts.seed {
        return Err(OpenSharedError::Seed);
    }
    Ok(secret)
}

impl SharedEngine {
    /// A space that is not in the engine before it is [`SharedSpace::begun`].
    pub(in crate::store) fn begin(&self, name: &str) -> SharedSpace {
        SharedSpace::new(self, name, None)
    }

    /// The space of a name, if any replica has made it.
    pub(in crate::store) async fn find(
        &self,
        name: &str,
    ) -> Result<Option<SharedSpace>, StoreError> {
        let mut pipe = Pipeline::new();
        pipe.cmd("HGET").arg(Registry::Names.key()).arg(name);
        let (id,): (Option<String>,) = self.link.read(&pipe).await?;
        Ok(id.map(|id| SharedSpace::new(self, name, Some(id))))
    }

    /// Every space in the engine: its name, and the id of what it is now.
    pub async fn names(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut pipe = Pipeline::new();
        pipe.cmd("HGETALL").arg(Registry::Names.key());
        let (names,): (Vec<(String, String)>,) = self.link.read(&pipe).await?;
        Ok(names)
    }

    /// Every space in the engine, with its name.
    pub(in crate::store) async fn restore(&self) -> Result<Vec<(String, SharedSpace)>, StoreError> {
        let names = self.names().await?.into_iter();
        let named = names.map(|(name, id)| {
            let space = SharedSpace::new(self, &name, Some(id));
            (name, space)
        });
        Ok(named.collect())
    }

    /// The work of a replica that is gone has been taken over.
    pub async fn forget_replica(&self, replica: &str) -> Result<(), StoreError> {
        let mut pipe = Pipeline::new();
        pipe.cmd("HDEL").arg(Registry::Replicas.key()).arg(replica);
        self.link.write(&mut pipe).await.map(|_| ())
    }
}

/// An id that no space had before.
pub(super) async fn next_id(link: &Link) -> Result<String, StoreError> {
    let mut pipe = Pipeline::new();
    pipe.cmd("INCR").arg(Registry::Latest.key());
    let id = link.write(&mut pipe).await?.into_iter().next();
    let id: Result<u32, _> = redis::from_redis_value(id.unwrap_or(redis::Value::Nil));
    id.map(hex_of)
        .map_err(|error| unreadable(&error.to_string()))
}

/// Gives a space its name, or says which one has it already.
pub(super) async fn claim(link: &Link, name: &str, id: &str) -> Result<String, StoreError> {
    let args = [name, id, &SPACES_MAX.to_string()].map(|text| text.as_bytes().to_vec());
    let holder: String = link.run(&CLAIM, &names_and_epoch(), &args).await?;
    if holder == "full" {
        return Err(StoreError::Full("spaces"));
    }
    Ok(holder)
}

/// A space under its name.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) id: &'a str,
}

/// Lets names go and gives others, all at once. What has no name any more is let go of.
pub(super) async fn switch(
    link: &Link,
    gone: &[Named<'_>],
    made: &[Named<'_>],
) -> Result<Vec<String>, StoreError> {
    let mut args = vec![gone.len().to_string().into_bytes()];
    for Named { name, id } in gone.iter().chain(made) {
        args.extend([name.as_bytes().to_vec(), id.as_bytes().to_vec()]);
    }
    link.run(&SWITCH, &names_and_epoch(), &args).await
}

fn names_and_epoch() -> Vec<String> {
    [Registry::Names, Registry::Epoch]
        .map(|key| key.key().to_owned())
        .to_vec()
}
