//! How long a step may take.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::error::Elapsed;
use tokio::time::timeout;

/// How often the time may begin anew.
const TURNS_MAX: usize = 10;

/// What a step comes to within its time. One that asks much has more time as long as answers come, which `heard` counts.
///
/// # Errors
/// When it does not end.
pub(crate) async fn within<T>(
    time: Duration,
    heard: &AtomicUsize,
    step: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    let mut step = std::pin::pin!(step);
    heard.store(0, Ordering::SeqCst);
    let mut ended = timeout(time, &mut step).await;
    for _ in 1..TURNS_MAX {
        if ended.is_ok() || heard.swap(0, Ordering::SeqCst) == 0 {
            break;
        }
        ended = timeout(time, &mut step).await;
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_secs(20);

    /// A step of so many requests, each of which takes three quarters of the time; answers come up to this one.
    async fn asked(requests: usize, answered: usize) -> bool {
        let heard = AtomicUsize::new(7);
        let step = async {
            for request in 0..requests {
                tokio::time::sleep(TIME * 3 / 4).await;
                heard.fetch_add(usize::from(request < answered), Ordering::SeqCst);
            }
        };
        within(TIME, &heard, step).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_is_answered_goes_on_for_a_while() {
        assert!(asked(1, 0).await);
        assert!(!asked(2, 0).await);
        assert!(asked(2, 1).await);
        assert!(asked(12, 12).await);
        assert!(!asked(12, 3).await);
        assert!(!asked(100, 100).await);
    }
}
