//! Leases that nobody holds any more: those of a replica that is gone, and those whose answer never arrived.

use super::script::TAKE_OVER;
use super::space::{Place, SharedSpace};
use crate::store::StoreError;

impl SharedSpace {
    /// What a replica that is gone was delivering is due again.
    pub(in crate::store) async fn take_over(&self, replica: &str) -> Result<(), StoreError> {
        let Some(place) = self.place().await? else {
            return Ok(());
        };
        let taken = self.take_leases(place, super::mark(replica)).await?;
        if taken > 0 {
            tracing::info!(space = self.name, replica, taken, "messages are taken over");
        }
        // Whatever that replica was waiting for, somebody has to wait for.
        self.wake.notify_one();
        Ok(())
    }

    /// Gives back what was taken and never arrived here.
    pub(super) async fn give_back_lost(&self, place: &Place) -> Result<(), StoreError> {
        loop {
            let lost = self.lost.lock().last().cloned();
            let Some(lease) = lost else {
                return Ok(());
            };
            self.take_leases(place, lease.clone()).await?;
            self.lost.lock().retain(|one| *one != lease);
        }
    }

    /// What is being delivered under leases that begin so is due again.
    async fn take_leases(&self, place: &Place, mark: String) -> Result<i64, StoreError> {
        let keys = place.keys.all_for_script(&self.replica.next_id());
        self.link.run(&TAKE_OVER, &keys, &[mark.into_bytes()]).await
    }
}
