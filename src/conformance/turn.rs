//! How many checks ask the target at once. Whoever only waits for time to pass lets another have its turn meanwhile.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a check holds while it asks. Without one, as in a test, there is nobody else.
#[derive(Debug, Default)]
pub(crate) struct Turn(Option<(Arc<Semaphore>, OwnedSemaphorePermit)>);

impl Turn {
    /// Waits for a turn.
    pub(crate) async fn take(turns: &Arc<Semaphore>) -> Self {
        let permit = Arc::clone(turns).acquire_owned().await;
        Self(permit.ok().map(|permit| (Arc::clone(turns), permit)))
    }

    /// Lets so much time pass.
    pub(crate) async fn rest(&mut self, time: Duration) {
        let turns = self.0.take().map(|(turns, _)| turns);
        tokio::time::sleep(time).await;
        if let Some(turns) = turns {
            *self = Self::take(&turns).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn whoever_rests_lets_another_ask() {
        let turns = Arc::new(Semaphore::new(1));
        let mut one = Turn::take(&turns).await;
        assert_eq!(turns.available_permits(), 0);
        let wait = Duration::from_secs(2);
        let meanwhile = async {
            let other = Turn::take(&turns).await;
            tokio::time::sleep(wait / 2).await;
            drop(other);
        };
        tokio::join!(one.rest(wait), meanwhile);
        assert_eq!(turns.available_permits(), 0);
        drop(one);
        assert_eq!(turns.available_permits(), 1);
        Turn::default().rest(wait).await;
    }
}
