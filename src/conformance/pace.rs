//! How fast a target is asked: no faster than it says in its file, and after a `Retry-After` not before.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::http::Answer;
use super::target::Limits;

const DAY: Duration = Duration::from_hours(24);

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

    /// How long to wait before the same request may be sent again: where the answer says when, and that is soon. `now_s` is the
    /// machine's time in Unix seconds, for targets that do not tell their own.
    pub(crate) fn pause(&self, answer: &Answer, now_s: Option<i64>) -> Option<Duration> {
        retry_after(answer, now_s).filter(|pause| *pause <= self.pause_max)
    }
}

/// When whoever cannot answer now wants to be asked again, in seconds or as a date (RFC 9110, section 10.2.3), which is measured
/// by the time that the answer itself tells. No more than a day is understood: what is longer is no time to wait for.
pub(crate) fn retry_after(answer: &Answer, now_s: Option<i64>) -> Option<Duration> {
    if ![429, 503].contains(&answer.status) {
        return None;
    }
    let text = answer.header("retry-after")?.trim();
    let seconds = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().unwrap_or(u64::MAX)
    } else {
        let date = |text: &str| httpdate::parse_http_date(text).ok();
        let now = answer.header("date").and_then(date);
        let now = now.or_else(|| {
            let since = Duration::from_secs(u64::try_from(now_s?).ok()?);
            std::time::UNIX_EPOCH.checked_add(since)
        })?;
        date(text)?
            .duration_since(now)
            .unwrap_or_default()
            .as_secs()
    };
    Some(Duration::from_secs(seconds).min(DAY))
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
        let answer = |status, after: &str, date: &str| Answer {
            status,
            headers: vec![
                ("retry-after".to_owned(), after.to_owned()),
                ("date".to_owned(), date.to_owned()),
            ],
            body: String::new(),
        };
        const NOW: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        const SOON: &str = "Sun, 06 Nov 1994 08:49:40 GMT";
        let now_s = Some(784_111_777);
        let rows = [
            (429, "1", NOW, Some(1), Some(1)),
            (503, "1", NOW, Some(1), Some(1)),
            (429, SOON, NOW, Some(3), Some(3)),
            (503, SOON, "", Some(3), Some(3)),
            // It has passed.
            (429, NOW, SOON, Some(0), Some(0)),
            (429, "3600", NOW, Some(3600), None),
            (429, "99999999999999999999999", NOW, Some(86_400), None),
            (
                503,
                "Sat, 06 Nov 2094 08:49:37 GMT",
                NOW,
                Some(86_400),
                None,
            ),
            (500, "1", NOW, None, None),
            (429, "soon", NOW, None, None),
            (429, "", NOW, None, None),
            (429, "-1", NOW, None, None),
        ];
        for (status, after, date, told, waited) in rows {
            let answer = answer(status, after, date);
            let seconds = |pause: Option<Duration>| pause.map(|pause| pause.as_secs());
            assert_eq!(
                seconds(retry_after(&answer, now_s)),
                told,
                "{status} {after}"
            );
            assert_eq!(
                seconds(pace.pause(&answer, now_s)),
                waited,
                "{status} {after}"
            );
        }
    }
}
