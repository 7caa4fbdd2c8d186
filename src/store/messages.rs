//! The part of the contract that is about webhook endpoints and the messages on their way to them.

use super::contract::{Reached, Store};
use super::{QueueStatus, StoreError};
use crate::domain::moment::Moment;
use crate::domain::webhook::{Endpoint, EndpointId, Handling, Message, MessageKey, Replay};

impl Store {
    pub async fn endpoints(&self) -> Result<Vec<Endpoint>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().endpoints()),
            Reached::File(file) => file.endpoints().await,
            Reached::Shared(shared) => Box::pin(shared.endpoints()).await,
        }
    }

    /// Registers an endpoint under an id that none had before it.
    pub async fn register(
        &self,
        make: impl FnOnce(EndpointId) -> Endpoint,
    ) -> Result<Endpoint, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().register(make)),
            Reached::File(file) => file.register(make).await,
            Reached::Shared(shared) => Box::pin(shared.register(make)).await,
        }
    }

    /// Forgets an endpoint and what was on its way there. False when there was none.
    pub async fn remove_endpoint(&self, id: EndpointId) -> Result<bool, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().remove(id)),
            Reached::File(file) => file.remove(id).await,
            Reached::Shared(shared) => Box::pin(shared.remove(id)).await,
        }
    }

    /// Writes an endpoint down as it is from now on, if it is still there. What was on its way to one that is disabled is dead.
    pub async fn change_endpoint(&self, endpoint: Endpoint) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().change_endpoint(endpoint);
                Ok(())
            }
            Reached::File(file) => file.change_endpoint(endpoint).await,
            Reached::Shared(shared) => Box::pin(shared.change_endpoint(endpoint)).await,
        }
    }

    /// Sends nothing there any more. What was on its way is dead.
    pub async fn disable_endpoint(
        &self,
        id: EndpointId,
        why: &'static str,
    ) -> Result<(), StoreError> {
        let known = self.endpoints().await?.into_iter();
        for mut endpoint in known.filter(|endpoint| endpoint.id == id) {
            endpoint.disabled = Some(why.into());
            self.change_endpoint(endpoint).await?;
        }
        Ok(())
    }

    /// Takes the first message that is due at `now`, with where it goes. It stays the first of its line until it is
    /// [`Store::delivered`], tried [`Store::later`], [`Store::dead_letter`]ed, [`Store::held_back`] or
    /// [`Store::forget`]ten.
    pub async fn lease(&self, now: Moment) -> Result<Option<(Message, Endpoint)>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().lease(now)),
            Reached::File(file) => file.lease(now).await,
            Reached::Shared(shared) => Box::pin(shared.lease(now)).await,
        }
    }

    /// The message has arrived.
    pub async fn delivered(&self, message: Message) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().done(message);
                Ok(())
            }
            Reached::File(file) => file.done(message).await,
            Reached::Shared(shared) => Box::pin(shared.done(message)).await,
        }
    }

    /// The message is to be tried again when it says it is due.
    pub async fn later(&self, message: Message) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().later(message);
                Ok(())
            }
            Reached::File(file) => file.later(message).await,
            Reached::Shared(shared) => Box::pin(shared.later(message)).await,
        }
    }

    /// The message will never arrive.
    pub async fn dead_letter(&self, message: Message) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().dead_letter(message);
                Ok(())
            }
            Reached::File(file) => file.dead_letter(message).await,
            Reached::Shared(shared) => Box::pin(shared.dead_letter(message)).await,
        }
    }

    /// There was nothing to tell after all.
    pub async fn forget(&self, message: Message) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().forget(&message);
                Ok(())
            }
            Reached::File(file) => file.forget(message).await,
            Reached::Shared(shared) => Box::pin(shared.forget(message)).await,
        }
    }

    /// The message lets its line go on without it, and is tried when `past` others have been sent to the same endpoint, or
    /// when it says it is due.
    pub async fn held_back(&self, message: Message, past: u32) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().step_aside(message, past);
                Ok(())
            }
            Reached::File(file) => file.step_aside(message, past).await,
            Reached::Shared(shared) => Box::pin(shared.step_aside(message, past)).await,
        }
    }

    /// Puts a message that was delivered or is dead into its line again, under its old name. Where one of this name waits, it
    /// stays the only one. `handling` says how the next try is made; without it rules are asked.
    pub async fn replay(
        &self,
        key: &MessageKey,
        now: Moment,
        handling: Option<Box<Handling>>,
    ) -> Result<Replay, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().replay(key, now, handling)),
            Reached::File(file) => file.replay(*key, now, handling).await,
            Reached::Shared(shared) => Box::pin(shared.replay(*key, now, handling)).await,
        }
    }

    /// When the first message that nobody is delivering is due.
    pub async fn next_message_due(&self) -> Result<Option<Moment>, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().next_due()),
            Reached::File(file) => Ok(file.next_message_due()),
            Reached::Shared(shared) => Box::pin(shared.next_message_due()).await,
        }
    }

    /// Waits until no message is being delivered and none that is due at `now` is left.
    pub async fn quiet_at(&self, now: Moment) -> Result<(), StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => {
                memory.outbox().quiet_at(now).await;
                Ok(())
            }
            Reached::File(file) => file.quiet_at(now).await,
            Reached::Shared(shared) => Box::pin(shared.quiet_at(now)).await,
        }
    }

    /// How the messages stand, each list from its oldest one on.
    pub async fn messages(&self) -> Result<QueueStatus, StoreError> {
        match self.reach()? {
            Reached::Memory(memory) => Ok(memory.outbox().status()),
            Reached::File(file) => file.status().await,
            Reached::Shared(shared) => Box::pin(shared.status()).await,
        }
    }
}
