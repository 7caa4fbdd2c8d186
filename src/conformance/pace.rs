//! How fast a target is asked: no faster than it says in its file, and after a `Retry-After` not before.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::http::Answer;
use super::target::Limits;

/// Shared by all conversations of a run.
#[derive(Debug)]
pub(crate) struct Pace {
    every: Option<Duration>,
    pause_max: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(crate) fn new(limits: &Limits) -> Self {
        let every = limits.requests_per_second;
        let every = every.and_then(|count| Duration::from_secs(1).checked_div(count));
        Self {
            every,
            pause_max: limits.retry_after_max.0,
            next: Mutex::new(None),
        }
    }

    /// Waits for the next turn.
    pub(crate) async fn wait(&self) {
        let Some(every) = self.every else { return };
        let turn = {
            let mut next = self.next.lock();
            let turn = next.unwrap_or_else(Instant::now).max(Instant::now());
            *next = Some(turn + every);
            turn
        };
        tokio::time::sleep_until(turn).await;
    }

    /// How long to wait before the same request may be sent again: where the answer is 429 and says so.
    pub(crate) fn pause(&self, answer: &Answer) -> Option<Duration> {
        if answer.status != 429 {
            return None;
        }
        let seconds: u64 = answer.header("retry-after")?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds)).filter(|pause| *pause <= self.pause_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_keep_their_distance() {
        let limits = Limits {
            requests_per_second: Some(10),
            ..Limits::default()
        };
        let pace = Pace::new(&limits);
        let started = Instant::now();
        for _ in 0..11 {
            pace.wait().await;
        }
        assert_eq!(started.elapsed().as_secs(), 1);
    }

    #[test]
    fn only_a_short_retry_after_is_waited_for() {
        let pace = Pace::new(&Limits::default());
        let answer = |status, after: &str| Answer {
            status,
            headers: vec![("retry-after".to_owned(), after.to_owned())],
            body: String::new(),
        };
        assert_eq!(pace.pause(&answer(429, "1")), Some(Duration::from_secs(1)));
        for (status, after) in [(503, "1"), (429, "3600"), (429, "soon")] {
            assert_eq!(pace.pause(&answer(status, after)), None);
        }
    }
}
